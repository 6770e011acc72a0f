"""How often the promotion rule errs, and how long a better challenger waits, on simulated 1X2 forecasts.

`python -m tests.benchmarks.sequential_power` looks at ten matches daily for a year of 3,500. One JSON line a
figure; the documentation's table is made of them.
"""

from __future__ import annotations

import numpy as np

from mlmodels.evaluation.bootstrap import paired_difference
from mlmodels.evaluation.sequential import confidence_sequence
from tests.benchmarks.figures import report
from tests.mlmodels.evaluation.forecasters import Floats, Rule, promoted_after, simulate, worse_noise

YEAR, SEASON = 3500, 380
CHUNK = 200
LOSSES = ("rps", "log_loss", "brier")
BARE = Rule(minimum_improvement=0.0)


def false_promotions(histories: int = 2000) -> None:
    """Equal forecasters; seeds that no test uses."""
    for loss in LOSSES:
        found = {"whole gate": 0, "e-value alone": 0}
        for seed in range(1000, 1000 + histories // CHUNK):
            pairs = simulate(seed, histories=CHUNK, pairs=YEAR, champion=0.3, challenger=0.3, loss=loss)
            found["whole gate"] += int(np.isfinite(promoted_after(pairs, Rule())).sum())
            found["e-value alone"] += int(np.isfinite(promoted_after(pairs, BARE)).sum())
        for rule, times in found.items():
            report(f"equal challenger promoted within a year, {loss}, {rule}", 100 * times / histories, "%")


def waiting(relative: float, histories: int = 400) -> None:
    """A challenger whose expected loss is lower by `relative`."""
    for loss in LOSSES:
        noise = worse_noise(loss, 0.1, relative)
        after: dict[str, list[Floats]] = {"e-value alone": [], "whole gate": []}
        for seed in range(2000, 2000 + histories // CHUNK):
            pairs = simulate(seed, histories=CHUNK, pairs=YEAR, champion=noise, challenger=0.1, loss=loss)
            after["e-value alone"].append(promoted_after(pairs, BARE))
            after["whole gate"].append(promoted_after(pairs, Rule()))
        for rule, chunks in after.items():
            n = np.concatenate(chunks)
            name = f"{100 * relative:.0f} % better, {loss}, {rule}"
            report(f"{name}: median wait", float(np.median(n)), "pairs")
            for pairs_seen in (100, SEASON, 1000, YEAR):
                report(f"{name}: found within {pairs_seen} pairs", 100 * float((n <= pairs_seen).mean()), "%")


def coverage(histories: int = 400) -> None:
    """Of the time-uniform interval, over all times at once, while the forecasters take turns."""
    turns = np.where(np.arange(2000) // 100 % 2 == 0, 0.5, 0.2)
    for loss in LOSSES:
        held = []
        for seed in range(3000, 3000 + histories // CHUNK):
            pairs = simulate(seed, histories=CHUNK, pairs=2000, champion=turns, challenger=turns[::-1], loss=loss)
            low, high = confidence_sequence(pairs.differences, pairs.bounds)
            truth = np.cumsum(pairs.expected, axis=-1) / np.arange(1, 2001)
            held.append(((low <= truth) & (truth <= high)).all(-1))
        report(f"interval holds the truth after each of 2,000 pairs, {loss}", 100 * float(np.mean(held)), "%")


def bootstrap_coverage(histories: int = 2000, days: int = 200) -> None:
    """Of the fixed-time bootstrap interval where matches of a day depend on each other."""
    rng = np.random.default_rng(4000)
    blocks, held = np.repeat([f"{day:03d}" for day in range(days)], 10), 0
    for _ in range(histories):
        apart = rng.normal(0, 0.07, 10 * days) + np.repeat(rng.normal(0, 0.03, days), 10)
        found = paired_difference(apart, np.zeros(10 * days), blocks=blocks, resamples=500)
        held += found.low <= 0 <= found.high
    report(f"bootstrap interval of {days} matchdays holds the truth", 100 * held / histories, "%")


if __name__ == "__main__":
    false_promotions()
    for better_by in (0.03, 0.05, 0.1):
        waiting(better_by)
    coverage()
    bootstrap_coverage()
