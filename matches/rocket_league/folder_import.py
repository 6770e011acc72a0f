"""Replays from files and folders: taken in one after the other, read several at a time.

Only the reading, which is in processes of its own, happens beside; all that is written is written by one thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from matches.errors import MatchDataError, UnreadableFile
from matches.models import Replay
from matches.rocket_league import processing, replays

if TYPE_CHECKING:
    from accounts.models import User

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of the latest."""

SUFFIX = ".replay"
Status = Replay.Status


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of one file; `file` is its path below the folder that was asked for."""

    file: str
    status: Literal["processed", "failed", "duplicate"]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class _InHand:
    """A file whose replay is being read."""

    file: str
    claimed: Replay


def import_folder(
    path: Path, *, user: User | None = None, workers: int | None = None, progress: Progress | None = None
) -> list[Imported]:
    """Take in a file, or all replays of a folder and those below it, in the order of their names.

    Replays are read in `workers` processes at a time, one a core where left out. Files that are here already are not
    read again, but those that failed are. Raises UnreadableFile where the path is wrong or holds no replay.
    """
    files = files_in(path)
    base = path if path.is_dir() else path.parent
    names = {file: _shown(file.relative_to(base)) for file in files}
    told: dict[str, Imported] = {}
    for imported in _imported(names, user=user, workers=workers or os.cpu_count() or 1):
        told[imported.file] = imported
        if progress:
            progress(len(told), len(files), imported.file)
    return [told[names[file]] for file in files]


def files_in(path: Path) -> list[Path]:
    """The replays of a folder, or the one file. Raises UnreadableFile."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UnreadableFile(f"{path} is not there.")
    found = sorted(file for file in path.rglob("*") if file.suffix.lower() == SUFFIX and file.is_file())
    if not found:
        raise UnreadableFile(f"{path} holds no {SUFFIX} file.")
    return found


def reread(*, workers: int | None = None, progress: Progress | None = None) -> list[Imported]:
    """Read anew what an older extractor has read; what can't be read any more keeps its statistics."""
    waiting = list(Replay.objects.filter(processing.outdated()).order_by("received_at").values_list("pk", "filename"))
    done: list[Imported] = []
    with _Readers(workers or os.cpu_count() or 1) as readers:
        for pk, filename in waiting:
            done += readers.room()
            readers.take(filename, pk)
            if progress:
                progress(len(done), len(waiting), filename)
        done += readers.rest()
    return done


def _imported(names: dict[Path, str], *, user: User | None, workers: int) -> Iterator[Imported]:
    with _Readers(workers) as readers:
        for file, name in names.items():
            yield from readers.room()
            received = _received(file, name, user)
            if isinstance(received, Imported):
                yield received
            elif not readers.take(name, received):
                yield _as_it_stands(name, received)
        yield from readers.rest()


def _received(file: Path, name: str, user: User | None) -> Imported | UUID:
    """The replay that waits to be read, or what became of the file where none does."""
    try:
        with file.open("rb") as content:
            got = replays.receive(content, filename=file.name, user=user, source=Replay.Source.FOLDER, dispatch=False)
    except MatchDataError as error:
        return Imported(file=name, status="failed", reason=str(error))
    except OSError as error:
        return Imported(file=name, status="failed", reason=f"It could not be read and kept: {error.strerror}.")
    if got.replay.status == Status.FAILED:
        return Imported(file=name, status="failed", reason=got.replay.reason)
    if got.replay.status != Status.QUEUED:
        return Imported(file=name, status="duplicate", reason=f"The same file is here already: {got.replay.filename}.")
    return got.replay.pk


def _as_it_stands(name: str, pk: UUID) -> Imported:
    """Of a replay that a worker took before us."""
    return Imported(file=name, status="duplicate", reason="The same file is being read already.")


class _Readers:
    """So many readings at a time, each in a process that a thread waits for."""

    def __init__(self, workers: int) -> None:
        self._workers = max(1, workers)
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="replay")
        self._running: dict[Future[Any], _InHand] = {}

    def __enter__(self) -> _Readers:
        return self

    def __exit__(self, *details: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def take(self, name: str, pk: UUID) -> bool:
        """Begin to read a replay; False where another worker has it."""
        claimed = processing.claim(pk)
        if claimed is None:
            return False
        self._running[self._pool.submit(processing.read_file, claimed)] = _InHand(file=name, claimed=claimed)
        return True

    def room(self) -> Iterable[Imported]:
        """Wait until one more can be read; what has ended by then."""
        while len(self._running) >= self._workers:
            yield from self._ended()

    def rest(self) -> Iterable[Imported]:
        """Wait for all that is being read."""
        while self._running:
            yield from self._ended()

    def _ended(self) -> Iterable[Imported]:
        ended, _ = wait(self._running, return_when=FIRST_COMPLETED)
        for future in ended:
            in_hand = self._running.pop(future)
            yield _outcome(in_hand, processing.finish(in_hand.claimed, future.result()))


def _outcome(in_hand: _InHand, replay: Replay | None) -> Imported:
    if replay is None:
        return Imported(file=in_hand.file, status="failed", reason="It was removed while it was read.")
    if replay.pk != in_hand.claimed.pk:
        words = f"A recording of the same match is here already: {replay.filename}."
        return Imported(file=in_hand.file, status="duplicate", reason=words)
    if replay.status == Status.FAILED:
        return Imported(file=in_hand.file, status="failed", reason=replay.reason)
    return Imported(file=in_hand.file, status="processed")


def _shown(path: Path) -> str:
    return path.as_posix().encode(errors="replace").decode()
