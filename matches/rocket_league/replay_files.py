"""The files of replays, and of the scenes drawn from them, in the storage that settings name.

A file is written before its row and removed after it, so that a row never points at nothing. What a crash in between
leaves behind belongs to no row, and is swept.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from matches.errors import FileTooLarge
from matches.models import Replay

FOLDERS = {"replays": "file", "scenes": "scenes"}
"""Folders of the storage, and the field whose files are in each."""

CHUNK_BYTES = 256 * 1024
IN_MEMORY_BYTES = 4 * 1024**2
LEFT_BEHIND = timedelta(days=1)
"""A file without a row may be about to get one; after so long it is not."""

_NAMES_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What somebody sent, read to its end: the bytes, how many, and their fingerprint."""

    content: IO[bytes]
    sha256: str
    size: int


@contextmanager
def taken_in(source: Any) -> Iterator[Taken]:
    """Copy a stream aside, counting and hashing as it comes. Raises FileTooLarge as soon as it is."""
    fingerprint, size = hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as content:
        while chunk := source.read(CHUNK_BYTES):
            size += len(chunk)
            refuse_too_large(size)
            fingerprint.update(chunk)
            content.write(chunk)
        content.seek(0)
        yield Taken(content=content, sha256=fingerprint.hexdigest(), size=size)


def refuse_too_large(size: int, *, name: str = "The file") -> None:
    """Raises FileTooLarge for more bytes than a replay may have."""
    most: int = settings.MAX_REPLAY_BYTES
    if size > most:
        raise FileTooLarge(f"{name} has more than {most / 1024**2:.0f} MB, and no replay has: is it one?")


def keep(replay: Replay, taken: Taken) -> None:
    """Write the file of a replay that has no row yet, under its fingerprint."""
    replay.file.save(f"{taken.sha256}.replay", File(taken.content), save=False)


def keep_scenes(replay: Replay, scenes: bytes) -> str:
    """Write what the viewer draws, and return its name; empty where there is nothing to draw."""
    if not scenes:
        return ""
    # A row of its own, so that the replay's goes on to name what stands in the database.
    holder = Replay(pk=replay.pk)
    holder.scenes.save(f"{replay.pk}.scenes.gz", ContentFile(scenes), save=False)
    return str(holder.scenes.name)


def discard(*names: str | None) -> None:
    """Remove files from the storage; names that are empty or gone are passed over."""
    for name in names:
        if name:
            default_storage.delete(name)


def discard_on_commit(*names: str | None) -> None:
    """The same, once the rows that pointed at them are gone for good."""
    transaction.on_commit(partial(discard, *names), robust=True)


@contextmanager
def local(replay: Replay) -> Iterator[Path]:
    """A path at which the replay's file can be read; a copy where the storage is not on this machine.

    Raises FileNotFoundError.
    """
    try:
        path = Path(replay.file.path)
    except NotImplementedError:
        with NamedTemporaryFile(suffix=".replay") as copy, replay.file.open("rb") as kept:
            shutil.copyfileobj(kept, copy)
            copy.flush()
            yield Path(copy.name)
    else:
        if not path.is_file():
            raise FileNotFoundError(path.name)
        yield path


def sweep() -> int:
    """Remove files that belong to no row, and have for a day; how many that were."""
    return sum(_sweep(folder, field) for folder, field in FOLDERS.items())


def _sweep(folder: str, field: str) -> int:
    swept = 0
    for names in _in_batches(_older_files(folder)):
        wanted = set(Replay.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True))
        left = [name for name in names if name not in wanted]
        discard(*left)
        swept += len(left)
    return swept


def _older_files(folder: str) -> Iterator[str]:
    before = timezone.now() - LEFT_BEHIND
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in (f"{folder}/{file}" for file in files):
        if default_storage.get_modified_time(name) < before:
            yield name
    for inner in folders:
        yield from _older_files(f"{folder}/{inner}")


def _in_batches(names: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == _NAMES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
