"""Has a model become worse than it was on its test rows? A sequential answer that may be asked for every day.

The detector is an e-detector of the Shiryaev-Roberts kind (Shin, Ramdas & Rinaldo 2022, "E-detectors: a nonparametric
framework for sequential change detection"). Of each event it sees the loss x ≥ 0. As long as the mean loss is at most
a tolerated level r, 1 + λ(x - r) has a mean of at most 1 for every 0 ≤ λ < 1/r, so a bet of λ on "worse than r" is
fair or loses. M ← (M + 1)·(1 + λ(x - r)) adds up such bets begun at every event so far. Half of the bets are on
something else: that losses exceed by more than r allows what the forecasts themselves promised (their entropy, for log
loss). A model that has become too sure of itself is found by those much sooner, because what makes one match harder to
call than another is taken out. The mixture over all bets is compared with a threshold c. However long one looks, the
mean time to a false alarm is at least c events; below the tolerated level alarms are far rarer than that. Since a bet
may begin at any event, a change is found as fast after ten seasons as after one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

TOLERANCE = 0.05
"""Relative worsening that is put up with."""

THRESHOLD = 5000.0
"""Mean number of events to a false alarm, at least, of a model that is exactly as much worse as is tolerated."""

BETS = (0.05, 0.1, 0.2, 0.4, 0.7)
"""λ·r of the mixture, in equal parts; λ* ≈ excess / variance is of this order for log loss, Brier score and RPS."""

LEAST_LEFT = 0.05
"""Of the stake, after the worst that can happen to a bet."""

MOST_ALARMS = 20

Z95 = 1.959964
Z90 = 1.644854
"""97.5 % and 95 % quantiles of the normal distribution."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The test figure that a model is held to: mean loss over `n` test rows; sd is that of one row's loss."""

    loss: float
    n: int
    sd: float

    @property
    def error(self) -> float:
        """Standard error of the test figure."""
        return self.sd / math.sqrt(self.n)

    @property
    def tolerated(self) -> float:
        """The mean loss that is put up with: 5 % more than the figure, or its upper 95 % limit where that is higher.

        A figure from few rows may have been luck: then more than 5 % has to be seen.
        """
        return max((1 + TOLERANCE) * self.loss, self.loss + Z90 * self.error)


@dataclass(frozen=True, kw_only=True)
class Decay:
    """What the detector says of a series of losses.

    evidence: the statistic at the end, in units of the threshold (1 raises an alarm). alarms: indices of the events at
    which it rang; after each it begins anew. since: index of the event from which on losses were worse, as estimated at
    the last alarm. worsening: relative to the test figure, over the events since then (or all, without an alarm), with
    its 95 % interval, which counts the uncertainty of the test figure.
    """

    n: int
    tolerated: float
    evidence: float
    alarms: tuple[int, ...]
    since: int | None
    loss: float
    worsening: float
    low: float
    high: float

    @property
    def rings(self) -> bool:
        """Whether it rang, and losses since the change are still beyond what is tolerated."""
        return bool(self.alarms) and self.loss > self.tolerated


def detect(losses: ArrayLike, promised: ArrayLike, reference: Reference, *, threshold: float = THRESHOLD) -> Decay:
    """Watch losses (n,) ≥ 0, in the order of their events, against a test figure.

    promised: (n,), what each forecast expected to lose by its own probabilities. Raises ValueError for no losses, other
    shapes, numbers below 0 or not finite, and a test figure that is not above 0.
    """
    seen, expected = _checked(losses), _checked(promised)
    if seen.shape != expected.shape:
        raise ValueError("Losses and what was promised are of the same events.")
    if not (reference.loss > 0 and reference.n > 0 and math.isfinite(reference.tolerated)):
        raise ValueError("The test figure is a mean loss above 0, of at least one row.")
    factors = bets(seen, expected, reference.loss, reference.tolerated)
    alarms: list[int] = []
    running = np.zeros(factors.shape[-1])
    evidence = 0.0
    for at, each in enumerate(factors):
        running = (running + 1) * each
        evidence = float(running.mean()) / threshold
        if evidence >= 1:
            alarms.append(at)
            running = np.zeros_like(running)
    since = _change(factors[: alarms[-1] + 1]) if alarms else None
    return _told(seen, reference, evidence=evidence, alarms=tuple(alarms[-MOST_ALARMS:]), since=since)


def bets(losses: Floats, promised: Floats, tested: ArrayLike, tolerated: ArrayLike) -> Floats:
    """What each bet pays at each event, (..., n, 2·len(BETS)) of losses and promises (..., n); levels are (...,).

    A bet that could lose (nearly) all at an event sits it out, which is known before the event.
    """
    level = np.asarray(tolerated, dtype=float)[..., None]
    margin = level - np.asarray(tested, dtype=float)[..., None]
    share = np.asarray(BETS) / level[..., None]
    on_loss = 1 + share * (losses - level)[..., None]
    floor = 1 - share * (promised + margin)[..., None]
    on_promise = np.where(floor > LEAST_LEFT, 1 + share * (losses - promised - margin)[..., None], 1.0)
    return np.concatenate([on_loss, on_promise], -1)


def e_detector(factors: Floats) -> Floats:
    """The statistic after each event, (..., n) for what bets pay (..., n, bets)."""
    course = np.empty(factors.shape[:-1])
    running = np.zeros((*factors.shape[:-2], factors.shape[-1]))
    for at in range(factors.shape[-2]):
        running = (running + 1) * factors[..., at, :]
        course[..., at] = running.mean(-1)
    return course


def _checked(losses: ArrayLike) -> Floats:
    seen = np.asarray(losses, dtype=float)
    if seen.ndim != 1 or not len(seen) or not np.isfinite(seen).all() or (seen < 0).any():
        raise ValueError("Losses are a row of at least one finite number of 0 or more.")
    return seen


def _change(factors: Floats) -> int:
    """Index from which on a bet would have won most by the last event: the maximum-likelihood start of the CUSUM."""
    paths = np.vstack([np.zeros(factors.shape[1]), np.cumsum(np.log(factors), axis=0)])
    lowest = paths[:-1].argmin(0)
    won = paths[-1] - paths[lowest, np.arange(factors.shape[1])]
    return int(lowest[won.argmax()])


def _told(seen: Floats, reference: Reference, *, evidence: float, alarms: tuple[int, ...], since: int | None) -> Decay:
    counted = seen[since or 0 :]
    loss = float(counted.mean())
    spread = float(counted.std(ddof=1)) if len(counted) > 1 else reference.sd
    # By the delta method for a ratio of two independent means.
    ratio = loss / reference.loss
    error = ratio * math.hypot(spread / math.sqrt(len(counted)) / max(loss, 1e-12), reference.error / reference.loss)
    return Decay(
        n=len(seen),
        tolerated=reference.tolerated,
        evidence=evidence,
        alarms=alarms,
        since=since,
        loss=loss,
        worsening=ratio - 1,
        low=ratio - 1 - Z95 * error,
        high=ratio - 1 + Z95 * error,
    )
