"""Has a champion become worse than it was on its test rows?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from mlmodels.models import ModelVersion
from mlmodels.problem import Problem
from mlmodels.tables import figures_of, number
from predictions.monitoring.events import Events

if TYPE_CHECKING:
    import numpy as np

    from mlmodels.evaluation.decay import Decay, Reference

FEWEST = 30
"""Settled events, below which nothing is told."""

LOSSES = {"log_loss": "Log loss", "brier": "Brier score", "rps": "RPS"}
"""Losses that a test figure may be stored of, the one that shows most first."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What watching for decay found; `sentence` says it to a person, also where nothing could be told."""

    sentence: str
    loss: str = ""
    reference: Reference | None = None
    decay: Decay | None = None
    since: date | None = None
    baseline: dict[str, float] | None = None

    @property
    def rings(self) -> bool:
        return self.decay is not None and self.decay.rings

    def to_json(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence,
            "loss": self.loss,
            "rings": self.rings,
            "since": self.since.isoformat() if self.since else None,
            "reference": asdict(self.reference) | {"tolerated": self.reference.tolerated} if self.reference else None,
            "decay": asdict(self.decay) | {"alarms": list(self.decay.alarms)} if self.decay else None,
            "baseline": self.baseline,
        }


def assess(version: ModelVersion, problem: Problem, events: Events, *, window: int) -> Assessment:
    """Watch the champion's settled losses, a match at a time, against the figure of its test rows.

    window: how many days the rolling baseline leaves out at the end.
    """
    from mlmodels.evaluation.decay import Reference, detect

    if len(events) < FEWEST:
        return Assessment(sentence=f"{len(events)} events are settled; from {FEWEST} on, decay is looked for.")
    name, tested, rows = _tested(version)
    if not name:
        return Assessment(sentence="The version has no test figure of a loss to be held to.")
    losses = getattr(events, name)
    mean, promised, first = by_match(events, losses, expected_losses(events.probabilities, name))
    reference = Reference(loss=tested, n=rows, sd=float(losses.std(ddof=1)))
    decay = detect(mean, promised, reference)
    since = None if decay.since is None else date.fromordinal(int(events.days[first[decay.since]]))
    return Assessment(
        sentence=_sentence(problem, name, decay, reference, since),
        loss=name,
        reference=reference,
        decay=decay,
        since=since,
        baseline=_baseline(events, losses, window),
    )


def _tested(version: ModelVersion) -> tuple[str, float, int]:
    test = figures_of(version.metrics, "test")
    rows = number(test.get("n"))
    for name in LOSSES:
        figure = number(test.get(name))
        if rows and rows >= 2 and figure and figure > 0:
            return name, figure, int(rows)
    return "", 0.0, 0


def by_match(events: Events, losses: np.ndarray, promised: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean losses and promises (matches,), in order, and the index of each match's first event.

    What is said of one match is one observation: its parts depend on each other.
    """
    import numpy as np

    _, first, inverse, counts = np.unique(events.groups, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first, kind="stable")
    means = [np.bincount(inverse, weights=column)[order] / counts[order] for column in (losses, promised)]
    return means[0], means[1], first[order]


def expected_losses(probabilities: np.ndarray, name: str) -> np.ndarray:
    """What forecasts (n, k) expect to lose by their own probabilities (n,)."""
    import numpy as np

    if name == "log_loss":
        return np.asarray(-(probabilities * np.log(np.clip(probabilities, 1e-15, 1.0))).sum(1))
    if name == "brier":
        return np.asarray((probabilities * (1 - probabilities)).sum(1))
    cumulative = np.cumsum(probabilities, axis=1)[:, :-1]
    return np.asarray((cumulative * (1 - cumulative)).sum(1) / max(1, cumulative.shape[1]))


def _baseline(events: Events, losses: np.ndarray, window: int) -> dict[str, float] | None:
    """The window's mean loss less that of everything settled before, with its 95 % interval; None without either."""
    from mlmodels.evaluation.decay import Z95

    recent = events.days > events.days[-1] - window
    new, old = losses[recent], losses[~recent]
    if min(len(new), len(old)) < FEWEST:
        return None
    difference = float(new.mean() - old.mean())
    reach = Z95 * float((new.var(ddof=1) / len(new) + old.var(ddof=1) / len(old)) ** 0.5)
    return {
        "before": float(old.mean()),
        "difference": difference,
        "low": difference - reach,
        "high": difference + reach,
    }


def _sentence(problem: Problem, name: str, decay: Decay, reference: Reference, since: date | None) -> str:
    against = f"{reference.loss:.4f} on {reference.n:,} test rows"
    change = f"{abs(decay.worsening):.1%} {'worse' if decay.worsening > 0 else 'better'}"
    interval = f"95 % interval {decay.low:+.1%} to {decay.high:+.1%}"
    if since is None:
        return (
            f"{LOSSES[name]} is {decay.loss:.4f} over {decay.n:,} settled {problem.unit}, against {against}: "
            f"{change} ({interval}). No sign that it has become worse by more than is tolerated."
        )
    past = decay.n - (decay.since or 0)
    verdict = "It has become worse." if decay.rings else "It has recovered since."
    return (
        f"{LOSSES[name]} has been {decay.loss:.4f} over the {past:,} {problem.unit} since {since:%-d %B %Y}, "
        f"against {against}: {change} ({interval}). {verdict}"
    )
