"""`manage.py import_training_packs`: take in a public list of training packs."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.errors import TrainingError
from training.importing_packs import import_packs

SHOWN = 10


class Command(BaseCommand):
    help = "Import training packs from a CSV file; packs that are known keep their category and ranks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="A CSV file with code, name, creator, category, difficulty_1_8 …")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = import_packs(options["path"])
        except TrainingError as error:
            raise CommandError(str(error)) from error
        counts = {"created": done.created, "updated": done.updated, "unchanged": done.unchanged}
        if options["json"]:
            refused = [{"line": line, "reason": reason} for line, reason in done.refused]
            self.stdout.write(json.dumps({**counts, "refused": refused}))
            return
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.stdout.write(f"{told}, {len(done.refused)} refused")
        for line, reason in done.refused[:SHOWN]:
            self.stdout.write(f"  line {line}: {reason}")
        if len(done.refused) > SHOWN:
            self.stdout.write(f"  and {len(done.refused) - SHOWN} more; --json tells them all")
