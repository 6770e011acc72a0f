"""Sums a day, from which the figures of any number of days follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from predictions.monitoring.events import Events

if TYPE_CHECKING:
    import numpy as np

BINS = 10
_SUMS = ("settled", "correct", "log_loss", "brier", "rps", "rps_known", "bets", "profit")


def daily_sums(events: Events, first: int, last: int) -> np.ndarray:
    """(days, sums) for each day from `first` to `last` (ordinals): `_SUMS`, then counts, probabilities and hits of ten
    bins of all labels' probabilities.
    """
    import numpy as np

    days = last - first + 1
    inside = (events.days >= first) & (events.days <= last)
    at = (events.days - first)[inside]
    columns = [
        np.ones(len(events)),
        events.correct,
        events.log_loss,
        events.brier,
        np.nan_to_num(events.rps),
        ~np.isnan(events.rps),
        ~np.isnan(events.profit),
        np.nan_to_num(events.profit),
    ]
    sums = [np.bincount(at, weights=column[inside].astype(float), minlength=days) for column in columns]
    return np.column_stack([*sums, _calibration(events, inside, at, days)])


def _calibration(events: Events, inside: np.ndarray, at: np.ndarray, days: int) -> np.ndarray:
    """(days, 3·BINS): how many probabilities fell into each bin, their sum, and how many came true."""
    import numpy as np

    said = events.probabilities[inside]
    came = np.zeros_like(said)
    came[np.arange(len(said)), events.outcomes[inside]] = 1.0
    cell = (at[:, None] * BINS + np.minimum((said * BINS).astype(np.int64), BINS - 1)).ravel()
    weights = (np.ones(said.size), said.ravel(), came.ravel())
    return np.hstack([np.bincount(cell, weights=w, minlength=days * BINS).reshape(days, BINS) for w in weights])


def figures(sums: np.ndarray) -> dict[str, Any]:
    """settled, bets, and every figure of sums (sums,); None where there is nothing to go by."""
    found = dict(zip(_SUMS, map(float, sums), strict=False))
    counts, said, came = (sums[len(_SUMS) + i * BINS : len(_SUMS) + (i + 1) * BINS] for i in range(3))
    n = found["settled"]
    return {
        "settled": int(n),
        "accuracy": _share(found["correct"], n),
        "log_loss": _share(found["log_loss"], n),
        "brier": _share(found["brier"], n),
        "rps": _share(found["rps"], found["rps_known"]),
        "ece": _share(float(abs(said - came).sum()), float(counts.sum())),
        "bets": int(found["bets"]),
        "roi": _share(found["profit"], found["bets"]),
    }


def reliability(sums: np.ndarray) -> list[dict[str, float]]:
    """Non-empty bins {low, high, count, mean_probability, frequency} of sums (sums,), lowest first."""
    counts, said, came = (sums[len(_SUMS) + i * BINS : len(_SUMS) + (i + 1) * BINS] for i in range(3))
    return [
        {
            "low": i / BINS,
            "high": (i + 1) / BINS,
            "count": int(count),
            "mean_probability": float(said[i] / count),
            "frequency": float(came[i] / count),
        }
        for i, count in enumerate(counts)
        if count
    ]


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
