"""What the page of one replay says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.coaching import players_of
from accounts.models import User
from matches.models import Replay, ReplayPlayer
from training.reading.replay_arena import FieldKind, arena_title, field_kind
from training.reading.replay_rank import AgainstRank, Silence, against_rank
from training.reading.replay_teams import ComparedGroup, TeamBoard, compared, scoreboard


@dataclass(frozen=True, kw_only=True)
class ReplayPage:
    """A replay as one viewer sees it. `subject` is whose replay it is to them: their own, or a player they coach."""

    replay: Replay
    title: str
    at: datetime
    arena: str
    field: FieldKind
    result: str
    length: str
    subject: User | None
    is_own: bool
    own: ReplayPlayer | None
    players: tuple[ReplayPlayer, ...]
    boards: tuple[TeamBoard, ...]
    groups: tuple[ComparedGroup, ...]
    rank: AgainstRank | Silence | None
    newer: Replay | None
    older: Replay | None

    @property
    def is_waiting(self) -> bool:
        return self.replay.status in {Replay.Status.QUEUED, Replay.Status.PROCESSING}


def replay_page(replay: Replay, viewer: User) -> ReplayPage:
    """Everything on the page; of a replay that isn't read there is only its head."""
    subject = _subject(replay, viewer)
    is_read = replay.status == Replay.Status.PROCESSED
    players = tuple(_by_side(replay)) if is_read else ()
    own = _own_row(replay, subject) if is_read else None
    newer, older = _beside(replay, subject)
    return ReplayPage(
        replay=replay,
        title=_title(replay),
        at=replay.played_at or replay.received_at,
        arena=arena_title(replay.map_code),
        field=field_kind(replay.map_code),
        result=_result(replay, own),
        length=_length(replay.duration),
        subject=subject,
        is_own=subject == viewer,
        own=own,
        players=players,
        boards=scoreboard(replay, players, own=own) if is_read else (),
        groups=compared(players),
        rank=against_rank(own, subject) if is_read and subject else None,
        newer=newer,
        older=older,
    )


def _subject(replay: Replay, viewer: User) -> User | None:
    """Whose it is: the viewer's own before that of a player they may see. None: simulated, and nobody's."""
    owners = User.objects.filter(owned_replays__replay=replay)
    if not viewer.is_staff:
        owners = owners.filter(Q(pk=viewer.pk) | Q(pk__in=players_of(viewer).order_by()))
    return min(owners.order_by("pk"), key=lambda owner: owner != viewer, default=None)


def _by_side(replay: Replay) -> Sequence[ReplayPlayer]:
    """Blue first, as the scoreboard has them; who hardly played comes last."""
    return sorted(
        replay.players.all(), key=lambda p: (p.side != "blue", p.is_short, -p.statistics.get("core_score", 0), p.pk)
    )


def _own_row(replay: Replay, subject: User | None) -> ReplayPlayer | None:
    from matches.rocket_league.own_rows import rows_of

    return rows_of(subject, replay_ids=[replay.pk]).first() if subject else None


def _beside(replay: Replay, subject: User | None) -> tuple[Replay | None, Replay | None]:
    """The next match of the same person, and the one before; only ones that were read."""
    if subject is None:
        return None, None
    read = Replay.objects.filter(owners__user=subject, status=Replay.Status.PROCESSED).exclude(pk=replay.pk)
    timed = read.annotate(at=Coalesce("played_at", "received_at"))
    at = replay.played_at or replay.received_at
    newer = timed.filter(Q(at__gt=at) | Q(at=at, pk__gt=replay.pk)).order_by("at", "pk").first()
    older = timed.filter(Q(at__lt=at) | Q(at=at, pk__lt=replay.pk)).order_by("-at", "-pk").first()
    return newer, older


def _title(replay: Replay) -> str:
    if replay.status != Replay.Status.PROCESSED:
        return getattr(replay, "shown_filename", "") or replay.filename
    return f"Blue {replay.blue_goals} – {replay.orange_goals} Orange"


def _result(replay: Replay, own: ReplayPlayer | None) -> str:
    """From the player's side where it is known which one they are."""
    overtime = " in overtime" if replay.is_overtime else ""
    if replay.blue_goals == replay.orange_goals:
        return f"Level{overtime}"
    if own is not None and own.won is not None:
        return f"{'Won' if own.won else 'Lost'}{overtime}"
    return f"{'Blue' if replay.blue_goals > replay.orange_goals else 'Orange'} won{overtime}"


def _length(seconds: float) -> str:
    """5:12, of 312 seconds."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"
