"""Which rows of replays are a person's own, what rank they have, and who in their replays they could be.

A replay names its players by platform and id there; a person says or proves which of those they are (PlatformAccount).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import PlatformAccount, User
from matches.models import Playlist, RankGroup, Replay, ReplayOwner, ReplayPlayer, StatedRank

RankSource = Literal["stated", "ballchasing"]
WHEN = Coalesce("replay__played_at", "replay__received_at")


@dataclass(frozen=True)
class Candidate:
    """Somebody who plays in a person's replays: in `replays` of all `among`."""

    platform: PlatformAccount.Platform
    platform_id: str
    name: str
    replays: int
    among: int


def rows_of(
    user: User, *, playlist: Playlist | None = None, replay_ids: Collection[UUID | str] | None = None
) -> QuerySet[ReplayPlayer]:
    """A person's own rows with their replays, the oldest match first, in one query.

    Theirs are rows under one of their platform accounts, in replays that they brought in (simulated ones among them)
    and that were read; rows too short to be measured are left out.
    """
    rows = _in_replays_of(user).filter(Exists(_accounts_of(user)), is_short=False)
    if playlist is not None:
        rows = rows.filter(replay__playlist=playlist)
    if replay_ids is not None:
        rows = rows.filter(replay__in=[UUID(str(replay_id)) for replay_id in replay_ids])
    return rows.select_related("replay").order_by(WHEN, "replay_id", "pk")


def rank_of(user: User, playlist: Playlist) -> tuple[RankGroup, RankSource] | None:
    """What a person says their rank is in a playlist, else what ballchasing last saw there; None: nobody knows."""
    stated = StatedRank.objects.filter(user=user, playlist=playlist).values_list("rank_group", flat=True).first()
    if stated is not None:
        return RankGroup(stated), "stated"
    seen = rows_of(user, playlist=playlist).exclude(rank_group="").order_by(WHEN.desc(), "-pk")
    rank = seen.values_list("rank_group", flat=True).first()
    return (RankGroup(rank), "ballchasing") if rank is not None else None


def might_be(user: User, *, at_most: int = 8) -> tuple[Candidate, ...]:
    """Who in a person's replays could be them, but isn't linked yet: whoever occurs in most of them first."""
    theirs = _in_replays_of(user).filter(is_bot=False, platform__in=PlatformAccount.Platform.values)
    others = theirs.exclude(platform_id="").exclude(Exists(_accounts_of(user)))
    here = ReplayPlayer.objects.filter(platform=OuterRef("platform"), platform_id=OuterRef("platform_id"))
    last_name = here.filter(_brought_in_by(user)).order_by(WHEN.desc()).values("name")[:1]
    found = (
        others.order_by()
        .values("platform", "platform_id")
        .annotate(replays=Count("replay", distinct=True), last_name=Subquery(last_name))
        .order_by(F("replays").desc(), "last_name", "platform_id")
    )
    among = Replay.objects.filter(owners__user=user).processed().count()
    return tuple(
        Candidate(
            platform=PlatformAccount.Platform(who["platform"]),
            platform_id=who["platform_id"],
            name=who["last_name"],
            replays=who["replays"],
            among=among,
        )
        for who in found[:at_most]
    )


def _in_replays_of(user: User) -> QuerySet[ReplayPlayer]:
    return ReplayPlayer.objects.filter(_brought_in_by(user), replay__status=Replay.Status.PROCESSED)


def _brought_in_by(user: User) -> Exists:
    return Exists(ReplayOwner.objects.filter(user=user, replay=OuterRef("replay")))


def _accounts_of(user: User) -> QuerySet[PlatformAccount]:
    """The account of a person that a row of a replay is under."""
    return PlatformAccount.objects.filter(user=user, platform=OuterRef("platform"), platform_id=OuterRef("platform_id"))
