"""Whom a prediction is about: a player, by some of their matches in one playlist, among players of their rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from matches.models import Playlist, RankGroup, ReplayPlayer
from matches.rocket_league import own_rows
from predictions.errors import UnknownSubject

AHEAD = timedelta(days=28)
"""A player's matches of so many days are waited for."""


@dataclass(frozen=True, kw_only=True)
class PlayerForm:
    """replays: ids of the matches, the oldest first; none: all of the playlist."""

    user: User
    replays: tuple[str, ...]
    playlist: Playlist
    rank_group: RankGroup

    @property
    def reference(self) -> Mapping[str, Any]:
        return {
            "player": self.user.pk,
            "replays": list(self.replays),
            "playlist": self.playlist.value,
            "rank_group": self.rank_group.value,
        }

    def rows(self) -> list[ReplayPlayer]:
        """The player's own rows, the oldest match first, in one query."""
        return list(own_rows.rows_of(self.user, playlist=self.playlist, replay_ids=self.replays or None))


def player_form(reference: Mapping[str, Any]) -> PlayerForm:
    """What a reference names. Raises UnknownSubject."""
    user = User.objects.filter(pk=_number(reference.get("player"))).first()
    if user is None:
        raise UnknownSubject("There is no such player.")
    replays = reference.get("replays") or ()
    if not isinstance(replays, Sequence) or isinstance(replays, str):
        raise UnknownSubject("Matches are named by a list of replays' ids.")
    try:
        return PlayerForm(
            user=user,
            replays=tuple(str(UUID(str(replay))) for replay in replays),
            playlist=Playlist(str(reference.get("playlist"))),
            rank_group=RankGroup(str(reference.get("rank_group"))),
        )
    except ValueError as error:
        raise UnknownSubject(f"Matches, playlist and rank are named as they are called here: {error}.") from None


def decided_at(now: datetime | None = None) -> datetime:
    """The midnight (UTC) until which a player's next matches are waited for: the same whenever asked on one day."""
    day = (now or timezone.now()).astimezone(UTC).date() + AHEAD + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=UTC)


def matches_since(reference: Mapping[str, Any], *, most: int) -> list[ReplayPlayer]:
    """The player's first matches after those that a reference names, of the same playlist, the oldest first."""
    try:
        form = player_form(reference)
    except UnknownSubject:
        return []
    known = form.rows()
    if not known:
        return []
    last = max((row.replay.played_at or row.replay.received_at) for row in known)
    later = own_rows.rows_of(form.user, playlist=form.playlist).exclude(replay__in=[row.replay_id for row in known])
    return [row for row in later if (row.replay.played_at or row.replay.received_at) > last][:most]


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
