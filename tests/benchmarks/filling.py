"""`python -m tests.benchmarks.filling COUNT`: a ledger of so many predictions, over a hundred days."""

import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from mlmodels.models import ModelVersion  # noqa: E402 - after the set-up
from predictions import ledger  # noqa: E402 - after the set-up
from predictions.models import Prediction  # noqa: E402 - after the set-up
from tests.factories import ModelVersionFactory  # noqa: E402 - after the set-up

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 100
BATCH = 10_000


def draft(version: ModelVersion, number: int, *, of: int) -> ledger.Draft:
    made_at = FIRST + timedelta(days=DAYS * number / of)
    return ledger.Draft(
        version=version,
        match_id=None,
        subject={"number": number},
        made_at=made_at,
        event_at=made_at + timedelta(days=1),
        probabilities={"home": 0.5, "draw": 0.3, "away": 0.2},
        distribution={"home_rate": 1.6, "away_rate": 1.1, "rho": -0.05},
        confidence=0.5,
        features={"elo_difference": 31.5, "rest_days": 3.0},
        latency_ms=1.0,
    )


if __name__ == "__main__":
    wanted = int(sys.argv[1])
    model = ModelVersion.objects.first() or ModelVersionFactory.create()
    for start in range(Prediction.objects.count(), wanted, BATCH):
        ledger.append([draft(model, number, of=wanted) for number in range(start, min(start + BATCH, wanted))])
