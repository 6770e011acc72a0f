"""What bookmakers think of player props: the consensus line, and its probabilities without the margin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F

from matches.models import PropLine

if TYPE_CHECKING:
    import numpy as np

AT_ONCE = 500
"""Games asked for in one query: databases bound the values that a statement may name."""

Key = tuple[int, int]
"""A match and a player."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Consensus:
    """In the order of the keys (n,): the median line, NaN where there is none, and the market's word on it.

    over, under: probabilities at the line without the margin, NaN where no book prices it. best_over, best_under: the
    best decimal odds at the line. books: how many quote.
    """

    line: np.ndarray
    over: np.ndarray
    under: np.ndarray
    best_over: np.ndarray
    best_under: np.ndarray
    books: np.ndarray


def consensus(keys: Sequence[Key], statistic: str) -> Consensus:
    """The last quotes before tip-off, put together."""
    import numpy as np

    found = {name: np.full(len(keys), np.nan) for name in ("line", "over", "under", "best_over", "best_under")}
    books = np.zeros(len(keys), dtype=np.int64)
    quotes = _quotes(keys, statistic)
    for row, key in enumerate(keys):
        of_books = list(quotes.get(key, {}).values())
        if not of_books:
            continue
        lines = sorted(line for line, _, _ in of_books)
        found["line"][row] = lines[(len(lines) - 1) // 2]
        books[row] = len(of_books)
        at_line = [(over, under) for line, over, under in of_books if line == found["line"][row] and over and under]
        if at_line:
            shares = [(1 / over) / (1 / over + 1 / under) for over, under in at_line]
            found["over"][row] = sum(shares) / len(shares)
            found["under"][row] = 1 - found["over"][row]
            found["best_over"][row] = max(over for over, _ in at_line)
            found["best_under"][row] = max(under for _, under in at_line)
    return Consensus(books=books, **found)


def _quotes(keys: Sequence[Key], statistic: str) -> dict[Key, dict[str, tuple[float, float, float]]]:
    """By key and bookmaker the line and both prices of the last quote before tip-off; 0 for a price not given."""
    wanted = set(keys)
    quotes: dict[Key, dict[str, tuple[float, float, float]]] = defaultdict(dict)
    for match, player, book, line, over, under in _rows(sorted({match for match, _ in keys}), statistic):
        if (match, player) in wanted:
            quotes[match, player][book] = (float(line), float(over or 0), float(under or 0))
    return quotes


def _rows(matches: Sequence[int], statistic: str) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(matches), AT_ONCE):
        chosen = PropLine.objects.filter(match__in=matches[start : start + AT_ONCE], statistic=statistic)
        in_time = chosen.filter(quoted_at__lte=F("match__kickoff")).order_by("quoted_at", "pk")
        yield from in_time.values_list("match_id", "player_id", "bookmaker", "line", "over_price", "under_price")
