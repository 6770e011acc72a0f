"""Everything known of football at the end of a day, and the features of matches to come that follow from it.

One pass in order of days makes the features of a training set; the same object, stored and brought up to date, makes
those of the next fixture. A match's features rest on earlier days only, so that results of its own day, of its own
week in the case of the strengths, and of later days cannot move them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from predictions.football.form import Form
from predictions.football.leagues import Leagues
from predictions.football.ratings import Performance, PerformanceRatings, rating_features
from predictions.football.rows import Fixture, Played
from predictions.football.strengths import Variant, WeeklyStrengths
from predictions.football.tables import SeasonTables, elo, pi

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 2
"""Version of what `to_json` writes; a state of another version is refused."""

VARIANTS = (
    Variant(name="long", half_life_days=390.0, goals=1.0, prior_sd=0.25, window_days=1400),
    Variant(name="shots", half_life_days=300.0, goals=0.3, prior_sd=0.25, window_days=1400),
    Variant(name="short", half_life_days=120.0, goals=0.3, prior_sd=0.2, window_days=500),
)

PERFORMANCES = {
    "goals": Performance(statistic="goals", rate=0.08, here=0.6, keeps=0.9),
    "on_target": Performance(statistic="on_target", rate=0.1, here=0.6, keeps=0.9),
    "shots": Performance(statistic="shots", rate=0.1, here=0.6, keeps=0.9),
    "corners": Performance(statistic="corners", rate=0.1, here=0.6, keeps=0.9),
}


class FootballState:
    """What is known after `day` (an ordinal; 0 before anything is)."""

    def __init__(self) -> None:
        self.day = 0
        self.leagues = Leagues()
        self.form = Form()
        self.strengths = WeeklyStrengths(VARIANTS)
        self.ratings = {name: PerformanceRatings(performance) for name, performance in PERFORMANCES.items()}
        self.tables = {"elo": SeasonTables(elo), "pi": SeasonTables(pi)}

    def advance(self, results: Sequence[Played]) -> None:
        """Take in all results of one day. Raises ValueError for results of several days, or of a day already past."""
        days = {played.day for played in results}
        if len(days) != 1 or (day := days.pop()) <= self.day:
            raise ValueError("Results are taken in a day at a time, each later than the one before.")
        self.day = day
        for played in results:
            self.strengths.add(played, self.leagues.shot_goals(played))
            for rating in self.ratings.values():
                rating.add(self.leagues, played)
            for table in self.tables.values():
                table.add(played)
        for played in results:
            self.leagues.add(played)
            self.form.add(played)

    def features(self, fixtures: Sequence[Fixture], *, strict: bool = True) -> list[dict[str, float]]:
        """What is known of fixtures of one day.

        Raises ValueError for fixtures of several days and, when `strict`, of a day that is not later than `day`.
        """
        if not fixtures:
            return []
        days = {fixture.date.toordinal() for fixture in fixtures}
        if len(days) != 1 or ((day := days.pop()) <= self.day and strict):
            raise ValueError("Features are made for one day at a time, and from earlier days only.")
        rates = self.strengths.rates([(f.home, f.away, f.competition) for f in fixtures], day)
        return [
            self._of_one(fixture, day) | _rate_features({name: pair[i].tolist() for name, pair in rates.items()})
            for i, fixture in enumerate(fixtures)
        ]

    def _of_one(self, fixture: Fixture, day: int) -> dict[str, float]:
        code, season, pair = fixture.competition, fixture.season, (fixture.home, fixture.away)
        return (
            self.leagues.features(code, season, *pair)
            | self.form.features(*pair, day)
            | rating_features(self.ratings, self.leagues, code, season, pair)
            | {f"{name}_difference": table.difference(code, season, *pair) for name, table in self.tables.items()}
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "day": self.day,
            "leagues": self.leagues.to_json(),
            "form": self.form.to_json(),
            "strengths": self.strengths.to_json(),
            "ratings": {name: rating.to_json() for name, rating in self.ratings.items()},
            "tables": {name: table.to_json() for name, table in self.tables.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FootballState:
        """Raises ValueError for a state that another version of this code wrote: train again."""
        if data.get("format") != FORMAT:
            raise ValueError(f"The stored state has format {data.get('format')}, this is {FORMAT}: train again.")
        state = cls()
        state.day = data["day"]
        state.leagues.restore(data["leagues"])
        state.form.restore(data["form"])
        state.strengths.restore(data["strengths"])
        for name, rating in state.ratings.items():
            rating.restore(data["ratings"][name])
        for name, table in state.tables.items():
            table.restore(data["tables"][name])
        return state


def _rate_features(rates: Mapping[str, list[float]]) -> dict[str, float]:
    from math import log

    found = {}
    for name, (home, away) in rates.items():
        found[f"{name}_home_rate"] = home
        found[f"{name}_away_rate"] = away
        found[f"{name}_supremacy"] = log(home / away)
        found[f"{name}_total"] = log(home * away)
    return found


def fixture_frame(fixtures: Sequence[Fixture], features: Sequence[Mapping[str, float]]) -> pd.DataFrame:
    """Fixtures and their features as a table: subject, event_at, competition, season, home, away, date, features…"""
    import numpy as np
    import pandas as pd

    columns: dict[str, Any] = {
        "subject": pd.array([fixture.match_id for fixture in fixtures], dtype="Int64"),
        "event_at": pd.to_datetime([fixture.kickoff for fixture in fixtures], utc=True),
        **_texts(fixtures),
        "date": np.array([fixture.date for fixture in fixtures], dtype="datetime64[s]"),
    }
    head = pd.DataFrame(columns, copy=False)
    if not features:
        return head
    # One block of numbers: for one fixture, a column each would take most of the time of a prediction.
    names = list(features[0])
    numbers = np.array([[row[name] for name in names] for row in features], dtype=float)
    return pd.concat([head, pd.DataFrame(numbers, columns=names)], axis=1)


def _texts(fixtures: Sequence[Fixture]) -> dict[str, Any]:
    """Competition, season, home and away: one array of text in four pieces, since making one is what takes time."""
    import pandas as pd

    names, rows = ("competition", "season", "home", "away"), len(fixtures)
    texts = pd.array([getattr(fixture, name) for name in names for fixture in fixtures], dtype="str")
    return {name: texts[i * rows : (i + 1) * rows] for i, name in enumerate(names)}
