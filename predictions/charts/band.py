"""A running figure with the band that it is known to lie in, against zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from predictions.charts.lines import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Tick
from predictions.charts.scale import Scale, round_ticks

MOST_POINTS = 200
FIRST_SHARE = 0.05
"""The first events are left out: their band is so wide that nothing else could be seen."""


@dataclass(frozen=True, kw_only=True)
class BandPoint:
    """The figure after x observations, and its band."""

    x: float
    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class BandChart:
    """Paths in a box `width` by `height`, whose plot spans left..right and top..bottom; `zero` is the height of 0."""

    line: str
    band: str
    zero: float
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    in_words: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def band_chart(points: Sequence[BandPoint]) -> BandChart | None:
    """None for fewer than two points."""
    if len(points) < 2:
        return None
    shown = _thinned(points[min(len(points) - 2, round(FIRST_SHARE * len(points))) :])
    ticks = round_ticks(min(0.0, *(p.low for p in shown)), max(0.0, *(p.high for p in shown)), about=6)
    across = Scale(low=shown[0].x, high=shown[-1].x, start=LEFT + 6, end=WIDTH - RIGHT - 6)
    up = Scale(low=ticks[0], high=ticks[-1], start=HEIGHT - BOTTOM, end=TOP)
    above = [f"{across.at(p.x):g} {up.at(p.high):g}" for p in shown]
    below = [f"{across.at(p.x):g} {up.at(p.low):g}" for p in reversed(shown)]
    last = shown[-1]
    return BandChart(
        line="M" + "L".join(f"{across.at(p.x):g} {up.at(p.value):g}" for p in shown),
        band="M" + "L".join([*above, *below]) + "Z",
        zero=up.at(0.0),
        x_ticks=[Tick(at=across.at(x), text=f"{x:,.0f}") for x in _marks(shown[0].x, last.x)],
        y_ticks=[Tick(at=up.at(y), text=f"{y:+.3f}".replace("-", "−") if y else "0") for y in ticks],
        in_words=f"After {last.x:,.0f}: {last.value:+.4f}, between {last.low:+.4f} and {last.high:+.4f}.",
    )


def _thinned(points: Sequence[BandPoint]) -> list[BandPoint]:
    step = max(1, len(points) // MOST_POINTS)
    return [*points[:-1:step], points[-1]]


def _marks(first: float, last: float) -> list[float]:
    return [x for x in round_ticks(first, last, about=5) if first <= x <= last and x == int(x)]
