"""Bookmakers' quotes on players, read and cleaned: the last of each book before the tip-off.

The rules were chosen on 2023-24 before January, on lines of points + rebounds + assists
(docs/models/player-props-market.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import Any

import numpy as np
from django.db.models import F, FloatField, Q
from django.db.models.functions import Cast
from numpy.typing import NDArray

from matches.models import PropLine

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

AT_ONCE = 500
"""Games asked for in one query: databases bound the values that a statement may name."""

UNKNOWN_TIP_OFF = timedelta(hours=4)
"""So long after the usual hour the latest games begin; where only a game's day is known, quotes until then count."""

MIS_PAIRED = ("Unibet", "BetRivers")
"""Books whose feeds pair the over price of one line with the under price of another."""

FAR_FROM_EVEN = 0.08
"""Where a mis-paired book's price of over is further than this from an even share, it is of another line."""

FAR_FROM_MEDIAN = 2.0
"""Lines further than this from the books' median are of another bet, or old."""

MOST_HOLD = 0.15
"""Of two prices of one line; books ask 4 to 9 %. What is above, or below nothing, is not of one line."""

Key = tuple[int, int]
"""A match and a player."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Quotes:
    """m quotes, each (m,). row: place of the key. over, under: decimal odds, NaN where not given. quoted_at: UTC."""

    row: Ints
    book: NDArray[Any]
    line: Floats
    over: Floats
    under: Floats
    quoted_at: NDArray[np.datetime64]
    dropped: Mapping[str, int] = field(default_factory=dict)
    """Quotes left out, by the reason in words."""

    def __len__(self) -> int:
        return len(self.row)

    @property
    def hold(self) -> Floats:
        """The book's margin (m,): Σ 1/price - 1; NaN where a price is missing."""
        return np.asarray(1 / self.over + 1 / self.under - 1, dtype=float)

    @property
    def share(self) -> Floats:
        """Over's part of the inverse odds (m,)."""
        return np.asarray(self.under / (self.over + self.under), dtype=float)

    def only(self, kept: Bools, reason: str = "") -> Quotes:
        """Those that are kept; the others are counted under the reason, if one is given."""
        gone = int((~kept).sum())
        dropped = {**self.dropped, reason: self.dropped.get(reason, 0) + gone} if reason and gone else self.dropped
        columns = {each.name: getattr(self, each.name)[kept] for each in fields(self) if each.name != "dropped"}
        return replace(self, **columns, dropped=dropped)


def clean_quotes(keys: Sequence[Key], statistic: str) -> Quotes:
    """The last quote of each book on each key before the tip-off that is worth reading, and what was left out."""
    return cleaned(last_quotes(keys, statistic), len(keys))


def cleaned(quotes: Quotes, n: int) -> Quotes:
    """Without what can't be the price of the line that the books mean; n: how many keys there are."""
    with np.errstate(invalid="ignore"):
        mis_paired = np.isin(quotes.book, MIS_PAIRED) & (np.abs(quotes.share - 0.5) > FAR_FROM_EVEN)
        quotes = quotes.only(~mis_paired, "prices far from even at a book that mis-pairs them")
        impossible = (quotes.hold < 0) | (quotes.hold > MOST_HOLD)
        quotes = quotes.only(~impossible, "margin that no book asks")
        far = np.abs(quotes.line - median_lines(quotes, n)[quotes.row]) > FAR_FROM_MEDIAN
    return quotes.only(~far, f"line more than {FAR_FROM_MEDIAN:g} from the median")


def median_lines(quotes: Quotes, n: int) -> Floats:
    """(n,) of each key the median line, of two the lower, so that some book quotes it; NaN without quotes."""
    order = np.lexsort((quotes.line, quotes.row))
    row = quotes.row[order]
    start, end = (np.searchsorted(row, np.arange(n), side) for side in ("left", "right"))
    found = np.full(n, np.nan)
    known = end > start
    found[known] = quotes.line[order][(start + (end - start - 1) // 2)[known]]
    return found


def longest(row: Ints, price: Floats, n: int) -> Ints:
    """(n,) of each key the place of its longest price among quotes (m,); -1 where there is none."""
    priced = np.flatnonzero(np.isfinite(price))
    # The longest comes last of its key; of equal ones the book that quoted first.
    order = priced[np.lexsort((-priced, price[priced], row[priced]))]
    found = np.full(n, -1, dtype=np.int64)
    found[row[order]] = order
    return found


def of_places(values: NDArray[Any], places: Ints, missing: Any = np.nan) -> NDArray[Any]:
    """What quotes (m,) say at places (n,); `missing` where there is none."""
    found = np.full(len(places), missing, dtype=values.dtype)
    known = places >= 0
    found[known] = values[places[known]]
    return found


def last_quotes(keys: Sequence[Key], statistic: str) -> Quotes:
    """As the books gave them, each book's last before the tip-off."""
    places: dict[Key, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        places[key].append(row)
    last: dict[tuple[int, str], tuple[Any, ...]] = {}
    for match, player, book, *quote in _rows(sorted({match for match, _ in keys}), statistic):
        for row in places.get((match, player), ()):
            last[row, book] = tuple(quote)
    table = list(last.values())
    line, over, under, at = zip(*table, strict=True) if table else ((), (), (), ())
    return Quotes(
        row=np.array([row for row, _ in last], dtype=np.int64),
        book=np.array([book for _, book in last], dtype=object),
        line=np.array(line, dtype=float),
        over=np.array(over, dtype=float),
        under=np.array(under, dtype=float),
        quoted_at=np.array([moment.replace(tzinfo=None) for moment in at], dtype="datetime64[us]"),
    )


def _rows(matches: Sequence[int], statistic: str) -> Iterator[tuple[Any, ...]]:
    """Match, player, book, line, both prices and time, the oldest first."""
    known = Q(match__kickoff_is_exact=True, quoted_at__lte=F("match__kickoff"))
    guessed = Q(match__kickoff_is_exact=False, quoted_at__lte=F("match__kickoff") + UNKNOWN_TIP_OFF)
    for start in range(0, len(matches), AT_ONCE):
        yield from (
            PropLine.objects.filter(known | guessed, match__in=matches[start : start + AT_ONCE], statistic=statistic)
            .annotate(
                at=Cast("line", FloatField()),
                over=Cast("over_price", FloatField()),
                under=Cast("under_price", FloatField()),
            )
            .order_by("quoted_at", "pk")
            .values_list("match_id", "player_id", "bookmaker", "at", "over", "under", "quoted_at")
        )
