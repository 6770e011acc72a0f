"""What the list of somebody's replays shows: each match from their side, how far reading is, and what we don't know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Q, QuerySet, When
from django.db.models.functions import Coalesce

from matches.models import Playlist, Replay, ReplayOwner, ReplayPlayer, StatedRank
from matches.rocket_league import own_rows, replays
from matches.rocket_league.stated_ranks import RANKED

if TYPE_CHECKING:
    from accounts.models import User

PER_PAGE = 25
SAME_SITTING = timedelta(minutes=30)
"""Uploads that came so shortly before the oldest unread one are told of together with it."""

MOST_NAMES = 3
FAILED = "failed"
UNREAD = (Replay.Status.QUEUED, Replay.Status.PROCESSING)
COUNTED = (("core_goals", "goal"), ("core_assists", "assist"), ("core_saves", "save"))


@dataclass(frozen=True, kw_only=True)
class ReplayLine:
    """One replay, with the row in it that is the person's own, where that is known."""

    replay: Replay
    filename: str
    own: ReplayPlayer | None

    @property
    def is_unread(self) -> bool:
        return self.replay.status in UNREAD

    @property
    def title(self) -> str:
        """The playlist where it is known, the file's name until then."""
        return self.replay.get_playlist_display() or self.filename

    @property
    def score(self) -> str:
        """The person's own goals first; blue's first where we don't know who they are."""
        goals = (self.replay.blue_goals, self.replay.orange_goals)
        own, others = goals[::-1] if self.own and self.own.side == ReplayPlayer.Side.ORANGE else goals
        return f"{own}–{others}"

    @property
    def result(self) -> str:
        """`Won`, `Lost`, or empty where nobody knows."""
        if self.own is None or self.own.won is None:
            return ""
        return "Won" if self.own.won else "Lost"

    @property
    def counted(self) -> str:
        """`2 goals, 1 save`: what the person did, of what is not nought."""
        if self.own is None:
            return ""
        counts = [(int(self.own.statistics.get(name, 0)), noun) for name, noun in COUNTED]
        return ", ".join(f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counts if count)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A way to narrow the list, and how many replays it leaves."""

    value: str
    title: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How far the reading of what was uploaded last is."""

    read: int
    total: int

    @property
    def words(self) -> str:
        return f"{self.read} of {self.total} read"


@dataclass(frozen=True, kw_only=True)
class ReplayList:
    """A page of a person's replays, the last match first and what is still unread before all others."""

    page: Page[Replay]
    lines: tuple[ReplayLine, ...]
    total: int
    filters: tuple[Filter, ...]
    chosen: str
    reading: Reading | None
    is_unknown: bool
    """There are matches, and in none of them do we know which player is theirs."""

    might_be: tuple[str, ...]
    lacks_rank: bool

    @property
    def announcement(self) -> str:
        return f"{self.reading.words}." if self.reading else "All replays are read."


def replay_list(player: User, asked: Mapping[str, str]) -> ReplayList:
    """`asked` may narrow to a `playlist` (or `failed`) and choose a `page`; what makes no sense is passed over."""
    mine = replays.brought_by(player)
    filters = _filters(player)
    chosen = asked.get("playlist", "")
    page = Paginator(_ordered(_narrowed(mine, chosen)), PER_PAGE).get_page(asked.get("page"))
    own = _own(player, [replay.pk for replay in page])
    is_unknown = not own and _nobody_known(player, filters)
    return ReplayList(
        page=page,
        lines=tuple(_line(replay, own.get(replay.pk)) for replay in page),
        total=Replay.objects.of(player).count(),
        filters=filters,
        chosen=chosen,
        reading=_reading(player),
        is_unknown=is_unknown,
        might_be=_names(player) if is_unknown else (),
        lacks_rank=_lacks_rank(player, filters),
    )


def _line(replay: Any, own: ReplayPlayer | None) -> ReplayLine:
    return ReplayLine(replay=replay, filename=replay.shown_filename, own=own)


def _narrowed(mine: QuerySet[Replay], chosen: str) -> QuerySet[Replay]:
    if chosen == FAILED:
        return mine.filter(status=Replay.Status.FAILED)
    return mine.filter(playlist=chosen) if chosen in Playlist.values else mine


def _ordered(mine: QuerySet[Replay]) -> QuerySet[Replay]:
    unread_first = Case(When(status__in=UNREAD, then=0), default=1)
    return mine.order_by(unread_first, Coalesce("played_at", "received_at").desc(), "pk")


def _filters(player: User) -> tuple[Filter, ...]:
    mine = Replay.objects.of(player).order_by()
    counts = dict(mine.exclude(playlist="").values_list("playlist").annotate(Count("pk")))
    found = [Filter(value=each.value, title=each.label, count=counts[each]) for each in Playlist if each in counts]
    if failed := mine.filter(status=Replay.Status.FAILED).count():
        found.append(Filter(value=FAILED, title="Could not be read", count=failed))
    return tuple(found)


def _own(player: User, replay_ids: list[UUID]) -> dict[UUID, ReplayPlayer]:
    return {row.replay_id: row for row in own_rows.rows_of(player, replay_ids=replay_ids)} if replay_ids else {}


def _nobody_known(player: User, filters: tuple[Filter, ...]) -> bool:
    has_matches = any(each.value != FAILED for each in filters)
    return has_matches and not own_rows.rows_of(player).exists()


def _names(player: User) -> tuple[str, ...]:
    return tuple(candidate.name for candidate in own_rows.might_be(player, at_most=MOST_NAMES))


def _lacks_rank(player: User, filters: tuple[Filter, ...]) -> bool:
    """Whether they play where there are ranks, and have said none."""
    ranked = any(each.value in RANKED for each in filters)
    return ranked and not StatedRank.objects.filter(user=player).exists()


def _reading(player: User) -> Reading | None:
    """None where all is read."""
    owned = ReplayOwner.objects.filter(user=player)
    unread = owned.filter(replay__status__in=UNREAD).order_by("added_at").values_list("added_at", flat=True).first()
    if unread is None:
        return None
    counts = owned.filter(added_at__gte=unread - SAME_SITTING).aggregate(
        total=Count("pk"), unread=Count("pk", filter=Q(replay__status__in=UNREAD))
    )
    return Reading(read=counts["total"] - counts["unread"], total=counts["total"])
