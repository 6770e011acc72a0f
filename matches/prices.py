"""How prices get into the database. A match has up to a hundred, so they are written as rows, without instances."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from itertools import chain, islice
from typing import Any

from django.db import connection

from matches.models import Odds
from matches.sources.rows import Price

ROWS_PER_STATEMENT = 200
KEY = ("match", "bookmaker", "market", "outcome", "phase", "line")
_META = Odds._meta  # noqa: SLF001 - the documented way to a model's table and columns
_FIELDS = {field.name: field for field in _META.concrete_fields}
PricesOfMatch = tuple[int, Sequence[Price]]


def write_prices(priced: Sequence[PricesOfMatch], *, fresh: Collection[int] = ()) -> int:
    """Insert prices by match id, replace those that differ, and say how many were written; call it in a transaction.

    The matches in `fresh` were created just now: nothing is known of them, so nothing is looked up.
    """
    known = _known([match_id for match_id, _ in priced if match_id not in fresh])
    rows = _rows(priced, known)
    written = 0
    while chunk := list(islice(rows, ROWS_PER_STATEMENT)):
        _upsert(chunk)
        written += len(chunk)
    return written


def _known(match_ids: Sequence[int]) -> dict[tuple[object, ...], object]:
    found: dict[tuple[object, ...], object] = {}
    for start in range(0, len(match_ids), 500):
        for *key, price in Odds.objects.for_matches(match_ids[start : start + 500]).values_list(*KEY, "price"):
            found[tuple(key)] = price
    return found


def _rows(priced: Iterable[PricesOfMatch], known: dict[tuple[object, ...], object]) -> Iterator[tuple[object, ...]]:
    """What differs from the known prices, as the database takes it."""
    line_of, price_of = _stored("line"), _stored("price")
    for match_id, prices in priced:
        for bookmaker, market, outcome, phase, line, price in prices:
            if not known or known.get((match_id, bookmaker, market, outcome, phase, line)) != price:
                yield match_id, bookmaker, market, outcome, phase, line_of(line), price_of(price)


def _stored(name: str) -> Callable[[Decimal], Any]:
    """How Django stores a value of this field; remembered, since the same prices come again and again."""
    return lru_cache(maxsize=50_000)(partial(_FIELDS[name].get_db_prep_save, connection=connection))


def _upsert(rows: Sequence[tuple[object, ...]]) -> None:
    # Straight to the driver: Django's debug cursor would quote each of the thousand values again for its log.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.execute(_statement(len(rows)), tuple(chain.from_iterable(rows)))


@lru_cache(maxsize=256)
def _statement(rows: int) -> str:
    """INSERT … VALUES … ON CONFLICT for so many rows, which SQLite and PostgreSQL both understand."""
    quote = connection.ops.quote_name
    columns = {name: quote(_FIELDS[name].column or name) for name in (*KEY, "price")}
    values = f"({', '.join(['%s'] * len(columns))})"
    # Bandit is told to let the statement be: its names are those of our own model, its values are bound.
    clauses = (
        f"INSERT INTO {quote(_META.db_table)} ({', '.join(columns.values())})",
        f"VALUES {', '.join([values] * rows)}",
        f"ON CONFLICT ({', '.join(columns[name] for name in KEY)})",
        f"DO UPDATE SET {columns['price']} = excluded.{columns['price']}",  # nosec B608
    )
    return " ".join(clauses)
