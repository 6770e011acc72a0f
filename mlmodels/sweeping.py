"""Model files that no version names, and results that no part of a fit does: what trainings left that were killed
between the file and its row."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from mlmodels.errors import InvalidState
from mlmodels.models import FitPart, ModelVersion

SAFETY = timedelta(days=7)
"""Younger files are left alone: their version may be about to be registered."""

LEAST_SAFETY = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Orphan:
    """A file that nothing refers to; size in bytes."""

    path: Path
    size: int


def orphans(*, safety: timedelta = SAFETY) -> list[Orphan]:
    """Files of models and of parts of fits, and of writing them, that no row names and that are older than `safety`.

    Raises InvalidState for a safety period under an hour.
    """
    if safety < LEAST_SAFETY:
        raise InvalidState("The safety period is at least an hour: a younger file may belong to a run that is saving.")
    folder, before = Path(settings.ARTIFACT_DIR), time.time() - safety.total_seconds()
    known = set(ModelVersion.objects.values_list("artifact_path", flat=True))
    known |= set(FitPart.objects.values_list("result_path", flat=True))
    found = []
    for path in sorted({path for kind in ("model", "part") for path in _of_kind(folder, kind)}):
        if path.name in known or not path.is_file() or path.is_symlink():
            continue
        status = path.stat()
        if status.st_mtime < before:
            found.append(Orphan(path=path, size=status.st_size))
    return found


def _of_kind(folder: Path, kind: str) -> set[Path]:
    return {*folder.glob(f"*.{kind}"), *folder.glob(f".*.{kind}.*")}


def sweep(*, safety: timedelta = SAFETY) -> list[Orphan]:
    """Delete them; returns what is gone. A file that somebody else deletes meanwhile is gone as well."""
    gone = orphans(safety=safety)
    for orphan in gone:
        orphan.path.unlink(missing_ok=True)
    return gone
