"""The files themselves: one a day, never seen half written, and never thrown away for another without a copy."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

PATTERN = "[0-9][0-9][0-9][0-9]/[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].csv"
BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Left:
    """A file as it was left: its length in bytes and its digest."""

    size: int
    sha256: str


def path_of(day: date) -> Path:
    return Path(settings.EVALUATION_LOG_DIR) / f"{day:%Y}" / f"{day:%Y-%m-%d}.csv"


def days_on_disk() -> list[date]:
    """Of every file that is there, oldest first; what is not named like a day is none of ours."""
    found = []
    for path in Path(settings.EVALUATION_LOG_DIR).glob(PATTERN):
        try:
            found.append(date.fromisoformat(path.stem))
        except ValueError:
            continue
    return sorted(found)


def is_as_left(path: Path, left: Left) -> bool:
    """Whether the file begins with just what was written; more may follow, where a writer died before it could tell."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            rest = left.size
            while rest and (block := file.read(min(BLOCK, rest))):
                digest.update(block)
                rest -= len(block)
    except FileNotFoundError:
        return False
    return not rest and digest.hexdigest() == left.sha256


def append(path: Path, blocks: Iterable[bytes], *, after: Left) -> Left:
    """Add to a file that is as it was left; what a writer that died wrote beyond that is cut off first."""
    digest, size = hashlib.sha256(), after.size
    with path.open("r+b") as file:
        while block := file.read(min(BLOCK, after.size - file.tell())):
            digest.update(block)
        file.truncate(after.size)
        for block in blocks:
            size += file.write(block)
            digest.update(block)
        file.flush()
        os.fsync(file.fileno())
    return Left(size=size, sha256=digest.hexdigest())


def replace(path: Path, blocks: Iterable[bytes]) -> Left:
    """Write a file anew: aside, then renamed over the old one."""
    digest, size = hashlib.sha256(), 0
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            for block in blocks:
                size += file.write(block)
                digest.update(block)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Left(size=size, sha256=digest.hexdigest())


def set_aside(path: Path) -> Path | None:
    """Keep a file that was changed outside under another name; None where there is none."""
    aside = path.with_name(f"{path.name}.replaced-{timezone.now():%Y%m%d-%H%M%S-%f}")
    try:
        return path.rename(aside)
    except FileNotFoundError:
        return None
