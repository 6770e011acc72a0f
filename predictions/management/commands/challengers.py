"""`manage.py challengers`: how challengers stand, and the daily decision about them."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion, Promotion
from mlmodels.problem import Problem, all_problems, get_problem
from predictions.challenging import deciding
from predictions.reading import challengers


class Command(BaseCommand):
    help = "List how challengers stand against their champion, or decide about them as the daily task does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", choices=["list", "decide"], default="list")
        parser.add_argument("version", nargs="?", help="For decide: only this challenger.")
        parser.add_argument("--problem")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["action"] == "decide":
                self._decide(options["version"], options["problem"], as_json=options["json"])
            else:
                self._list(options["problem"], as_json=options["json"])
        except ModelError as error:
            raise CommandError(str(error)) from error

    def _list(self, problem: str | None, *, as_json: bool) -> None:
        boards = [challengers.board(each) for each in _problems(problem)]
        rows = [row for board in boards for row in board.rows]
        if as_json:
            self.stdout.write(json.dumps([_described(row) for row in rows]))
            return
        if not rows:
            self.stdout.write("No challenger runs against a champion: make a version one on its page.")
        for row in rows:
            figures = (
                f"{row.standing.evidence.n:>7,} pairs  {row.improvement:>8} ({row.interval or 'nothing known yet'})"
            )
            self.stdout.write(f"{row.version.version:40}{figures}  e-value {row.e_value} of {row.threshold}")
            self.stdout.write(f"    {row.state.title}. {row.state.words}")

    def _decide(self, version: str | None, problem: str | None, *, as_json: bool) -> None:
        made = [deciding.decide(_challenger(version, problem))] if version else deciding.decide_all(problem)
        if as_json:
            self.stdout.write(json.dumps([_decided(each) for each in made]))
            return
        if not made:
            self.stdout.write("There was nothing to decide.")
        for each in made:
            self.stdout.write(f"{each.version.version}: {each.get_decision_display()}. {each.reason}")


def _problems(slug: str | None) -> list[Problem]:
    return [get_problem(slug)] if slug else all_problems()


def _challenger(name: str, problem: str | None) -> ModelVersion:
    version = ModelVersion.objects.filter(version=name).first()
    if version is None:
        raise CommandError(f"There is no version {name!r}: `manage.py models` lists them.")
    if problem and version.problem != get_problem(problem).slug:
        raise CommandError(f"{name} is a model of {version.problem}, not of {problem}.")
    return version


def _described(row: challengers.Row) -> dict[str, Any]:
    return {
        "version": row.version.version,
        "problem": row.version.problem,
        "state": row.state.title,
        "since": row.standing.match.since.isoformat(),
        "evidence": row.standing.evidence.as_json(),
    }


def _decided(made: Promotion) -> dict[str, Any]:
    return {
        "version": made.version.version,
        "decision": made.decision,
        "reason": made.reason,
        "evidence": made.evidence,
    }
