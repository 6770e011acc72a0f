"""`manage.py predict`: ask the model in service, and write the answer down."""

import csv
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels.errors import ModelError
from mlmodels.management.selecting import add_problem_options, problem_from
from mlmodels.models import ModelVersion
from mlmodels.progress import progress_bar
from predictions.challenging.shadowing import shadow_later
from predictions.errors import PredictionError
from predictions.models import Prediction
from predictions.serving import predict
from predictions.upcoming import predict_upcoming

BATCH = 200


class Command(BaseCommand):
    help = "Predict a match, a pairing, every line of a CSV file, or all that is coming; each answer is in the ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_problem_options(parser, default="football-outcome")
        parser.add_argument("--match", type=int, metavar="ID")
        parser.add_argument("--home", metavar="TEAM")
        parser.add_argument("--away", metavar="TEAM")
        parser.add_argument("--date", metavar="YYYY-MM-DD")
        parser.add_argument("--competition", metavar="CODE", help="Where the pairing is played.")
        parser.add_argument(
            "--player", metavar="NAME", help="Of player props: whose next game, unless --match is given."
        )
        parser.add_argument("--line", type=float, metavar="N", help="Of player props: the line; usual if left out.")
        parser.add_argument("--batch", metavar="FILE.csv", help="Columns: match, or home, away, date[, competition].")
        parser.add_argument("--upcoming", action="store_true", help="Every fixture that comes next.")
        parser.add_argument("--model-id", metavar="VERSION", help="A version other than the champion.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        shown = not options["json"] and sys.stderr.isatty()
        try:
            if options["upcoming"]:
                with progress_bar(shown=shown) as report:
                    self.stdout.write(f"Wrote {predict_upcoming(progress=report)} predictions.")
                return
            with progress_bar(shown=shown and bool(options["batch"])) as report:
                made = list(_predict_all(options, report))
        except (ModelError, PredictionError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps([describe(prediction) for prediction in made]))
        else:
            self._print(made)

    def _print(self, made: list[Prediction]) -> None:
        for prediction in made:
            chances = "  ".join(f"{label} {p:.3f}" for label, p in prediction.probabilities.items())
            subject = " ".join(str(value) for value in prediction.subject.values())
            self.stdout.write(f"{subject:48}{chances}  [{prediction.model_version}, row {prediction.sequence}]")
            for note in prediction.notes:
                self.stdout.write(f"  note: {note}")


def _predict_all(options: dict[str, Any], report: Any) -> Iterator[Prediction]:
    problem = problem_from(options)
    version = _version(options["model_id"])
    subjects = [problem.subject(reference) for reference in _references(options)]
    for start in range(0, len(subjects), BATCH):
        made = predict(problem.slug, subjects[start : start + BATCH], version=version)
        if version is None:
            shadow_later(made)
        yield from made
        report(min(start + BATCH, len(subjects)) / len(subjects), "Predicting")


def _references(options: dict[str, Any]) -> list[Mapping[str, Any]]:
    if options["batch"]:
        path = Path(options["batch"])
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return [{k: v for k, v in row.items() if k and v} for row in csv.DictReader(file)]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{path} can't be read as a CSV file: {error}") from error
    if options["player"]:
        named = ("player", "line", "match", "date")
        return [{name: options[name] for name in named if options[name] is not None}]
    if options["match"] is not None:
        return [{"match": options["match"]}]
    pairing = {name: options[name] for name in ("home", "away", "date", "competition") if options[name]}
    if not {"home", "away", "date"} <= set(pairing):
        raise CommandError(
            "Say what to predict: --match ID, --home X --away Y --date D, --player X, --batch FILE or --upcoming."
        )
    return [pairing]


def _version(name: str | None) -> ModelVersion | None:
    if name is None:
        return None
    version = ModelVersion.objects.filter(version=name).first()
    if version is None:
        raise CommandError(f"There is no version {name!r}: `manage.py models` lists them.")
    return version


def describe(prediction: Prediction) -> dict[str, Any]:
    return {
        "id": str(prediction.pk),
        "sequence": prediction.sequence,
        "subject": prediction.subject,
        "model_version": prediction.model_version.version,
        "made_at": prediction.made_at.isoformat(),
        "event_at": prediction.event_at.isoformat(),
        "probabilities": prediction.probabilities,
        "distribution": prediction.distribution,
        "confidence": prediction.confidence,
        "notes": prediction.notes,
        "hash": prediction.hash,
    }
