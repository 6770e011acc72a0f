"""CSV files of bookmakers' lines on players, American prices on over and under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from matches.basketball.league import team_facts
from matches.basketball.rows import PropLineRow
from matches.basketball.sources.cells import american_day, decimal_price, line_of, moment
from matches.basketball.sources.game_logs import player_name
from matches.errors import RowRefused, UnreadableFile
from matches.models import Statistic
from matches.sources.rows import Refusal
from matches.sources.text import table

REQUIRED = (
    "player_name",
    "event_date",
    "home_team",
    "away_team",
    "bookmaker",
    "line",
    "timestamp",
    "over_price",
    "under_price",
)
LONGEST_BOOKMAKER = 30
LEAST_SUM, MOST_SUM = Decimal("0.95"), Decimal("1.5")
"""Of the two prices' inverses: a bookmaker asks more than 1. Below, or far above, the two are not of one line."""


def read(path: Path) -> Iterator[PropLineRow | Refusal]:
    """Rows of a file, plain or gzipped.

    The statistic stands in a column `statistic`, else at the start of the file's name (`pra_odds_2023-24.csv`). Raises
    UnreadableFile where it is no such file, or where neither tells the statistic.
    """
    named = path.name.split("_")[0].split(".")[0].casefold()
    for line in table(path, required=REQUIRED):
        if "statistic" not in line.cells and named not in Statistic.values:
            raise UnreadableFile(
                f"{path.name} does not tell its statistic: name one of {', '.join(Statistic.values)} in a column "
                "'statistic', or begin the file's name with it."
            )
        try:
            line.refuse_if_broken()
            yield _row(line.number, line.cells, named)
        except RowRefused as error:
            yield Refusal(line=line.number, code=error.code, reason=str(error), raw=line.cells)


def _row(number: int, cells: Mapping[str, str], named: str) -> PropLineRow:
    statistic = cells.get("statistic", named).casefold()
    if statistic not in Statistic.values:
        raise RowRefused(
            "bad_statistic", f"{statistic[:40]!r} is not a statistic: expected {', '.join(Statistic.values)}."
        )
    line = line_of(cells["line"], "The line")
    if line is None:
        raise RowRefused("missing_cell", "The line is missing.")
    over, under = decimal_price(cells["over_price"], "over_price"), decimal_price(cells["under_price"], "under_price")
    _refuse_impossible(over, under)
    home, away = team_facts(cells["home_team"]), team_facts(cells["away_team"])
    if home == away:
        raise RowRefused("team_against_itself", f"{home.name} can't play against itself.")
    return PropLineRow(
        line=number,
        date=american_day(cells["event_date"]),
        player=player_name(cells["player_name"]),
        home=home,
        away=away,
        statistic=statistic,
        bookmaker=bookmaker(cells["bookmaker"]),
        points=line,
        over_price=over,
        under_price=under,
        quoted_at=moment(cells["timestamp"], "The timestamp"),
        raw=cells,
    )


def _refuse_impossible(over: Decimal | None, under: Decimal | None) -> None:
    if over is None and under is None:
        raise RowRefused("missing_cell", "Neither price is there.")
    if over is None or under is None:
        return
    asked = 1 / over + 1 / under
    if not LEAST_SUM <= asked <= MOST_SUM:
        raise RowRefused("bad_price", f"{over} and {under} add up to {asked:.0%}: they are not prices of one line.")


def bookmaker(text: str) -> str:
    """The bookmaker's name. Raises RowRefused where it is missing or too long."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_BOOKMAKER:
        raise RowRefused("bad_bookmaker", f"{text[:60]!r} is not the name of a bookmaker.")
    return name
