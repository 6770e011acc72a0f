"""The plain CSV: `date,competition,season,home,away,home_goals,away_goals`; goals empty for a fixture to be played."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

from matches.competitions import season_of
from matches.errors import RowRefused
from matches.models import Match
from matches.sources import text
from matches.sources.rows import Refusal, Row

REQUIRED = ("date", "competition", "season", "home", "away", "home_goals", "away_goals")
_NEEDED_CELLS = ("date", "competition", "home", "away")


def read(path: Path) -> Iterator[Row | Refusal]:
    """Every row of a file; a column `time` holds UTC. Raises UnreadableFile where columns are missing."""
    for line in text.table(path, required=REQUIRED):
        cells = line.cells
        try:
            line.refuse_if_broken()
            yield parse(line.number, cells)
        except RowRefused as error:
            code, reason = error.code, str(error)
            yield Refusal(line=line.number, code=code, reason=reason, raw=cells, competition=cells["competition"])


def parse(line: int, cells: dict[str, str]) -> Row:
    """Raises RowRefused."""
    if missing := [name for name in _NEEDED_CELLS if not cells.get(name)]:
        raise RowRefused("missing_cell", f"{', '.join(missing)} missing: was the file cut off here?")
    on = text.day(cells["date"])
    home = text.goals(cells.get("home_goals", ""), "home_goals")
    away = text.goals(cells.get("away_goals", ""), "away_goals")
    if (home is None) != (away is None):
        raise RowRefused("half_a_score", "Only one side's goals are given.")
    kickoff = text.moment(on, cells.get("time", ""), ZoneInfo("UTC"))
    return Row(
        line=line,
        competition=cells["competition"],
        season=season_of(on, cells.get("season", "")),
        date=on,
        kickoff=kickoff.astimezone(UTC) if kickoff else None,
        home=cells["home"],
        away=cells["away"],
        home_goals=home,
        away_goals=away,
        status=Match.Status.SCHEDULED if home is None else Match.Status.FINISHED,
    )
