"""`manage.py import_games`: take in basketball games, lines and reports from files or folders."""

from typing import Any

from django.core.management.base import CommandError

from matches.errors import MatchDataError
from matches.management.file_import import FileImportCommand
from matches.models import Sport

NO_PATHS = "Say which files or folders to import."


class Command(FileImportCommand):
    help = "Import basketball games, plain or gzipped; the same file twice changes nothing, bad rows go to quarantine."
    sport = Sport.BASKETBALL

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["paths"]:
            raise CommandError(NO_PATHS)
        try:
            batches = self.import_and_report(options["paths"], options=options)
        except MatchDataError as error:
            raise CommandError(str(error)) from error
        if not any(batch.rows for batch in batches):
            raise CommandError("Nothing to import: the files hold no rows.")
