"""Runs and versions as lines of a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from mlmodels import tables, wording
from mlmodels.errors import ModelError
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.models.work import LeasedWork
from mlmodels.problem import Problem, get_problem
from mlmodels.selection import Selection

RUN_BADGES = {
    TrainingRun.Status.QUEUED: "",
    TrainingRun.Status.RUNNING: "info dot",
    TrainingRun.Status.COMPLETED: "good",
    TrainingRun.Status.FAILED: "bad",
    TrainingRun.Status.CANCELLED: "warn",
}
ROLE_BADGES = {
    ModelVersion.Role.EXPERIMENTAL: "outline",
    ModelVersion.Role.CHALLENGER: "info",
    ModelVersion.Role.CHAMPION: "good",
    ModelVersion.Role.ARCHIVED: "",
}


@dataclass(frozen=True, kw_only=True)
class RunLine:
    run: TrainingRun
    title: str
    badge: str
    on: str
    """The selection in words."""
    figure: str
    """The primary metric on the test rows."""
    metric: str
    duration: str
    version: ModelVersion | None


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    version: ModelVersion
    title: str
    problem: str
    badge: str
    figure: str
    metric: str
    covers: str
    interval: str
    """Of the figure, where it was kept."""


@dataclass(frozen=True, kw_only=True)
class RoleCount:
    role: ModelVersion.Role
    badge: str
    count: int


def role_counts(problem: str) -> list[RoleCount]:
    """How many versions play each role, from the champion down to those put away."""
    counted = dict(ModelVersion.objects.for_problem(problem).order_by().values_list("role").annotate(Count("pk")))
    return [RoleCount(role=role, badge=ROLE_BADGES[role], count=counted.get(role, 0)) for role in ModelVersion.RANKED]


def run_line(run: TrainingRun) -> RunLine:
    problem = _known(run.problem)
    return RunLine(
        run=run,
        title=algorithm_title(run.problem, run.algorithm),
        badge=RUN_BADGES[TrainingRun.Status(run.status)],
        on=selection_in_words(run.selection, problem),
        figure=tables.primary_figure(problem, run.metrics) if problem else tables.NOTHING,
        metric=problem.primary_metric.title if problem else "",
        duration=duration(run),
        version=getattr(run, "model_version", None),
    )


def run_lines(runs: Iterable[TrainingRun]) -> list[RunLine]:
    return [run_line(run) for run in runs]


def version_line(version: ModelVersion) -> VersionLine:
    problem = _known(version.problem)
    return VersionLine(
        version=version,
        title=algorithm_title(version.problem, version.algorithm),
        problem=problem.title if problem else version.problem,
        badge=ROLE_BADGES[ModelVersion.Role(version.role)],
        figure=tables.primary_figure(problem, version.metrics) if problem else tables.NOTHING,
        metric=problem.primary_metric.title if problem else "",
        covers=covered(version, problem),
        interval=tables.interval(problem, version.metrics) if problem else "",
    )


def version_lines(versions: Iterable[ModelVersion]) -> list[VersionLine]:
    return [version_line(version) for version in versions]


def algorithm_title(problem: str, name: str) -> str:
    """What people call an algorithm; its own name where the problem no longer has it."""
    try:
        return get_problem(problem).algorithm(name).title
    except ModelError:
        return name


def selection_in_words(stored: dict[str, object], problem: Problem | None) -> str:
    """A stored selection in words; as it is stored where an older installation wrote it otherwise."""
    try:
        selection = Selection.from_json(stored)
    except ModelError:
        return str(stored)
    return wording.selection_in_words(selection, _titles(problem))


def covered(version: ModelVersion, problem: Problem | None) -> str:
    """The competitions and seasons of the rows a version was trained on: "Mirage League · 2021/22 to 2024/25"."""
    titles = _titles(problem)
    leagues = wording.competitions_in_words(map(str, version.training_leagues), titles)
    return " · ".join(filter(None, [leagues, wording.seasons_in_words(map(str, version.training_seasons), titles)]))


def _titles(problem: Problem | None) -> wording.Titles:
    return wording.known_titles(problem) if problem else {}


def duration(run: LeasedWork) -> str:
    """How long work took, or has taken so far; empty where it never began."""
    if run.started_at is None:
        return ""
    return in_words((run.completed_at or timezone.now()) - run.started_at)


def in_words(span: timedelta) -> str:
    """`under 1 s`, `8 s`, `3 min 20 s`, `2 h 5 min`."""
    if span < timedelta(seconds=1):
        return "under 1 s"
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _known(slug: str) -> Problem | None:
    try:
        return get_problem(slug)
    except ModelError:
        return None
