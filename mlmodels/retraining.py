"""Keeping champions fresh: the same algorithm on the same selection, with what has come in since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog
from django.utils import timezone

from mlmodels import runs
from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.selection import Selection

log = structlog.get_logger(__name__)


def retrain_champions() -> list[TrainingRun]:
    """Queue a run for each champion. What they yield is experimental; a person promotes it.

    A champion that can't be trained again (its problem or algorithm is gone, its matches too few) is logged and hinders
    no other.
    """
    queued = []
    for champion in ModelVersion.objects.champions().select_related("dataset"):
        if champion.dataset is None:
            continue
        try:
            run, _ = runs.request_run(
                problem=champion.problem,
                algorithm=champion.algorithm,
                selection=carried_on(Selection.from_json(champion.dataset.selection)),
                trigger=TrainingRun.Trigger.SCHEDULE,
                hyper_parameters=champion.hyper_parameters,
                feature_selection=champion.feature_selection,
            )
        except ModelError as error:
            log.warning("champion_not_retrained", version=str(champion), error=str(error))
        else:
            queued.append(run)
    return queued


def carried_on(selection: Selection) -> Selection:
    """The selection with what has come in since: one that ended on a day now ends with the last day that is over."""
    if selection.date_to is None:
        return selection
    return replace(selection, date_to=max(selection.date_to, timezone.now().date() - timedelta(days=1)))
