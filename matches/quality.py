"""Checks that each batch goes through: what is missing, and what lies more than 3σ out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matches.sources.rows import Row

MISSING_RATE_LIMIT = 0.10
OUTLIER_SIGMAS = 3.0
MOST_SHOWN = 20
_CHECKED = (
    "home_goals",
    "away_goals",
    "home_shots",
    "away_shots",
    "home_shots_on_target",
    "away_shots_on_target",
    "home_corners",
    "away_corners",
)


def report(rows: Sequence[Row]) -> dict[str, Any]:
    """{"missing": {column: share}, "outliers": [{line, column, value, sigmas}], "warnings": [words]}, JSON-able.

    Shares and outliers are of finished matches; a column no row has is the source's generation, not a fault. Outliers
    are told, not refused: 9–0 happens.
    """
    finished = [row for row in rows if row.home_goals is not None]
    without_odds = sum(1 for row in finished if not row.prices) / len(finished) if finished else 0.0
    return {
        "finished": len(finished),
        "to_be_played": len(rows) - len(finished),
        "without_odds": round(without_odds, 4),
        **figures_of({column: [(row.line, _value(row, column)) for row in finished] for column in _CHECKED}),
    }


def figures_of(
    columns: Mapping[str, Sequence[tuple[int, float | None]]], *, of: str = "finished matches"
) -> dict[str, Any]:
    """`missing`, `outliers`, `outlier_count` and `warnings` of columns of (line, value or None), values of `of`."""
    missing: dict[str, float] = {}
    outliers: list[dict[str, Any]] = []
    for column, values in columns.items():
        known = [(line, value) for line, value in values if value is not None]
        if known:
            missing[column] = round(1 - len(known) / len(values), 4)
            outliers += _outliers(column, known)
    return {
        "missing": missing,
        "outliers": sorted(outliers, key=lambda found: -float(found["sigmas"]))[:MOST_SHOWN],
        "outlier_count": len(outliers),
        "warnings": list(_warnings(missing, of=of)),
    }


def _value(row: Row, column: str) -> int | None:
    value = row.stats.get(column) if "goals" not in column else getattr(row, column)
    return value if isinstance(value, int) else None


def _outliers(column: str, known: Sequence[tuple[int, float]]) -> list[dict[str, Any]]:
    mean = sum(value for _, value in known) / len(known)
    sd = math.sqrt(sum((value - mean) ** 2 for _, value in known) / len(known))
    if sd == 0:
        return []
    return [
        {"line": line, "column": column, "value": value, "sigmas": round(abs(value - mean) / sd, 1)}
        for line, value in known
        if abs(value - mean) > OUTLIER_SIGMAS * sd
    ]


def _warnings(missing: dict[str, float], *, of: str) -> Iterable[str]:
    for column, share in missing.items():
        if share > MISSING_RATE_LIMIT:
            yield f"{column} is missing in {share:.0%} of the {of}."
