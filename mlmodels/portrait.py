"""A run or version drawn for a person: where it errs, how it did over time, how it learned, what it looks at.

Read off stored metrics. What is missing, or of another shape than expected, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mlmodels.charts import Bar, Reliability, bars, reliability
from mlmodels.drawing.lines import LineChart, Series, line_chart
from mlmodels.problem import Metric, Problem
from mlmodels.tables import MINUS, figures_of, interval, number

MOST_BARS = 20
LEAST_POINTS = 2
STYLES = ("s1", "s3", "s2", "s4", "s5", "s6")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How often one class was called of what came; share of its row in 0..1, None of a row without events."""

    label: str
    count: int
    share: float | None
    is_right: bool

    @property
    def percent(self) -> str:
        return "–" if self.share is None else f"{100 * self.share:.0f}\u00a0%"


@dataclass(frozen=True, kw_only=True)
class Confusion:
    """Rows are what came, columns what was thought likeliest."""

    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...], int], ...]

    @property
    def total(self) -> int:
        return sum(total for _, _, total in self.rows)

    @property
    def right(self) -> int:
        return sum(cell.count for _, cells, _ in self.rows for cell in cells if cell.is_right)

    @property
    def in_words(self) -> str:
        """How often it was right, and which class it hardly ever calls."""
        said = f"What was thought likeliest came in {self.right:,} of {self.total:,}."
        called = {label: sum(cells[i].count for _, cells, _ in self.rows) for i, label in enumerate(self.labels)}
        shy = [label for label, count in called.items() if count < 0.02 * self.total]
        return f"{said} {' and '.join(shy).capitalize()} was hardly ever thought likeliest." if shy else said


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A chart with a sentence that says what it shows."""

    chart: LineChart
    says: str
    axis: str


@dataclass(frozen=True, kw_only=True)
class Importances:
    bars: tuple[Bar, ...]
    left_out: int
    rows: int
    says: str


@dataclass(frozen=True, kw_only=True)
class Portrait:
    """interval: that of the primary figure, in words. differences: to each yardstick, in sentences."""

    interval: str
    differences: tuple[str, ...]
    reliability: Reliability | None
    confusion: Confusion | None
    over_time: Curve | None
    learning: Curve | None
    importances: Importances | None

    @property
    def is_blank(self) -> bool:
        """Measured before any of this was kept."""
        return not (self.interval or self.confusion or self.over_time or self.learning or self.importances)


def portrait(problem: Problem, metrics: Any) -> Portrait:
    return Portrait(
        interval=interval(problem, metrics),
        differences=tuple(_differences(problem.primary_metric, metrics)),
        reliability=reliability(metrics),
        confusion=_confusion(figures_of(metrics, "confusion")),
        over_time=_over_time(problem, figures_of(metrics, "over_time")),
        learning=_learning(figures_of(metrics, "learning_curve")),
        importances=_importances(figures_of(metrics, "importances"), problem.feature_in_words),
    )


def _differences(metric: Metric, metrics: Any) -> Iterable[str]:
    for name in figures_of(metrics, "differences"):
        stored = figures_of(metrics, "differences", name)
        value, low, high = (number(stored.get(key)) for key in ("value", "low", "high"))
        if value is None or low is None or high is None or stored.get("metric") != metric.name:
            continue
        better = (high < 0) if metric.lower_is_better else (low > 0)
        worse = (low > 0) if metric.lower_is_better else (high < 0)
        verdict = "better" if better else "worse" if worse else "these rows don't tell them apart"
        span = f"95\u00a0% interval {low:+.4f} to {high:+.4f}".replace("-", MINUS)
        yield f"Against {name.replace('-', ' ')}: {_signed(value)} ({span}), {verdict}."


def _signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", MINUS)


def _confusion(stored: Mapping[str, Any]) -> Confusion | None:
    labels, counts = stored.get("labels"), stored.get("counts")
    if not isinstance(labels, list) or not isinstance(counts, list) or len(labels) != len(counts):
        return None
    table = [_numbers(row) for row in counts]
    if not labels or any(len(row) != len(labels) for row in table):
        return None
    names = tuple(str(label).replace("_", " ") for label in labels)
    return Confusion(
        labels=names,
        rows=tuple((names[i], tuple(_cells(names, row, i)), int(sum(row))) for i, row in enumerate(table)),
    )


def _cells(names: Sequence[str], row: Sequence[float], right: int) -> Iterable[Cell]:
    total = sum(row)
    for i, count in enumerate(row):
        yield Cell(label=names[i], count=int(count), share=count / total if total else None, is_right=i == right)


def _over_time(problem: Problem, stored: Mapping[str, Any]) -> Curve | None:
    metric = problem.primary_metric
    dated = [(day, period) for period in _mappings(stored.get("periods")) if (day := _day(period.get("from")))]
    if stored.get("metric") != metric.name or len(dated) < LEAST_POINTS:
        return None
    days, periods = [day for day, _ in dated], [period for _, period in dated]
    names = [name for name in periods[0] if name not in ("from", "n")]
    series = [
        Series(
            name=_line_name(name),
            points=[
                (float(day.toordinal()), number(period.get(name))) for day, period in zip(days, periods, strict=True)
            ],
            style=STYLES[i % len(STYLES)],
        )
        for i, name in enumerate(names)
    ]
    chart = line_chart(series, x_labels=[(float(day.toordinal()), f"{day:%b %y}") for day in days])
    if chart is None:
        return None
    better = "lower" if metric.lower_is_better else "higher"
    unit = str(stored.get("unit", "period"))
    return Curve(
        chart=chart,
        says=_ahead(metric, names, periods, unit),
        axis=f"{metric.title} by {unit}, before calibration; {better} is better",
    )


def _ahead(metric: Metric, names: Sequence[str], periods: Sequence[Mapping[str, Any]], unit: str) -> str:
    """In how many periods it was ahead of each yardstick."""
    told = []
    for name in names:
        pairs = [(number(p.get("model")), number(p.get(name))) for p in periods] if name != "model" else []
        known = [(own, theirs) for own, theirs in pairs if own is not None and theirs is not None]
        if known:
            ahead = sum((own < theirs) if metric.lower_is_better else (own > theirs) for own, theirs in known)
            told.append(f"ahead of {name.replace('-', ' ')} in {ahead} of {len(known)} {unit}s")
    return f"It was {', '.join(told)}." if told else ""


def _line_name(name: str) -> str:
    return "This model" if name == "model" else name.replace("-", " ").capitalize()


def _learning(stored: Mapping[str, Any]) -> Curve | None:
    rounds, learned, later = (_numbers(stored.get(name)) for name in ("rounds", "learned", "later"))
    if not LEAST_POINTS <= len(rounds) == len(learned) == len(later):
        return None
    chart = line_chart(
        [
            Series(name="Rows learned from", points=list(zip(rounds, learned, strict=True)), style="s3"),
            Series(name="Later rows", points=list(zip(rounds, later, strict=True)), style="s1"),
        ],
        x_labels=[(x, f"{x:.0f}") for x in rounds],
    )
    if chart is None:
        return None
    best = min(range(len(later)), key=later.__getitem__)
    end = "it still fell at the end" if best == len(later) - 1 else f"{_signed(later[-1] - later[best])} since then"
    says = f"On later rows the loss was lowest, {later[best]:.4f}, after {rounds[best]:.0f} rounds; {end}."
    return Curve(chart=chart, says=says, axis="Log loss in nats by number of rounds; lower is better")


def _importances(stored: Mapping[str, Any], in_words: Callable[[str], str]) -> Importances | None:
    pairs = stored.get("features")
    known = [
        (str(pair[0]), value)
        for pair in (pairs if isinstance(pairs, list) else [])
        if isinstance(pair, list) and len(pair) == 2 and (value := number(pair[1])) is not None
    ]
    total = sum(value for _, value in known)
    if not known or not total > 0:
        return None
    drawn = bars((in_words(name), value) for name, value in known[:MOST_BARS])
    five = sum(value for _, value in known[:5]) / total
    says = f"The five strongest move it {100 * five:.0f}\u00a0% of the way." if len(known) > 5 else ""
    return Importances(
        bars=tuple(drawn), left_out=len(known) - len(drawn), rows=int(number(stored.get("rows")) or 0), says=says
    )


def _numbers(values: Any) -> list[float]:
    """A stored list of numbers; empty where any of it is none."""
    found = [number(value) for value in values] if isinstance(values, list) else []
    return [] if any(value is None for value in found) else [value for value in found if value is not None]


def _mappings(values: Any) -> list[Mapping[str, Any]]:
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None
