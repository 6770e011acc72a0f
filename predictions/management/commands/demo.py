"""`manage.py demo`: data, trained models, a track record and a served page on an empty machine."""

import logging
import sys
import time
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matches.errors import MatchDataError
from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion
from mlmodels.problem import Progress
from mlmodels.progress import progress_bar
from predictions.demonstrating import Shown, demonstrate
from predictions.demonstration.people import FILE
from predictions.errors import PredictionError
from predictions.management.processes import HOST, run_until_stopped, site

FIGURES = ("rps", "log_loss", "brier", "accuracy", "ece")
YARDSTICKS = {"market-close": "market, closing", "market-open": "market, opening", "train-frequencies": "base rate"}


class Command(BaseCommand):
    help = "Simulate leagues (or import files), train models, predict, settle, and serve the site. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, metavar="FOLDER", help="football-data files instead of simulation.")
        parser.add_argument("--serve", action=BooleanOptionalAction, default=True, help="Serve the site at the end.")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        _quiet_the_broker()
        try:
            shown = demonstrate(Terminal(self), data=options["data"])
        except (MatchDataError, ModelError, PredictionError) as error:
            raise CommandError(str(error)) from error
        self._print(shown, with_data=options["data"] is not None)
        if not shown.ledger.ok:
            raise CommandError(f"The ledger does not hold: {shown.ledger.reason}")
        if options["serve"]:
            self._serve(options["port"])
        else:
            self.stdout.write(f"\nTo serve it: make run, then open http://{HOST}:{options['port']}/")

    def _serve(self, port: int) -> None:
        self.stdout.write(f"\nServing http://{HOST}:{port}/ with a worker and a clock; Ctrl-C stops all three.")
        self.stdout.flush()
        ended = run_until_stopped(site(port))
        if ended:
            raise CommandError(f"The {ended} process ended by itself: its last lines above say why.")

    def _print(self, shown: Shown, *, with_data: bool) -> None:
        self.stdout.write(f"\n{'Test rows (unseen when fitted)':38}{'n':>6}" + "".join(f"{n:>10}" for n in FIGURES))
        for version in shown.trained.versions:
            mark = " (champion)" if version.pk == shown.champion.pk else ""
            self._figures(f"{version.algorithm}{mark}", version.metrics["test"])
        self._yardsticks(shown.champion)
        self.stdout.write(f"\n{shown.matches} finished matches, {shown.upcoming} to come.")
        self.stdout.write(f"{shown.predictions} predictions in the ledger, {shown.settled} settled.")
        self.stdout.write(f"Ledger verified; its head is {shown.ledger.head}")
        if with_data and not shown.upcoming:
            self.stdout.write(
                "The files hold no fixtures to come, so nothing is predicted ahead. To fetch results and fixtures:\n"
                "  manage.py import_matches football-data --competition E0 --season 2526 --download"
            )
        self.stdout.write("\nSign in with:")
        for person in shown.people:
            role = "staff" if person.is_staff else "player"
            self.stdout.write(f"  {role:8}{person.email:28}{person.password or 'the password you chose'}")
        self.stdout.write(f"  (kept in {FILE} in the data folder, readable by you alone)")

    def _yardsticks(self, champion: ModelVersion) -> None:
        """What the market and the base rate made of the champion's test rows."""
        for name, title in YARDSTICKS.items():
            if name in champion.metrics["baselines"]:
                self._figures(title, champion.metrics["baselines"][name])

    def _figures(self, title: str, figures: dict[str, Any]) -> None:
        cells = "".join(f"{figures[name]:10.4f}" for name in FIGURES)
        self.stdout.write(f"{title:38}{figures['n']:6d}{cells}")


def _quiet_the_broker() -> None:
    """What is settled here and now is also sent to the worker: a line for each would bury what this command says."""
    logging.getLogger("django_structlog.celery").setLevel(logging.WARNING)
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)


class Terminal:
    """A stage on standard output: a bar where someone watches, a line with the seconds it took everywhere."""

    def __init__(self, command: BaseCommand) -> None:
        self._out = command.stdout

    @contextmanager
    def step(self, title: str) -> Iterator[Progress]:
        began = time.monotonic()
        with progress_bar(shown=sys.stderr.isatty()) as report:
            report(0.0, title)
            yield report
        self._out.write(f"{title}: {time.monotonic() - began:.1f} s")
        self._out.flush()

    def say(self, words: str) -> None:
        self._out.write(f"  {words}")
        self._out.flush()
