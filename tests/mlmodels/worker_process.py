"""A worker in a process of its own, which knows the coin toss and can be told where to die.

`python -m tests.mlmodels.worker_process migrate,ask,work [loading|saving]`: what to do, one after the other, and where
to be killed. It prints `loading` whenever a training begins and `ended` whenever a task has ended, so that a test can
wait by reading.
"""

import os
import signal
import sys
from typing import Any
from unittest.mock import patch

import django

django.setup()

from celery.signals import task_postrun  # noqa: E402 - after the set-up
from django.core.management import call_command  # noqa: E402 - after the set-up

from config.celery import app  # noqa: E402 - after the set-up
from mlmodels import problem as problems  # noqa: E402 - after the set-up
from mlmodels import runs  # noqa: E402 - after the set-up
from mlmodels.models import ModelVersion, TrainingRun  # noqa: E402 - after the set-up
from mlmodels.problem import Progress, Snapshot, silent  # noqa: E402 - after the set-up
from mlmodels.selection import Selection  # noqa: E402 - after the set-up
from mlmodels.tasks import train_run  # noqa: E402 - after the set-up
from tests.mlmodels.coin_toss import CoinToss  # noqa: E402 - after the set-up


class WatchedCoinToss(CoinToss):
    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        say("loading")
        if DIES_AT == "loading":
            die()
        return super().load(selection, progress=progress)


def die(*args: Any, **kwargs: Any) -> None:
    """As `kill -9` does: no clean-up, no last words."""
    os.kill(os.getpid(), signal.SIGKILL)


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def migrate() -> None:
    call_command("migrate", verbosity=0, skip_checks=True)


def ask() -> None:
    runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection())


def repeat() -> None:
    """Deliver the run four times more."""
    for _ in range(4):
        train_run.delay(str(TrainingRun.objects.get().pk))


def reap() -> None:
    runs.reap()


def work() -> None:
    app.worker_main(["--skip-checks", "worker", "--pool", "solo", "--queues", "training", "--loglevel", "ERROR"])


@task_postrun.connect(weak=False)
def tell(**kwargs: Any) -> None:
    say("ended")


if __name__ == "__main__":
    DIES_AT = sys.argv[2] if len(sys.argv) > 2 else ""
    problems._problems[CoinToss.slug] = WatchedCoinToss()
    if DIES_AT == "saving":
        # The file is written by then, its row is not.
        patch.object(ModelVersion.objects, "create", die).start()
    for verb in sys.argv[1].split(","):
        {"migrate": migrate, "ask": ask, "repeat": repeat, "reap": reap, "work": work}[verb]()
