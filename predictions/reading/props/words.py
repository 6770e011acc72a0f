"""Statistics of basketball in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matches.models import Statistic


@dataclass(frozen=True, kw_only=True)
class Words:
    """unit: what is counted, in the plural; verb: what a player does to get one."""

    unit: str
    verb: str


WORDS: Mapping[str, Words] = {
    Statistic.POINTS: Words(unit="points", verb="score"),
    Statistic.REBOUNDS: Words(unit="rebounds", verb="take"),
    Statistic.ASSISTS: Words(unit="assists", verb="give"),
    Statistic.THREES: Words(unit="threes", verb="make"),
    Statistic.STEALS: Words(unit="steals", verb="make"),
    Statistic.BLOCKS: Words(unit="blocks", verb="make"),
    Statistic.PRA: Words(unit="points, rebounds and assists", verb="add up"),
}


def unit_of(statistic: str) -> str:
    """What is counted: `points`."""
    return WORDS[statistic].unit


def over_in_words(statistic: str, line: float) -> str:
    """`score more than 24.5 points`."""
    words = WORDS[statistic]
    return f"{words.verb} more than {line:g} {words.unit}"


def named(statistic: str) -> str:
    """The statistic's own name: `Points`."""
    return str(Statistic(statistic).label)
