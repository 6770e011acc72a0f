"""What could have been bet at on player props: the books' last prices at the line of each row of a data set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from matches.models import Match, Player, Statistic
from mlmodels.problem import Offers
from predictions.basketball.market import fair_over
from predictions.basketball.market_quotes import AT_ONCE, Key, Quotes, clean_quotes, longest, of_places

if TYPE_CHECKING:
    import pandas as pd

BOOKMAKERS: Mapping[str, str] = {
    "BETMGM": "BetMGM",
    "BETONLINE": "BetOnline.ag",
    "BETRIVERS": "BetRivers",
    "BARSTOOL": "Barstool Sportsbook",
    "BOVADA": "Bovada",
    "CAESARS": "Caesars",
    "DRAFTKINGS": "DraftKings",
    "FANDUEL": "FanDuel",
    "POINTSBET": "PointsBet (US)",
    "UNIBET": "Unibet",
    "CHIMERA": "Chimera Bets",
    "MIRAGE": "Mirage Sports",
}
"""Names that quotes carry, by the code that backtests take; the last two are those of simulated leagues."""

NEVER = np.datetime64("NaT", "us")


def offers(frame: pd.DataFrame, statistic: str, *, book: str = "") -> Offers:
    """Prices (n, 3) of over, push and under at the rows' own lines: at `book`, or at the best of all; a push has none.

    Quotes are the books' last, so the closing line is their own consensus: it says how a price stands to the others'.
    """
    keys = list(zip(frame["match"].tolist(), frame["player"].tolist(), strict=True))
    line = frame["line"].to_numpy(dtype=float)
    quotes = clean_quotes(keys, statistic)
    at_line = quotes.only(quotes.line == line[quotes.row])
    sold = at_line.only(at_line.book == BOOKMAKERS.get(book, book)) if book else at_line
    places = [longest(sold.row, price, len(line)) for price in (sold.over, sold.under)]
    over = fair_over(quotes, line)
    return Offers(
        prices=_sides([of_places(sold.over, places[0]), of_places(sold.under, places[1])]),
        books=_sides([of_places(sold.book, place, "") for place in places], ""),
        closing_prices=_sides([_mean(at_line, price, len(line)) for price in (at_line.over, at_line.under)]),
        closing_probabilities=np.column_stack([over, np.where(np.isnan(over), np.nan, 0.0), 1 - over]),
        subjects=_subjects(keys, line, statistic),
        quoted_at=_sides([of_places(sold.quoted_at, place, NEVER) for place in places], NEVER),
        holds=_sides([of_places(sold.hold, place) for place in places]),
        dropped=quotes.dropped,
    )


def _sides(columns: Sequence[NDArray[Any]], missing: Any = np.nan) -> NDArray[Any]:
    """(n, 3) of what is said of over and of under; a push is offered by nobody."""
    over, under = columns
    return np.column_stack([over, np.full(len(over), missing, dtype=over.dtype), under])


def _mean(quotes: Quotes, price: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    known = np.isfinite(price)
    count = np.bincount(quotes.row[known], minlength=n)
    total = np.bincount(quotes.row[known], weights=price[known], minlength=n)
    return np.asarray(np.divide(total, count, out=np.full(n, np.nan), where=count > 0))


def _subjects(keys: Sequence[Key], line: NDArray[np.float64], statistic: str) -> list[str]:
    """ "Anthony Davis, points 24.5, Lakers – Nuggets" for each row."""
    matches = dict(_named(Match, {match for match, _ in keys}, "home__name", "away__name"))
    players = dict(_named(Player, {player for _, player in keys}, "name"))
    title = Statistic(statistic).label.lower()
    return [
        f"{players.get(player, '?')}, {title} {at:g}, {matches.get(match, '')}"
        for (match, player), at in zip(keys, line.tolist(), strict=True)
    ]


def _named(model: Any, ids: set[int], *names: str) -> Iterator[tuple[int, str]]:
    listed = sorted(ids)
    for start in range(0, len(listed), AT_ONCE):
        rows = model.objects.filter(pk__in=listed[start : start + AT_ONCE]).values_list("pk", *names)
        yield from ((pk, " \N{EN DASH} ".join(found)) for pk, *found in rows)
