"""`manage.py import_matches`: take in matches and odds from files, folders or the web."""

from argparse import ArgumentParser
from itertools import product
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from matches.errors import DownloadFailed, MatchDataError
from matches.management.file_import import FileImportCommand
from matches.models import Sport

NO_PATHS = "Say which files or folders to import, or --download with competitions and seasons."


class Command(FileImportCommand):
    sport = Sport.FOOTBALL
    help = "Import matches; the same file twice changes nothing, and bad rows go to quarantine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--competition", action="append", default=[], metavar="CODE", help="Only this one, e.g. E0; repeatable."
        )
        parser.add_argument(
            "--season", action="append", default=[], metavar="CODE", help="To download, e.g. 2425; repeatable."
        )
        parser.add_argument("--download", action="store_true", help="Fetch competitions and seasons from the source.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            fetched, missing = self._download(options) if options["download"] else ([], 0)
            paths = options["paths"] + fetched
            if not paths:
                raise CommandError("Nothing could be downloaded." if missing else NO_PATHS)
            batches = self.import_and_report(paths, options=options, competitions=options["competition"])
        except MatchDataError as error:
            raise CommandError(str(error)) from error
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
