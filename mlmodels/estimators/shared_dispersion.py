"""How much counts scatter about their means, subject by subject, learned together.

A subject's few held-out rows say little about its own dispersion, so each is drawn towards what all of them have in
common, by as much as the subjects' likelihoods call for: empirical Bayes (Efron & Morris 1973, "Stein's estimation rule
and its competitors") over a grid of dispersions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlmodels.estimators.count_distribution import log_pmf

Floats = NDArray[np.float64]

GRID: Floats = np.geomspace(0.002, 2.0, 40)
"""Dispersions a, where the variance is μ + a μ²: from all but Poisson to far beyond any sport's."""

SPREADS = (0.1, 0.25, 0.5, 1.0)
"""Standard deviations of ln a among subjects that are tried."""


@dataclass(frozen=True, kw_only=True)
class SharedDispersion:
    """common: the dispersion where a subject has none of its own. of: those of subjects."""

    common: float
    of: Mapping[str, float]


def shared_dispersion(held_out: Mapping[str, tuple[Floats, Floats]]) -> SharedDispersion:
    """Dispersions from (means (m,), counts (m,)) by subject. Raises ValueError where there is no subject."""
    if not held_out:
        raise ValueError("There are no rows held out to learn a dispersion from.")
    likelihoods = np.array([_log_likelihoods(means, counts) for means, counts in held_out.values()])
    prior = max(_priors(), key=lambda prior: _evidence(likelihoods, prior))
    posterior = np.exp(likelihoods + prior - _log_sum(likelihoods + prior)[:, None])
    logs = np.log(GRID)
    own = np.exp(posterior @ logs)
    return SharedDispersion(
        common=float(np.exp(np.exp(prior) @ logs)), of=dict(zip(held_out, map(float, own), strict=True))
    )


def _log_likelihoods(means: Floats, counts: Floats) -> Floats:
    """Of each dispersion of the grid (g,), by the negative binomial with these means."""
    return np.asarray(log_pmf(counts, means, 1.0 / GRID[:, None]).sum(axis=1))


def _priors() -> list[Floats]:
    """Log probabilities (g,) of the grid: bells in ln a, about each of its points, of each spread."""
    logs = np.log(GRID)
    bells = [-0.5 * ((logs - centre) / spread) ** 2 for centre in logs for spread in SPREADS]
    return [bell - _log_sum(bell[None, :])[0] for bell in bells]


def _evidence(likelihoods: Floats, prior: Floats) -> float:
    return float(_log_sum(likelihoods + prior).sum())


def _log_sum(table: Floats) -> Floats:
    """Logarithm of the sum of the exponentials along each row."""
    top = table.max(axis=1)
    return np.asarray(top + np.log(np.exp(table - top[:, None]).sum(axis=1)))
