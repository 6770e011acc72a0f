"""Replays as people have them: brought in, seen, tried again, given up. What is read from them is `processing`'s."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.coaching import may_see, players_of
from accounts.models import User
from matches.models import Replay, ReplayOwner
from matches.rocket_league import processing, replay_files
from matches.rocket_league.processing import process, retry

__all__ = ["Outcome", "Received", "process", "receive", "remove", "retry", "visible_to"]

Outcome = Literal["new", "duplicate"]
_FILENAME_LENGTH = 255
_OF_PEOPLE = (Replay.Source.WEB, Replay.Source.API, Replay.Source.BALLCHASING)
_TOO_LONG = 19  # digits of a number that no row has


@dataclass(frozen=True, kw_only=True)
class Received:
    """What became of a file that came in. A duplicate's replay is the one that is here already."""

    filename: str
    replay: Replay
    outcome: Outcome


def receive(file: Any, *, filename: str, user: User | None, source: Replay.Source, dispatch: bool = True) -> Received:
    """Keep a file that somebody brings, and send it to a worker once committed.

    `file` is anything with `read(size)` that gives bytes. A file that is here already is not read a second time: who
    brings it becomes one of its owners, and one that had failed is tried again. Whatever is no replay is taken in too,
    so that its person sees why it can't be read. Raises FileTooLarge. `dispatch=False` leaves the reading to the
    caller.
    """
    name = told_name(filename)
    with replay_files.taken_in(file) as taken:
        known = _known(taken, user=user, name=name, dispatch=dispatch)
        return known or _new(taken, user=user, name=name, source=source, dispatch=dispatch)


def told_name(filename: str) -> str:
    """What a file is called here: without folders, and without what can't be shown."""
    last = PureWindowsPath(filename).name.encode(errors="replace").decode()
    return "".join(sign for sign in last if sign.isprintable())[:_FILENAME_LENGTH] or "unnamed.replay"


def visible_to(viewer: User | AnonymousUser) -> QuerySet[Replay]:
    """Replays that somebody may look at: their own, those of whom they coach, and for staff all; newest match first.

    `shown_filename` is what the one who brought it called it; the viewer's own name for it comes first.
    """
    replays = Replay.objects.order_by(F("played_at").desc(nulls_last=True), "-received_at")
    if isinstance(viewer, AnonymousUser):
        return replays.none()
    owners = ReplayOwner.objects.filter(replay=OuterRef("pk"))
    if not viewer.is_staff:
        owners = owners.filter(Q(user=viewer) | Q(user__in=players_of(viewer).order_by()))
        replays = replays.filter(Exists(owners))
    own_first = owners.order_by(Case(When(user=viewer, then=Value(0)), default=Value(1)), "pk")
    return replays.annotate(shown_filename=Coalesce(Subquery(own_first.values("filename")[:1]), F("filename")))


def player_shown_to(viewer: User | AnonymousUser, asked: str) -> User | None:
    """The player whose number somebody asked for, else themselves; None where there is nobody that they may see."""
    if isinstance(viewer, AnonymousUser):
        return None
    if not asked:
        return viewer
    player = User.objects.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < _TOO_LONG else None
    return player if player is not None and may_see(viewer, player) else None


def brought_by(player: User) -> QuerySet[Replay]:
    """A person's own replays, the newest match first; `shown_filename` is what they called each."""
    return Replay.objects.of(player).annotate(shown_filename=F("owners__filename"), added_at=F("owners__added_at"))


def remove(replay: Replay, user: User) -> None:
    """Let a person own a replay no longer; where nobody does, it goes, with its files and statistics."""
    with transaction.atomic():
        held = Replay.objects.select_for_update().filter(pk=replay.pk).first()
        if held is None:
            return
        given_up, _ = ReplayOwner.objects.filter(replay=held, user=user).delete()
        if given_up and not held.owners.exists():
            held.delete()
            replay_files.discard_on_commit(held.file.name, held.scenes.name)


def remove_ownerless() -> int:
    """Remove what people brought in of whom none is left, as when an account was deleted; how many that were.

    What came from a folder may be nobody's, and stays.
    """
    gone = list(Replay.objects.filter(owners=None, source__in=_OF_PEOPLE))
    for replay in gone:
        with transaction.atomic():
            if Replay.objects.filter(pk=replay.pk, owners=None).delete()[0]:
                replay_files.discard_on_commit(replay.file.name, replay.scenes.name)
    return len(gone)


def _known(taken: replay_files.Taken, *, user: User | None, name: str, dispatch: bool) -> Received | None:
    with transaction.atomic():
        replay = Replay.objects.select_for_update().filter(sha256=taken.sha256).first()
        if replay is None:
            return None
        if _own(replay, user, name) and replay.status == Replay.Status.PROCESSED:
            processing.tell_processed(replay.pk)
        if processing.queue_again(replay, dispatch=dispatch):
            replay.refresh_from_db()
    return Received(filename=name, replay=replay, outcome="duplicate")


def _new(taken: replay_files.Taken, *, user: User | None, name: str, source: Replay.Source, dispatch: bool) -> Received:
    replay = Replay(sha256=taken.sha256, size=taken.size, filename=name, source=source)
    replay_files.keep(replay, taken)
    try:
        processing.look_at(replay)
        with transaction.atomic():
            replay.save(force_insert=True)
            _own(replay, user, name)
            if dispatch and replay.status == Replay.Status.QUEUED:
                processing.send(replay.pk)
    except IntegrityError:
        replay_files.discard(replay.file.name)
        # Somebody else brought the same file a moment before.
        if known := _known(taken, user=user, name=name, dispatch=dispatch):
            return known
        raise
    except BaseException:
        replay_files.discard(replay.file.name)
        raise
    return Received(filename=name, replay=replay, outcome="new")


def _own(replay: Replay, user: User | None, name: str) -> bool:
    """Whether that made them an owner, which they were not before."""
    if user is None:
        return False
    _, is_new = ReplayOwner.objects.get_or_create(replay=replay, user=user, defaults={"filename": name})
    return is_new
