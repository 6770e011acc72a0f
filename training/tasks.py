"""What workers do for the coach. Each is safe to deliver twice."""

from celery import shared_task

from training.recommending import tastes


@shared_task
def learn_tastes() -> int:
    """Learn from everybody's opinions what players like to practise; returns from how many people."""
    learned = tastes.learn_and_keep()
    return learned.players if learned else 0
