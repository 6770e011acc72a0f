"""Our figures of a replay beside ballchasing's of the same one."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from matches.rocket_league.reading import ReadReplay

GROUPS: Mapping[str, str] = {
    "core": r"core_(?!mvp)",
    "movement": r"movement_(?!.*powerslide)",
    "powerslides": r"movement_.*powerslide",
    "thirds, halves, sides of the ball": r"positioning_\w+_(third|half|behind_ball|infront_ball)$",
    "distances": r"positioning_avg_distance",
    "places among team-mates": r"positioning_\w+_(most_back|most_forward|closest_to_ball|farthest_from_ball)$",
    "boost per minute": r"boost_(bpm|bcpm)$",
    "boost pads": r"boost_(count|amount)_(collected|stolen)",
    "boost times": r"boost_(time|percent|avg_amount)",
    "overfill": r"boost_amount_overfill",
    "boost used while supersonic": r"boost_amount_used",
    "demolitions": r"demo_",
}
"""Statistics by group, as patterns of their names."""

BOUNDS: Mapping[str, float] = {
    "core": 0.02,
    "movement": 0.02,
    "thirds, halves, sides of the ball": 0.02,
    "distances": 0.02,
    "boost per minute": 0.02,
    "boost pads": 0.08,
    "boost times": 0.08,
    "overfill": 0.08,
}
"""The most that a group's median error may be."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One statistic of one player, by both."""

    statistic: str
    replay: str
    player: str
    ours: float
    theirs: float

    @property
    def error(self) -> float:
        """Relative to ballchasing's; where that is 0, 0 for anything that rounds to it, else 1."""
        if self.theirs:
            return abs(self.ours - self.theirs) / abs(self.theirs)
        return float(abs(self.ours) >= 0.5)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    group: str
    differences: tuple[Difference, ...]

    @property
    def median(self) -> float:
        return statistics.median(difference.error for difference in self.differences)

    @property
    def worst(self) -> Difference:
        return max(self.differences, key=lambda difference: difference.error)


def differences(replay: ReadReplay, told: Path) -> Iterable[Difference]:
    """Of all players who are no bots and whose part was not short, all statistics that both have."""
    match = json.loads(told.read_text())
    theirs = {
        (p["id"].get("platform"), p["id"].get("id")): p for side in ("blue", "orange") for p in match[side]["players"]
    }
    for player in replay.players:
        if player.is_bot or player.is_short:
            continue
        named = theirs[player.platform, player.platform_id]
        for group, values in named["stats"].items():
            for name, value in values.items():
                statistic = f"{group}_{name}"
                if statistic in player.statistics:
                    yield Difference(
                        statistic=statistic,
                        replay=told.name.removesuffix(".ballchasing.json"),
                        player=player.name,
                        ours=player.statistics[statistic],
                        theirs=float(value),
                    )


def compared(found: Iterable[Difference]) -> list[Comparison]:
    """By group, in the order of GROUPS."""
    all_found = list(found)
    return [
        Comparison(group=group, differences=tuple(d for d in all_found if re.match(pattern, d.statistic)))
        for group, pattern in GROUPS.items()
    ]
