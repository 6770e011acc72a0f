"""What a team has done lately: points, goals, shots, rest, streaks, and meetings of the same two."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from predictions.football.rows import Played, Side

KEPT = 30
MEETINGS = 6
LONG_REST = 14.0

COMPARED = (
    "points_5",
    "points_10",
    "goals_5",
    "goals_10",
    "on_target_5",
    "on_target_10",
    "shots_10",
    "points_on_ground_5",
    "reds_last",
    "rest_days",
    "matches_14_days",
    "matches_28_days",
    "streak",
)
"""What of both sides' form is also given as hosts less guests, for models that are linear."""


class Outing(NamedTuple):
    """One match as one team lived it."""

    day: int
    at_home: bool
    opponent: str
    points: float
    scored: float
    conceded: float
    shots: float
    shots_against: float
    on_target: float
    on_target_against: float
    reds: float
    expected: float
    expected_against: float


class Form:
    """The last matches of every team, newest last."""

    def __init__(self) -> None:
        self.outings: dict[str, deque[Outing]] = {}
        self.meetings: dict[str, list[tuple[str, float]]] = {}
        """By the two teams' names in order: (hosts, their goal difference), newest last."""

    def add(self, played: Played) -> None:
        met = self.meetings.setdefault(_names(played.home, played.away), [])
        met.append((played.home, played.host.goals - played.guest.goals))
        del met[:-MEETINGS]
        self._remember(played.home, _outing(played.day, played.away, played.host, played.guest, at_home=True))
        self._remember(played.away, _outing(played.day, played.home, played.guest, played.host, at_home=False))

    def _remember(self, team: str, outing: Outing) -> None:
        self.outings.setdefault(team, deque(maxlen=KEPT)).append(outing)

    def matches_known(self, team: str, day: int, within: int = 400) -> int:
        """How many matches of the team are known of the days before."""
        return sum(1 for outing in self.outings.get(team, ()) if outing.day >= day - within)

    def features(self, home: str, away: str, day: int) -> dict[str, float]:
        """Both sides' form and their meetings; NaN where there is nothing to go by."""
        host = _of_team(list(self.outings.get(home, ())), day, at_home=True)
        guest = _of_team(list(self.outings.get(away, ())), day, at_home=False)
        found = {f"home_{name}": value for name, value in host.items()}
        found |= {f"away_{name}": value for name, value in guest.items()}
        found |= {f"{name}_difference": host[name] - guest[name] for name in COMPARED}
        met = self.meetings.get(_names(home, away), [])
        found["meetings"] = float(len(met))
        found["meetings_goals"] = mean(margin if host == home else -margin for host, margin in met)
        return found

    def to_json(self) -> dict[str, Any]:
        outings = {
            team: [[None if v != v else v for v in outing] for outing in outings]
            for team, outings in self.outings.items()
        }
        return {
            "outings": outings,
            "meetings": {names: [list(met) for met in all_] for names, all_ in self.meetings.items()},
        }

    def restore(self, data: Mapping[str, Any]) -> None:
        self.outings = {
            team: deque((Outing._make(_known(row)) for row in rows), maxlen=KEPT)
            for team, rows in data["outings"].items()
        }
        self.meetings = {names: [(host, margin) for host, margin in met] for names, met in data["meetings"].items()}


def _known(row: Iterable[Any]) -> Iterable[Any]:
    return (float("nan") if value is None else value for value in row)


def _outing(day: int, opponent: str, own: Side, other: Side, *, at_home: bool) -> Outing:
    points = 3.0 if own.goals > other.goals else 1.0 if own.goals == other.goals else 0.0
    return Outing(
        day,
        at_home,
        opponent,
        points,
        own.goals,
        other.goals,
        own.shots,
        other.shots,
        own.on_target,
        other.on_target,
        own.reds,
        own.expected_goals,
        other.expected_goals,
    )


def _of_team(outings: list[Outing], day: int, *, at_home: bool) -> dict[str, float]:
    five, ten = outings[-5:], outings[-10:]
    grounds = [outing for outing in outings if outing.at_home == at_home][-5:]
    return {
        "matches": float(sum(1 for outing in outings if outing.day >= day - 400)),
        "points_5": mean(o.points for o in five),
        "points_10": mean(o.points for o in ten),
        "goals_5": mean(o.scored - o.conceded for o in five),
        "goals_10": mean(o.scored - o.conceded for o in ten),
        "on_target_5": mean(o.on_target - o.on_target_against for o in five),
        "on_target_10": mean(o.on_target - o.on_target_against for o in ten),
        "shots_10": mean(o.shots - o.shots_against for o in ten),
        "expected_goals_10": mean(o.expected - o.expected_against for o in ten),
        "points_on_ground_5": mean(o.points for o in grounds),
        "reds_last": outings[-1].reds if outings and outings[-1].reds == outings[-1].reds else 0.0,
        "rest_days": min(LONG_REST, float(day - outings[-1].day)) if outings else LONG_REST,
        "matches_14_days": float(sum(1 for o in ten if o.day >= day - 14)),
        "matches_28_days": float(sum(1 for o in ten if o.day >= day - 28)),
        "streak": _streak(outings),
    }


def _streak(outings: list[Outing]) -> float:
    """Wins in a row, or defeats in a row as a negative number."""
    run = 0.0
    for outing in reversed(outings):
        step = 1.0 if outing.points == 3 else -1.0 if outing.points == 0 else 0.0
        if step == 0 or run * step < 0:
            break
        run += step
    return run


def _names(one: str, other: str) -> str:
    return "|".join(sorted((one, other)))


def mean(values: Iterable[float]) -> float:
    """Mean of the numbers that are known; NaN of none."""
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else float("nan")
