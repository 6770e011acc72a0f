"""What workers do for matches. Safe to deliver twice."""

from celery import shared_task

from matches import ingesting, simulating


@shared_task
def ingest() -> int:
    """Fetch the latest results and fixtures; how many files that were."""
    return len(ingesting.ingest())


@shared_task
def play_simulated() -> int:
    """Give simulated matches whose kick-off has come their results; how many that were."""
    return simulating.play_due()
