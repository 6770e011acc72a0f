"""`manage.py evaluate`: models and yardsticks side by side, walked forward on the same rows."""

import json
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels.errors import ModelError
from mlmodels.evaluating import evaluate
from mlmodels.management.selecting import add_problem_options, add_selection_options, problem_from, selection_from
from mlmodels.progress import progress_bar


class Command(BaseCommand):
    help = "Measure models against each other on past matches, each refitted weekly on earlier matches only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_problem_options(parser)
        add_selection_options(parser)
        parser.add_argument("--models", default="", metavar="A,B,…", help="Algorithms and yardsticks; all if left out.")
        parser.add_argument("--reference", help="What paired differences are taken to; the last yardstick if left out.")
        parser.add_argument("--jobs", type=int, default=-1, metavar="N", help="Processes; one a core if left out.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            with progress_bar(shown=not options["json"] and sys.stderr.isatty()) as report:
                found = evaluate(
                    problem_from(options),
                    selection_from(options),
                    models=[name.strip() for name in options["models"].split(",") if name.strip()],
                    reference=options["reference"],
                    jobs=options["jobs"] or -1,
                    progress=report,
                )
        except ModelError as error:
            raise CommandError(str(error)) from error
        found["seconds"] = round(time.monotonic() - began, 1)
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self._print(found)

    def _print(self, found: dict[str, Any]) -> None:
        left_out = f", {found['left_out']} left out for lack of a yardstick" if found["left_out"] else ""
        self.stdout.write(f"{found['rows']} rows{left_out}; {found['seconds']} s")
        names = [key for key, value in next(iter(found["models"].values())).items() if isinstance(value, int | float)]
        self.stdout.write(
            f"{'':20}" + "".join(f"{name:>14}" for name in names) + f"{'RPS − ' + found['reference']:>34}"
        )
        for model, figures in found["models"].items():
            cells = "".join(_cell(figures[name]) for name in names)
            gap = figures["rps_difference"]
            interval = f"{gap['mean']:+.4f} ({gap['low']:+.4f} to {gap['high']:+.4f})"
            self.stdout.write(f"{model:20}{cells}{interval:>34}")


def _cell(value: float) -> str:
    return f"{value:14d}" if isinstance(value, int) else f"{value:14.4f}"
