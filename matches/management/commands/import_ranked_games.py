"""`manage.py import_ranked_games`: take in matches of known rank, with whom players are compared."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matches.errors import MatchDataError
from matches.models import Playlist
from matches.rocket_league.ranked_games import Imported, import_ranked_games

SHOWN = 10


class Command(BaseCommand):
    help = (
        "Import a CSV with ballchasing's statistics of one player and match a row, beside `replay_id` and `rank`. "
        "The same file twice changes nothing; bad rows are left out and told."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--playlist", choices=Playlist.values, default=Playlist.RANKED_STANDARD.value)
        parser.add_argument("--source", default="", help="What to call it; the file's name where it is not given.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            imported = import_ranked_games(options["file"], playlist=options["playlist"], source=options["source"])
        except MatchDataError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(_told(imported)))
            return
        self._report(imported)

    def _report(self, imported: Imported) -> None:
        self.stdout.write(
            f"{imported.rows} rows: {imported.created} new, {imported.updated} changed, {imported.unchanged} as "
            f"before, {len(imported.refused)} refused."
        )
        for refused in imported.refused[:SHOWN]:
            self.stdout.write(f"  line {refused.line}: {refused.reason}")
        if len(imported.refused) > SHOWN:
            self.stdout.write(f"  and {len(imported.refused) - SHOWN} more; --json tells them all.")


def _told(imported: Imported) -> dict[str, Any]:
    return {
        "rows": imported.rows,
        "created": imported.created,
        "updated": imported.updated,
        "unchanged": imported.unchanged,
        "refused": [{"line": refused.line, "reason": refused.reason} for refused in imported.refused],
    }
