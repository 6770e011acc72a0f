"""A radar of categories: how far from the rank's average, with the interval as a band."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 560, 430
CENTRE_X, CENTRE_Y = WIDTH / 2, HEIGHT / 2
RADIUS = 150.0
FARTHEST = 2.0
"""Standard deviations from the average to the rim and to the centre."""
RINGS = (-1.0, 0.0, 1.0, 2.0)
AWAY = 20.0
"""From the rim to the names."""


@dataclass(frozen=True, kw_only=True)
class Spoke:
    """One category: its axis from the centre to (x, y), its dot, and where its name stands."""

    name: str
    told: str
    """Under the name, such as `34th percentile`."""
    x: float
    y: float
    dot_x: float
    dot_y: float
    text_x: float
    text_y: float
    anchor: str
    is_weakest: bool


@dataclass(frozen=True, kw_only=True)
class Ring:
    points: str
    is_average: bool
    label: str
    label_y: float


@dataclass(frozen=True, kw_only=True)
class Radar:
    """`shape` and `band` are SVG: the polygon of scores, and the area between the intervals' ends (even-odd)."""

    spokes: tuple[Spoke, ...]
    rings: tuple[Ring, ...]
    shape: str
    band: str
    width: int = WIDTH
    height: int = HEIGHT
    centre_x: float = CENTRE_X
    centre_y: float = CENTRE_Y


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a radar draws of one category; scores in standard deviations, 0 the rank's average."""

    title: str
    told: str
    score: float
    low: float
    high: float


def radar(standings: Sequence[Standing], *, weakest: str = "") -> Radar | None:
    """A radar of at least three categories, the first at the top, clockwise; None of fewer."""
    if len(standings) < 3:
        return None
    angles = [2 * math.pi * place / len(standings) - math.pi / 2 for place in range(len(standings))]
    placed = list(zip(standings, angles, strict=True))
    low = [_point(standing.low, angle) for standing, angle in placed]
    high = [_point(standing.high, angle) for standing, angle in placed]
    return Radar(
        spokes=tuple(_spoke(standing, angle, is_weakest=standing.title == weakest) for standing, angle in placed),
        rings=tuple(_ring(at, angles) for at in RINGS),
        shape=_polygon([_point(standing.score, angle) for standing, angle in placed]),
        band=f"M{_path(high)}Z M{_path(low)}Z",
    )


def _point(score: float, angle: float) -> tuple[float, float]:
    share = (min(max(score, -FARTHEST), FARTHEST) + FARTHEST) / (2 * FARTHEST)
    return _at(RADIUS * share, angle)


def _at(length: float, angle: float) -> tuple[float, float]:
    return round(CENTRE_X + length * math.cos(angle), 1), round(CENTRE_Y + length * math.sin(angle), 1)


def _spoke(standing: Standing, angle: float, *, is_weakest: bool) -> Spoke:
    x, y = _at(RADIUS, angle)
    dot_x, dot_y = _point(standing.score, angle)
    text_x, text_y = _at(RADIUS + AWAY, angle)
    side = math.cos(angle)
    return Spoke(
        name=standing.title,
        told=standing.told,
        x=x,
        y=y,
        dot_x=dot_x,
        dot_y=dot_y,
        text_x=text_x,
        text_y=round(text_y + 8 * math.sin(angle), 1),
        anchor="middle" if abs(side) < 0.2 else "start" if side > 0 else "end",
        is_weakest=is_weakest,
    )


def _ring(at: float, angles: Sequence[float]) -> Ring:
    corners = [_point(at, angle) for angle in angles]
    return Ring(points=_polygon(corners), is_average=at == 0, label=RING_LABELS[at], label_y=corners[0][1])


RING_LABELS: Mapping[float, str] = {-1.0: "", 0.0: "average", 1.0: "+1", 2.0: "+2"}


def _polygon(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x} {y}" for x, y in points)
