"""From a fitted model to forecasts: a count distribution, and over, push and under read off it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mlmodels.problem import Forecast
from predictions.basketball.explaining import drivers
from predictions.basketball.loading import KNOWN
from predictions.basketball.props import LABELS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NEGLIGIBLE = 1e-6
"""Counts whose probability, with all above, is less are left out of what the ledger keeps."""

DIGITS = 6
FEW_GAMES = 10
PRIOR = "prior"
NO_LINE = "no line"
SUPPOSED = "supposed game"
NOTE_CODES = frozenset({PRIOR, NO_LINE, SUPPOSED, "global", "ensemble"})
"""Notes for programs, which stand before the words that people read."""

HIDDEN = frozenset({*KNOWN, "supposed"})


def forecasts(estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
    """One forecast a row of featurised props; every market is read off the calibrated distribution."""
    names = getattr(inner(estimator), "feature_names_in_", None)
    read = frame if names is None else frame[list(names)]
    tables = distributions(estimator, read)
    moved = drivers(estimator, read)
    lines = frame["line"].to_numpy()
    answered = _answered_by(estimator, read)
    rows: list[dict[str, Any]] = [
        dict(zip(frame.columns, row, strict=True)) for row in frame.to_numpy(dtype=object).tolist()
    ]
    found = []
    for i, row in enumerate(rows):
        pmf = _kept(tables[i])
        said = at_line(pmf, float(lines[i]))
        found.append(
            Forecast(
                probabilities=said,
                distribution={"mean": round(mean(pmf), DIGITS), "pmf": pmf},
                features={name: _plain(value) for name, value in row.items() if name not in HIDDEN},
                confidence=max(said["over"], said["under"]),
                notes=notes(row, answered[i]),
                drivers=moved[i],
            )
        )
    return found


def inner(estimator: Any) -> Any:
    """The model inside its calibration."""
    return getattr(estimator, "estimator", estimator)


def distributions(estimator: Any, X: pd.DataFrame) -> np.ndarray:
    """(n, K) probabilities of 0, 1, …: the model's, with its chance above each half line calibrated.

    The calibration keeps the order of chances, so that what lies between two half lines is never below nothing.
    """
    import numpy as np

    table = np.asarray(inner(estimator).distribution(X), dtype=float)
    calibration = getattr(estimator, "calibration", None)
    if calibration is None:
        return table
    above = np.clip(1 - table.cumsum(axis=1), 0.0, 1.0)[:, :-1]
    flat = above.ravel()
    said = np.column_stack([flat, np.zeros_like(flat), 1 - flat])
    moved = _to_the_ends(calibration, flat, calibration.transform(said)[:, 0]).reshape(above.shape)
    # Where nothing was above, nothing is: a calibration that clips would leave a chance of any count whatever.
    moved = np.minimum.accumulate(np.where(above > NEGLIGIBLE, moved, 0.0), axis=1)
    ends = np.column_stack([np.ones(len(moved)), moved, np.zeros(len(moved))])
    return np.asarray(ends[:, :-1] - ends[:, 1:])


def _to_the_ends(calibration: Any, q: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Chances (n,) q as moved by a calibration; beyond those it saw, in straight lines to 0 and to 1.

    It was learned at lines near the middle and goes on level: read so, the tails would heap up on the first and the
    last count.
    """
    import numpy as np

    knots = getattr(calibration, "knots_", None)
    if knots is None:
        return moved
    low, high = float(knots[0][0]), float(knots[0][-1])
    moved = np.where(q < low, moved * q / low, moved)
    return np.asarray(np.where(q > high, 1 - (1 - moved) * (1 - q) / (1 - high), moved))


def at_line(pmf: Sequence[float], line: float) -> dict[str, float]:
    """Over, push and under at a line, summing to 1."""
    under = round(sum((p for count, p in enumerate(pmf) if count < line), 0.0), DIGITS)
    push = sum((p for count, p in enumerate(pmf) if count == line), 0.0)
    over = round(max(0.0, 1.0 - under - push), DIGITS)
    return dict(zip(LABELS, (over, push, under), strict=True))


def mean(pmf: Sequence[float]) -> float:
    return sum(count * p for count, p in enumerate(pmf))


def quantile(pmf: Sequence[float], level: float) -> int:
    """The smallest count that is reached with at least this probability."""
    reached = 0.0
    for count, p in enumerate(pmf):
        reached += p
        if reached >= level:
            return count
    return len(pmf) - 1


def _kept(table: np.ndarray) -> list[float]:
    """Rounded, without the tail that means nothing, and summing to 1 again: what is left out goes to the last."""
    reached = table.cumsum()
    end = int((reached < 1 - NEGLIGIBLE).sum()) + 1
    kept = [round(float(p), DIGITS) for p in table[:end]]
    kept[-1] = round(kept[-1] + 1.0 - sum(kept), DIGITS)
    return kept


def _answered_by(estimator: Any, X: pd.DataFrame) -> list[str]:
    """Of each row whose model answered, where a model asks several: `ensemble`, `global`, `prior`; else empty."""
    model = inner(estimator)
    if not hasattr(model, "answered_by"):
        return [""] * len(X)
    return [str(name) for name in model.answered_by(X)]


_FALLBACKS = {
    "global": "This player has too few games for a model of his own: the model of all players answers.",
    "prior": "Nothing is known of this player: what is usual in the league answers.",
}


def notes(row: Mapping[str, Any], answered_by: str) -> tuple[str, ...]:
    """What the reader must know: how much the forecast rests on, and whether a bookmaker set the line."""
    found: tuple[str, ...] = ()
    games = int(row["games"])
    if answered_by in _FALLBACKS:
        found += (answered_by, _FALLBACKS[answered_by])
    if games < FEW_GAMES:
        known = "No game of this player is" if not games else f"Only {games} games of this player are"
        found += (PRIOR, f"{known} known: the forecast rests on what is usual for players like him.")
    if row["supposed"]:
        found += (SUPPOSED, str(row["supposed"]))
    if row["line_is_market"] != 1.0:
        found += (NO_LINE, "No bookmaker's line is known: this line was asked for, or is the player's usual one.")
    return found


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value
