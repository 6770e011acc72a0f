"""What predictions do when something happens in the apps below."""

from functools import partial
from typing import Any

from django.db import transaction

from predictions.tasks import settle_matches

BATCH = 500


def settle_changed_results(sender: object, *, match_ids: list[int], **kwargs: Any) -> None:
    """Send changed results to a worker to be settled, in bounded messages, and only those that were predicted."""
    from predictions.models import Prediction

    for start in range(0, len(match_ids), BATCH):
        batch = match_ids[start : start + BATCH]
        predicted = list(Prediction.objects.filter(match__in=batch).values_list("match_id", flat=True).distinct())
        if predicted:
            transaction.on_commit(partial(settle_matches.delay, predicted))
