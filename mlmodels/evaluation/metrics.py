"""Figures of probabilistic forecasts: probabilities (n, k), outcomes (n,) as class indices 0..k-1.

Every score is a loss (lower is better) except `accuracy`, `draw_accuracy`, `draw_auc` and those called macro.
Probabilities must be rows of non-negative numbers that sum to 1; anything else raises ValueError instead of giving a
flattering number.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

DRAW = 1
"""Index of the draw in ("home", "draw", "away")."""

SMALLEST = 1e-15
"""Probabilities are kept this far from 0 in logarithms, so that one impossible event gives a large finite loss."""


class ReliabilityBin(TypedDict):
    """Forecasts in [low, high): how many, their mean probability, and how often the event came. JSON-able."""

    low: float
    high: float
    count: int
    mean_probability: float
    frequency: float


def checked(p: ArrayLike, y: ArrayLike) -> tuple[Floats, Ints]:
    """Arrays (n, k) and (n,) with everything a score relies on; ValueError otherwise."""
    probabilities, outcomes = np.asarray(p, dtype=float), np.asarray(y)
    if probabilities.ndim != 2 or outcomes.shape != probabilities.shape[:1]:
        raise ValueError(f"Probabilities are (n, k) and outcomes (n,); got {probabilities.shape} and {outcomes.shape}.")
    if not len(outcomes):
        raise ValueError("There is nothing to score: no rows.")
    if not np.isfinite(probabilities).all() or (probabilities < 0).any():
        raise ValueError("Probabilities are finite and not negative.")
    if np.abs(probabilities.sum(1) - 1).max() > 1e-6:
        raise ValueError("The probabilities of each row sum to 1.")
    indices = outcomes.astype(int)
    if (indices != outcomes).any() or (indices < 0).any() or (indices >= probabilities.shape[1]).any():
        raise ValueError(f"Outcomes are class indices from 0 to {probabilities.shape[1] - 1}.")
    return probabilities, indices


def rps_each(p: ArrayLike, y: ArrayLike) -> Floats:
    """Ranked probability score of each event, 0..1 (Epstein 1969; in football Constantinou & Fenton 2012).

    1/(k-1) Σᵢ (Σⱼ≤ᵢ pⱼ - eⱼ)²: classes are ordered, so being off by one class costs less than by two.
    """
    probabilities, outcomes = checked(p, y)
    cumulative = np.cumsum(probabilities - _one_hot(outcomes, probabilities.shape[1]), axis=1)[:, :-1]
    return np.asarray((cumulative**2).sum(1) / max(1, cumulative.shape[1]), dtype=float)


def log_loss_each(p: ArrayLike, y: ArrayLike) -> Floats:
    """Minus the natural logarithm of the probability given to what happened."""
    probabilities, outcomes = checked(p, y)
    hit = probabilities[np.arange(len(outcomes)), outcomes]
    return np.asarray(-np.log(np.clip(hit, SMALLEST, 1.0)), dtype=float)


def brier_each(p: ArrayLike, y: ArrayLike) -> Floats:
    """Multi-class Brier score 0..2: the squared distance to the outcome's indicator (Brier 1950)."""
    probabilities, outcomes = checked(p, y)
    return np.asarray(((probabilities - _one_hot(outcomes, probabilities.shape[1])) ** 2).sum(1), dtype=float)


def rps(p: ArrayLike, y: ArrayLike) -> float:
    """Mean ranked probability score."""
    return float(rps_each(p, y).mean())


def log_loss(p: ArrayLike, y: ArrayLike) -> float:
    """Mean logarithmic loss, natural logarithm."""
    return float(log_loss_each(p, y).mean())


def brier(p: ArrayLike, y: ArrayLike) -> float:
    """Mean multi-class Brier score, 0..2."""
    return float(brier_each(p, y).mean())


def accuracy(p: ArrayLike, y: ArrayLike) -> float:
    """Share of events whose likeliest class came; the first class wins a tie."""
    probabilities, outcomes = checked(p, y)
    return float((probabilities.argmax(1) == outcomes).mean())


def mae(errors: ArrayLike) -> float:
    """Mean absolute error, in the unit counted. errors: (n,) forecast less what came, or the other way round."""
    return float(np.abs(np.asarray(errors, dtype=float)).mean())


def rmse(errors: ArrayLike) -> float:
    """Root of the mean squared error, in the unit counted."""
    return float(np.sqrt((np.asarray(errors, dtype=float) ** 2).mean()))


def draw_accuracy(p: ArrayLike, y: ArrayLike) -> float:
    """Share of draws for which the draw was the likeliest class (the recall of draws); NaN where none was drawn."""
    probabilities, outcomes = checked(p, y)
    drawn = outcomes == DRAW
    return float((probabilities[drawn].argmax(1) == DRAW).mean()) if drawn.any() else float("nan")


