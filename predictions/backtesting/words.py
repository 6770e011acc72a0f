"""What figures mean, in sentences: noise is called noise, and what looks too good is doubted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from predictions.backtesting.figures import EVEN_PRICES

SUSPICIOUS_WIN_RATE = 0.60
SUSPICIOUS_YIELD = 0.10
FEWEST_EVEN_BETS = 100
FEWEST_BETS = 500
"""From so many on, a suspicious figure is an alert and not a sentence alone."""

Figures = Mapping[str, Any]


def verdict(found: Figures) -> str:
    """Whether the strategy made money, and whether that is more than noise."""
    roi = found["roi"]
    if not found["bets"] or roi is None:
        return "No offer was taken: there is nothing to judge."
    if found["ruined"]:
        return f"Ruin: less than 1 % of the bankroll was left after {found['bets']} bets."
    if not found["win_rate"]:
        return f"Bets: {found['bets']}, and every stake came back."
    if roi["low"] is None and found["win_rate"]["value"] in (0, 1):
        came = "won" if found["win_rate"]["value"] else "lost"
        return f"Bets: {found['bets']}, all of them {came}. That alone does not tell luck from skill."
    if roi["low"] is None:
        return f"{_percent(roi['value'])} of the bankroll in {roi['blocks']} weeks: too few to say anything."
    interval = f"95 % interval {_percent(roi['low'])} to {_percent(roi['high'])}"
    if roi["low"] > 0:
        return f"A gain of {_percent(roi['value'])} of the bankroll ({interval}): more than noise explains here."
    if roi["high"] < 0:
        return f"A loss of {_percent(-roi['value'])} of the bankroll ({interval}): more than bad luck explains."
    kind = "gain" if roi["value"] > 0 else "loss" if roi["value"] < 0 else "result"
    return f"A {kind} of {_percent(abs(roi['value']))} of the bankroll is noise: its {interval} covers zero."


def closing_line(found: Figures) -> str:
    """What the closing line says of the prices taken."""
    value = found["closing_line_value"]
    if value is None:
        return ""
    if value["low"] is None or value["low"] <= 0 <= value["high"]:
        return "The prices taken were neither better nor worse than the closing line, as far as one can tell."
    if value["value"] > 0:
        better = f"The prices taken were {_percent(value['value'])} better than the closing line"
        if found["roi"] and found["roi"]["high"] is not None and found["roi"]["high"] < 0:
            return f"{better}, and yet the bets lost: do not take the one for skill without the other."
        return f"{better}: the best sign of skill that there is."
    return "The prices taken were worse than the closing line: over time such bets lose."


def is_too_good(found: Figures) -> bool:
    """Whether a leak is likelier than skill: over 500 bets or more, above 10 % of the turnover or 60 % of hits.

    Hits count where prices are about even or longer: on favourites, more than 60 % are as it should be.
    """
    if found["bets"] < FEWEST_BETS or not found["yield"] or not found["win_rate"]:
        return False
    return bool(found["yield"]["value"] > SUSPICIOUS_YIELD or _hits_too_often(found))


def _hits_too_often(found: Figures) -> bool:
    is_even = found["mean_price"] >= EVEN_PRICES[0]
    return bool(is_even and found["win_rate"]["value"] > SUSPICIOUS_WIN_RATE)


def warnings(found: Figures) -> list[str]:
    """What is too good to be true."""
    told = []
    even = found["even_prices"]
    if even["bets"] >= FEWEST_EVEN_BETS and even["win_rate"] > SUSPICIOUS_WIN_RATE:
        told.append(
            f"Too good to be true: {_percent(even['win_rate'])} of {even['bets']} bets at prices of about 2 were won. "
            "Look for leakage: does a feature know the result?"
        )
    elif is_too_good(found) and _hits_too_often(found):
        told.append(
            f"Too good to be true: {_percent(found['win_rate']['value'])} of {found['bets']} bets at a mean price of "
            f"{found['mean_price']:.2f} were won. Look for leakage: does a feature know the result?"
        )
    gained = found["yield"]
    if found["bets"] >= FEWEST_BETS and gained and gained["value"] > SUSPICIOUS_YIELD:
        told.append(
            f"Too good to be true: {_percent(gained['value'])} of the turnover was won over {found['bets']} bets. "
            "Look for leakage: does a feature know the result, or a price come from after the event?"
        )
    return told


def hindsight(result: Figures) -> str:
    """That hyper-parameters were searched for on rows of the backtest's own period; empty where they were not."""
    searched = result.get("searched_on")
    if not searched:
        return ""
    first, last = (datetime.fromisoformat(searched[name]) for name in ("first", "last"))
    return (
        f"The hyper-parameters are those of {searched['version']}, which were searched for on rows of "
        f"{first:%-d %B %Y} to {last:%-d %B %Y}. Some of them are bet on here: with such hindsight, figures flatter."
    )


def told(found: Figures) -> dict[str, Any]:
    """All sentences on one strategy."""
    return {"verdict": verdict(found), "closing_line": closing_line(found), "warnings": warnings(found)}


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f} %".replace("-", "\N{MINUS SIGN}")
