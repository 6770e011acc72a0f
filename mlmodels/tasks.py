"""What workers do for models. Each is safe to deliver twice."""

import os
import socket
from uuid import UUID

from celery import shared_task
from django.conf import settings

from mlmodels import runs

LONGEST_SECONDS = int(settings.LONGEST_TASK.total_seconds())
# The soft limit fails the run; the hard one is for a library that does not listen.
LAST_WORDS_SECONDS = 300


@shared_task(soft_time_limit=LONGEST_SECONDS - LAST_WORDS_SECONDS, time_limit=LONGEST_SECONDS)
def train_run(run_id: str) -> None:
    """Train one queued run."""
    runs.execute(run_id, worker=f"{socket.gethostname()}:{os.getpid()}")


@shared_task(soft_time_limit=LONGEST_SECONDS - LAST_WORDS_SECONDS, time_limit=LONGEST_SECONDS)
def fit_part(run_id: str) -> int:
    """Help with the parts of a fit that another worker holds."""
    from mlmodels.parts.working import help_fit

    return help_fit(UUID(run_id), worker=f"{socket.gethostname()}:{os.getpid()}")


@shared_task
def reap_runs() -> int:
    """Queue again, or fail, the runs whose worker died."""
    return len(runs.reap())


@shared_task
def retrain_champions() -> int:
    """Ask for every champion to be trained again on what has come in since."""
    from mlmodels.retraining import retrain_champions as retrain

    return len(retrain())
