"""The ranks of a replay's players, which ballchasing.com knows and the replay itself does not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from matches.models import BallchasingAccount, Replay, ReplayPlayer
from matches.rocket_league.ballchasing import accounts
from matches.rocket_league.ballchasing.client import Ballchasing
from matches.rocket_league.ballchasing.errors import NotThere
from matches.rocket_league.processing import tell_processed
from matches.rocket_league.ranks import group_of


def take(replay_id: UUID | str, *, site: Ballchasing | None = None) -> int:
    """Write the ranks of a replay's players, asked for with the key of one who owns it; how many have one now.

    Nothing is asked where the ranks are there, where the replay has not been read, or where no owner has a key. Raises
    AllowanceSpent and DownloadFailed.
    """
    replay = Replay.objects.filter(pk=replay_id).exclude(ballchasing_id="").first()
    if replay is None or replay.players.exclude(rank_tier="").exists() or not replay.players.exists():
        return 0
    account = BallchasingAccount.objects.filter(is_active=True, user__owned_replays__replay=replay).first()
    if account is None:
        return 0
    try:
        told = (site or accounts.site_of(account)).replay(replay.ballchasing_id)
    except NotThere:
        return 0
    ranked = _write(replay, dict(_ranks(told)))
    if ranked:
        # Answers that rest on a rank are to be made anew.
        tell_processed(replay.pk)
    return ranked


def _write(replay: Replay, tiers: Mapping[tuple[str, str], str]) -> int:
    """Ranks by (platform, id there), and by (side, name) for those whose id differs between the two."""
    changed = []
    for player in replay.players.all():
        tier = tiers.get((player.platform, player.platform_id)) or tiers.get((player.side, player.name))
        group = group_of(tier) if tier else None
        if group is not None and tier:
            player.rank_group, player.rank_tier = group, tier[:24]
            changed.append(player)
    ReplayPlayer.objects.bulk_update(changed, ["rank_group", "rank_tier"])
    return len(changed)


def _ranks(told: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for side in ("blue", "orange"):
        for player in _mapping(told.get(side)).get("players") or ():
            tier = str(_mapping(_mapping(player).get("rank")).get("id") or "")
            here = _mapping(player.get("id")) if tier else {}
            if tier:
                yield (side, str(player.get("name") or "")), tier
                yield (str(here.get("platform") or ""), str(here.get("id") or "")), tier


def _mapping(told: Any) -> Mapping[str, Any]:
    return told if isinstance(told, dict) else {}
