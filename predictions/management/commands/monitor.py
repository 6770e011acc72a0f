"""`manage.py monitor`: watch every champion now, as the daily task does."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from predictions.errors import InvalidWindow
from predictions.monitoring.watching import WINDOW_DAYS, Round, Watched, watch


class Command(BaseCommand):
    help = "Write every champion's daily report, look for decay, drift and bad data, and raise alerts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--window", type=int, default=WINDOW_DAYS, help="Days of the rolling figures.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = watch(window=options["window"])
        except InvalidWindow as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(_told(done), indent=2))
            return
        for each in done.champions:
            self.stdout.write(_in_words(each))
        for report in done.quality:
            self.stdout.write(f"{report.problem}: {' '.join(report.warnings) or 'nothing wrong with what comes in.'}")
        if not done.champions:
            self.stdout.write("No model is in service: there is nothing to watch.")


def _in_words(each: Watched) -> str:
    if each.failure or each.report is None or each.decay is None or each.drift is None:
        return f"{each.version}: not watched. {each.failure}"
    report = each.report
    return (
        f"{each.version}: {report.predicted} predicted and {report.settled} settled today, "
        f"{report.window_settled} settled since {report.window_from}.\n"
        f"  {each.decay.sentence}\n  {each.drift.sentence}"
    )


def _told(done: Round) -> dict[str, Any]:
    return {
        "champions": [_champion(each) for each in done.champions],
        "quality": [
            {"problem": report.problem, "is_stale": report.is_stale, "warnings": report.warnings}
            for report in done.quality
        ],
    }


def _champion(each: Watched) -> dict[str, Any]:
    report = each.report
    figures = {name: getattr(report, name) for name in (*report.FIGURES, "settled")} if report else {}
    rolling = {name: getattr(report, f"window_{name}") for name in (*report.FIGURES, "settled")} if report else {}
    return {
        "version": each.version.version,
        "problem": each.version.problem,
        "failure": each.failure,
        "day": figures,
        "window": rolling,
        "decay": each.decay.to_json() if each.decay else None,
        "drift": each.drift.to_json() if each.drift else None,
        "rules_broken": each.rules_broken,
    }
