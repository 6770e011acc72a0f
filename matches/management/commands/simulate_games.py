"""`manage.py simulate_games`: a basketball league of invented players, with box scores, lines and games to come."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matches.errors import MatchDataError
from matches.models import ImportBatch
from matches.simulating_games import play_due_games, simulate_games


class Command(BaseCommand):
    help = "Simulate a basketball league up to now, and play the games that are over; what is there already stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seasons", type=int, default=2, help="Seasons in all, the present one being the last.")
        parser.add_argument("--teams", type=int, default=16)
        parser.add_argument("--seed", type=int, default=1, help="The same seed draws the same league.")
        parser.add_argument(
            "--until",
            type=_day,
            default=None,
            metavar="DAY",
            help="Stop at noon of this day, YYYY-MM-DD or today; the schedule goes on from there.",
        )
        parser.add_argument("--play-due", action="store_true", help="Only carry on the league there is.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batches = [] if options["play_due"] else self._simulate(options)
            played = 0 if options["until"] else play_due_games()
        except MatchDataError as error:
            raise CommandError(str(error)) from error
        landed = {batch.filename: {"games": batch.created, **batch.report} for batch in batches}
        if options["json"]:
            self.stdout.write(json.dumps({"landed": landed, "played": played}))
            return
        for code, rows in landed.items():
            self.stdout.write(
                f"{code}: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in rows.items())
            )
        if not options["play_due"] and not landed:
            self.stdout.write("The simulated basketball league is there already: nothing to add.")
        self.stdout.write(f"{played} simulated games were over and have been played.")

    def _simulate(self, options: dict[str, Any]) -> list[ImportBatch]:
        return simulate_games(
            history=options["seasons"], teams=options["teams"], seed=options["seed"], until=options["until"]
        )


def _day(text: str) -> date | None:
    if text == "today":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is neither a day, as 2026-01-31, nor today.") from error
