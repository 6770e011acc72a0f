"""`manage.py settle`: score the predictions whose results are known."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from predictions import settling


class Command(BaseCommand):
    help = "Settle every prediction that has been decided and is not settled yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        settled = settling.settle_due()
        self.stdout.write(json.dumps({"settled": settled}) if options["json"] else f"Settled {settled} predictions.")
