"""What of an algorithm a search may vary, declared as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Value = float | int | str | bool


class Scale(StrEnum):
    FLOAT = "float"
    INT = "int"
    CATEGORICAL = "categorical"


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One hyper-parameter: a range, or a few choices. `usual` is what it is where nobody tunes, and is tried first."""

    name: str
    scale: Scale
    usual: Value
    low: float | int = 0
    high: float | int = 0
    log: bool = False
    choices: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        if self.scale == Scale.CATEGORICAL:
            fits = self.usual in self.choices and len(self.choices) > 1
        else:
            numeric = not isinstance(self.usual, str | bool)
            fits = numeric and self.low < self.high and self.low <= float(self.usual) <= self.high
            fits = fits and (not self.log or self.low > 0) and math.isfinite(float(self.high))
        if not fits:
            raise ValueError(f"The range of {self.name} is empty, or {self.usual!r} lies outside it.")

    def to_json(self) -> dict[str, Any]:
        described: dict[str, Any] = {"name": self.name, "scale": self.scale.value, "usual": self.usual}
        if self.scale == Scale.CATEGORICAL:
            return {**described, "choices": list(self.choices)}
        return {**described, "low": self.low, "high": self.high, "log": self.log}


def real(name: str, low: float, high: float, *, usual: float, log: bool = False) -> Dimension:
    """Any number from `low` to `high`; with `log` its order of magnitude is what is searched."""
    return Dimension(name=name, scale=Scale.FLOAT, low=low, high=high, usual=usual, log=log)


def whole(name: str, low: int, high: int, *, usual: int, log: bool = False) -> Dimension:
    """Any whole number from `low` to `high`, both included."""
    return Dimension(name=name, scale=Scale.INT, low=low, high=high, usual=usual, log=log)


def one_of(name: str, choices: Sequence[Value], *, usual: Value) -> Dimension:
    return Dimension(name=name, scale=Scale.CATEGORICAL, choices=tuple(choices), usual=usual)
