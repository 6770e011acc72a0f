"""CSV files of who is out, doubtful, questionable, probable or available."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from matches.basketball.league import team_facts
from matches.basketball.rows import AvailabilityRow
from matches.basketball.sources.cells import american_day, moment
from matches.basketball.sources.game_logs import player_name
from matches.errors import RowRefused
from matches.models import Availability
from matches.sources.rows import Refusal
from matches.sources.text import table

REQUIRED = ("player", "team", "date", "status", "reason", "reported_at")
LONGEST_REASON, LONGEST_SOURCE = 200, 60
Status = Availability.Status
STATUSES = {
    **{status.value: status for status in Status},
    "active": Status.AVAILABLE,
    "day-to-day": Status.QUESTIONABLE,
    "game time decision": Status.QUESTIONABLE,
    "gtd": Status.QUESTIONABLE,
    "inactive": Status.OUT,
    "out for season": Status.OUT,
}
"""What reports write, by what it means."""


def read(path: Path) -> Iterator[AvailabilityRow | Refusal]:
    """Rows of a file, plain or gzipped; the team may be empty, a column `source` is read where there is one."""
    for line in table(path, required=REQUIRED):
        try:
            line.refuse_if_broken()
            yield _row(line.number, line.cells)
        except RowRefused as error:
            yield Refusal(line=line.number, code=error.code, reason=str(error), raw=line.cells)


def _row(number: int, cells: Mapping[str, str]) -> AvailabilityRow:
    status = STATUSES.get(cells["status"].casefold())
    if status is None:
        raise RowRefused("bad_status", f"{cells['status'][:40]!r} is no status: expected {', '.join(Status.values)}.")
    return AvailabilityRow(
        line=number,
        player=player_name(cells["player"]),
        team=team_facts(cells["team"]) if cells["team"] else None,
        date=american_day(cells["date"]),
        status=status.value,
        reason=cells["reason"][:LONGEST_REASON],
        source=cells.get("source", "")[:LONGEST_SOURCE],
        reported_at=moment(cells["reported_at"], "reported_at"),
        raw=cells,
    )
