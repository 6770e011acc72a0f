"""`manage.py import_replays`: take in Rocket League replays from a file or a folder, and read them."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import User
from matches.errors import MatchDataError
from matches.rocket_league.folder_import import Imported, Progress, import_folder, reread

MOST_WORKERS = 64


def workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WORKERS:
        raise ArgumentTypeError(f"Write a whole number from 1 to {MOST_WORKERS}.")
    return int(text)


class Command(BaseCommand):
    help = "Import replays from a file or a folder and those below it; the same file twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="A replay, or a folder to search.")
        parser.add_argument("--user", metavar="EMAIL", help="Whose replays they are; left out, nobody's: for staff.")
        parser.add_argument("--workers", type=workers, help="Replays read at a time; left out, one a core.")
        parser.add_argument(
            "--reprocess", action="store_true", help="Read anew what an older version of the extraction has read."
        )
        parser.add_argument("--json", action="store_true", help="Print the result as JSON; progress goes to stderr.")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["path"] is None) != options["reprocess"]:
            raise CommandError("Say which file or folder to import, or --reprocess.")
        imported = self._import(options)
        if options["json"]:
            self.stdout.write(json.dumps({"replays": [_told(each) for each in imported]}))
        else:
            self._print(imported)
        if imported and all(each.status == "failed" for each in imported):
            raise CommandError(f"Not one of {len(imported)} files could be read.")

    def _import(self, options: dict[str, Any]) -> list[Imported]:
        user = _user(options["user"])
        with tqdm(unit="replay", file=sys.stderr) as bar:
            progress = _shown_on(bar)
            try:
                if options["reprocess"]:
                    return reread(workers=options["workers"], progress=progress)
                return import_folder(options["path"], user=user, workers=options["workers"], progress=progress)
            except MatchDataError as error:
                raise CommandError(str(error)) from error

    def _print(self, imported: list[Imported]) -> None:
        for each in imported:
            self.stdout.write(f"{each.status:10} {each.file}" + (f": {each.reason}" if each.reason else ""))
        counts = {
            status: sum(each.status == status for each in imported) for status in ("processed", "failed", "duplicate")
        }
        self.stdout.write(", ".join(f"{count} {status}" for status, count in counts.items()))


def _told(imported: Imported) -> dict[str, str | None]:
    return {"file": imported.file, "status": imported.status, "reason": imported.reason or None}


def _user(email: str | None) -> User | None:
    if email is None:
        return None
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(f"Nobody has the address {email}.")
    return user


def _shown_on(bar: Any) -> Progress:
    def show(done: int, total: int, name: str) -> None:
        bar.total = total
        bar.set_description_str(name, refresh=False)
        bar.update(done - bar.n)

    return show
