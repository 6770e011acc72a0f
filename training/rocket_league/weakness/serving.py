"""A player's profile now, and what a fitted model says of it, in figures and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from matches.models import Playlist, RankGroup
from mlmodels.problem import Driver, Forecast
from training.errors import InsufficientData
from training.rocket_league.benchmarks import benchmark
from training.rocket_league.features import feature_table
from training.rocket_league.weakness.labels import CATEGORIES, EVEN, EVEN_INDEX, LABELS, title_of
from training.rocket_league.weakness.planting import MOST_MATCHES
from training.rocket_league.weakness.player_form import PlayerForm
from training.rocket_league.weakness.profiles import MATCHES, SCORES, SURPRISES, profiles

if TYPE_CHECKING:
    import pandas as pd

    from training.rocket_league.benchmarks import Benchmark

FEW_MATCHES = 10
"""With fewer, the reader is told that more would say more."""
TOLD_DRIVERS = 3
WORTH_TELLING = 0.05
"""Less likely categories are told only where they are the likeliest."""
WITHIN = 1.96
"""Standard errors to either end of a 95 % interval."""


def featurise(forms: Sequence[PlayerForm]) -> pd.DataFrame:
    """One profile a player, by the code of the data set; also `playlist`, `rank_group` and the benchmark's kind.

    Raises InsufficientData where none of the matches is the player's, NoBenchmark.
    """
    import pandas as pd

    return pd.concat([_profile(form) for form in forms], ignore_index=True)


def _profile(form: PlayerForm) -> pd.DataFrame:
    rows = form.rows()
    if not rows:
        raise InsufficientData("None of these matches has this player in it: upload a replay.", have=0, need=1)
    compared_with = benchmark(form.playlist, form.rank_group)
    made = profile_of([row.statistics for row in rows], compared_with)
    return made.assign(
        played=len(rows),
        playlist=form.playlist.value,
        rank_group=form.rank_group.value,
        is_simulated=compared_with.is_simulated,
        is_interpolated=compared_with.is_interpolated,
    )


def profile_of(statistics: Sequence[Mapping[str, float]], compared_with: Benchmark) -> pd.DataFrame:
    """The profile (1, 17) of one player's matches."""
    scores = compared_with.category_scores(feature_table(statistics)).to_numpy()
    return profiles(scores, np.zeros(len(scores), dtype=int), 1)


def forecasts(estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
    """What a fitted estimator says of profiles: see `Weakness` for what its confidence is."""
    said = measured_only(np.asarray(estimator.predict_proba(frame[_columns_of(estimator)])), frame)
    rows: list[Mapping[str, Any]] = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    return [_forecast(p, row) for p, row in zip(said, rows, strict=True)]


def _columns_of(estimator: Any) -> list[str]:
    """The columns of a profile that the estimator within the calibration was fitted on."""
    inner = getattr(estimator, "estimator", estimator)
    return [str(name) for name in inner.feature_names_in_]


def measured_only(said: np.ndarray, frame: pd.DataFrame) -> np.ndarray:
    """Probabilities (n, 9) without the categories that were not measured, as in duels: they can't be named."""
    there = np.column_stack([frame[list(SCORES)].notna().to_numpy(), np.ones(len(frame), dtype=bool)])
    kept = np.where(there, said, 0.0)
    return np.asarray(kept / kept.sum(1, keepdims=True), dtype=float)


def _forecast(p: np.ndarray, row: Mapping[str, Any]) -> Forecast:
    named = int(p[:EVEN_INDEX].argmax())
    return Forecast(
        probabilities=dict(zip(LABELS, map(float, p), strict=True)),
        distribution={
            "named": LABELS[named] if p[named] >= p[EVEN_INDEX] else EVEN,
            "likeliest_category": LABELS[named],
            "matches": int(row["played"]),
            "playlist": row["playlist"],
            "rank_group": row["rank_group"],
            "is_simulated": bool(row["is_simulated"]),
            "scores": {name: _score(row, name) for name in CATEGORIES if _is_measured(row, name)},
        },
        features={name: _plain(row[name]) for name in (*SCORES, *SURPRISES, MATCHES)},
        confidence=float(p[named]),
        notes=tuple(_notes(p, named, row)),
        drivers=tuple(_drivers(p, row)),
    )


def _score(row: Mapping[str, Any], name: str) -> dict[str, float]:
    """The mean score with its 95 % interval, in standard deviations of single matches at the rank."""
    mean, error = float(row[f"score_{name}"]), WITHIN / sqrt(min(row["played"], MOST_MATCHES))
    return {"score": mean, "low": mean - error, "high": mean + error}


def _notes(p: np.ndarray, named: int, row: Mapping[str, Any]) -> list[str]:
    matches = int(row["played"])
    told = f"{matches} match{'es' * (matches > 1)}"
    notes = []
    if p[named] < p[EVEN_INDEX]:
        notes.append(f"Nothing stands out in {told}.")
    if matches < FEW_MATCHES:
        notes.append(f"Only {told}: upload more, and this becomes surer.")
    missing = [title_of(name) for name in CATEGORIES if not _is_measured(row, name)]
    if missing:
        notes.append(f"Not measured in {Playlist(row['playlist']).label}: {', '.join(missing)}.")
    if row["is_simulated"]:
        notes.append("Compared with simulated matches: there are no real ones of this rank and playlist.")
    if row["is_interpolated"]:
        notes.append(
            f"No matches of {RankGroup(row['rank_group']).label}: compared with what lies between its neighbours."
        )
    return notes


def _drivers(p: np.ndarray, row: Mapping[str, Any]) -> list[Driver]:
    """The categories most likely to be it, in words. effect: the mean score; they are no shares of a log-odds."""
    likeliest = [int(i) for i in np.argsort(-p[:EVEN_INDEX]) if _is_measured(row, CATEGORIES[i])]
    told = [i for place, i in enumerate(likeliest[:TOLD_DRIVERS]) if place == 0 or p[i] >= WORTH_TELLING]
    return [_driver(CATEGORIES[i], float(p[i]), row) for i in told]


def _driver(name: str, p: float, row: Mapping[str, Any]) -> Driver:
    score, matches = float(row[f"score_{name}"]), int(row["played"])
    side, rank = "below" if score < 0 else "above", RankGroup(row["rank_group"]).label
    words = (
        f"{title_of(name)}: {abs(score):.1f} standard deviations {side} players of {rank} "
        f"over {matches} match{'es' * (matches > 1)}; {_share(p)} likely to be what holds them back"
    )
    return Driver(words, score, "", {f"score_{name}": score}, {})


def _share(p: float) -> str:
    """Never as if it were certain."""
    return "more than 99 %" if p > 0.99 else f"{100 * p:.0f} %"


def _is_measured(row: Mapping[str, Any], name: str) -> bool:
    return not isnan(row[f"score_{name}"])


def _plain(value: Any) -> float | None:
    """As the ledger keeps it: None for what was not measured."""
    return None if isnan(value) else float(value)
