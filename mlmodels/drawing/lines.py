"""Lines over time: series of (x, y) as SVG paths with marked axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mlmodels.drawing.scale import Scale, round_ticks, tick_decimals

WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 30, 14, 38
X_LABELS = 5
FEW_POINTS = 24
"""Up to so many points each is marked by a dot."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """(x, y) in order of x; a y of None interrupts the line. `style` is a class of the stylesheet: s1 … s6."""

    name: str
    points: Sequence[tuple[float, float | None]]
    style: str = "s1"


@dataclass(frozen=True, kw_only=True)
class Line:
    name: str
    style: str
    path: str
    dots: list[tuple[float, float]]
    course: str
    """Its first and last figure, in words."""


@dataclass(frozen=True, kw_only=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, kw_only=True)
class LineChart:
    """Coordinates in a box `width` by `height`, whose plot spans left..right and top..bottom."""

    lines: list[Line]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM
    context: list[Line] = field(default_factory=list)
    """Thin lines in the background."""

    @property
    def in_words(self) -> str:
        """Where each line begins and ends, for whoever does not see it."""
        return " ".join(f"{line.name}: {line.course}." for line in self.lines if line.course)


def line_chart(
    series: Sequence[Series], *, x_labels: Sequence[tuple[float, str]], context: Sequence[Series] = ()
) -> LineChart | None:
    """Lines over a common x axis marked with at most five of `x_labels`; None where there is nothing to draw."""
    known = [(x, y) for one in (*series, *context) for x, y in one.points if y is not None]
    if not known:
        return None
    ticks = round_ticks(min(y for _, y in known), max(y for _, y in known), about=7)
    across = Scale(low=min(x for x, _ in known), high=max(x for x, _ in known), start=LEFT + 6, end=WIDTH - RIGHT - 6)
    up = Scale(low=ticks[0], high=ticks[-1], start=HEIGHT - BOTTOM, end=TOP)
    decimals = tick_decimals(ticks)
    return LineChart(
        lines=[_line(one, across, up, decimals) for one in series],
        context=[_line(one, across, up, decimals) for one in context],
        x_ticks=[Tick(at=across.at(x), text=text) for x, text in _thinned(x_labels)],
        y_ticks=[Tick(at=up.at(y), text=f"{y:.{decimals}f}") for y in ticks],
    )


def _line(series: Series, across: Scale, up: Scale, decimals: int) -> Line:
    steps: list[str] = []
    dots: list[tuple[float, float]] = []
    pen_down = False
    for x, y in series.points:
        if y is None:
            pen_down = False
            continue
        steps.append(f"{'L' if pen_down else 'M'}{across.at(x):g} {up.at(y):g}")
        dots.append((across.at(x), up.at(y)))
        pen_down = True
    return Line(
        name=series.name,
        style=series.style,
        path="".join(steps),
        dots=dots if len(dots) <= FEW_POINTS else [],
        course=_course([y for _, y in series.points if y is not None], decimals),
    )


def _course(values: Sequence[float], decimals: int) -> str:
    if len(values) < 2:
        return f"{values[0]:.{decimals}f}" if values else ""
    return f"from {values[0]:.{decimals}f} to {values[-1]:.{decimals}f}"


def _thinned(labels: Sequence[tuple[float, str]]) -> Sequence[tuple[float, str]]:
    """Every n-th label, so that at most `X_LABELS` stay."""
    return labels[:: max(1, -(-len(labels) // X_LABELS))]
