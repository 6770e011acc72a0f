"""`python -m tests.benchmarks.queueing fill COUNT | state`: queue trainings of a simulated league, or tell of them."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.db.models import Count, Max  # noqa: E402 - after the set-up

from matches.models import Match  # noqa: E402 - after the set-up
from matches.simulating import simulate_leagues  # noqa: E402 - after the set-up
from mlmodels import runs  # noqa: E402 - after the set-up
from mlmodels.models import ModelVersion, TrainingRun  # noqa: E402 - after the set-up
from mlmodels.selection import Selection  # noqa: E402 - after the set-up


def fill(count: int) -> None:
    """Trainings that differ in the last day they learn from."""
    simulate_leagues(leagues=1, history=3, teams=16)
    last = Match.objects.finished().latest("date").date
    for number in range(count):
        selection = Selection(date_to=last - timedelta(days=number))
        runs.request_run(problem="football-outcome", algorithm="dixon-coles", selection=selection)


def state() -> None:
    """As JSON: runs by status, the most attempts one took, versions, and runs that have more than one."""
    statuses = TrainingRun.objects.order_by().values("status").annotate(n=Count("pk"))
    versions = ModelVersion.objects.order_by().values("run").annotate(n=Count("pk"))
    told = {
        "statuses": {row["status"]: row["n"] for row in statuses},
        "most_attempts": TrainingRun.objects.aggregate(most=Max("attempt"))["most"],
        "trained_again": TrainingRun.objects.filter(attempt__gt=1).count(),
        "versions": ModelVersion.objects.count(),
        "runs_with_two_versions": sum(row["n"] > 1 for row in versions),
        "workers": list(TrainingRun.objects.filter(status="running").values_list("worker", flat=True)),
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    fill(int(sys.argv[2])) if sys.argv[1] == "fill" else state()
