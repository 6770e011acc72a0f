"""`manage.py sweep_artifacts`: find model files that no version names, and delete them when told to."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels.errors import ModelError
from mlmodels.sweeping import SAFETY, orphans, sweep


class Command(BaseCommand):
    help = "List model files that no version names; with --delete, delete them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delete", action="store_true", help="Delete them; without it nothing is touched.")
        parser.add_argument(
            "--older-than", type=float, default=SAFETY.days, metavar="DAYS", help="Leave younger files alone."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verb = sweep if options["delete"] else orphans
        try:
            found = verb(safety=timedelta(days=options["older_than"]))
        except (ModelError, OverflowError, ValueError) as error:
            raise CommandError(str(error)) from error
        for orphan in found:
            self.stdout.write(f"{orphan.path.name}  {orphan.size:,} bytes")
        total = sum(orphan.size for orphan in found)
        done = "deleted" if options["delete"] else "would be deleted: run again with --delete"
        self.stdout.write(f"{len(found)} files, {total:,} bytes {done}." if found else "Every file has its version.")
