"""Reading news with a list of words: always the same answer, no service, every figure with the words it rests on.

It knows no grammar. What is said of a team mate in an item about a player is taken as said of the player, and irony is
taken at its word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matches.news import lexicon_words as words
from matches.news.providers import Reading

LOOK_BACK = 3
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
# "Out for revenge" is no absence, and a fracture that was ruled out no absence either.
_NOT_MEANT = (re.compile(r"\bout for (?:revenge|more)\b"),)


@dataclass(frozen=True)
class Hit:
    """A phrase that was found: where in its sentence, and whether it is turned round or hedged."""

    phrase: str
    at: int
    is_negated: bool
    is_hedged: bool

    @property
    def share(self) -> float:
        return 0.5 if self.is_hedged else 1.0


class Lexicon:
    """The provider that needs nothing. Deterministic."""

    name = "lexicon"
    version = words.VERSION

    def read(self, *, player: str, title: str, text: str) -> Reading:
        """`player` is not used: the item was filed under the player.

        injury = (1 - Π(1 - wᵢ)) · Π(1 - rⱼ) over injury and recovery phrases, each phrase counted once; morale and
        motivation = tanh Σ wᵢ; availability by the first sentence, the title before the text, that says something.
        """
        sentences = [_tokens(sentence) for part in (title, text) for sentence in _SENTENCE.split(part)]
        injury, injured_by = _injury(sentences)
        availability, said = _availability(sentences)
        morale, moved_by = _mood(sentences, words.MORALE)
        motivation, driven_by = _mood(sentences, words.MOTIVATION)
        return Reading(
            injury=injury,
            availability=availability,
            morale=morale,
            motivation=motivation,
            evidence=tuple(dict.fromkeys([*injured_by, *said, *moved_by, *driven_by])),
        )


def _tokens(sentence: str) -> list[str]:
    plain = sentence.lower().replace("’", "'").replace("-", " ")
    for pattern in _NOT_MEANT:
        plain = pattern.sub(" ", plain)
    return _WORD.findall(plain)


def _hits(tokens: list[str], phrases: Mapping[str, object]) -> Iterator[Hit]:
    """Phrases in a sentence from left to right, the longest first where several begin at one word."""
    longest = max(len(phrase.split()) for phrase in phrases)
    at = 0
    while at < len(tokens):
        for length in range(longest, 0, -1):
            phrase = " ".join(tokens[at : at + length])
            if at + length <= len(tokens) and phrase in phrases and not _is_only_ruled_out(tokens, phrase, at + length):
                before = tokens[max(0, at - LOOK_BACK) : at]
                yield Hit(phrase, at, _speaks_of(before, words.NEGATIONS), _speaks_of(before, words.HEDGES))
                at += length
                break
        else:
            at += 1


def _is_only_ruled_out(tokens: list[str], phrase: str, end: int) -> bool:
    """Whether what was ruled out is a fracture, not the player."""
    return phrase.endswith("ruled out") and any(token in words.INJURY for token in tokens[end : end + LOOK_BACK + 1])


def _speaks_of(before: list[str], signs: frozenset[str]) -> bool:
    joined = f" {' '.join(before)} "
    return any(f" {sign} " in joined for sign in signs)


def _injury(sentences: list[list[str]]) -> tuple[float, list[str]]:
    """0..1, and the phrases it rests on. A negated injury counts nothing, a negated recovery takes nothing away."""
    spared: dict[str, float] = {}
    left: dict[str, float] = {}
    for tokens in sentences:
        for hit in _hits(tokens, words.INJURY):
            if not hit.is_negated:
                spared[hit.phrase] = min(spared.get(hit.phrase, 1.0), 1 - hit.share * words.INJURY[hit.phrase])
        for hit in _hits(tokens, words.RECOVERY):
            if not hit.is_negated:
                left[hit.phrase] = min(left.get(hit.phrase, 1.0), 1 - hit.share * words.RECOVERY[hit.phrase])
    return (1 - math.prod(spared.values())) * math.prod(left.values()), [*spared, *left]


def _availability(sentences: list[list[str]]) -> tuple[str, list[str]]:
    for tokens in sentences:
        for hit in _hits(tokens, words.AVAILABILITY):
            said = words.AVAILABILITY[hit.phrase]
            if hit.is_negated:
                said = words.NEGATED[said]
            elif hit.is_hedged:
                said = words.HEDGED[said]
            return said, [hit.phrase]
    return "unknown", []


def _mood(sentences: list[list[str]], phrases: Mapping[str, float]) -> tuple[float, list[str]]:
    """-1..1, and the phrases it rests on; a negated phrase counts half and the other way."""
    found: dict[str, float] = {}
    for tokens in sentences:
        for hit in _hits(tokens, phrases):
            found[hit.phrase] = phrases[hit.phrase] * hit.share * (-0.5 if hit.is_negated else 1.0)
    return math.tanh(sum(found.values())), list(found)
