"""Stored figures as tables for a person. What is missing, or of another shape than expected, is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlmodels.models import ModelVersion
from mlmodels.problem import Metric, Problem
from mlmodels.wording import listed

NOTHING = "–"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One set of rows that something was measured on; `kind` is `model`, `raw` (before calibration) or `yardstick`."""

    title: str
    n: str
    figures: Mapping[str, Any]
    kind: str = "model"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One metric over all columns: (figure, kind of the column)."""

    title: str
    hint: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    is_calibrated: bool


@dataclass(frozen=True, kw_only=True)
class Figure:
    title: str
    text: str
    hint: str = ""


def figures_of(metrics: Any, *path: str) -> Mapping[str, Any]:
    """The figures stored under a path such as `test` or `baselines`, `market-close`; empty where there are none."""
    found = metrics
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def number(value: Any) -> float | None:
    """A stored figure, if it is one."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def shown(value: Any) -> str:
    """A figure to four places, a dash where it is not known."""
    known = number(value)
    return NOTHING if known is None else f"{known:.4f}"


def headline(problem: Problem, metrics: Any, *, most: int = 4) -> list[Figure]:
    """The problem's first few metrics on the test rows."""
    tested = figures_of(metrics, "test")
    return [
        Figure(title=metric.title, text=shown(tested.get(metric.name)), hint=_direction(metric))
        for metric in problem.metrics[:most]
        if number(tested.get(metric.name)) is not None
    ]


def _direction(metric: Metric) -> str:
    return "lower is better" if metric.lower_is_better else "higher is better"


def primary_figure(problem: Problem, metrics: Any) -> str:
    """The primary metric on the test rows."""
    return shown(figures_of(metrics, "test").get(problem.primary_metric.name))


def interval(problem: Problem, metrics: Any) -> str:
    """`0.1921 to 0.2043`, the 95 % interval of the primary metric on the test rows; empty where it is not known."""
    stored = figures_of(metrics, "interval")
    low, high = number(stored.get("low")), number(stored.get("high"))
    if low is None or high is None or stored.get("metric") != problem.primary_metric.name:
        return ""
    return f"{low:.4f} to {high:.4f}"


def verdict(problem: Problem, metrics: Any) -> str:
    """The primary metric against every yardstick, each on the rows where it is known, as a sentence; may be empty."""
    metric = problem.primary_metric
    sides: dict[str, list[str]] = {"better than": [], "worse than": [], "no different from": []}
    for name in figures_of(metrics, "baselines"):
        figures = figures_of(metrics, "baselines", name)
        own = number((figures_of(figures, "model") or figures_of(metrics, "test")).get(metric.name))
        theirs = number(figures.get(metric.name))
        if own is None or theirs is None:
            continue
        ahead = theirs - own if metric.lower_is_better else own - theirs
        side = "better than" if ahead > 0 else "worse than" if ahead < 0 else "no different from"
        sides[side].append(f"{name.replace('-', ' ')} by {abs(ahead):.4f}" if ahead else name.replace("-", " "))
    told = [f"{side} {listed(names)}" for side, names in sides.items() if names]
    return f"{metric.title} on the test rows: {'; '.join(told)}." if told else ""


def splits(problem: Problem, metrics: Any) -> Table | None:
    """Every metric on validation and test rows, before and after calibration, with the yardsticks on the same rows."""
    columns = [column for column in _columns(metrics) if column.figures]
    if not columns:
        return None
    lines = (
        Line(
            title=metric.title,
            hint=_direction(metric),
            cells=tuple((shown(column.figures.get(metric.name)), column.kind) for column in columns),
        )
        for metric in problem.metrics
    )
    return Table(columns=tuple(columns), lines=tuple(lines), is_calibrated=bool(_calibration(metrics)))


def _calibration(metrics: Any) -> str:
    """The calibration that was kept; empty where none improved on the model as it is."""
    name = metrics.get("calibration") if isinstance(metrics, Mapping) else None
    return str(name) if name and name != "none" else ""


def _columns(metrics: Any) -> Iterable[Column]:
    calibration = _calibration(metrics)
    after = f"Test, {calibration} calibration" if calibration else "Test"
    yield _column("Validation", figures_of(metrics, "validation"))
    if calibration:
        yield _column("Test, uncalibrated", figures_of(metrics, "test_uncalibrated"), kind="raw")
    yield _column(after, figures_of(metrics, "test"))
    tested = figures_of(metrics, "test").get("n")
    for name in figures_of(metrics, "baselines"):
        figures, title = figures_of(metrics, "baselines", name), name.replace("-", " ").capitalize()
        yield _column(title, figures, kind="yardstick")
        if figures.get("n") != tested:
            yield _column(f"This model where {title.lower()} is known", figures_of(figures, "model"))


def _column(title: str, figures: Mapping[str, Any], *, kind: str = "model") -> Column:
    n = number(figures.get("n"))
    return Column(title=title, n=NOTHING if n is None else f"{int(n):,}", figures=figures, kind=kind)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One version's figure of one metric; `difference` is to the first version's."""

    text: str
    difference: str = ""
    is_better: bool = False
    is_best: bool = False


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One metric of several versions, in their order."""

    title: str
    hint: str
    cells: tuple[Compared, ...]


def compare(problem: Problem, versions: Sequence[ModelVersion], split: str) -> list[Comparison]:
    """Every metric of a split side by side; metrics that no version has are left out."""
    compared = []
    for metric in problem.metrics:
        values = [number(figures_of(version.metrics, split).get(metric.name)) for version in versions]
        if any(value is not None for value in values):
            compared.append(
                Comparison(title=metric.title, hint=_direction(metric), cells=tuple(_side_by_side(metric, values)))
            )
    return compared


def _side_by_side(metric: Metric, values: Sequence[float | None]) -> Iterable[Compared]:
    known = [value for value in values if value is not None]
    best = min(known) if metric.lower_is_better else max(known)
    distinct = len(set(known)) > 1
    first = values[0]
    for index, value in enumerate(values):
        change = None if value is None or first is None or index == 0 else value - first
        yield Compared(
            text=shown(value),
            difference="" if change is None else f"{change:+.4f}".replace("-", MINUS),
            is_better=bool(change) and (change or 0) < 0 if metric.lower_is_better else (change or 0) > 0,
            is_best=distinct and value == best,
        )


def test_window(version: ModelVersion) -> tuple[str, ...]:
    """What marks the rows a version was tested on: first and last day, how many, and of which selection.

    Of whole groups held out: how many and which, and no day.

    Needs `dataset` selected along.
    """
    split = figures_of(version.metrics, "split")
    n = number(figures_of(version.metrics, "test").get("n"))
    return (
        _held_out(split) if "test_groups" in split else _day(split.get("test_from")),
        "" if "test_groups" in split else f"{version.dataset.date_to:%-d %B %Y}" if version.dataset else NOTHING,
        NOTHING if n is None else f"{int(n):,}",
        version.dataset.selection_hash if version.dataset else "",
    )


def _held_out(split: Mapping[str, Any]) -> str:
    return f"{split['test_groups']} groups held out ({str(split.get('test_mark'))[:8]})"


def _day(moment: Any) -> str:
    try:
        return f"{datetime.fromisoformat(moment):%-d %B %Y}"
    except (TypeError, ValueError):
        return NOTHING
