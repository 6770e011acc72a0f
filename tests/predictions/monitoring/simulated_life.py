"""The life of a champion in simulated leagues: what it learned from, and seasons that it predicted, in bulk."""

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from django.conf import settings
from numpy.typing import NDArray

from matches.simulation.league import SimulatedSeason, seasons
from matches.simulation.rules import LeagueRules
from mlmodels.evaluation import metrics
from mlmodels.models import ModelVersion
from mlmodels.problem import Result, get_problem
from predictions import ledger
from predictions.football.markets import LABELS
from predictions.models import Settlement
from predictions.settling import score
from tests.factories import DatasetFactory, ModelVersionFactory

LEARNED, LIVED, LEAGUES, FORM = 6, 3, 2, 10
NOISE = 0.05
"""Of the champion's log probabilities about the truth: an honest model that does not know everything."""


@dataclass(frozen=True)
class Life:
    version: ModelVersion
    frame: pd.DataFrame
    """Every match of the seasons lived, oldest first."""

    @property
    def begins(self) -> datetime:
        return _moment(self.frame, 0)

    @property
    def ends(self) -> datetime:
        return _moment(self.frame, -1)


def live(seed: int) -> Life:
    """A champion that learned six seasons of two leagues and predicts three more; every result is in and settled."""
    frames = [_league(LeagueRules(seed=seed, number=n + 1, first_year=2015)) for n in range(LEAGUES)]
    everything = pd.concat(frames).sort_values("event_at", kind="stable", ignore_index=True)
    learned = everything["year"] < everything["year"].min() + LEARNED
    version = _champion(everything[learned])
    return Life(version, everything[~learned].reset_index(drop=True))


def predict(life: Life, *, shifted: dict[str, float] | None = None) -> None:
    """Write the seasons into the ledger and settle them; `shifted` adds standard deviations to features."""
    names = feature_names(life.frame)
    inputs = life.frame[names].copy()
    for name, by in (shifted or {}).items():
        inputs[name] += by * inputs[name].std()
    rows = [dict(zip(names, values, strict=True)) for values in inputs.to_numpy().tolist()]
    said = ledger.append([_draft(life, i, rows[i]) for i in range(len(rows))])
    problem = get_problem("football-outcome")
    outcomes = [LABELS[i] for i in life.frame["outcome"]]
    Settlement.objects.bulk_create(
        Settlement(prediction=each, **score(problem, each.probabilities, Result(outcome=outcome)))
        for each, outcome in zip(said, outcomes, strict=True)
    )


def _moment(frame: pd.DataFrame, i: int) -> datetime:
    at: datetime = frame["event_at"].iloc[i].to_pydatetime()
    return at


def feature_names(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame.columns if str(name).startswith(("home_form", "away_form", "season_progress"))]


def _draft(life: Life, i: int, features: dict[str, Any]) -> ledger.Draft:
    row = life.frame.iloc[i]
    at = _moment(life.frame, i)
    told = {label: float(row[f"p_{label}"]) for label in LABELS}
    return ledger.Draft(
        version=life.version,
        match_id=None,
        subject={"simulated": i},
        made_at=at - timedelta(hours=20),
        event_at=at,
        probabilities=told,
        distribution={},
        confidence=max(told.values()),
        features={name: None if value != value else value for name, value in features.items()},
        latency_ms=1.0,
    )


def _champion(frame: pd.DataFrame) -> ModelVersion:
    """Its test figures are of its last season of learning."""
    folder = Path(settings.DATASET_DIR) / "simulated"
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(folder / "data.parquet", index=False)
    tested = frame[frame["year"] == frame["year"].max()]
    said, came = tested[[f"p_{label}" for label in LABELS]].to_numpy(), tested["outcome"].to_numpy()
    test = {"n": len(tested), "log_loss": metrics.log_loss(said, came), "rps": metrics.rps(said, came)}
    return ModelVersionFactory.create(
        role=ModelVersion.Role.CHAMPION,
        dataset=DatasetFactory.create(path="simulated", rows=len(frame)),
        metrics={"test": test, "reliability": metrics.reliability_bins(said, came)},
    )


def _league(rules: LeagueRules) -> pd.DataFrame:
    form: dict[int, deque[NDArray[np.float64]]] = defaultdict(lambda: deque(maxlen=FORM))
    return pd.concat([_season(rules, each, form) for each in seasons(rules, LEARNED + LIVED)])


def _season(rules: LeagueRules, season: SimulatedSeason, form: Any) -> pd.DataFrame:
    """Form of both sides before each match: means of goals, shots, shots on target and corners of the last ten."""
    done = np.column_stack([season.goals, season.shots, season.shots_on_target, season.corners]).astype(float)
    rows = []
    for i in np.argsort(season.kickoff, kind="stable"):
        home, away = int(season.home[i]), int(season.away[i])
        before = [np.mean(form[side], axis=0) if form[side] else np.full(8, np.nan) for side in (home, away)]
        rows.append([*before[0], *before[1]])
        own = done[i][[0, 2, 4, 6, 1, 3, 5, 7]]
        form[home].append(own)
        form[away].append(np.roll(own, 4))
    order = np.argsort(season.kickoff, kind="stable")
    names = [f"{side}_form_{k}" for side in ("home", "away") for k in range(8)]
    frame = pd.DataFrame(rows, columns=names)
    frame["season_progress"] = np.arange(len(frame)) / len(frame)
    frame["event_at"] = pd.to_datetime(season.kickoff[order], utc=True)
    frame["outcome"] = season.outcomes[order]
    frame["year"] = season.year
    noise = np.random.default_rng([rules.seed, season.year, rules.number]).normal(0, NOISE, (len(frame), 3))
    said = season.probabilities[order] * np.exp(noise)
    frame[[f"p_{label}" for label in LABELS]] = said / said.sum(1, keepdims=True)
    return frame


def evenings(life: Life, every: timedelta) -> list[datetime]:
    """When somebody looks: from the day on which 200 events are over."""
    first = _moment(life.frame, 210)
    looks = int((life.ends - first) / every) + 1
    return [(first + i * every).astimezone(UTC) for i in range(looks)]
