"""Whom a verdict is about: a player, by some of their matches in one playlist, among players of their rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matches.models import RankGroup
from predictions.errors import UnknownSubject
from training.rocket_league.player_matches import PlayerMatches, player_matches


@dataclass(frozen=True, kw_only=True)
class PlayerForm(PlayerMatches):
    rank_group: RankGroup

    @property
    def reference(self) -> Mapping[str, Any]:
        return {**super().reference, "rank_group": self.rank_group.value}


def player_form(reference: Mapping[str, Any]) -> PlayerForm:
    """What a reference names. Raises UnknownSubject."""
    named = player_matches(reference)
    try:
        rank = RankGroup(str(reference.get("rank_group")))
    except ValueError as error:
        raise UnknownSubject(f"The rank is not known: {error}.") from error
    return PlayerForm(user=named.user, replays=named.replays, playlist=named.playlist, rank_group=rank)
