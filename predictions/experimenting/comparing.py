"""Is an arm better than the control? Differences of losses per event, and what may be concluded at any time.

Differences are loss(control) - loss(arm): above zero the arm did better. Losses are bounded (RPS in 0..1, multi-class
Brier in 0..2), so that how far a difference can be from zero is known before the event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlmodels.evaluation import sequential

Floats = NDArray[np.float64]

ALPHA = 0.05
PRIOR_EVENTS = 10.0
"""Events that the loss expected beforehand counts for in the running mean that losses are centred by."""


@dataclass(frozen=True, kw_only=True)
class Differences:
    """One number an event (n,) whose mean is the mean difference of losses, and the most each can be."""

    values: Floats
    bounds: Floats


@dataclass(frozen=True, kw_only=True)
class RunningMean:
    """The running mean difference after each event (n,) and its time-uniform interval."""

    mean: Floats
    low: Floats
    high: Floats


def paired(control: ArrayLike, arm: ArrayLike, control_by_label: ArrayLike, arm_by_label: ArrayLike) -> Differences:
    """Where both forecast every event: losses (n,), and losses (n, k) had each of the k labels come true."""
    values = np.asarray(control, dtype=float) - np.asarray(arm, dtype=float)
    most = np.abs(np.asarray(control_by_label, dtype=float) - np.asarray(arm_by_label, dtype=float)).max(axis=1)
    return Differences(values=values, bounds=np.maximum(most, np.abs(values)))


def weighted(
    losses: ArrayLike, arms: ArrayLike, *, control: int, arm: int, shares: Sequence[float], most: float, usual: float
) -> Differences:
    """Where each event was given to one arm by chance: inverse-probability weighting (Horvitz & Thompson 1952).

    losses (n,), arms (n,): which arm each event had, drawn with probabilities `shares`; most: the largest possible
    loss. With b any number known before the event is given away,

        d = (loss - b) · (1[control] / p(control) - 1[arm] / p(arm))

    has the mean difference of the losses for its mean, as the draw is independent of the event and E[1[a]/p(a)] = 1.
    b is the mean loss of the events before, all arms together, begun with `usual`: it takes away most of the variance
    that the weights bring. The arm's own forecast may not go into b: it is known only once the arm is drawn, and a b
    that depends on the arm shifts the mean by the difference of the arms' expectations.
    """
    loss, given = np.asarray(losses, dtype=float), np.asarray(arms, dtype=int)
    before = np.concatenate([[0.0], np.cumsum(loss)[:-1]])[: len(loss)]
    centre = (PRIOR_EVENTS * usual + before) / (PRIOR_EVENTS + np.arange(len(loss)))
    weight = (given == control) / shares[control] - (given == arm) / shares[arm]
    bounds = np.maximum(centre, most - centre) / min(shares[control], shares[arm])
    return Differences(values=(loss - centre) * weight, bounds=bounds)


def running_interval(differences: Differences, *, alpha: float) -> RunningMean:
    """The mean difference so far after each event, with an interval that holds at all times at once."""
    low, high = sequential.confidence_sequence(differences.values, differences.bounds, alpha)
    count = np.arange(1, len(differences.values) + 1)
    return RunningMean(mean=np.cumsum(differences.values) / count, low=low, high=high)
