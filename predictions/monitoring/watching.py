"""The daily round: every champion's report, decay, drift, the quality of its inputs, and the alerts that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.utils import timezone

from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion
from mlmodels.problem import Problem, all_problems, get_problem
from predictions import alerting
from predictions.errors import InvalidWindow
from predictions.models import Alert, DriftEvent, MonitorReport, QualityReport, RetrainingPolicy, Severity
from predictions.monitoring import decaying, drifting, files, quality, rules, tallies, trainings
from predictions.monitoring.events import day_of, settled_events
from predictions.monitoring.expecting import expected
from predictions.monitoring.policies import retrain_because
from predictions.monitoring.reports import write_reports

log = structlog.get_logger(__name__)

WINDOW_DAYS = 28
LONGEST_WINDOW = 365
SURE_ENOUGH_TO_TELL = 0.05
"""q-value of the clearest feature up to which drift raises an alert. The day's event names features up to 0.10; every
day is looked at, and one borderline day in ten would be a false alarm.
"""
Cause = RetrainingPolicy.Cause


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One champion's round. `failure`: what kept it from being watched, in words; empty where nothing did."""

    version: ModelVersion
    report: MonitorReport | None = None
    decay: decaying.Assessment | None = None
    drift: drifting.DriftCheck | None = None
    inputs: quality.Inputs | None = None
    rules_broken: int = 0
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class Round:
    champions: Sequence[Watched]
    quality: Sequence[QualityReport]


def watch(now: datetime | None = None, *, window: int = WINDOW_DAYS) -> Round:
    """Watch every champion, and what comes in for every problem; one that fails hinders no other.

    window: days of the rolling figures. Safe to repeat: rows are written again, alerts counted up. Raises
    InvalidWindow.
    """
    if not 1 <= window <= LONGEST_WINDOW:
        raise InvalidWindow(f"The window is from 1 to {LONGEST_WINDOW} days long, not {window}.")
    moment = now or timezone.now()
    champions = ModelVersion.objects.champions().select_related("dataset").order_by("problem", "scope")
    watched = [_guarded(version, moment, window) for version in champions]
    found = Round(champions=watched, quality=_watch_quality(watched, moment))
    trainings.tell_of_failed_trainings(moment)
    return found


def _guarded(version: ModelVersion, now: datetime, window: int) -> Watched:
    try:
        return watch_champion(version, now, window=window)
    except ModelError as error:
        log.warning("champion_not_watched", version=str(version), error=str(error))
        return Watched(version=version, failure=str(error))
    except Exception as error:
        # Whatever is wrong with one champion's rows or files, the others are watched.
        log.exception("champion_not_watched", version=str(version))
        words = f"{type(error).__name__}: {error}. The server's log has the details."
        return Watched(version=version, failure=words)


def watch_champion(version: ModelVersion, now: datetime, *, window: int = WINDOW_DAYS) -> Watched:
    """Write one champion's reports, look for decay and drift, and raise or resolve its alerts."""
    problem = get_problem(version.problem)
    events, today = settled_events(version, problem, now), day_of(now)
    decay = decaying.assess(version, problem, events, window=window)
    live = drifting.live_inputs(version, now, window=window)
    drift = drifting.check_drift(version, problem, live)
    report = write_reports(
        version,
        events,
        now,
        window=window,
        expected=expected(version, problem, events),
        evidence={
            "decay": decay.to_json(),
            "drift": drift.to_json(),
            "reliability": tallies.reliability(tallies.daily_sums(events, today - window + 1, today).sum(0)),
        },
    )
    files.check_file(version)
    _tell_of_decay(version, problem, decay, now)
    _tell_of_drift(version, problem, drift, now)
    return Watched(
        version=version,
        report=report,
        decay=decay,
        drift=drift,
        inputs=quality.check_inputs(version, problem, live),
        rules_broken=rules.apply_rules(version),
    )


def _tell_of_decay(version: ModelVersion, problem: Problem, decay: decaying.Assessment, now: datetime) -> None:
    if not decay.rings:
        alerting.resolve(Alert.Kind.DECAY, version.version)
        return
    asked = retrain_because(version, Cause.DECAY, now)
    alerting.raise_alert(
        Alert.Kind.DECAY,
        key=version.version,
        title=f"{problem.title}: {version} has become worse",
        message=f"{decay.sentence} {asked.sentence}",
        severity=Severity.CRITICAL,
        problem=problem.slug,
        evidence={**decay.to_json(), "run": str(asked.run.pk) if asked.run else None},
    )


def _tell_of_drift(version: ModelVersion, problem: Problem, drift: drifting.DriftCheck, now: datetime) -> None:
    event = drifting.keep_event(version, drift, now)
    if event is None:
        alerting.resolve(Alert.Kind.DRIFT, version.version)
        return
    if min(each.q for each in drift.drifted) > SURE_ENOUGH_TO_TELL:
        return
    asked = retrain_because(version, Cause.DRIFT, now)
    if asked.run is not None:
        DriftEvent.objects.filter(pk=event.pk).update(run=asked.run)
    alerting.raise_alert(
        Alert.Kind.DRIFT,
        key=version.version,
        title=f"{problem.title}: inputs of {version} have drifted",
        message=f"{drift.sentence} {asked.sentence}",
        severity=Severity.WARNING,
        problem=problem.slug,
        evidence={**drift.to_json(), "run": str(asked.run.pk) if asked.run else None},
    )


def _watch_quality(watched: Sequence[Watched], now: datetime) -> list[QualityReport]:
    written = []
    for problem in all_problems():
        own = [each for each in watched if each.version.problem == problem.slug]
        if not own:
            continue
        inputs = [each.inputs for each in own if each.inputs is not None]
        try:
            report = quality.write_quality(problem, inputs, now)
            quality.alert_quality(report, problem.title)
        except Exception:
            # As with champions: one problem's sources hinder no other's.
            log.exception("quality_not_watched", problem=problem.slug)
        else:
            written.append(report)
    return written
