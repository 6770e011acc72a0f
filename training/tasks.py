"""What workers do for the coach. Each is safe to deliver twice."""

from celery import shared_task

from training.recommending import expectations, tastes


@shared_task
def learn_tastes() -> int:
    """Learn from everybody's opinions what players like to practise; returns from how many people."""
    learned = tastes.learn_and_keep()
    return learned.players if learned else 0


@shared_task
def measure_effects() -> int:
    """Measure what practice brought to players; returns for how many categories enough of them were measured."""
    return len(expectations.measure_and_keep())
