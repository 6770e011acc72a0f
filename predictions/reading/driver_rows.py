"""What speaks for whom, as bars and sentences for a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

from matches.models import Match
from mlmodels.explaining import BASELINE, CALIBRATION
from mlmodels.problem import Driver
from predictions.charts.diverging import DivergingBar, diverging_bars
from predictions.drivers import drivers_of, is_explained
from predictions.football.explaining import EVEN, feature_in_words
from predictions.models import Prediction
from predictions.templatetags.percent import percent, signed

HOME, AWAY = "the home side", "the away side"
NOT_KNOWN = "not known"


@dataclass(frozen=True, kw_only=True)
class FeatureRow:
    """One feature of a group: its name in words, what it was, and what it added to the log-odds."""

    words: str
    value: str
    effect: str


@dataclass(frozen=True, kw_only=True)
class DriverRow:
    bar: DivergingBar
    title: str
    says: str
    """What it does to the probabilities; empty where that was not written down."""
    effect: str
    features: list[FeatureRow]


@dataclass(frozen=True, kw_only=True)
class DriverRows:
    """is_explained: whether the effects sum to `log_odds`, those of a home win against an away win."""

    rows: list[DriverRow]
    is_explained: bool
    log_odds: str
    home: str
    away: str


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What drivers speak for: positive effects for the first. `wins`: each side's outcome in a sentence."""

    labels: tuple[str, str]
    names: tuple[str, str]
    wins: tuple[str, str]
    feature_in_words: Callable[[str], str]

    def in_words(self, words: str) -> str:
        """A driver's words with the sides' names where it speaks of hosts and guests."""
        return words.replace(HOME, self.names[0]).replace(AWAY, self.names[1])


def driver_rows(prediction: Prediction, match: Match | None) -> DriverRows | None:
    """None where nothing was written down. The sides are named where the match is known."""
    names = (match.home.name, match.away.name) if match else (HOME, AWAY)
    wins = ("a home win", "an away win")
    sides = Sides(labels=("home", "away"), names=names, wins=wins, feature_in_words=feature_in_words)
    return rows_between(prediction, sides)


def rows_between(prediction: Prediction, sides: Sides) -> DriverRows | None:
    """The same between any two outcomes."""
    drivers = drivers_of(prediction)
    if not drivers:
        return None
    explained = is_explained(drivers)
    bars = diverging_bars([(sides.in_words(driver.words), driver.effect) for driver in drivers])
    rows = [
        DriverRow(
            bar=bar,
            title=bar.words.partition(":")[0] if explained else bar.words,
            says=_says(driver, prediction.probabilities, sides),
            effect=signed(driver.effect, 3),
            features=_feature_rows(driver.features, prediction.features, sides),
        )
        for driver, bar in zip(drivers, bars, strict=True)
    ]
    total = signed(sum(driver.effect for driver in drivers), 3)
    return DriverRows(rows=rows, is_explained=explained, log_odds=total, home=sides.names[0], away=sides.names[1])


def _says(driver: Driver, said: Mapping[str, float], sides: Sides) -> str:
    if driver.group == BASELINE:
        return _odds(driver.effect, sides)
    if not driver.without:
        return ""
    label, name = _told_of(driver, said, sides)
    before, after = driver.without[label], said[label]
    verb = "bolder or milder: moves" if driver.group == CALIBRATION else "moves"
    if abs(after - before) < 0.0005:
        return f"leaves {name} at {percent(after, 1)}"
    return f"{verb} {name} from {percent(before, 1)} to {percent(after, 1)}"


def _told_of(driver: Driver, said: Mapping[str, float], sides: Sides) -> tuple[str, str]:
    """The side it speaks for; the other one where both lose to the draw, and that one loses more."""
    both = list(zip(sides.labels, sides.names, strict=True))
    favoured, other = both if driver.effect > 0 else reversed(both)
    return favoured if said[favoured[0]] >= driver.without[favoured[0]] else other


def _odds(log_odds: float, sides: Sides) -> str:
    """1.4 to 1 for the hosts."""
    favoured, other = sides.wins if log_odds >= 0 else reversed(sides.wins)
    return f"{favoured} is {exp(abs(log_odds)):.1f} times as likely as {other}"


def _feature_rows(features: Mapping[str, float], known: Mapping[str, Any], sides: Sides) -> list[FeatureRow]:
    """The strongest first, down to those that round to nothing; none of a group that is one feature: it says it all."""
    if len(features) < 2:
        return []
    ranked: Sequence[tuple[str, float]] = sorted(features.items(), key=lambda pair: -abs(pair[1]))
    return [
        FeatureRow(words=sides.feature_in_words(name), value=_value(name, known), effect=signed(effect, 3))
        for name, effect in ranked
        if abs(effect) >= EVEN
    ]


def _value(name: str, known: Mapping[str, Any]) -> str:
    if name not in known:
        return ""
    value = known[name]
    return NOT_KNOWN if value is None else f"{value:.4g}".replace("-", "−") if isinstance(value, float) else str(value)
