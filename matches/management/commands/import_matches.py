"""`manage.py import_matches`: take in matches and odds from files, folders or the web."""

import json
import sys
from argparse import ArgumentParser
from itertools import product
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from matches.errors import DownloadFailed, MatchDataError
from matches.importing import SOURCES, import_paths
from matches.models import ImportBatch

COLUMNS = ("rows", "created", "updated", "unchanged", "quarantined")
SHOWN = 5
NO_PATHS = "Say which files or folders to import, or --download with competitions and seasons."


class Command(BaseCommand):
    help = "Import matches; the same file twice changes nothing, and bad rows go to quarantine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=sorted(SOURCES))
        parser.add_argument("paths", nargs="*", type=Path, help="Files, or folders to search.")
        parser.add_argument(
            "--competition", action="append", default=[], metavar="CODE", help="Only this one, e.g. E0; repeatable."
        )
        parser.add_argument(
            "--season", action="append", default=[], metavar="CODE", help="To download, e.g. 2425; repeatable."
        )
        parser.add_argument("--download", action="store_true", help="Fetch competitions and seasons from the source.")
        parser.add_argument("--force", action="store_true", help="Read files again that were imported before.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fetched, missing = self._download(options) if options["download"] else ([], 0)
            paths = options["paths"] + fetched
            if not paths:
                raise CommandError("Nothing could be downloaded." if missing else NO_PATHS)
            batches = self._import(paths, options)
        except MatchDataError as error:
            raise CommandError(str(error)) from error
        self._report(batches, as_json=options["json"])
        if failed := [batch for batch in batches if batch.status == ImportBatch.Status.FAILED]:
            raise CommandError(f"{len(failed)} of {len(batches)} files failed.")
        if not any(batch.rows for batch in batches):
            raise CommandError(f"Nothing to import: the files hold no match of {', '.join(options['competition'])}.")
        if missing:
            raise CommandError(f"{missing} of {missing + len(fetched)} files could not be downloaded.")

    def _download(self, options: dict[str, Any]) -> tuple[list[Path], int]:
        """The files there are, and how many could not be had."""
        from matches.downloading import FootballData

        if options["source"] != "football-data":
            raise CommandError("--download knows football-data only.")
        if not options["competition"] or not options["season"]:
            raise CommandError("--download needs at least one --competition and one --season.")
        site, fetched = FootballData(), []
        wished = list(product(options["competition"], options["season"]))
        for code, season in wished:
            try:
                fetched.append(site.season(code, season))
            except DownloadFailed as error:
                self.stderr.write(str(error))
        return fetched, len(wished) - len(fetched)

    def _import(self, paths: list[Path], options: dict[str, Any]) -> list[ImportBatch]:
        with tqdm(unit="file", disable=options["json"] or not sys.stderr.isatty()) as bar:

            def show(done: int, total: int, name: str) -> None:
                bar.total = total
                bar.set_description_str(name, refresh=False)
                bar.update(done - bar.n)

            return import_paths(
                paths,
                source=options["source"],
                force=options["force"],
                competitions=options["competition"],
                progress=show,
            )

    def _report(self, batches: list[ImportBatch], *, as_json: bool) -> None:
        totals = {name: sum(getattr(batch, name) for batch in batches) for name in COLUMNS}
        if as_json:
            files = [
                {"file": b.filename, "status": b.status, "error": b.error_message or None}
                | {name: getattr(b, name) for name in COLUMNS}
                for b in batches
            ]
            self.stdout.write(json.dumps({"files": files, "total": totals}))
            return
        self.stdout.write(f"{'file':32}" + "".join(f"{name:>12}" for name in COLUMNS))
        for batch in batches:
            self.stdout.write(f"{batch.filename:32}" + "".join(f"{getattr(batch, name):12d}" for name in COLUMNS))
            self._explain(batch)
        self.stdout.write(f"{'in all':32}" + "".join(f"{totals[name]:12d}" for name in COLUMNS))

    def _explain(self, batch: ImportBatch) -> None:
        if batch.error_message:
            self.stdout.write(f"  failed: {batch.error_message}")
        if "same_as" in batch.report:
            self.stdout.write("  the same file as before, not read again; --force reads it")
            return
        refused = batch.quarantined_rows.all()[:SHOWN]
        for row in refused:
            self.stdout.write(f"  line {row.line}: {row.reason}")
        if batch.quarantined > len(refused):
            self.stdout.write(f"  and {batch.quarantined - len(refused)} more, in the admin under quarantined rows")
