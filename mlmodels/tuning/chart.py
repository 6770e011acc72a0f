"""The course of a search as SVG coordinates: each trial a dot, and the best so far as a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlmodels.models import TuningTrial

WIDTH, HEIGHT = 560.0, 280.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 18.0, 14.0, 38.0
TICKS = 4


@dataclass(frozen=True, kw_only=True)
class Mark:
    x: float
    y: float
    title: str
    style: str


@dataclass(frozen=True, kw_only=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, kw_only=True)
class TrialsChart:
    """Coordinates in a box `width` by `height`, whose plot spans left..right and top..bottom."""

    marks: tuple[Mark, ...]
    path: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM


def trials_chart(trials: Sequence[TuningTrial], *, lower_is_better: bool) -> TrialsChart | None:
    """None with fewer than two completed trials. Trials broken off are drawn on the worse edge: what they
    measured is of fewer rows, and can't be held against the others.

    trials: in order of their number.
    """
    complete = [trial for trial in trials if trial.state == TuningTrial.State.COMPLETE and trial.value is not None]
    if len(complete) < 2:
        return None
    values = [trial.value or 0.0 for trial in complete]
    margin = (max(values) - min(values)) * 0.05 or 1e-4
    low, high = min(values) - margin, max(values) + margin
    worst = high if lower_is_better else low
    last = max(trial.number for trial in trials) or 1

    def across(number: float) -> float:
        return round(LEFT + 8 + (WIDTH - LEFT - RIGHT - 16) * number / last, 1)

    def up(value: float) -> float:
        share = (value - low) / (high - low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    return TrialsChart(
        marks=tuple(
            Mark(
                x=across(trial.number),
                y=up(trial.value if trial.state == TuningTrial.State.COMPLETE else worst),
                title=f"Trial {trial.number}: {trial.value:.4f}, {trial.get_state_display().lower()}",
                style="s1" if trial.state == TuningTrial.State.COMPLETE else "s6",
            )
            for trial in trials
            if trial.value is not None and trial.state in TuningTrial.FINISHED
        ),
        path=_steps([(across(trial.number), trial.value or 0.0) for trial in complete], up, lower_is_better),
        x_ticks=tuple(Tick(at=across(number), text=str(number)) for number in _numbers(last)),
        y_ticks=tuple(
            Tick(at=up(value), text=f"{value:.4f}")
            for value in (low + (high - low) * i / (TICKS - 1) for i in range(TICKS))
        ),
    )


def _steps(points: Sequence[tuple[float, float]], up: Callable[[float], float], lower_is_better: bool) -> str:
    """Level until a trial does better, then straight to its value."""
    best = points[0][1]
    path = f"M{points[0][0]:g} {up(best):g}"
    for x, value in points[1:]:
        path += f"H{x:g}"
        if (value < best) if lower_is_better else (value > best):
            best = value
            path += f"V{up(best):g}"
    return path


def _numbers(last: int) -> list[int]:
    """At most six whole numbers from 0 to the last."""
    step = -(-last // 5)
    return list(range(0, last + 1, max(1, step)))
