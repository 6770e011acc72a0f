"""What bookmakers say of a prop, beside what we say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

from matches.models import Availability
from predictions.basketball.market import consensus
from predictions.basketball.recommending import Offer, Recommendation, Said, recommendation
from predictions.reading.props.statements import PropStatement


@dataclass(frozen=True, kw_only=True)
class MarketWord:
    """The consensus line; without the margin, and where it is our line too, the chance of over and the best prices."""

    line: float
    over: float | None
    best_over: float | None
    best_under: float | None
    books: int


def market_words(said: Sequence[PropStatement]) -> Mapping[tuple[int, int], MarketWord]:
    """By match and player what the bookmakers say of the statements' one statistic."""
    keys = [(statement.match_id or 0, statement.player_id) for statement in said]
    if not keys:
        return {}
    quoted = consensus(keys, said[0].statistic)
    found = {}
    for place, (key, statement) in enumerate(zip(keys, said, strict=True)):
        line = _known(quoted.line[place])
        if line is None:
            continue
        at_ours = line == statement.line
        found[key] = MarketWord(
            line=line,
            over=_known(quoted.over[place]) if at_ours else None,
            best_over=_known(quoted.best_over[place]) if at_ours else None,
            best_under=_known(quoted.best_under[place]) if at_ours else None,
            books=int(quoted.books[place]),
        )
    return found


def advice_on(
    statement: PropStatement, market: MarketWord | None, report: Availability | None
) -> Recommendation | None:
    """What to do at the best prices at our line: mostly nothing. None where there are no prices."""
    if market is None or (market.best_over is None and market.best_under is None):
        return None
    said = Said(
        over=statement.over,
        push=statement.push,
        under=statement.under,
        market_over=market.over,
        games=int(statement.prediction.features.get("games", 0)),
        status=report.status if report else "",
    )
    return recommendation(said, Offer(over=market.best_over, under=market.best_under))


def _known(value: float) -> float | None:
    return None if isnan(value) else float(value)
