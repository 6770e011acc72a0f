"""What each subject's ensemble was worth on the newest of the subject's rows, which it had not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ECE_BINS = 10
FOLDS = 5


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """One subject's newest rows (m,): means and counts; over: P(over the line); went_over: 1, 0, NaN for a push."""

    means: Floats
    counts: Floats
    over: Floats
    went_over: Floats


def report_lines(held_out: Mapping[str, HeldOut]) -> dict[str, dict[str, Any]]:
    """By subject: n, mse, rmse, mae of the mean; brier, brier_after, ece_before, ece_after of P(over).

    Pushes are left out of the last four, which are None where no row is left. "After" is after an isotonic regression
    (Zadrozny & Elkan 2002) on the held-out rows of other subjects: a fifth of the subjects at a time is answered by
    what the other four fifths teach, since a subject's own rows are too few to learn it from, and to judge it by too.
    The ECE of so few rows is above that of a perfect forecast's by chance alone: compare before with after.
    """
    calibrated = _calibrated(held_out)
    return {subject: _line(rows, calibrated[subject]) for subject, rows in held_out.items()}


def expected_calibration_error(p: Floats, came: Floats) -> float:
    """Mean distance of forecast and frequency over ten bins of equal width, weighted by their rows (Naeini 2015)."""
    place = np.minimum((p * ECE_BINS).astype(int), ECE_BINS - 1)
    gaps = np.bincount(place, weights=p - came, minlength=ECE_BINS)
    return float(np.abs(gaps).sum() / len(p))


def _calibrated(held_out: Mapping[str, HeldOut]) -> dict[str, Floats]:
    """P(over) by subject (m,), each passed through what other subjects teach."""
    from sklearn.isotonic import IsotonicRegression

    names = sorted(held_out)
    found: dict[str, Floats] = {}
    for fold in range(FOLDS):
        others = [held_out[name] for place, name in enumerate(names) if place % FOLDS != fold]
        mine = [name for place, name in enumerate(names) if place % FOLDS == fold]
        p = np.concatenate([rows.over for rows in others]) if others else np.zeros(0)
        came = np.concatenate([rows.went_over for rows in others]) if others else np.zeros(0)
        known = ~np.isnan(came)
        if len(np.unique(came[known])) < 2:
            found |= {name: held_out[name].over for name in mine}
            continue
        curve = IsotonicRegression(out_of_bounds="clip").fit(p[known], came[known])
        found |= {name: np.asarray(curve.predict(held_out[name].over)) for name in mine}
    return found


def _line(rows: HeldOut, calibrated: Floats) -> dict[str, Any]:
    errors = rows.counts - rows.means
    mse = float((errors**2).mean())
    figures: dict[str, Any] = {"n": len(errors), "mse": mse, "rmse": mse**0.5, "mae": float(np.abs(errors).mean())}
    known = ~np.isnan(rows.went_over)
    before, after, came = rows.over[known], calibrated[known], rows.went_over[known]
    if not len(came):
        return figures | dict.fromkeys(("brier", "brier_after", "ece_before", "ece_after"))
    return figures | {
        "brier": float(((before - came) ** 2).mean()),
        "brier_after": float(((after - came) ** 2).mean()),
        "ece_before": expected_calibration_error(before, came),
        "ece_after": expected_calibration_error(after, came),
    }
