"""The words of the lexicon, with their weights. Bump VERSION with any change: signals are kept by it.

Weights are judgements of an editor, on a scale where 1 is the gravest or strongest; none was fitted to results.
Phrases are lower case, words apart by one space; the longest that fits wins.
"""

from collections.abc import Mapping
from typing import Final

VERSION: Final = "1"

# 0..1: how grave an injury the phrase speaks of.
INJURY: Final[Mapping[str, float]] = {
    "torn acl": 1.0, "torn achilles": 1.0, "achilles tear": 1.0, "acl tear": 1.0, "season ending": 1.0,
    "out for the season": 1.0, "out for season": 1.0, "surgery": 0.8, "fracture": 0.8, "fractured": 0.8,
    "broken": 0.7, "torn": 0.7, "tear": 0.7, "dislocated": 0.7, "concussion": 0.6, "concussion protocol": 0.6,
    "injured reserve": 0.7, "strain": 0.5, "strained": 0.5, "sprain": 0.5, "sprained": 0.5, "injury": 0.4,
    "injured": 0.5, "injuries": 0.4, "inflammation": 0.4, "bruise": 0.3, "contusion": 0.3, "tendinitis": 0.4,
    "tendinopathy": 0.4, "soreness": 0.3, "sore": 0.3, "tightness": 0.25, "spasms": 0.3, "illness": 0.3, "ill": 0.3,
    "limped off": 0.5, "setback": 0.5, "swelling": 0.35, "limping": 0.4, "day to day": 0.3, "load management": 0.1,
    "minutes restriction": 0.3, "minutes limit": 0.3, "re injured": 0.7, "aggravated": 0.5, "ruptured": 0.9,
}  # fmt: skip

# 0..1: the share of the injury that the phrase takes away again.
RECOVERY: Final[Mapping[str, float]] = {
    "fully recovered": 0.9, "fully healthy": 0.9, "off the injury report": 0.9, "cleared to play": 0.8,
    "returned to practice": 0.6, "returns to practice": 0.6, "returned to training": 0.6, "back at practice": 0.6,
    "full practice": 0.6, "practiced in full": 0.6, "full participant": 0.6, "limited participant": 0.3,
    "returned to action": 0.7, "no structural damage": 0.5, "will play": 0.5, "will return": 0.4, "healthy": 0.6,
    "ramping up": 0.3, "avoided serious": 0.6,
}  # fmt: skip

# What a phrase says of the next game. The first sentence that says something counts: news leads with the news.
AVAILABILITY: Final[Mapping[str, str]] = {
    "out for the season": "out", "out for season": "out", "out indefinitely": "out", "ruled out": "out",
    "will not play": "out", "won't play": "out", "will miss": "out", "is out": "out", "remains out": "out",
    "sidelined": "out", "season ending": "out", "has been ruled out": "out", "did not travel": "out",
    "listed as out": "out", "inactive": "out", "suspended": "out", "not available": "out", "unavailable": "out",
    "shut down": "out", "out for": "out", "expected to miss": "doubtful", "unlikely to play": "doubtful",
    "not expected to play": "doubtful", "doubtful": "doubtful", "likely out": "doubtful",
    "questionable": "questionable", "game time decision": "questionable", "day to day": "questionable",
    "uncertain": "questionable", "status is unclear": "questionable", "50 50": "questionable",
    "probable": "probable", "expected to play": "probable", "likely to play": "probable", "will play": "probable",
    "cleared to play": "probable", "available": "probable", "returned to practice": "probable",
    "returns to practice": "probable", "off the injury report": "probable", "will return": "probable",
    "full participant": "probable", "in the starting lineup": "probable", "will start": "probable",
}  # fmt: skip

# -1..1.
MORALE: Final[Mapping[str, float]] = {
    "confident": 0.5, "confidence": 0.4, "happy": 0.5, "great mood": 0.7, "in good spirits": 0.7, "feeling great": 0.6,
    "feels great": 0.6, "enjoying": 0.5, "thrilled": 0.7, "excited": 0.5, "contract extension": 0.4, "praised": 0.3,
    "frustrated": -0.5, "frustration": -0.5, "unhappy": -0.7, "upset": -0.5, "disappointed": -0.4, "feud": -0.6,
    "conflict": -0.4, "trade demand": -0.7, "demanded a trade": -0.7, "requested a trade": -0.7, "benched": -0.5,
    "slump": -0.4, "criticised": -0.4, "criticized": -0.4, "booed": -0.4, "personal reasons": -0.3, "grieving": -0.7,
    "locker room tension": -0.6, "lost confidence": -0.7, "ejected": -0.2,
}  # fmt: skip

# -1..1.
MOTIVATION: Final[Mapping[str, float]] = {
    "revenge game": 0.6, "former team": 0.3, "contract year": 0.5, "determined": 0.5, "motivated": 0.6, "hungry": 0.5,
    "something to prove": 0.7, "eager": 0.4, "milestone": 0.3, "must win": 0.5, "rivalry": 0.3, "playoff push": 0.4,
    "locked in": 0.5, "career high": 0.2, "nothing to play for": -0.7, "eliminated": -0.4, "tanking": -0.7,
    "resting": -0.3, "unmotivated": -0.7, "lack of effort": -0.7, "going through the motions": -0.7,
    "load management": -0.3,
}  # fmt: skip

# Within three words before a phrase, they turn it round.
NEGATIONS: Final = frozenset({
    "no", "not", "never", "without", "isn't", "wasn't", "aren't", "doesn't", "didn't", "hasn't", "avoided", "avoids",
    "denied", "denies", "nor", "no longer", "free of", "ruled out a", "ruled out any",
})  # fmt: skip

# Within three words before a phrase, they halve it, and make what is said of a game less sure.
HEDGES: Final = frozenset({
    "may", "might", "could", "possible", "possibly", "potentially", "feared", "likely", "perhaps", "minor", "mild",
    "slight", "reportedly", "expected to be", "probably", "if",
})  # fmt: skip

# What is left of a statement about a game that is hedged, and of one that is negated.
HEDGED: Final[Mapping[str, str]] = {
    "out": "doubtful", "doubtful": "questionable", "questionable": "questionable", "probable": "questionable",
}  # fmt: skip
NEGATED: Final[Mapping[str, str]] = {
    "out": "probable", "doubtful": "probable", "questionable": "probable", "probable": "doubtful",
}  # fmt: skip
