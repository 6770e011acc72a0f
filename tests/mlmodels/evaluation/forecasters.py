"""Two simulated forecasters of the same football-like matches: the truth, and what each of them takes it for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlmodels.evaluation import sequential
from mlmodels.evaluation.label_losses import LABEL_LOSSES

Floats = NDArray[np.float64]

PER_DAY = 10
"""Matches a day in these simulations; a year of them is 3,500."""


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Histories in rows, pairs in columns, in order of event. expected: the conditional mean of each difference."""

    differences: Floats
    bounds: Floats
    champion_losses: Floats
    expected: Floats


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When a challenger is promoted, looked at each day."""

    alpha: float = 0.05
    minimum_pairs: int = 100
    minimum_days: int = 7
    minimum_improvement: float = 0.03
    challenger: int = 1


def true_probabilities(rng: np.random.Generator, *shape: int) -> Floats:
    """Home, draw, away (…, 3) by an ordered logit on strengths: means about .45, .26, .29, as in European leagues."""
    strength = rng.normal(0.3, 0.9, shape)
    home, away = 1 / (1 + np.exp(0.6 - strength)), 1 / (1 + np.exp(0.6 + strength))
    return np.stack([home, 1 - home - away, away], axis=-1)


def forecast(truth: Floats, noise: Floats | float, rng: np.random.Generator) -> Floats:
    """The truth, its logarithms missed by normal errors of this size."""
    logarithm = np.log(truth) + np.asarray(noise)[..., None] * rng.normal(size=truth.shape)
    mass = np.exp(logarithm)
    return np.asarray(mass / mass.sum(-1, keepdims=True))


def simulate(
    seed: int, *, histories: int, pairs: int, champion: Floats | float, challenger: Floats | float, loss: str = "rps"
) -> Pairs:
    """Histories of pairs; champion and challenger: the size of their errors, one or one a pair."""
    rng = np.random.default_rng(seed)
    truth = true_probabilities(rng, histories, pairs)
    losses = LABEL_LOSSES[loss]
    champions = losses(forecast(truth, np.broadcast_to(champion, truth.shape[:2]), rng))
    apart = champions - losses(forecast(truth, np.broadcast_to(challenger, truth.shape[:2]), rng))
    came = (rng.random((histories, pairs, 1)) > np.cumsum(truth, -1)[..., :-1]).sum(-1)[..., None]
    return Pairs(
        differences=np.take_along_axis(apart, came, -1)[..., 0],
        bounds=np.abs(apart).max(-1),
        champion_losses=np.take_along_axis(champions, came, -1)[..., 0],
        expected=(truth * apart).sum(-1),
    )


def worse_noise(loss: str, better: float, relative: float, *, seed: int = 7, sample: int = 200_000) -> float:
    """The size of errors whose expected loss is higher by so much that removing it improves it by `relative`."""
    truth = true_probabilities(np.random.default_rng(seed), sample)

    def expected(noise: float) -> float:
        said = forecast(truth, noise, np.random.default_rng(seed + 1))
        return float((truth * LABEL_LOSSES[loss](said)).sum(-1).mean())

    low, high, best = better, 5.0, expected(better)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - best / expected(middle) < relative else (low, middle)
    return (low + high) / 2


def promoted_after(found: Pairs, rule: Rule) -> Floats:
    """Pairs (histories,) that each history had when the rule first promoted; infinite where it never did."""
    n = np.arange(1, found.differences.shape[-1] + 1)
    looked_at = (n % PER_DAY == 0) & (n >= max(rule.minimum_pairs, rule.minimum_days * PER_DAY))
    evidence = sequential.e_process(found.differences, found.bounds)
    improvement = np.cumsum(found.differences, -1) / np.cumsum(found.champion_losses, -1)
    enough = evidence >= sequential.threshold(rule.alpha, rule.challenger)
    passed = looked_at & enough & (improvement >= rule.minimum_improvement)
    return np.where(passed.any(-1), n[passed.argmax(-1)], np.inf)
