"""`manage.py verify_ledger`: walk the chain and name the first broken link."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from predictions import ledger


class Command(BaseCommand):
    help = "Check that no prediction in the ledger was changed, removed, inserted or reordered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        check = ledger.verify()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(check)))
        if not check.ok:
            raise CommandError(f"The ledger is broken at row {check.broken_at}. {check.reason}")
        if not options["json"]:
            self.stdout.write(f"The ledger is whole: {check.length} predictions, head {check.head}.")
