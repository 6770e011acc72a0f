"""How sure an average or a frequency is: 95 % intervals."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959964
"""The 97.5 % quantile of the normal distribution."""


@dataclass(frozen=True, kw_only=True)
class Mean:
    """A mean of `count` values and its 95 % interval; the bounds are None for fewer than two values."""

    value: float
    low: float | None
    high: float | None
    count: int

    @property
    def is_noise(self) -> bool:
        """Whether the interval covers zero, or can't be told."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high

    @classmethod
    def of(cls, mean: float | None, mean_square: float | None, count: int) -> Mean | None:
        """From the means of the values and of their squares, by the normal approximation; None without values.

        Squares, because every database can average them: SQLite has no standard deviation that passes over NULL.
        """
        if mean is None or mean_square is None or not count:
            return None
        if count < 2:
            return cls(value=mean, low=None, high=None, count=count)
        variance = max(0.0, mean_square - mean * mean) * count / (count - 1)
        reach = Z95 * sqrt(variance / count)
        return cls(value=mean, low=mean - reach, high=mean + reach, count=count)


def wilson(hits: float, count: int) -> tuple[float, float]:
    """The 95 % score interval of a frequency, within 0..1; (0, 1) of nothing.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.
    """
    if not count:
        return 0.0, 1.0
    share, z2 = hits / count, Z95 * Z95
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    reach = Z95 * sqrt(share * (1 - share) / count + z2 / (4 * count * count)) / (1 + z2 / count)
    return max(0.0, centre - reach), min(1.0, centre + reach)
