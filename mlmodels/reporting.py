"""The training report: what each model measured on each split, before and after calibration, beside the yardsticks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO
from uuid import UUID

from mlmodels import listing, tables
from mlmodels.errors import InvalidReport
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Problem, get_problem

MOST_RUNS = 50
COLUMNS = (
    "problem", "model", "algorithm", "role", "run", "trained_at", "selection", "rows", "split", "stage", "calibration",
    "n",
)  # fmt: skip
"""Before the metrics of the problem, by name. stage: `uncalibrated`, `calibrated`, or `baseline`."""


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One model, or one yardstick beside it, on one set of rows."""

    run: TrainingRun
    model: str
    role: str
    selection: str
    split: str
    stage: str
    calibration: str
    figures: Mapping[str, Any]

    @property
    def n(self) -> int | None:
        found = tables.number(self.figures.get("n"))
        return None if found is None else int(found)


@dataclass(frozen=True, kw_only=True)
class Report:
    problem: Problem
    lines: tuple[ReportLine, ...]

    @property
    def metrics(self) -> list[str]:
        return [metric.name for metric in self.problem.metrics]

    @property
    def titles(self) -> list[str]:
        return [metric.title for metric in self.problem.metrics]

    @property
    def shown(self) -> list[tuple[ReportLine, list[str]]]:
        """Lines with their figures as a person reads them, in the order of `titles`."""
        return [(line, [tables.shown(line.figures.get(name)) for name in self.metrics]) for line in self.lines]


def report(runs: Sequence[TrainingRun]) -> Report:
    """What completed runs of one problem measured, in their order.

    Raises InvalidReport for none, for too many, for several problems and for a run that measured nothing.
    """
    if not runs:
        raise InvalidReport("Choose at least one completed run to report on.")
    if len(runs) > MOST_RUNS:
        raise InvalidReport(f"A report is of at most {MOST_RUNS} runs, not {len(runs)}.")
    if len({run.problem for run in runs}) > 1:
        raise InvalidReport("The runs are of several problems, whose figures can't stand in one table.")
    for run in runs:
        if not tables.figures_of(run.metrics, "test"):
            raise InvalidReport(f"Run {run.pk} ({run.get_status_display().lower()}) measured nothing to report.")
    problem = get_problem(runs[0].problem)
    return Report(problem=problem, lines=tuple(line for run in runs for line in _lines(problem, run)))


def completed(pks: Sequence[UUID | str]) -> list[TrainingRun]:
    """Runs by id, in the given order. Raises InvalidReport for one that is not there."""
    found = {run.pk: run for run in TrainingRun.objects.filter(pk__in=pks).select_related("model_version")}
    wanted = list(dict.fromkeys(UUID(str(pk)) for pk in pks))
    if missing := [str(pk) for pk in wanted if pk not in found]:
        raise InvalidReport(f"There is no run {', '.join(missing)}.")
    return [found[pk] for pk in wanted]


def write_csv(found: Report, file: TextIO) -> None:
    """The report as CSV: a line of `COLUMNS` and the metrics' names, then one a line; empty where not defined."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*COLUMNS, *found.metrics])
    for line in found.lines:
        trained_at = line.run.completed_at.isoformat() if line.run.completed_at else ""
        known = (line.figures.get(name) for name in found.metrics)
        writer.writerow(
            [
                line.run.problem,
                line.model,
                line.run.algorithm,
                line.role,
                line.run.pk,
                trained_at,
                line.selection,
                line.run.match_count,
                line.split,
                line.stage,
                line.calibration,
                "" if line.n is None else line.n,
                *("" if tables.number(value) is None else value for value in known),
            ]
        )


def _lines(problem: Problem, run: TrainingRun) -> Iterator[ReportLine]:
    version: ModelVersion | None = getattr(run, "model_version", None)
    name = version.version if version else str(run.pk)
    calibration = str(run.metrics.get("calibration") or "none")

    def line(model: str, split: str, stage: str, *path: str) -> ReportLine:
        return ReportLine(
            run=run,
            model=model,
            role=version.role if version and model == name else "",
            selection=listing.selection_in_words(run.selection, problem),
            split=split,
            stage=stage,
            calibration=calibration if stage == "calibrated" else "",
            figures=tables.figures_of(run.metrics, *path),
        )

    yield line(name, "train", "", "train")
    yield line(name, "validation", "uncalibrated", "validation")
    yield line(name, "test", "uncalibrated", "test_uncalibrated")
    yield line(name, "test", "calibrated", "test")
    tested = tables.number(tables.figures_of(run.metrics, "test").get("n"))
    for yardstick in tables.figures_of(run.metrics, "baselines"):
        yield line(yardstick, "test", "baseline", "baselines", yardstick)
        beside = line(name, f"test, where {yardstick} is known", "calibrated", "baselines", yardstick, "model")
        if beside.n != tested:
            yield beside
