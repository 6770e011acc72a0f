"""An analysis and what to practise, in one go: what a page's button and a worker after an upload ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matches.models import Replay, ReplayOwner
from matches.rocket_league import own_rows
from training.analysing import analyse
from training.recommending import recommend

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from matches.models import Playlist
    from training.models import SkillReport

UNREAD = (Replay.Status.QUEUED, Replay.Status.PROCESSING)


def advise(player: User, *, playlist: Playlist | None = None) -> SkillReport:
    """The report on a player's newest matches, with recommendations kept beside it.

    Raises what `training.analysing.analyse` raises.
    """
    report = analyse(player, playlist=playlist)
    recommend(report)
    return report


def waiting_for(replay_id: UUID) -> list[int]:
    """Owners of a replay who have none left to be read and are known to play in this one: now is the time to advise."""
    owners = ReplayOwner.objects.filter(replay=replay_id).select_related("user")
    busy = set(
        ReplayOwner.objects.filter(user__in=[owner.user_id for owner in owners], replay__status__in=UNREAD).values_list(
            "user_id", flat=True
        )
    )
    return [
        owner.user_id
        for owner in owners
        if owner.user_id not in busy and own_rows.rows_of(owner.user, replay_ids=[replay_id]).exists()
    ]
