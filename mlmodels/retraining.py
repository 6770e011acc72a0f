"""Keeping champions fresh: the same algorithm on the same selection, with what has come in since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog
from django.utils import timezone

from mlmodels import runs
from mlmodels.errors import InvalidState, ModelError
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.selection import Selection
from mlmodels.signals import retraining_scheduled

log = structlog.get_logger(__name__)


def retrain_champions() -> list[TrainingRun]:
    """Queue a run for each champion. What they yield is experimental; a person promotes it.

    A champion that can't be trained again (its problem or algorithm is gone, its matches too few) is logged and hinders
    no other; one that a receiver of `retraining_scheduled` refuses is left out.
    """
    queued = []
    for champion in ModelVersion.objects.champions().select_related("dataset"):
        if champion.dataset is None or _refused(champion):
            continue
        try:
            queued.append(retrain(champion, trigger=TrainingRun.Trigger.SCHEDULE))
        except ModelError as error:
            log.warning("champion_not_retrained", version=str(champion), error=str(error))
    return queued


def retrain(version: ModelVersion, *, trigger: TrainingRun.Trigger) -> TrainingRun:
    """Queue a run that trains a version again on its own selection, with what has come in since.

    The run in flight for the same is returned. Raises InvalidState where the version does not say what it was trained
    on, and whatever keeps a run from being asked for.
    """
    if version.dataset is None:
        raise InvalidState(f"{version} does not say what it was trained on.")
    run, _ = runs.request_run(
        problem=version.problem,
        algorithm=version.algorithm,
        selection=carried_on(Selection.from_json(version.dataset.selection)),
        trigger=trigger,
        hyper_parameters=version.hyper_parameters,
        feature_selection=version.feature_selection,
    )
    return run


def _refused(champion: ModelVersion) -> bool:
    """A receiver that fails refuses nothing: champions stay fresh."""
    answers = retraining_scheduled.send_robust(sender=ModelVersion, version=champion)
    reasons = [answer for _, answer in answers if isinstance(answer, str) and answer]
    if reasons:
        log.info("champion_left_out_of_schedule", version=str(champion), reason=reasons[0])
    return bool(reasons)


def carried_on(selection: Selection) -> Selection:
    """The selection with what has come in since: one that ended on a day now ends with the last day that is over."""
    if selection.date_to is None:
        return selection
    return replace(selection, date_to=max(selection.date_to, timezone.now().date() - timedelta(days=1)))
