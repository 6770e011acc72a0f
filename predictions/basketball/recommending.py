"""Whether a bet on a player is worth making: seldom. What a model says beyond the market is mostly its own error."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices

from matches.models import Availability
from predictions.devig import power

KEPT = 0.05
"""How much of what a model says beyond the market is believed; chosen on 2023-24 before January, by log loss."""

MARGIN = 0.02
"""Expected value, a unit, that a bet must exceed after that."""

KELLY = 0.25
MOST = 0.02
"""Share of Kelly's stake that is recommended, and the most of a bankroll on one bet."""

USUAL_HOLD = 0.06
"""The margin taken out of a price that comes without the other side's."""

FEWEST_GAMES = 3
NOT_PLAYING = (Availability.Status.OUT, Availability.Status.DOUBTFUL)


class Side(TextChoices):
    OVER = "OVER", "Over"
    UNDER = "UNDER", "Under"
    PASS = "PASS", "Pass"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Decimal odds on over and under, None where not given."""

    over: float | None = None
    under: float | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a forecast says at the line. market_over: the consensus' probability of over, None where there is none."""

    over: float
    push: float
    under: float
    market_over: float | None = None
    games: int = FEWEST_GAMES
    status: str = ""


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """expected_value: of one unit on the better side after the pull to the market, None without a price.

    stake: share of the bankroll, 0 where the advice is to pass. reasons: sentences.
    """

    side: Side
    expected_value: float | None
    stake: float
    reasons: tuple[str, ...]


def recommendation(said: Said, offer: Offer) -> Recommendation:
    """OVER or UNDER where a bet promises more than `MARGIN` after the pull to the market, else PASS."""
    sides = _expected(said, offer)
    if not sides:
        return Recommendation(side=Side.PASS, expected_value=None, stake=0.0, reasons=("No price was given.",))
    best = max(sides, key=lambda side: sides[side][0])
    value, likely, price = sides[best]
    reasons = _objections(said)
    if value <= MARGIN:
        reasons += (f"After the pull to the market a unit is worth {value:+.1%}: a bet asks for {MARGIN:.0%}.",)
    if reasons:
        return Recommendation(side=Side.PASS, expected_value=value, stake=0.0, reasons=reasons)
    stake = min(MOST, KELLY * (likely * price - 1) / (price - 1))
    told = f"After the pull to the market a unit on {best.label.lower()} is worth {value:+.1%}."
    return Recommendation(side=best, expected_value=value, stake=stake, reasons=(told,))


def _objections(said: Said) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    if said.status in NOT_PLAYING:
        found += (f"He is reported {Availability.Status(said.status).label.lower()}.",)
    if said.games < FEWEST_GAMES:
        found += (f"Only {said.games} of his games are known: {FEWEST_GAMES} are asked for.",)
    return found


def _expected(said: Said, offer: Offer) -> dict[Side, tuple[float, float, float]]:
    """By side with a price: expected value, probability given no push, price."""
    decided = said.over + said.under
    if not decided > 0:
        return {}
    market = market_over(offer) if said.market_over is None else said.market_over
    if market is None:
        return {}
    over = market + KEPT * (said.over / decided - market)
    likely = {Side.OVER: (over, offer.over), Side.UNDER: (1 - over, offer.under)}
    return {side: (decided * (p * price - 1), p, price) for side, (p, price) in likely.items() if price is not None}


def market_over(offer: Offer) -> float | None:
    """The probability of over behind the prices themselves, without the margin; None without a price."""
    if offer.over is not None and offer.under is not None:
        return float(power([[offer.over, offer.under]])[0, 0])
    if offer.over is not None:
        return 1 / offer.over / (1 + USUAL_HOLD)
    if offer.under is not None:
        return 1 - 1 / offer.under / (1 + USUAL_HOLD)
    return None
