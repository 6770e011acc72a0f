"""Whom the coach's predictions are about: a player, by some of their matches in one playlist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from matches.models import Playlist, ReplayPlayer
from matches.rocket_league import own_rows
from predictions.errors import UnknownSubject

AHEAD = timedelta(days=28)
"""What a player does in so many days is waited for."""


@dataclass(frozen=True, kw_only=True)
class PlayerMatches:
    """replays: ids of the matches, the oldest first; none: all of the playlist."""

    user: User
    replays: tuple[str, ...]
    playlist: Playlist

    @property
    def reference(self) -> Mapping[str, Any]:
        return {"player": self.user.pk, "replays": list(self.replays), "playlist": self.playlist.value}

    def rows(self) -> list[ReplayPlayer]:
        """The player's own rows, the oldest match first, in one query."""
        return list(own_rows.rows_of(self.user, playlist=self.playlist, replay_ids=self.replays or None))


def player_matches(reference: Mapping[str, Any]) -> PlayerMatches:
    """What a reference names. Raises UnknownSubject."""
    player, replays = str(reference.get("player", "")), reference.get("replays") or ()
    user = User.objects.filter(pk=int(player)).first() if player.isdecimal() else None
    if user is None:
        raise UnknownSubject("There is no such player.")
    if isinstance(replays, str) or not isinstance(replays, Sequence):
        raise UnknownSubject("Matches are named by a list of replays' ids.")
    try:
        named = tuple(str(UUID(str(replay))) for replay in replays)
        return PlayerMatches(user=user, replays=named, playlist=Playlist(str(reference.get("playlist"))))
    except ValueError as error:
        raise UnknownSubject(f"A match or playlist is not known: {error}.") from error


def decided_at(now: datetime | None = None) -> datetime:
    """The midnight (UTC) until which what a player does next is waited for: the same whenever asked on one day."""
    day = (now or timezone.now()).astimezone(UTC).date() + AHEAD + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=UTC)


def matches_since(reference: Mapping[str, Any], *, most: int) -> list[ReplayPlayer]:
    """The player's first matches after those that a reference names, of the same playlist, the oldest first."""
    try:
        matches = player_matches(reference)
    except UnknownSubject:
        return []
    known = matches.rows()
    if not known:
        return []
    last = max((row.replay.played_at or row.replay.received_at) for row in known)
    later = own_rows.rows_of(matches.user, playlist=matches.playlist)
    unseen = later.exclude(replay__in=[row.replay_id for row in known])
    return [row for row in unseen if (row.replay.played_at or row.replay.received_at) > last][:most]
