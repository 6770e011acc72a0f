"""A process that raises alerts and sends what is due, a step a line of its input.

`python -m tests.predictions.alerting.alert_worker COUNT`: it says `ready`; raises so many alerts, of three keys, sends
what is due and says how many messages were taken; then tells all rows as JSON.
"""

import json
import sys

import django

django.setup()

from predictions.delivering import sending  # noqa: E402 - after the set-up
from predictions.models import Alert, AlertDelivery  # noqa: E402 - after the set-up
from tests.predictions.alerting.raising import raised  # noqa: E402 - after the set-up

KEYS = 3


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    say("ready")
    sys.stdin.readline()
    for number in range(int(sys.argv[1])):
        raised(key=f"version {number % KEYS}")
    say(sending.sweep())
    sys.stdin.readline()
    alerts = list(Alert.objects.values("kind", "count"))
    say(json.dumps([alerts, list(AlertDelivery.objects.values("alert_kind", "status", "gathered", "attempts"))]))
