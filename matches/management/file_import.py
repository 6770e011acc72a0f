"""What the commands that import files share: the bar, the table or JSON they print, and their exit status."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from matches.importing import SOURCES, import_paths
from matches.models import ImportBatch

COLUMNS = ("rows", "created", "updated", "unchanged", "quarantined")
SHOWN = 5


class FileImportCommand(BaseCommand):
    """Imports files of the sources of one sport."""

    sport: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source", choices=sorted(name for name, kind in SOURCES.items() if kind.sport == self.sport)
        )
        parser.add_argument("paths", nargs="*", type=Path, help="Files, or folders to search.")
        parser.add_argument("--force", action="store_true", help="Read files again that were imported before.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def import_and_report(
        self, paths: list[Path], *, options: dict[str, Any], competitions: Collection[str] = ()
    ) -> list[ImportBatch]:
        """Raises CommandError, with what was done printed before, where a file failed."""
        batches = self._import(paths, options, competitions)
        self._report(batches, as_json=options["json"])
        if failed := [batch for batch in batches if batch.status == ImportBatch.Status.FAILED]:
            raise CommandError(f"{len(failed)} of {len(batches)} files failed.")
        return batches

    def _import(self, paths: list[Path], options: dict[str, Any], competitions: Collection[str]) -> list[ImportBatch]:
        with tqdm(unit="file", disable=options["json"] or not sys.stderr.isatty()) as bar:

            def show(done: int, total: int, name: str) -> None:
                bar.total = total
                bar.set_description_str(name, refresh=False)
                bar.update(done - bar.n)

            return import_paths(
                paths,
                source=options["source"],
                force=options["force"],
                competitions=competitions,
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
        for words in batch.report.get("warnings", ()):
            self.stdout.write(f"  {words}")
        refused = batch.quarantined_rows.all()[:SHOWN]
        for row in refused:
            self.stdout.write(f"  line {row.line}: {row.reason}")
        if batch.quarantined > len(refused):
            self.stdout.write(f"  and {batch.quarantined - len(refused)} more, in the admin under quarantined rows")
