"""`manage.py reconcile_log`: compare the evaluation log's files with the ledger, and mend them."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels.progress import progress_bar
from predictions.evaluation_log.reconciling import Reconciliation, reconcile
from predictions.evaluation_log.writing import write_log


class Command(BaseCommand):
    help = "Compare the daily CSV files with the ledger: which rows are missing, too many or different."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Write the days in which something is wrong again; the files they had are kept beside the new ones.",
        )
        parser.add_argument("--write", action="store_true", help="First write what the files lack, as the worker does.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with progress_bar(shown=not options["json"] and sys.stderr.isatty()) as report:
            if options["write"]:
                write_log()
            found = reconcile(repair=options["repair"], progress=report)
        if options["json"]:
            told = asdict(found) | {"ok": found.ok, "days": sorted(map(str, found.days))}
            self.stdout.write(json.dumps(told))
        else:
            self._print(found)
        if not found.ok and not options["repair"]:
            raise CommandError(
                "The evaluation log is not as the ledger: run `reconcile_log --repair` to write it again."
            )

    def _print(self, found: Reconciliation) -> None:
        for words in found.findings:
            self.stdout.write(words)
        if (wrong := found.missing + found.extra + found.different) > len(found.findings):
            self.stdout.write(f"… and {wrong - len(found.findings)} more.")
        waiting = f", {found.waiting} not written yet" if found.waiting else ""
        self.stdout.write(
            f"{found.events} events, {found.lines} lines: {found.matched} match, {found.missing} missing, "
            f"{found.extra} too many, {found.different} different{waiting}."
        )
        if found.repaired:
            days = "1 day" if found.repaired == 1 else f"{found.repaired} days"
            self.stdout.write(f"Wrote {days} again from the ledger; the files as they were are kept beside them.")
