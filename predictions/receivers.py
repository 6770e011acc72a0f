"""What predictions do when something happens in the apps below."""

from typing import Any

from django.db import transaction

from predictions.tasks import settle_matches

BATCH = 500


def settle_changed_results(sender: object, *, match_ids: list[int], **kwargs: Any) -> None:
    """Send changed results to a worker to be settled, in bounded messages, and only those that were predicted."""
    from predictions.models import Prediction

    for start in range(0, len(match_ids), BATCH):
        batch = match_ids[start : start + BATCH]
        predictions = Prediction.objects.filter(match__in=batch).order_by("match_id")
        if predicted := list(predictions.values_list("match_id", flat=True).distinct()):
            _send(predicted)


def _send(match_ids: list[int]) -> None:
    """Tell a worker once committed. A broker that does not answer is logged: the results are in all the same."""

    def tell() -> None:
        settle_matches.delay(match_ids)

    transaction.on_commit(tell, robust=True)
