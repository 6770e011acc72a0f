"""From figures to coordinates, and the round numbers an axis is marked with."""

from __future__ import annotations

import math
from dataclasses import dataclass

STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A straight line from [low, high] to [start, end]; a range of no width maps to the middle."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        if self.high == self.low:
            return round((self.start + self.end) / 2, 2)
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)


def round_ticks(low: float, high: float, *, about: int = 5) -> list[float]:
    """Round numbers that span [low, high]: the first is at most `low`, the last at least `high`."""
    if high <= low:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / max(1, about - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * step for step in STEPS if power * step >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * i, 10) for i in range(first, last + 1)]


def tick_decimals(ticks: list[float]) -> int:
    """Decimals that tell neighbouring ticks apart, at most 3."""
    step = ticks[1] - ticks[0]
    return next((n for n in range(3) if abs(round(step, n) - step) < 1e-9), 3)