def draw_log_loss(p: ArrayLike, y: ArrayLike) -> float:
    """Binary log loss of the draw's probability against "it was a draw"."""
    probabilities, outcomes = checked(p, y)
    draw = np.clip(probabilities[:, DRAW], SMALLEST, 1 - SMALLEST)
    return float(-np.where(outcomes == DRAW, np.log(draw), np.log1p(-draw)).mean())


def draw_auc(p: ArrayLike, y: ArrayLike) -> float:
    """Probability that a draw was given more draw probability than a match that wasn't one, ties half (Mann-Whitney).

    NaN where all or none of the matches are draws.
    """
    probabilities, outcomes = checked(p, y)
    drawn = outcomes == DRAW
    n_drawn, n_other = int(drawn.sum()), int((~drawn).sum())
    if not n_drawn or not n_other:
        return float("nan")
    _, inverse, counts = np.unique(probabilities[:, DRAW], return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[drawn].sum() - n_drawn * (n_drawn + 1) / 2) / (n_drawn * n_other))


def macro_precision(p: ArrayLike, y: ArrayLike) -> float:
    """Mean over the classes that occur of: of the events called so, the share that came so; 0 where none is called."""
    counts = confusion_matrix(p, y)
    return _macro(np.diag(counts), counts.sum(0), counts.sum(1))


def macro_recall(p: ArrayLike, y: ArrayLike) -> float:
    """Mean over the classes that occur of: of the events that came so, the share that was called so."""
    counts = confusion_matrix(p, y)
    return _macro(np.diag(counts), counts.sum(1), counts.sum(1))


def macro_f1(p: ArrayLike, y: ArrayLike) -> float:
    """Mean over the classes that occur of the harmonic mean of precision and recall, 2 hits/(called + came)."""
    counts = confusion_matrix(p, y)
    return _macro(2 * np.diag(counts), counts.sum(0) + counts.sum(1), counts.sum(1))


def _macro(hits: Ints, among: Ints, came: Ints) -> float:
    occurs = came > 0
    return float((hits[occurs] / np.maximum(among[occurs], 1)).mean())


def ece(p: ArrayLike, y: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error, one-vs-rest pooled over classes.

    All n·k pairs (probability of a class, whether it came) fall in `bins` bins of equal width; the figure is the mean
    over pairs of |mean probability - frequency| of their bin (the classwise definition of Kull et al. 2019 with the
    classes' pairs pooled, not the top-label one of Guo et al. 2017). Pairs that `reliability_bins` leaves out count for
    nothing.
    """
    diagram = reliability_bins(p, y, bins)
    pairs = sum(b["count"] for b in diagram)
    return sum(b["count"] * abs(b["mean_probability"] - b["frequency"]) for b in diagram) / pairs


def confusion_matrix(p: ArrayLike, y: ArrayLike) -> Ints:
    """(k, k) counts: rows are what came, columns what was thought likeliest; the first class wins a tie."""
    probabilities, outcomes = checked(p, y)
    k = probabilities.shape[1]
    pairs = np.bincount(outcomes * k + probabilities.argmax(1), minlength=k * k)
    return np.asarray(pairs.reshape(k, k), dtype=int)


def reliability_bins(p: ArrayLike, y: ArrayLike, bins: int = 10) -> list[ReliabilityBin]:
    """The reliability diagram over all classes one-vs-rest: non-empty bins of equal width, lowest first.

    A class that was ruled out (probability 0, as a push at a half line) and did not come is left out: it says nothing
    of calibration, and would flatter it.
    """
    probabilities, outcomes = checked(p, y)
    forecast, came = probabilities.ravel(), _one_hot(outcomes, probabilities.shape[1]).ravel()
    told = (forecast > 0) | (came > 0)
    forecast, came = forecast[told], came[told]
    which = np.minimum((forecast * bins).astype(int), bins - 1)
    counts = np.bincount(which, minlength=bins)
    sums = np.bincount(which, weights=forecast, minlength=bins)
    hits = np.bincount(which, weights=came, minlength=bins)
    return [
        ReliabilityBin(
            low=b / bins,
            high=(b + 1) / bins,
            count=int(counts[b]),
            mean_probability=float(sums[b] / counts[b]),
            frequency=float(hits[b] / counts[b]),
        )
        for b in range(bins)
        if counts[b]
    ]


def _one_hot(outcomes: Ints, k: int) -> Floats:
    indicator = np.zeros((len(outcomes), k))
    indicator[np.arange(len(outcomes)), outcomes] = 1.0
    return indicator
