"""Importing a kept file again, as when an importer learned to read more of it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from matches.errors import UnreadableFile
from matches.importing import SOURCES, import_file, told_name
from matches.models import ImportBatch

if TYPE_CHECKING:
    from accounts.models import User


def reimport(batch: ImportBatch, *, by: User | None = None) -> ImportBatch:
    """Import a batch's kept raw file as a new batch, even though nothing in the file changed.

    Raises UnreadableFile where no file was kept, it is gone, or its source has no importer (the simulator).
    """
    if batch.source not in SOURCES:
        raise UnreadableFile(f"{batch} came from the {batch.source}, which can't be read again.")
    if not batch.raw or not batch.raw.storage.exists(batch.raw.name or ""):
        raise UnreadableFile(f"The file of {batch} is no longer kept: import it from where it came.")
    with tempfile.TemporaryDirectory() as folder:
        path = _named_as_told(batch.filename, Path(folder))
        with batch.raw.open("rb") as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        return import_file(path, source=batch.source, by=by, force=True)


def _named_as_told(filename: str, folder: Path) -> Path:
    """Where to lay the copy, so that a season told by the folder's name is told again."""
    told = Path(filename)
    inside = folder / told.parent.name
    inside.mkdir(exist_ok=True)
    return inside / told.name if told_name(inside / told.name) == filename else folder / told.name
