"""What staff are told of experiments: that one is decided, and that one was stopped by its own rule."""

from __future__ import annotations

from mlmodels.errors import ModelError
from predictions import alerting
from predictions.experimenting.report import Report, report
from predictions.models import Alert, Experiment, Severity


def tell_of_decided() -> int:
    """Alert staff to each running experiment whose evidence names a winner; how many do so now.

    An experiment and winner are told of once, also where somebody has resolved the alert: only staff end an experiment
    early. Where corrected results take the winner away, so goes the alert.
    """
    decided = 0
    for experiment in Experiment.objects.running():
        try:
            found = report(experiment)
        except ModelError:
            continue  # A problem that is not installed any more.
        _forget_others(experiment, found.winner)
        if found.winner:
            decided += 1
            _tell_of_winner(experiment, found)
    return decided


def tell_of_stopped(experiment: Experiment) -> Alert:
    """Alert staff that an experiment was stopped by a rule and no person, with what it had found by then."""
    forget(experiment)
    try:
        found = report(experiment).words
    except ModelError as error:
        found = str(error)
    return alerting.raise_alert(
        Alert.Kind.EXPERIMENT,
        key=f"{experiment.pk}:stopped",
        title=f"{experiment.name} was stopped",
        message=f"{experiment.stop_reason}: the champion answers everybody. {found}",
        severity=Severity.INFO,
        problem=experiment.problem,
        evidence={"experiment": experiment.pk, "reason": experiment.stop_reason},
    )


def forget(experiment: Experiment) -> None:
    """Resolve what was said of a running experiment: it does not run any more."""
    _forget_others(experiment, "")


def _tell_of_winner(experiment: Experiment, found: Report) -> None:
    key = _key(experiment, found.winner)
    if Alert.objects.filter(kind=Alert.Kind.EXPERIMENT, key=key).exists():
        return
    alerting.raise_alert(
        Alert.Kind.EXPERIMENT,
        key=key,
        title=f"{experiment.name} is decided: {found.winner} wins",
        message=f"{found.words} It goes on until its end comes or staff stop it.",
        severity=Severity.INFO,
        problem=experiment.problem,
        evidence={"experiment": experiment.pk, "winner": found.winner, "events": found.events},
    )


def _forget_others(experiment: Experiment, winner: str) -> None:
    told = Alert.objects.unresolved().filter(kind=Alert.Kind.EXPERIMENT, key__startswith=_key(experiment, ""))
    for key in told.exclude(key=_key(experiment, winner)).values_list("key", flat=True):
        alerting.resolve(Alert.Kind.EXPERIMENT, key)


def _key(experiment: Experiment, winner: str) -> str:
    return f"{experiment.pk}:decided:{winner}"
