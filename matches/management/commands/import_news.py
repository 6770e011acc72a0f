"""`manage.py import_news`: take in news about players from JSON and CSV files."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matches.errors import MatchDataError
from matches.news.importing import NewsImport, import_news
from matches.news.scoring import score_new

SHOWN = 20


class Command(BaseCommand):
    help = "Import news about players; the same file twice changes nothing, and bad rows are told with their line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, help="JSON or CSV files, plain or .gz.")
        parser.add_argument("--score", action="store_true", help="Read what is new at once, not by the next schedule.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        told, failed = [], []
        for path in options["paths"]:
            try:
                told.append(import_news(path))
            except MatchDataError as error:
                failed.append(str(error))
        scored = score_new() if options["score"] else 0
        if options["json"]:
            rows = [{**asdict(one), "refused": [refused._asdict() for refused in one.refused]} for one in told]
            self.stdout.write(json.dumps({"files": rows, "failed": failed, "scored": scored}))
        else:
            self._tell(told, scored)
        if failed:
            raise CommandError(" ".join(failed))

    def _tell(self, told: list[NewsImport], scored: int) -> None:
        for one in told:
            self.stdout.write(
                f"{one.file}: {one.rows} rows, {one.created} new, {one.unchanged} unchanged, {len(one.refused)} refused"
            )
            for refused in one.refused[:SHOWN]:
                self.stdout.write(f"  line {refused.line}: {refused.reason}")
            if len(one.refused) > SHOWN:
                self.stdout.write(f"  and {len(one.refused) - SHOWN} more; --json lists all")
        if scored:
            self.stdout.write(f"{scored} read.")
