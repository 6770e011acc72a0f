"""`manage.py demo`: data, trained models, a track record, a coached player and a served page on an empty machine."""

import json
import logging
import sys
import time
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from accounts.models import User
from matches.errors import MatchDataError
from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion
from mlmodels.problem import Progress
from mlmodels.progress import progress_bar
from predictions.demonstrating import Shown, demonstrate
from predictions.demonstration.people import FILE, STAFF
from predictions.errors import PredictionError
from predictions.management.processes import HOST, run_until_stopped, site
from training.demonstrating import Coached, show_coach
from training.errors import TrainingError

FIGURES = ("rps", "log_loss", "brier", "accuracy", "ece")
YARDSTICKS = {"market-close": "market, closing", "market-open": "market, opening", "train-frequencies": "base rate"}


class Command(BaseCommand):
    help = "Simulate leagues (or import files), train models, predict, settle, and serve the site. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--data", type=Path, metavar="FOLDER", help="football-data files instead of simulation.")
        parser.add_argument("--serve", action=BooleanOptionalAction, default=True, help="Serve the site at the end.")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--json", action="store_true", help="Print the result as JSON; progress goes to stderr.")

    def handle(self, *args: Any, **options: Any) -> None:
        _quiet_the_broker()
        aside = self.stderr if options["json"] else self.stdout
        try:
            shown = demonstrate(Terminal(aside), data=options["data"])
            coached = show_coach(Terminal(aside), data=options["data"], by=User.objects.get(email=STAFF))
        except (MatchDataError, ModelError, PredictionError, TrainingError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({**_told(shown), "coach": _coach_told(coached)}))
        else:
            self._print(shown, with_data=options["data"] is not None)
            self._print_coach(coached)
            self._print_people(shown)
        if not shown.ledger.ok:
            raise CommandError(f"The ledger does not hold: {shown.ledger.reason}")
        if options["serve"]:
            self._serve(options["port"], aside)
        else:
            aside.write(f"\nTo serve it: make run, then open http://{HOST}:{options['port']}/", style_func=str)

    def _serve(self, port: int, out: OutputWrapper) -> None:
        words = f"\nServing http://{HOST}:{port}/ with a worker and a clock; Ctrl-C stops all three."
        out.write(words, style_func=str)
        out.flush()
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
        in_the_shadow = f", {shown.shadows} of them a challenger's in the shadow" if shown.shadows else ""
        self.stdout.write(f"{shown.predictions} predictions in the ledger{in_the_shadow}; {shown.settled} settled.")
        self.stdout.write(f"Ledger verified; its head is {shown.ledger.head}")
        if with_data and not shown.upcoming:
            self.stdout.write(
                "The files hold no fixtures to come, so nothing is predicted ahead. To fetch results and fixtures:\n"
                "  manage.py import_matches football-data --competition E0 --season 2526 --download"
            )

    def _print_coach(self, coached: Coached) -> None:
        kind = "simulated" if coached.games_are_simulated else "real"
        found = coached.report.get_primary_weakness_display() or "nothing stands out"
        self.stdout.write(
            f"\nThe coach at /coach/, for {coached.player}: {coached.matches} simulated matches, compared with "
            f"{coached.games} {kind} ones.\nPlanted: {coached.planted.label}. Found: {found} "
            f"(probability {coached.report.confidence:.2f}). {coached.sessions} sessions of practice."
        )
        for name in coached.recommended:
            self.stdout.write(f"  {name}")

    def _print_people(self, shown: Shown) -> None:
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


def _told(shown: Shown) -> dict[str, Any]:
    return {
        "matches": shown.matches,
        "upcoming": shown.upcoming,
        "predictions": shown.predictions,
        "shadows": shown.shadows,
        "settled": shown.settled,
        "champion": shown.champion.version,
        "models": {version.version: version.metrics["test"] for version in shown.trained.versions},
        "baselines": shown.champion.metrics["baselines"],
        "ledger": {"ok": shown.ledger.ok, "length": shown.ledger.length, "head": shown.ledger.head},
        "people": [asdict(person) for person in shown.people],
    }


def _coach_told(coached: Coached) -> dict[str, Any]:
    return {
        "player": coached.player,
        "matches": coached.matches,
        "matches_are_simulated": True,
        "games": coached.games,
        "games_are_simulated": coached.games_are_simulated,
        "planted": coached.planted,
        "primary_weakness": coached.report.primary_weakness or None,
        "confidence": coached.report.confidence,
        "recommended": coached.recommended,
        "sessions": coached.sessions,
        "models": {slug: version.version for slug, version in coached.models.items()},
    }


def _quiet_the_broker() -> None:
    """What is settled here and now is also sent to the worker: a line for each would bury what this command says."""
    logging.getLogger("django_structlog.celery").setLevel(logging.WARNING)
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)


class Terminal:
    """A stage on a stream: a bar where someone watches, a line with the seconds it took everywhere."""

    def __init__(self, out: OutputWrapper) -> None:
        self._out = out

    @contextmanager
    def step(self, title: str) -> Iterator[Progress]:
        began = time.monotonic()
        with progress_bar(shown=sys.stderr.isatty()) as report:
            report(0.0, title)
            yield report
        self._out.write(f"{title}: {time.monotonic() - began:.1f} s", style_func=str)
        self._out.flush()

    def say(self, words: str) -> None:
        self._out.write(f"  {words}", style_func=str)
        self._out.flush()
