"""What workers do for matches. Safe to deliver twice."""

from celery import shared_task

from matches import ingesting


@shared_task
def ingest() -> int:
    """Fetch the latest results and fixtures; how many files that were."""
    return len(ingesting.ingest())
