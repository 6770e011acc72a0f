"""The reading of a replay by one worker of many. The row is the truth, whatever a broker delivers twice or loses.

A worker claims a replay by one conditional UPDATE, which counts the attempt and notes the time. All it writes later
asks for that very attempt and time, so that a worker which was thought dead and replaced can write no more. A replay
that was read before keeps its statistics, and stays readable, until a newer extractor's take their place as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from matches.errors import InvalidReplayState
from matches.models import Replay, ReplayOwner, ReplayPlayer
from matches.rocket_league import reading, replay_files
from matches.rocket_league.reading import EXTRACTION_VERSION, UnreadableReplay
from matches.signals import replay_processed

if TYPE_CHECKING:
    from matches.rocket_league.reading import ReadPlayer, ReadReplay

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 3
MARGIN_SECONDS = 120
LEASE = timedelta(seconds=settings.REPLAY_SECONDS + MARGIN_SECONDS)
"""Longer than reading may take: who holds a replay for so long has died."""

Status = Replay.Status
_NAME_LENGTH, _ID_LENGTH, _REASON_LENGTH, _CODE_LENGTH = 100, 64, 300, 40


class ClaimLost(Exception):
    """This worker was thought dead and replaced, or the replay is gone; nothing it found counts."""


def process(replay_id: UUID | str) -> Replay | None:
    """Read a replay that waits, and keep what it says; where another worker has it, or it was read, nothing is done.

    Never raises for what is in the file: the replay is then failed, with a reason in words. Returns the replay as it
    stands: the older one where it turned out to be the recording of a match that is here already, and None where it is
    gone.
    """
    claimed = claim(replay_id)
    if claimed is None:
        return Replay.objects.filter(pk=replay_id).first()
    return finish(claimed, read_file(claimed))


def outdated() -> Q:
    """Replays that an older extractor read, which nobody is reading anew."""
    return Q(status=Status.PROCESSED, extraction_version__lt=EXTRACTION_VERSION, heartbeat_at=None) & ~Q(file="")


def claim(replay_id: UUID | str) -> Replay | None:
    """Take a replay that waits, or that was read by an older extractor: of several workers asking, one gets it."""
    rows, now = Replay.objects.filter(pk=replay_id), timezone.now()
    taken = rows.filter(status=Status.QUEUED).update(
        status=Status.PROCESSING, attempt=F("attempt") + 1, heartbeat_at=now
    ) or rows.filter(outdated()).update(attempt=F("attempt") + 1, heartbeat_at=now)
    return rows.filter(heartbeat_at=now).first() if taken else None


def look_at(replay: Replay) -> None:
    """Fail a replay that has no row yet, if it shows without a parser that its file is none."""
    try:
        with replay_files.local(replay) as path:
            reading.look_at(path)
    except UnreadableReplay as error:
        for name, value in _failed(error).items():
            setattr(replay, name, value)


def read_file(claimed: Replay) -> ReadReplay | UnreadableReplay:
    """What is in a claimed replay's file, or why it can't be read. Touches no database, so any thread may do it."""
    if not claimed.file:
        return UnreadableReplay("file_missing", "Its file was not kept. Upload it again.")
    try:
        with replay_files.local(claimed) as path:
            return reading.read(path)
    except UnreadableReplay as error:
        return error
    except FileNotFoundError:
        return UnreadableReplay("file_missing", "Its file is gone from the store. Upload it again.")
    except Exception:
        log.exception("replay_reading_failed", replay=str(claimed.pk))
        return UnreadableReplay("server_error", "Something went wrong here while reading it. Try again later.")


def finish(claimed: Replay, found: ReadReplay | UnreadableReplay) -> Replay | None:
    """Keep what was found, as a whole or not at all, and return the replay as it now stands."""
    try:
        if isinstance(found, UnreadableReplay):
            return _fail(claimed, found)
        if (twin := _twin(claimed, found)) is None:
            try:
                return _store(claimed, found)
            except IntegrityError:
                # Another recording of the same match was stored a moment before.
                if (twin := _twin(claimed, found)) is None:
                    raise
        return _merge(claimed, into=twin)
    except ClaimLost:
        log.warning("replay_claim_lost", replay=str(claimed.pk), attempt=claimed.attempt)
        return Replay.objects.filter(pk=claimed.pk).first()


def retry(replay: Replay) -> Replay:
    """Have a failed replay read again. Raises InvalidReplayState where it has not failed, or its file is gone."""
    if not replay.file:
        raise InvalidReplayState("There is no file of this replay to read.")
    if not queue_again(replay):
        raise InvalidReplayState("Only a replay that could not be read can be tried again.")
    replay.refresh_from_db()
    return replay


def queue_again(replay: Replay, *, dispatch: bool = True) -> bool:
    """Let a failed replay wait again, with all its attempts before it; whether it had failed."""
    failed = Replay.objects.filter(pk=replay.pk, status=Status.FAILED).exclude(file="")
    with transaction.atomic():
        queued = failed.update(status=Status.QUEUED, attempt=0, heartbeat_at=None, reason_code="", reason="")
        if queued and dispatch:
            send(replay.pk)
    return bool(queued)


def mark_outdated(replays: QuerySet[Replay]) -> int:
    """Have replays that were read, or failed, read anew whatever extractor read them; how many those are."""
    again = replays.filter(status=Status.PROCESSED, heartbeat_at=None).exclude(file="")
    with transaction.atomic():
        ids = list(again.values_list("pk", flat=True))
        Replay.objects.filter(pk__in=ids).update(extraction_version=0, attempt=0)
        for pk in ids:
            send(pk)
    failed = [replay for replay in replays.filter(status=Status.FAILED) if queue_again(replay)]
    return len(ids) + len(failed)


def reap() -> list[Replay]:
    """Deal with replays whose worker died: queue them again, and after the last attempt fail them.

    What waits and was taken by no worker for a whole lease is sent again, since a broker may have lost the message.
    """
    stale = Q(heartbeat_at__lt=timezone.now() - LEASE)
    held = Replay.objects.filter(stale, status__in=(Status.PROCESSING, Status.PROCESSED))
    dealt_with = [replay for replay in held if _free(replay)]
    forgotten = stale | Q(heartbeat_at=None, received_at__lt=timezone.now() - LEASE)
    for replay in Replay.objects.filter(forgotten, status=Status.QUEUED):
        # Noted as a sign of life, so that what waits behind many others is not sent again at each look.
        if Replay.objects.filter(forgotten, pk=replay.pk, status=Status.QUEUED).update(heartbeat_at=timezone.now()):
            send(replay.pk)
    return dealt_with


def send(replay_id: UUID) -> None:
    """Tell a worker once committed. A broker that does not answer is logged: the replay waits, and `reap` sends it."""
    from matches.tasks import process_replay

    def tell() -> None:
        process_replay.delay(str(replay_id))

    transaction.on_commit(tell, robust=True)


def tell_processed(replay_id: UUID) -> None:
    """Tell the apps above, once committed; whatever one of them does wrong is logged and hinders nobody else."""
    transaction.on_commit(partial(replay_processed.send_robust, sender=Replay, replay_id=replay_id), robust=True)


def _mine(claimed: Replay) -> QuerySet[Replay]:
    return Replay.objects.filter(
        pk=claimed.pk, status=claimed.status, attempt=claimed.attempt, heartbeat_at=claimed.heartbeat_at
    )


def _free(replay: Replay) -> bool:
    """Take a replay from a worker that died; what was read before just stays as it was after the last attempt."""
    last = replay.attempt >= MAX_ATTEMPTS
    lost = UnreadableReplay("worker_lost", f"Reading it was broken off {replay.attempt} times. Try it again later.")
    if replay.status == Status.PROCESSING and last:
        return bool(_mine(replay).update(**_failed(lost)))
    status = replay.status if replay.status == Status.PROCESSED else Status.QUEUED
    waits_since = timezone.now() if status == Status.QUEUED else None
    with transaction.atomic():
        freed = bool(_mine(replay).update(status=status, heartbeat_at=waits_since))
        if freed and not last:
            send(replay.pk)
    return freed


def _failed(error: UnreadableReplay) -> dict[str, Any]:
    return {
        "status": Status.FAILED,
        "reason_code": error.code[:_CODE_LENGTH],
        "reason": str(error)[:_REASON_LENGTH],
        "heartbeat_at": None,
        "processed_at": timezone.now(),
        "extraction_version": EXTRACTION_VERSION,
    }


def _fail(claimed: Replay, error: UnreadableReplay) -> Replay:
    """Raises ClaimLost. What an older extractor could read keeps what that one found."""
    if claimed.status == Status.PROCESSED:
        log.warning("replay_not_read_anew", replay=str(claimed.pk), code=error.code, reason=str(error))
        ended = _mine(claimed).update(heartbeat_at=None)
    else:
        ended = _mine(claimed).update(**_failed(error))
    if not ended:
        raise ClaimLost
    claimed.refresh_from_db()
    return claimed


def _twin(claimed: Replay, found: ReadReplay) -> Replay | None:
    """The replay that holds the same recording already."""
    return Replay.objects.exclude(pk=claimed.pk).filter(guid=found.guid).first() if found.guid else None


def _store(claimed: Replay, found: ReadReplay) -> Replay:
    """Raises ClaimLost, and IntegrityError where another replay holds this recording."""
    scenes, before = replay_files.keep_scenes(claimed, found.scenes), claimed.scenes.name
    try:
        with transaction.atomic():
            if not _mine(claimed).update(**_told(found), scenes=scenes):
                raise ClaimLost
            _replace_players(claimed, found.players)
            replay_files.discard_on_commit(before)
            tell_processed(claimed.pk)
    except BaseException:
        replay_files.discard(scenes)
        raise
    claimed.refresh_from_db()
    return claimed


def _told(found: ReadReplay) -> dict[str, Any]:
    of_match = {
        name: getattr(found, name)
        for name in ("guid", "played_at", "playlist", "team_size", "map_code", "duration", "is_overtime")
    }
    return of_match | {
        "blue_goals": found.blue_goals,
        "orange_goals": found.orange_goals,
        "status": Status.PROCESSED,
        "reason_code": "",
        "reason": "",
        "heartbeat_at": None,
        "processed_at": timezone.now(),
        "parse_seconds": found.seconds,
        "extraction_version": EXTRACTION_VERSION,
    }


def _replace_players(replay: Replay, players: Iterable[ReadPlayer]) -> None:
    """Ranks are not in the file: what is known of them from elsewhere is carried over."""
    ranks = {_who(row): (row.rank_group, row.rank_tier) for row in replay.players.all()}
    replay.players.all().delete()
    rows = [_row(replay, player) for player in players]
    for row in rows:
        row.rank_group, row.rank_tier = ranks.get(_who(row), ("", ""))
    ReplayPlayer.objects.bulk_create(rows)


def _who(row: ReplayPlayer) -> tuple[str, str, str]:
    return (row.platform, row.platform_id, "" if row.platform_id else row.name)


def _row(replay: Replay, player: ReadPlayer) -> ReplayPlayer:
    return ReplayPlayer(
        replay=replay,
        side=player.side,
        platform=player.platform,
        platform_id=player.platform_id[:_ID_LENGTH],
        name=_printable(player.name)[:_NAME_LENGTH],
        is_bot=player.is_bot,
        is_short=player.is_short,
        seconds=player.seconds,
        won=player.won,
        statistics=_finite(player.statistics),
    )


def _printable(text: str) -> str:
    """PostgreSQL keeps no NUL, and pages have no use for other control characters."""
    return "".join(sign for sign in text if sign.isprintable())


def _finite(statistics: Mapping[str, float]) -> dict[str, float]:
    """JSON has no NaN and no infinity: what has no value has no entry."""
    return {name: value for name, value in statistics.items() if math.isfinite(value)}


def _merge(claimed: Replay, *, into: Replay) -> Replay:
    """Give a replay's owners the older one of the same recording in its place. Raises ClaimLost."""
    with transaction.atomic():
        older = Replay.objects.select_for_update().filter(pk=into.pk).first()
        if older is None or not _mine(claimed).exists():
            raise ClaimLost
        for owner in claimed.owners.select_related("user"):
            ReplayOwner.objects.get_or_create(replay=older, user=owner.user, defaults={"filename": owner.filename})
        if claimed.ballchasing_id and not older.ballchasing_id:
            Replay.objects.filter(pk=older.pk).update(ballchasing_id=claimed.ballchasing_id)
        names = (claimed.file.name, claimed.scenes.name)
        Replay.objects.filter(pk=claimed.pk).delete()
        replay_files.discard_on_commit(*names)
        tell_processed(older.pk)
    older.refresh_from_db()
    return older
