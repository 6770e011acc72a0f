"""One category over matches: a dot a match, the line through them with its band, and the rank's average."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mlmodels.drawing.scale import Scale

WIDTH, HEIGHT = 280, 96
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 8, 8
FARTHEST = 3.0
"""Standard deviations to the upper and lower edge."""


@dataclass(frozen=True, kw_only=True)
class TrendChart:
    """`line` and `band` are empty where there are too few matches for a line."""

    dots: tuple[tuple[float, float], ...]
    line: tuple[float, float, float, float] | None
    band: str
    average_y: float
    width: int = WIDTH
    height: int = HEIGHT


def trend_chart(scores: Sequence[float]) -> TrendChart:
    """scores: of matches, the oldest first, in standard deviations of the rank; NaN where a match tells none."""
    known = [(place, score) for place, score in enumerate(scores) if math.isfinite(score)]
    across = Scale(low=0, high=max(len(scores) - 1, 1), start=LEFT, end=WIDTH - RIGHT)
    up = Scale(low=-FARTHEST, high=FARTHEST, start=HEIGHT - BOTTOM, end=TOP)
    fit = _fit(known)
    return TrendChart(
        dots=tuple((across.at(place), up.at(_within(score))) for place, score in known),
        line=_line(fit, known, across, up) if fit else None,
        band=_band(fit, known, across, up) if fit else "",
        average_y=up.at(0),
    )


@dataclass(frozen=True)
class _Fit:
    """Least squares of score on place: mean, slope, and what the half width of the line's 95 % band is made of."""

    centre: float
    mean: float
    slope: float
    spread: float
    """Σ (place - centre)²."""
    n: int
    half: float
    """t times the residual deviation."""

    def at(self, place: float) -> float:
        return self.mean + self.slope * (place - self.centre)

    def half_width(self, place: float) -> float:
        return self.half * math.sqrt(1 / self.n + (place - self.centre) ** 2 / self.spread)


FEWEST = 8
"""As of the analysis: with fewer matches there is no trend to draw."""


def _fit(known: Sequence[tuple[int, float]]) -> _Fit | None:
    if len(known) < FEWEST:
        return None
    from scipy.stats import t

    n = len(known)
    centre = sum(place for place, _ in known) / n
    mean = sum(score for _, score in known) / n
    spread = sum((place - centre) ** 2 for place, _ in known)
    slope = sum((place - centre) * (score - mean) for place, score in known) / spread
    residual = sum((score - mean - slope * (place - centre)) ** 2 for place, score in known)
    half = float(t.ppf(0.975, n - 2)) * math.sqrt(residual / (n - 2))
    return _Fit(centre, mean, slope, spread, n, half)


def _line(fit: _Fit, known: Sequence[tuple[int, float]], across: Scale, up: Scale) -> tuple[float, float, float, float]:
    first, last = known[0][0], known[-1][0]
    return across.at(first), up.at(_within(fit.at(first))), across.at(last), up.at(_within(fit.at(last)))


def _band(fit: _Fit, known: Sequence[tuple[int, float]], across: Scale, up: Scale) -> str:
    places = [place for place, _ in known]
    upper = [f"{across.at(p)} {up.at(_within(fit.at(p) + fit.half_width(p)))}" for p in places]
    lower = [f"{across.at(p)} {up.at(_within(fit.at(p) - fit.half_width(p)))}" for p in reversed(places)]
    return f"M{'L'.join([*upper, *lower])}Z"


def _within(score: float) -> float:
    return min(max(score, -FARTHEST), FARTHEST)
