"""What a run's model measured subject by subject, where it fits each apart: kept with the run, written as CSV."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mlmodels import tables
from mlmodels.errors import InvalidReport
from mlmodels.models import SubjectReport, TrainingRun
from mlmodels.problem import get_problem

FIGURES = ("mse", "rmse", "mae", "brier", "brier_after", "ece_before", "ece_after")
TITLES = ("MSE", "RMSE", "MAE", "Brier", "after", "ECE", "after")
"""Of the figures, for a person."""

COLUMNS = ("subject", "name", "n", *FIGURES, "answered_by", "failure")


class Writable(Protocol):
    """A file, or a response."""

    def write(self, content: str, /) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class SubjectLine:
    """One subject. figures: by the names of `FIGURES`, None where there is none. failure: why it has no model."""

    subject: str
    name: str
    n: int | None
    figures: Mapping[str, float | None]
    answered_by: str
    failure: str

    @property
    def shown(self) -> list[str]:
        """The figures as a person reads them, in the order of `FIGURES`."""
        return [tables.shown(self.figures[name]) for name in FIGURES]


def keep(run: TrainingRun, estimator: Any) -> None:
    """Keep what a fitted estimator tells of its subjects: `report_`, and `failures_` of those it could not fit."""
    figures: Mapping[str, Mapping[str, Any]] | None = getattr(estimator, "report_", None)
    if figures is None:
        return
    lines: dict[str, Mapping[str, Any]] = {
        subject: {**line, "answered_by": "ensemble"} for subject, line in figures.items()
    }
    lines |= {subject: {"answered_by": "global", "failure": words} for subject, words in estimator.failures_.items()}
    SubjectReport.objects.update_or_create(run=run, defaults={"lines": lines})


def lines_of(run: TrainingRun) -> list[SubjectLine]:
    """A run's subjects, by name. Raises InvalidReport where its model has none, or it has not ended."""
    kept = SubjectReport.objects.filter(run=run).first()
    if kept is None:
        raise InvalidReport(f"Run {run.pk} ({run.get_status_display().lower()}) measured no subjects one by one.")
    names = get_problem(run.problem).subject_names(list(kept.lines))
    found = [_line(subject, names.get(subject, ""), stored) for subject, stored in kept.lines.items()]
    return sorted(found, key=lambda line: (line.name, len(line.subject), line.subject))


def write_csv(lines: list[SubjectLine], file: Writable) -> None:
    """One line of `COLUMNS`, then one a subject; empty where there is no figure."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        figures = ("" if line.figures[name] is None else line.figures[name] for name in FIGURES)
        n = "" if line.n is None else line.n
        writer.writerow([line.subject, line.name, n, *figures, line.answered_by, line.failure])


def _line(subject: str, name: str, stored: Mapping[str, Any]) -> SubjectLine:
    n = tables.number(stored.get("n"))
    return SubjectLine(
        subject=subject,
        name=name,
        n=None if n is None else int(n),
        figures={figure: tables.number(stored.get(figure)) for figure in FIGURES},
        answered_by=str(stored.get("answered_by", "")),
        failure=str(stored.get("failure", "")),
    )
