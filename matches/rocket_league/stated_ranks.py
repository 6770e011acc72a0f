"""The ranks that people say they have, since replays don't tell."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from matches.models import Playlist, RankGroup, StatedRank

RANKED = (Playlist.RANKED_DUELS, Playlist.RANKED_DOUBLES, Playlist.RANKED_STANDARD)
"""Playlists in which a person may state a rank."""


def stated(user: User) -> dict[Playlist, RankGroup | None]:
    """What a person said, by playlist; None where they said nothing."""
    said = dict(StatedRank.objects.filter(user=user).values_list("playlist", "rank_group"))
    return {playlist: RankGroup(said[playlist]) if playlist in said else None for playlist in RANKED}


@transaction.atomic
def state(user: User, ranks: Mapping[Playlist, RankGroup | None]) -> dict[Playlist, RankGroup | None]:
    """Note ranks by playlist, None to take one back; playlists that are not named stay. What is stated afterwards.

    Raises ValueError for a playlist in which no rank is stated.
    """
    if others := set(ranks) - set(RANKED):
        raise ValueError(f"No rank is stated in {', '.join(sorted(others))}.")
    for playlist, rank in ranks.items():
        if rank is None:
            StatedRank.objects.filter(user=user, playlist=playlist).delete()
        else:
            StatedRank.objects.update_or_create(user=user, playlist=playlist, defaults={"rank_group": rank})
    return stated(user)
