"""football-data.co.uk's CSV, in all its generations since 1993.

Notes on the columns: https://www.football-data.co.uk/notes.txt. Columns of prices are read by their pattern, so that a
bookmaker nobody has heard of yet is taken in too: `{book}{H|D|A}` for the result, `{book}>2.5` and `{book}<2.5` for
goals, `{book}AHH` and `{book}AHA` with a line column for the Asian handicap, and a `C` behind the book for closing
prices. Some copies write `{book}_2_5` and `{book}_2_5_1` for over and under.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from matches.competitions import in_season, season_code
from matches.errors import RowRefused
from matches.models import Match, Odds
from matches.sources import text
from matches.sources.rows import Price, Refusal, Row

UK = ZoneInfo("Europe/London")
REQUIRED = ("Div", "Date", "HomeTeam", "AwayTeam")
LOWEST_PRICE, HIGHEST_PRICE = Decimal("1.01"), Decimal(10_000)
HIGHEST_LINE = 100
LONGEST_WAIT = timedelta(days=35)
_SEASONS = (
    re.compile(r"(?<!\d)(?:19|20)(\d{2})[-_](?:19|20)?(\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(\d{2})[-_]?(\d{2})(?!\d)"),
)
STATS = {
    "HTHG": "home_goals_half_time",
    "HTAG": "away_goals_half_time",
    "HS": "home_shots",
    "AS": "away_shots",
    "HST": "home_shots_on_target",
    "AST": "away_shots_on_target",
    "HC": "home_corners",
    "AC": "away_corners",
    "HR": "home_red_cards",
    "AR": "away_red_cards",
}
_SAME_BOOK = {"BbMx": "MAX", "Max": "MAX", "BbAv": "AVG", "Avg": "AVG", "P": "PS"}
_NO_PRICES = frozenset({*STATS, "BbAH", "HF", "AF", "HY", "AY", "HO", "AO", "HFKC", "AFKC"})

Phase, Market, Outcome = Odds.Phase, Odds.Market, Odds.Outcome
_PATTERNS = (
    (Market.ASIAN_HANDICAP, re.compile(r"^(?P<book>\w+?)(?P<closing>C?)AH(?P<outcome>[HA])$")),
    (Market.TOTAL_GOALS, re.compile(r"^(?P<book>\w+?)(?P<closing>C?)(?P<outcome>[<>])2\.5$")),
    (Market.TOTAL_GOALS, re.compile(r"^(?P<book>\w+?)(?P<closing>C?)_2_5(?P<outcome>_1)?$")),
    (Market.MATCH_RESULT, re.compile(r"^(?P<book>[A-Za-z]\w*?)(?P<closing>C?)(?P<outcome>[HDA])$")),
)
_OUTCOMES = {">": Outcome.OVER.value, "<": Outcome.UNDER.value, None: Outcome.OVER.value, "_1": Outcome.UNDER.value}
_LINES = {Market.MATCH_RESULT: Decimal(0), Market.TOTAL_GOALS: Decimal("2.5")}


class PriceColumn(NamedTuple):
    """What a column of prices is of; a handicap's line stands in a column of its own."""

    name: str
    bookmaker: str
    market: str
    outcome: str
    phase: str
    goal_line: Decimal | None
    line_column: str


def read(path: Path) -> Iterator[Row | Refusal]:
    """Every row of a file. Raises UnreadableFile where it is not this source's CSV."""
    columns: Sequence[PriceColumn] | None = None
    told = season_in(path)
    last: Row | None = None
    for line in text.table(path, required=REQUIRED):
        cells = line.cells
        if columns is None:
            columns = price_columns(tuple(cells))
        try:
            line.refuse_if_broken()
            row, refused = parse(line.number, cells, columns)
        except RowRefused as error:
            yield Refusal(line=line.number, code=error.code, reason=str(error), raw=cells, competition=cells["Div"])
            continue
        last = replace(row, season=_season(row.date, told, last))
        yield from refused
        yield last


def season_in(path: Path) -> str:
    """The season told by a file's name or its folder's (`E0_2324.csv`, `2023-24/E0.csv`); empty where neither does."""
    for name in (path.stem, path.parent.name):
        for pattern in _SEASONS:
            for first, second in pattern.findall(name):
                if (int(first) + 1) % 100 == int(second):
                    return str(first + second)
    return ""


def _season(on: date, told: str, last: Row | None) -> str:
    """What the name tells, where the day can be in it; else the season runs on until a summer without matches.

    So a season that ended in August, as in 2020, is one, and a file of many seasons is many.
    """
    if told and in_season(on, told):
        return told
    if last is not None and abs(on - last.date) <= LONGEST_WAIT:
        return last.season
    return season_code(on)


def parse(line: int, cells: dict[str, str], columns: Sequence[PriceColumn]) -> tuple[Row, list[Refusal]]:
    """One row, its season left open, and its prices that were refused. Raises RowRefused where the row can't stand."""
    if missing := [name for name in REQUIRED if not cells.get(name)]:
        raise RowRefused("missing_cell", f"{', '.join(missing)} missing: was the file cut off here?")
    on = text.day(cells["Date"])
    home_goals, away_goals = _score(cells)
    prices, refused = _prices(line, cells, columns)
    row = Row(
        line=line,
        competition=cells["Div"],
        season="",
        date=on,
        kickoff=text.moment(on, cells.get("Time", ""), UK),
        home=cells["HomeTeam"],
        away=cells["AwayTeam"],
        home_goals=home_goals,
        away_goals=away_goals,
        status=Match.Status.SCHEDULED if home_goals is None else Match.Status.FINISHED,
        stats={field: text.count(cells[name], name) for name, field in STATS.items() if cells.get(name)},
        prices=tuple(prices),
    )
    return row, refused


