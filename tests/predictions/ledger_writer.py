"""A process that writes to the ledger: it says `ready`, waits for a line, then tells the id of each prediction written.

`python -m tests.predictions.ledger_writer COUNT`: so many predictions, each in a batch of its own.
"""

import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402 - after the set-up

from mlmodels.models import ModelVersion  # noqa: E402 - after the set-up
from predictions import ledger  # noqa: E402 - after the set-up


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def draft(version: ModelVersion, number: int) -> ledger.Draft:
    now = timezone.now()
    return ledger.Draft(
        version=version,
        match_id=None,
        subject={"number": number},
        made_at=now,
        event_at=now + timedelta(days=1),
        probabilities={"home": 0.5, "draw": 0.3, "away": 0.2},
        distribution={},
        confidence=0.5,
        features={},
        latency_ms=1.0,
    )


if __name__ == "__main__":
    known = ModelVersion.objects.get()
    say("ready")
    sys.stdin.readline()
    for index in range(int(sys.argv[1])):
        [written] = ledger.append([draft(known, index)])
        say(written.pk)
