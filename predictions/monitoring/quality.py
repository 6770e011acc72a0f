"""What comes in: is it there, is it late, does the source fail, are there values far out?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mlmodels.models import ModelVersion
from mlmodels.problem import Problem, SourceHealth
from predictions import alerting
from predictions.errors import TrainingDataGone
from predictions.models import Alert, QualityReport, Severity
from predictions.monitoring.drifting import Live
from predictions.monitoring.training_tables import training_rows

if TYPE_CHECKING:
    import numpy as np

MOST_MISSING = 0.10
STALE_AFTER = timedelta(hours=24)
MOST_FAILED = 0.05
SIGMAS = 3.0
LEAST_OUTLIERS = 0.01
"""Share of values beyond 3σ, up to which nothing is said: many honest distributions have as many."""

TIMES_AS_MANY = 3.0
"""So many times the share in training is more than expected."""

FEWEST_ROWS = 50
SURE = 1e-4


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Features of one champion that are missing, or far out, too often: {name: {share, trained}}."""

    rows: int
    missing: dict[str, dict[str, float]]
    outliers: dict[str, dict[str, float]]
    note: str = ""


def check_inputs(version: ModelVersion, problem: Problem, live: Live) -> Inputs:
    """Missing values and outliers of the live inputs, against the shares there were in training.

    A feature that was missing as often in training is no fault of the day; one that is missing 10 points more is.
    """
    if len(live.at) < FEWEST_ROWS:
        return Inputs(rows=len(live.at), missing={}, outliers={}, note=f"Fewer than {FEWEST_ROWS} events to look at.")
    try:
        trained = training_rows(version, problem, live.names)
    except TrainingDataGone as error:
        return Inputs(rows=len(live.at), missing={}, outliers={}, note=str(error))
    missing, outliers = {}, {}
    for name in map(str, trained.columns.drop(problem.time_column)):
        before, now = trained[name].tolist(), live.column(name)
        if lost := _lost(before, now):
            missing[name] = lost
        if far := _far(before, now):
            outliers[name] = far
    return Inputs(rows=len(live.at), missing=missing, outliers=outliers)


def _numbers(values: Sequence[Any]) -> np.ndarray | None:
    """Numbers (n,) with NaN where missing; None for text."""
    import numpy as np

    if any(isinstance(value, str) for value in values):
        return None
    try:
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    except (TypeError, ValueError):
        return None


def _lost(before: Sequence[Any], now: Sequence[Any]) -> dict[str, float] | None:
    share, trained = _share_missing(now), _share_missing(before)
    return {"share": share, "trained": trained} if share > MOST_MISSING + trained else None


def _share_missing(values: Sequence[Any]) -> float:
    """Of numbers or text: what is not there, not a number, or empty."""
    gone = [value for value in values if value is None or value == "" or value != value]
    return len(gone) / len(values)


def _far(before: Sequence[Any], now: Sequence[Any]) -> dict[str, float] | None:
    """Beyond 3σ of training: more than chance, by a binomial test, and several times as many as in training."""
    import numpy as np
    from scipy.stats import binom

    trained_on, live = _numbers(before), _numbers(now)
    if trained_on is None or live is None:
        return None
    known, seen = trained_on[~np.isnan(trained_on)], live[~np.isnan(live)]
    if len(known) < FEWEST_ROWS or len(seen) < FEWEST_ROWS or not (sd := float(known.std())):
        return None
    centre = float(known.mean())
    trained = float((np.abs(known - centre) > SIGMAS * sd).mean())
    count = int((np.abs(seen - centre) > SIGMAS * sd).sum())
    share, usual = count / len(seen), max(trained, 1 / len(known))
    beyond_chance = float(binom.sf(count - 1, len(seen), usual)) < SURE
    if share > max(LEAST_OUTLIERS, TIMES_AS_MANY * trained) and beyond_chance:
        return {"share": share, "trained": trained}
    return None


def write_quality(problem: Problem, inputs: Sequence[Inputs], now: datetime) -> QualityReport:
    """The day's row of a problem, from its champions' inputs and its sources."""
    health = problem.source_health(now) or SourceHealth()
    stale = [part for part in health.parts if part.is_stale(now, STALE_AFTER)]
    missing = {name: found for each in inputs for name, found in each.missing.items()}
    outliers = {name: found for each in inputs for name, found in each.outliers.items()}
    report, _ = QualityReport.objects.update_or_create(
        problem=problem.slug,
        day=now.date(),
        defaults={
            "is_stale": bool(stale),
            "last_news_at": max((part.last_news_at for part in health.parts if part.last_news_at), default=None),
            "overdue": sum(part.overdue for part in health.parts),
            "batches": health.batches,
            "failed_batches": health.failed_batches,
            "missing": missing,
            "outliers": outliers,
            "warnings": _warnings(problem, health, stale, missing, outliers, inputs),
            "rows": sum(each.rows for each in inputs),
        },
    )
    return report


def _warnings(
    problem: Problem,
    health: SourceHealth,
    stale: Sequence[Any],
    missing: dict[str, dict[str, float]],
    outliers: dict[str, dict[str, float]],
    inputs: Sequence[Inputs],
) -> list[str]:
    told = [f"{part.name}: {part.in_words(problem.unit)}" for part in stale]
    if _fails(health.batches, health.failed_batches):
        told.append(f"{health.failed_batches} of {health.batches} imports of the last seven days failed.")
    told += [_share("is missing", name, found) for name, found in missing.items()]
    told += [_share("is beyond 3σ of training", name, found) for name, found in outliers.items()]
    told += [each.note for each in inputs if each.note]
    return [*told, *health.warnings]


def _share(what: str, name: str, found: dict[str, float]) -> str:
    return f"{name} {what} in {found['share']:.0%} of live inputs, against {found['trained']:.0%} in training."


def _fails(batches: int, failed: int) -> bool:
    return batches > 0 and failed / batches > MOST_FAILED


def alert_quality(report: QualityReport, title: str) -> int:
    """Raise an alert for each kind of trouble the day has, resolve the others; returns how many there are."""
    troubles = {
        Alert.Kind.STALENESS: (report.is_stale, "No results come in", Severity.CRITICAL),
        Alert.Kind.SOURCE_FAILURE: (
            _fails(report.batches, report.failed_batches),
            "Imports fail",
            Severity.WARNING,
        ),
        Alert.Kind.MISSING: (bool(report.missing), "Inputs are missing", Severity.WARNING),
        Alert.Kind.OUTLIERS: (bool(report.outliers), "Inputs lie far out", Severity.INFO),
    }
    for kind, (is_there, words, severity) in troubles.items():
        if is_there:
            alerting.raise_alert(
                kind,
                key=report.problem,
                title=f"{words}: {title}",
                message=" ".join(report.warnings),
                severity=severity,
                problem=report.problem,
                evidence={"day": report.day.isoformat(), "missing": report.missing, "outliers": report.outliers},
            )
        else:
            alerting.resolve(kind, report.problem)
    return sum(is_there for is_there, _, _ in troubles.values())