def _score(cells: dict[str, str]) -> tuple[int | None, int | None]:
    home = text.goals(cells.get("FTHG", "") or cells.get("HG", ""), "FTHG")
    away = text.goals(cells.get("FTAG", "") or cells.get("AG", ""), "FTAG")
    if (home is None) != (away is None):
        raise RowRefused("half_a_score", "Only one side's goals are given.")
    if home is not None and away is not None:
        result = "H" if home > away else "A" if away > home else "D"
        told = cells.get("FTR", "").upper()
        if told and told != result:
            raise RowRefused(
                "score_contradicts_result", f"{home}–{away} is {result}, but the result column says {told}."
            )
    return home, away


def _prices(line: int, cells: dict[str, str], columns: Sequence[PriceColumn]) -> tuple[list[Price], list[Refusal]]:
    prices, refused = [], []
    for name, bookmaker, market, outcome, phase, goal_line, line_column in columns:
        cell = cells.get(name)
        if not cell:
            continue
        try:
            on = _handicap(cells.get(line_column, "")) if goal_line is None else goal_line
            # A price without its line is worthless.
            if on is not None:
                prices.append(_same_price(bookmaker, market, outcome, phase, on, _price(cell)))
        except RowRefused as error:
            reason, raw = f"{name}: {error}", {name: cell}
            refused.append(Refusal(line=line, code=error.code, reason=reason, raw=raw, competition=cells["Div"]))
    return prices, refused


# A file holds the same prices again and again: each is kept once, or a large file would not fit into memory.
_same_price = lru_cache(maxsize=100_000)(Price)


@lru_cache(maxsize=20_000)
def _price(cell: str) -> Decimal:
    try:
        price = Decimal(cell)
    except InvalidOperation:
        raise RowRefused("bad_price", f"{cell!r} is not decimal odds.") from None
    if not price.is_finite() or not LOWEST_PRICE <= price < HIGHEST_PRICE:
        raise RowRefused("bad_price", f"{cell} is no price: decimal odds lie between 1.01 and 10,000.")
    return round(price, 3)


@lru_cache(maxsize=256)
def _handicap(cell: str) -> Decimal | None:
    if not cell:
        return None
    try:
        found = round(Decimal(cell), 2)
    except InvalidOperation:
        raise RowRefused("bad_line", f"its handicap is {cell!r}: expected a number.") from None
    if not abs(found) < HIGHEST_LINE:
        raise RowRefused("bad_line", f"its handicap is {cell}: no handicap is that large.")
    return found


@lru_cache(maxsize=64)
def price_columns(header: tuple[str, ...]) -> tuple[PriceColumn, ...]:
    """Which columns are prices, and of what. Of two columns that mean the same the first counts."""
    found: dict[tuple[object, ...], PriceColumn] = {}
    for name in header:
        column = _price_column(name, header)
        if column is not None:
            key = (column.bookmaker, column.market, column.outcome, column.phase)
            found.setdefault(key, column)
    return tuple(found.values())


def _price_column(name: str, header: tuple[str, ...]) -> PriceColumn | None:
    is_line = f"{name}H" in header and name.endswith("AH")
    if name in _NO_PRICES or is_line:
        return None
    for market, pattern in _PATTERNS:
        match = pattern.match(name)
        if match is None:
            continue
        book, closing = _book(match["book"], match["closing"], header)
        outcome = match["outcome"]
        line_column = _handicap_column(book, closing, header) if market == Market.ASIAN_HANDICAP else ""
        return PriceColumn(
            name=name,
            bookmaker=_SAME_BOOK.get(book, book)[:10],
            market=market.value,
            outcome=_OUTCOMES.get(outcome, outcome),
            phase=Phase.CLOSING.value if closing else Phase.OPENING.value,
            goal_line=_LINES.get(market),
            line_column=line_column,
        )
    return None


def _book(book: str, closing: str, header: tuple[str, ...]) -> tuple[str, str]:
    """Tell a book whose code ends in C (`VC`) from a closing price (`PSC`)."""
    if closing and book + closing in _books_ending_in_c(header):
        return book + closing, ""
    return book, closing


@lru_cache(maxsize=64)
def _books_ending_in_c(header: tuple[str, ...]) -> frozenset[str]:
    """`VCH` is VC's opening price where there is no book called V."""
    stems = {name[:-1] for name in header if name[-1:] in "HDA"}
    return frozenset(stem for stem in stems if stem.endswith("C") and stem[:-1] not in stems)


def _handicap_column(book: str, closing: str, header: tuple[str, ...]) -> str:
    """`AHh` and `AHCh` since 2019, `BbAHh` before, `{book}AH` before that."""
    own = f"{book}AH"
    if own in header:
        return own
    shared = "AHCh" if closing else "AHh"
    return shared if shared in header else "BbAHh"
