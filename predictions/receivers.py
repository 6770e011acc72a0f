"""What predictions do when something happens in the apps below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from predictions.tasks import settle_matches

if TYPE_CHECKING:
    from mlmodels.models import ModelVersion

BATCH = 500


def settle_changed_results(sender: object, *, match_ids: list[int], **kwargs: Any) -> None:
    """Send changed results to a worker to be settled, in bounded messages, and only those that were predicted."""
    from predictions.models import Prediction

    for start in range(0, len(match_ids), BATCH):
        batch = match_ids[start : start + BATCH]
        predictions = Prediction.objects.filter(match__in=batch).order_by("match_id")
        if predicted := list(predictions.values_list("match_id", flat=True).distinct()):
            _send(predicted)


def tell_of_unusable_file(sender: object, *, version: ModelVersion, error: Exception, **kwargs: Any) -> None:
    """Alert staff. Whatever goes wrong in telling is logged by the signal, and hinders no prediction."""
    from predictions.monitoring.files import tell_of_file

    tell_of_file(version, str(error))


def keep_to_retraining_policy(sender: object, *, version: ModelVersion, **kwargs: Any) -> str:
    """Why the schedule must not train a champion again; empty where it may."""
    from predictions.monitoring.policies import refuses_schedule

    return refuses_schedule(version.problem)


def take_up_retrained(sender: object, *, instance: ModelVersion, created: bool, **kwargs: Any) -> None:
    """Once a version is there for good, let it become what the retraining policy says."""
    from predictions.monitoring.policies import take_up

    def taken_up() -> None:
        take_up(instance)

    if created:
        transaction.on_commit(taken_up, robust=True)


def _send(match_ids: list[int]) -> None:
    """Tell a worker once committed. A broker that does not answer is logged: the results are in all the same."""

    def tell() -> None:
        settle_matches.delay(match_ids)

    transaction.on_commit(tell, robust=True)
