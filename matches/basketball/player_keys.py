"""How the name of a player is folded, so that two spellings of one meet."""

from __future__ import annotations

import re
import unicodedata

_ASIDE = re.compile(r"\(.*?\)")
_LEFT_OUT = re.compile(r"[.'’‘`´]")
_BETWEEN = re.compile(r"[^a-z0-9]+")
_WITHOUT_DECOMPOSITION = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae"})
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v"})


def fold(name: str) -> str:
    """`Nikola Jokić` and `nikola jokic` are one key, and so are `Jaren Jackson Jr.` and `jaren jackson`.

    No accents, lower case, dots and apostrophes left out, hyphens as spaces, no Jr. or III, nothing in brackets; the
    family name before a comma goes last. Initials written together or apart are one: `PJ Tucker`, `P. J. Tucker`.
    """
    told = _ASIDE.sub(" ", name)
    family, comma, given = told.partition(",")
    if comma and plain(given) not in SUFFIXES:
        told = f"{given} {family}"
    words = plain(told).split()
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    return " ".join(_initials_together(words))[:100]


def plain(name: str) -> str:
    """Lower case, no accents, no signs, one space between words."""
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_WITHOUT_DECOMPOSITION))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _BETWEEN.sub(" ", _LEFT_OUT.sub("", bare)).strip()


def _initials_together(words: list[str]) -> list[str]:
    """Single letters at the start of a name, before its family name, as one word."""
    leading = 0
    while leading < len(words) - 1 and len(words[leading]) == 1:
        leading += 1
    return ["".join(words[:leading]), *words[leading:]] if leading > 1 else words
