"""`manage.py simulate_matches`: leagues of invented clubs, with results, odds and fixtures to come."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from matches.errors import MatchDataError
from matches.models import ImportBatch
from matches.simulating import play_due, simulate_leagues


class Command(BaseCommand):
    help = "Simulate leagues up to now, and give due simulated matches their results; what is there already stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--leagues", type=int, default=2)
        parser.add_argument("--seasons", type=int, default=8, help="Seasons in all, the present one being the last.")
        parser.add_argument("--teams", type=int, default=16, help="Teams a league.")
        parser.add_argument("--seed", type=int, default=1, help="The same seed draws the same leagues.")
        parser.add_argument("--play-due", action="store_true", help="Only play what is due in leagues there are.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            batches = [] if options["play_due"] else self._simulate(options)
            played = play_due()
        except MatchDataError as error:
            raise CommandError(str(error)) from error
        created = {batch.filename: batch.created for batch in batches}
        if options["json"]:
            self.stdout.write(json.dumps({"created": created, "played": played}))
            return
        for code, matches in created.items():
            self.stdout.write(f"{code}: {matches} simulated matches")
        if not options["play_due"] and not created:
            self.stdout.write("The simulated leagues are there already: nothing to add.")
        self.stdout.write(f"{played} simulated matches were due and have been played.")

    def _simulate(self, options: dict[str, Any]) -> list[ImportBatch]:
        with tqdm(unit="league", disable=options["json"] or not sys.stderr.isatty()) as bar:

            def show(done: int, total: int, name: str) -> None:
                bar.total = total
                bar.set_description_str(name, refresh=False)
                bar.update(done - bar.n)

            return simulate_leagues(
                leagues=options["leagues"],
                history=options["seasons"],
                teams=options["teams"],
                seed=options["seed"],
                progress=show,
            )
