"""What workers do for matches. Safe to deliver twice."""

from typing import Any

from celery import shared_task
from django.conf import settings

from matches import ingesting, simulating, simulating_games
from matches.errors import DownloadFailed
from matches.news import scoring
from matches.rocket_league import processing, replay_files, replays
from matches.rocket_league.ballchasing import ranks, syncing
from matches.rocket_league.ballchasing.errors import AllowanceSpent, KeyRefused

# Reading limits itself; these are for what comes before and after it, and end before the lease does.
REPLAY_SOFT_SECONDS = settings.REPLAY_SECONDS + processing.MARGIN_SECONDS // 2
REPLAY_SECONDS = REPLAY_SOFT_SECONDS + processing.MARGIN_SECONDS // 4


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


@shared_task(soft_time_limit=REPLAY_SOFT_SECONDS, time_limit=REPLAY_SECONDS)
def process_replay(replay_id: str) -> None:
    """Read one replay, if it still waits to be read."""
    processing.process(replay_id)


@shared_task
def reap_replays() -> int:
    """Queue again, or fail, the replays whose worker died; how many that were."""
    return len(processing.reap())


@shared_task
def sweep_replays() -> int:
    """Remove replays of people who are gone, and files that belong to no row; how many that were."""
    return replays.remove_ownerless() + replay_files.sweep()


@shared_task
def sync_all_ballchasing() -> int:
    """Queue a round of every account at ballchasing.com; how many that were."""
    return syncing.ask_all()


@shared_task
def sync_ballchasing(account_id: int) -> None:
    """Fetch a person's new replays from ballchasing.com, for as long as one turn lasts."""
    syncing.run(account_id)


@shared_task(bind=True, max_retries=24)
def take_ballchasing_ranks(self: Any, replay_id: str) -> int:
    """Write the ranks of a replay's players; how many have one. Asked again while the site takes no calls."""
    try:
        return ranks.take(replay_id)
    except KeyRefused:
        return 0
    except DownloadFailed as error:
        wait = error.seconds if isinstance(error, AllowanceSpent) else syncing.PAUSE.total_seconds()
        raise self.retry(exc=error, countdown=wait) from error
