"""CSV files of lines on games: handicap with the favourite named, total, American prices to win."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from matches.basketball.league import team_facts
from matches.basketball.rows import GameLineRow
from matches.basketball.sources.cells import american_day, decimal_price, line_of
from matches.basketball.sources.prop_lines import bookmaker
from matches.errors import RowRefused
from matches.sources.rows import Refusal
from matches.sources.text import table

REQUIRED = ("date", "away", "home", "whos_favored", "spread", "total", "moneyline_away", "moneyline_home")
UNNAMED = "unnamed"
"""The bookmaker of files that name none."""

TELLING_SPREAD = 3
"""From here on the favourite by the handicap must have the lower price; nearer to even, the two may differ."""


def read(path: Path) -> Iterator[GameLineRow | Refusal]:
    """Rows of a file, plain or gzipped; a column `bookmaker` is read where there is one."""
    for line in table(path, required=REQUIRED):
        try:
            line.refuse_if_broken()
            yield _row(line.number, line.cells)
        except RowRefused as error:
            yield Refusal(line=line.number, code=error.code, reason=str(error), raw=line.cells)


def _row(number: int, cells: Mapping[str, str]) -> GameLineRow:
    home, away = team_facts(cells["home"]), team_facts(cells["away"])
    if home == away:
        raise RowRefused("team_against_itself", f"{home.name} can't play against itself.")
    spread, total = _spread(cells), line_of(cells["total"], "The total")
    home_price = decimal_price(cells["moneyline_home"], "moneyline_home")
    away_price = decimal_price(cells["moneyline_away"], "moneyline_away")
    if spread is None and total is None and home_price is None and away_price is None:
        raise RowRefused("missing_cell", "There is no line and no price.")
    _refuse_two_favourites(spread, home_price, away_price)
    return GameLineRow(
        line=number,
        date=american_day(cells["date"]),
        home=home,
        away=away,
        bookmaker=bookmaker(cells.get("bookmaker") or UNNAMED),
        spread_home=spread,
        total=total,
        home_price=home_price,
        away_price=away_price,
        raw=cells,
    )


def _spread(cells: Mapping[str, str]) -> Decimal | None:
    """The home team's handicap, negative where it is the favourite."""
    spread = line_of(cells["spread"], "The spread")
    if spread is None:
        return None
    if spread and cells["whos_favored"] not in ("home", "away"):
        raise RowRefused("bad_line", f"whos_favored is {cells['whos_favored'][:20]!r}: expected home or away.")
    return -spread if cells["whos_favored"] == "home" else spread


def _refuse_two_favourites(spread: Decimal | None, home: Decimal | None, away: Decimal | None) -> None:
    if spread is None or home is None or away is None or abs(spread) < TELLING_SPREAD:
        return
    if (spread < 0) != (home < away):
        raise RowRefused("contradiction", "The handicap names one team as the favourite, the prices the other.")
