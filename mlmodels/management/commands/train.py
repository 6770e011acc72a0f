"""`manage.py train`: train a model here and now."""

import json
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mlmodels import promotion, reporting, runs
from mlmodels.errors import ModelError
from mlmodels.management.selecting import add_problem_options, add_selection_options, problem_from, selection_from
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import get_problem
from mlmodels.progress import progress_bar
from mlmodels.tables import shown
from mlmodels.tuning.asking import USUAL_TRIALS, FeatureSelection, Method


class Command(BaseCommand):
    help = "Train a model in this process, with a progress bar and a table of results."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_problem_options(parser, default="football-outcome")
        parser.add_argument("--algorithm", help="The problem's default where left out.")
        add_selection_options(parser)
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="A hyper-parameter.")
        parser.add_argument(
            "--tune", action="store_true", help=f"Search hyper-parameters, {USUAL_TRIALS} trials if not told."
        )
        parser.add_argument("--trials", type=int, help="How many sets of hyper-parameters to try.")
        parser.add_argument("--seconds", type=int, help="How long to try sets of hyper-parameters.")
        parser.add_argument(
            "--select-features",
            metavar="METHOD:KEEP",
            help=f"Choose features first, such as importance:40; one of {', '.join(Method)}.",
        )
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--model-id", default="", metavar="NAME", help="What to call the version.")
        parser.add_argument("--force", action="store_true", help="Train even where the data has not changed.")
        parser.add_argument("--promote", action="store_true", help="Make the version champion.")
        parser.add_argument("--report", type=Path, metavar="FILE", help="Write every figure of the run as CSV.")
        parser.add_argument("--json", action="store_true", help="Print the result as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = self._train(options)
            if options["promote"] and hasattr(run, "model_version"):
                promotion.promote(run.model_version, by=None, reason="Promoted when trained on the command line")
                run = TrainingRun.objects.get(pk=run.pk)
            if options["report"] and run.metrics:
                with options["report"].open("w", encoding="utf-8", newline="") as file:
                    reporting.write_csv(reporting.report([run]), file)
        except ModelError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The report can't be written: {error.strerror}.") from error
        if options["json"]:
            self.stdout.write(json.dumps(_report(run)))
        elif run.status == TrainingRun.Status.COMPLETED:
            self._print(run)
        if run.status != TrainingRun.Status.COMPLETED:
            raise CommandError(run.error_message or run.message)

    def _train(self, options: dict[str, Any]) -> TrainingRun:
        problem = problem_from(options)
        selection = selection_from(options)
        run, created = runs.request_run(
            problem=problem.slug,
            algorithm=options["algorithm"] or problem.default_algorithm,
            selection=selection,
            trigger=TrainingRun.Trigger.CLI,
            hyper_parameters=dict(_assignment(text) for text in options["set"]),
            tuning=_budget(options),
            feature_selection=_feature_selection(options["select_features"]),
            force=options["force"],
            seed=options["seed"],
            version_name=options["model_id"],
            dispatch=False,
        )
        if not created:
            raise CommandError(f"The same run is in flight already ({run.pk}, {run.get_status_display().lower()}).")
        with progress_bar(shown=not options["json"] and sys.stderr.isatty()) as report:
            try:
                runs.execute(str(run.pk), worker=f"cli@{socket.gethostname()}", watch=report)
            except KeyboardInterrupt:
                runs.abandon(run)
                raise CommandError("Interrupted: the run is cancelled.") from None
        run.refresh_from_db()
        return run

    def _print(self, run: TrainingRun) -> None:
        version = getattr(run, "model_version", None)
        self.stdout.write(f"{run.get_status_display()}: {version or run.message}")
        for line in _found(version) if version else ():
            self.stdout.write(line)
        problem = get_problem(run.problem)
        splits = [name for name in ("validation", "test_uncalibrated", "test") if name in run.metrics]
        rows = {name.replace("_", ", "): run.metrics[name] for name in splits}
        rows |= {f"test, {name}": figures for name, figures in run.metrics.get("baselines", {}).items()}
        if rows:
            titles = [metric.title for metric in problem.metrics]
            widths = [max(len(title), 6) + 2 for title in titles]
            headings = "".join(f"{title:>{width}}" for title, width in zip(titles, widths, strict=True))
            self.stdout.write(f"{'':28}{'n':>8}{headings}")
        for name, figures in rows.items():
            cells = (shown(figures.get(metric.name)) for metric in problem.metrics)
            line = "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
            self.stdout.write(f"{name:28}{figures['n']:8d}{line}")


def _found(version: ModelVersion) -> Iterator[str]:
    """What tuning and the choice of features came to."""
    if record := version.tuning:
        yield (
            f"Tuned in {record['trials']} trials, {record['pruned']} of them broken off: {record['metric']} "
            f"{shown(record['usual_value'])} with what is usual, {shown(record['best_value'])} with the best"
        )
        yield "  " + ", ".join(f"{name}={value}" for name, value in version.hyper_parameters.items())
    if version.chosen_features:
        yield f"Chose {len(version.chosen_features)} features: {', '.join(version.chosen_features)}"


def _report(run: TrainingRun) -> dict[str, Any]:
    version = getattr(run, "model_version", None)
    return {
        "run": str(run.pk),
        "status": run.status,
        "message": run.message,
        "error": run.error_message or None,
        "version": version.version if version else None,
        "role": version.role if version else None,
        "metrics": run.metrics,
        "hyper_parameters": version.hyper_parameters if version else run.hyper_parameters,
        "tuning": version.tuning if version else {},
        "chosen_features": version.chosen_features if version else [],
    }


def _budget(options: dict[str, Any]) -> dict[str, int]:
    given = {name: options[name] for name in ("trials", "seconds") if options[name] is not None}
    return given or ({"trials": USUAL_TRIALS} if options["tune"] else {})


def _feature_selection(text: str | None) -> dict[str, Any]:
    return {} if text is None else FeatureSelection.from_text(text).to_json()


def _assignment(text: str) -> tuple[str, Any]:
    name, separator, value = text.partition("=")
    if not separator:
        raise CommandError(f"--set wants NAME=VALUE, not {text!r}.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
