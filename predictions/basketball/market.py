"""What bookmakers think of player props: the consensus line, its probabilities without the margin, the best prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from predictions.basketball.market_quotes import Key, Quotes, clean_quotes, longest, median_lines, of_places
from predictions.devig import power

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Consensus:
    """In the order of the keys (n,): the median line, NaN where there is none, and the market's word on it.

    over, under: probabilities at the line without the margin, NaN where no book prices it. best_over, best_under: the
    longest decimal odds at the line, NaN where there is none. books: how many quote. dropped: quotes left out, by
    reason.
    """

    line: Floats
    over: Floats
    under: Floats
    best_over: Floats
    best_under: Floats
    books: Ints
    dropped: Mapping[str, int]


def consensus(keys: Sequence[Key], statistic: str) -> Consensus:
    """The books' last quotes before the tip-off, put together; one query for each 500 games.

    The line is the median of the books' lines, and the probability of over the mean of those of the books that quote
    this line, each without its margin by the power method. At lines that can be hit exactly they are of bets that are
    decided.
    """
    quotes = clean_quotes(keys, statistic)
    line = median_lines(quotes, len(keys))
    over = fair_over(quotes, line)
    best_over, best_under = best_prices(quotes, line)
    return Consensus(
        line=line,
        over=over,
        under=1 - over,
        best_over=best_over,
        best_under=best_under,
        books=np.bincount(quotes.row, minlength=len(keys)),
        dropped=quotes.dropped,
    )


def fair_over(quotes: Quotes, line: Floats) -> Floats:
    """(n,) the mean of the books' probabilities of over at the line without their margins; NaN where none prices it."""
    at_line = quotes.only((quotes.line == line[quotes.row]) & np.isfinite(quotes.hold))
    if not len(at_line):
        return np.full(len(line), np.nan)
    fair = power(np.column_stack([at_line.over, at_line.under]))[:, 0]
    known = np.bincount(at_line.row, minlength=len(line))
    total = np.bincount(at_line.row, weights=fair, minlength=len(line))
    return np.asarray(np.divide(total, known, out=np.full(len(line), np.nan), where=known > 0))


def best_prices(quotes: Quotes, line: Floats) -> tuple[Floats, Floats]:
    """(n,) the longest decimal odds of over and of under at the line, whosever; NaN where there is none."""
    at_line = quotes.only(quotes.line == line[quotes.row])
    over, under = (of_places(price, longest(at_line.row, price, len(line))) for price in (at_line.over, at_line.under))
    return over, under
