"""What workers do for matches. Safe to deliver twice."""

from celery import shared_task
from django.conf import settings

from matches import ingesting, simulating, simulating_games
from matches.news import scoring


@shared_task
def ingest() -> int:
    """Fetch the latest results and fixtures; how many files that were."""
    return len(ingesting.ingest())


@shared_task
def ingest_nba() -> int:
    """Fetch yesterday's NBA games and those to come, where NBA_STATS_ENABLED is on; how many files that were."""
    from matches.basketball import ingesting as basketball

    return len(basketball.ingest_nba()) if settings.NBA_STATS_ENABLED else 0


@shared_task
def play_simulated() -> int:
    """Give simulated matches whose kick-off has come, and games that are over, their results; how many that were."""
    return simulating.play_due() + simulating_games.play_due_games()


@shared_task
def score_news() -> int:
    """Read news that nobody has read, where text signals are on; how many items that were."""
    return scoring.score_new()
