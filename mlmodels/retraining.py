"""Keeping champions fresh: the same algorithm on the same selection, with what has come in since."""

from mlmodels import runs
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.selection import Selection


def retrain_champions() -> list[TrainingRun]:
    """Queue a run for each champion. What they yield is experimental; a person promotes it."""
    return [
        runs.request_run(
            problem=champion.problem,
            algorithm=champion.algorithm,
            selection=Selection.from_json(champion.dataset.selection),
            trigger=TrainingRun.Trigger.SCHEDULE,
            hyper_parameters=champion.hyper_parameters,
        )[0]
        for champion in ModelVersion.objects.champions().select_related("dataset")
        if champion.dataset is not None
    ]
