"""How reports on players' availability land."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matches.basketball.entries import Entries, certain_player
from matches.basketball.player_names import PlayerNames
from matches.basketball.rows import AvailabilityRow
from matches.landing import Landed
from matches.models import Availability, ImportBatch
from matches.sources.rows import Refusal

_TOLD = ("status", "reason")


def land_availability(rows: Sequence[AvailabilityRow], refusals: Sequence[Refusal], batch: ImportBatch) -> Landed:
    """Write reports; call it in a transaction. A later report stands beside an earlier one, each with its time."""
    names = PlayerNames()
    rosters: dict[str, list[int]] = {}

    def entered(row: AvailabilityRow) -> Availability:
        team = row.team.tricode if row.team else ""
        if team and team not in rosters:
            rosters[team] = names.of_team(team)
        return Availability(
            player=certain_player(names, row.player, rosters.get(team, ())),
            date=row.date,
            status=row.status,
            reason=row.reason,
            source=row.source,
            reported_at=row.reported_at,
        )

    return Entries(Availability, _key, _TOLD, within="date").land(rows, entered)


def _key(report: Availability) -> tuple[Any, ...]:
    return report.player_id, report.date, report.source, report.reported_at
