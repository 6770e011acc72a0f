"""Strategies by name: which offers are taken, and how much is put on them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db.models import TextChoices

from predictions.errors import InvalidBacktest

MOST_AT_ONCE = 8
"""Strategies in one backtest: more lines than that no chart shows apart."""


class Pick(TextChoices):
    VALUE = "value", "Value"
    CONFIDENCE = "confidence", "Confidence"
    UNDERDOG = "underdog", "Underdog"


class Stake(TextChoices):
    FLAT = "flat", "flat stakes"
    KELLY = "kelly", "Kelly stakes"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    low: float
    high: float
    low_is_allowed: bool = False
    words: str = ""

    def refuse(self, name: str, value: Any) -> None:
        """Raises InvalidBacktest for what is no number between the bounds."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if is_number and (self.low < value <= self.high or (self.low_is_allowed and value == self.low)):
            return
        least = f"at least {self.low:g}" if self.low_is_allowed else f"above {self.low:g}"
        raise InvalidBacktest(f"{name} ({self.words}) is {least} and at most {self.high:g}, not {value}.")


PARAMETERS: Mapping[str, Bounds] = {
    "margin": Bounds(low=0, high=1, low_is_allowed=True, words="expected value that a bet must exceed, per unit"),
    "threshold": Bounds(low=0, high=0.99, words="probability that a favourite must exceed"),
    "odds": Bounds(low=1, high=1000, low_is_allowed=True, words="lowest price taken"),
    "unit": Bounds(low=0, high=1, words="flat stake, as a share of the starting bankroll"),
    "fraction": Bounds(low=0, high=1, words="share of the Kelly stake"),
    "cap": Bounds(low=0, high=1, words="most on one bet, as a share of the bankroll"),
}


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """One way to bet. Raises InvalidBacktest for parameters out of bounds.

    pick: `value` takes every offer whose expected value exceeds `margin`; `confidence` the model's favourite where its
    probability exceeds `threshold`, whatever it is worth; `underdog` value on the sides that the market gives less
    than an even share. No price below `odds` is taken. stake: `flat` is `unit` of the starting bankroll; `kelly` is
    `fraction` of what maximises the logarithm of the bankroll. No bet is above `cap` of the bankroll.
    """

    pick: Pick = Pick.VALUE
    stake: Stake = Stake.FLAT
    margin: float = 0.0
    threshold: float = 0.6
    odds: float = 1.0
    unit: float = 0.01
    fraction: float = 1.0
    cap: float = 1.0

    def __post_init__(self) -> None:
        for name, bounds in PARAMETERS.items():
            bounds.refuse(name, getattr(self, name))

    @property
    def name(self) -> str:
        """What finds it again: `value`, or `value:stake=kelly,fraction=0.3` where no preset is alike."""
        for name, (preset, _) in PRESETS.items():
            if preset == self:
                return name
        usual = Strategy(pick=self.pick)
        changed = [
            f"{each.name}={_written(getattr(self, each.name))}"
            for each in fields(self)
            if each.name != "pick" and getattr(self, each.name) != getattr(usual, each.name)
        ]
        return f"{self.pick.value}:{','.join(changed)}" if changed else self.pick.value

    @property
    def title(self) -> str:
        """ "Value, quarter Kelly", or in more words where no preset is alike."""
        for preset, title in PRESETS.values():
            if preset == self:
                return title
        return ", ".join(filter(None, [self.pick.label, *self._rules(), self._staking()]))

    def _rules(self) -> Iterable[str]:
        if self.pick == Pick.CONFIDENCE:
            yield f"above {self.threshold:.0%}"
        elif self.margin:
            yield f"EV above {self.margin:.1%}"
        if self.odds > 1:
            yield f"prices from {self.odds:g}"

    def _staking(self) -> str:
        is_flat = self.stake == Stake.FLAT
        staked = f"flat {self.unit:.1%} of the start" if is_flat else f"{self.fraction:.2g} of Kelly's stake"
        return f"{staked}, at most {self.cap:.0%} a bet" if self.cap < 1 else staked


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


_KELLY = Strategy(stake=Stake.KELLY)

PRESETS: Mapping[str, tuple[Strategy, str]] = {
    "value": (Strategy(), "Value, flat stakes"),
    "value-5": (Strategy(margin=0.05), "Value above 5 %, flat stakes"),
    "confidence": (Strategy(pick=Pick.CONFIDENCE), "Confidence above 60 %, flat stakes"),
    "underdog": (Strategy(pick=Pick.UNDERDOG), "Underdogs of value, flat stakes"),
    "kelly": (_KELLY, "Value, full Kelly"),
    "kelly-half": (replace(_KELLY, fraction=0.5), "Value, half Kelly"),
    "kelly-quarter": (replace(_KELLY, fraction=0.25), "Value, quarter Kelly"),
    "kelly-capped": (replace(_KELLY, cap=0.02), "Value, Kelly up to 2 % a bet"),
}
USUAL = ("value", "kelly-quarter")


def parse(text: str) -> Strategy:
    """`kelly-quarter`, or `value:margin=0.05,stake=kelly,fraction=0.3`: a preset with parameters of one's own.

    Raises InvalidBacktest for an unknown name or parameter, or a value that makes no sense.
    """
    name, _, rest = str(text).strip().partition(":")
    if name not in PRESETS:
        raise InvalidBacktest(f"There is no strategy {name!r}: known are {', '.join(PRESETS)}.")
    changes = dict(_assignment(part) for part in rest.split(",") if part.strip())
    return replace(PRESETS[name][0], **changes)


def parse_all(texts: Iterable[str]) -> tuple[Strategy, ...]:
    """One or more strategies, each once, in their order. Raises InvalidBacktest."""
    found = tuple(dict.fromkeys(map(parse, texts)))
    if not found:
        raise InvalidBacktest(f"Choose at least one strategy: known are {', '.join(PRESETS)}.")
    if len(found) > MOST_AT_ONCE:
        raise InvalidBacktest(f"Choose at most {MOST_AT_ONCE} strategies at once; these are {len(found)}.")
    return found


def _assignment(text: str) -> tuple[str, Any]:
    name, separator, value = (part.strip() for part in text.partition("="))
    if not separator or (name not in PARAMETERS and name != "stake"):
        known = ", ".join(["stake", *PARAMETERS])
        raise InvalidBacktest(f"{text.strip()!r} is no parameter of a strategy: write NAME=VALUE, of {known}.")
    if name == "stake":
        if value not in Stake.values:
            raise InvalidBacktest(f"stake is one of {', '.join(Stake.values)}, not {value!r}.")
        return name, Stake(value)
    try:
        return name, float(value)
    except ValueError:
        raise InvalidBacktest(f"{name} is a number, not {value!r}.") from None
