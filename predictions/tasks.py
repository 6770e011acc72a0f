"""What workers do for predictions. Each is safe to deliver twice."""

from celery import shared_task

from predictions import settling, upcoming


@shared_task
def predict_upcoming() -> int:
    """Predict the fixtures that come next, where there is news."""
    return upcoming.predict_upcoming()


@shared_task
def settle_matches(match_ids: list[int]) -> int:
    """Settle the predictions of matches whose results arrived or changed."""
    return settling.settle_matches(match_ids)


@shared_task
def settle_due() -> int:
    """Settle whatever has been decided and was missed."""
    return settling.settle_due()
