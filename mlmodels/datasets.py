"""Data set snapshots: a table plus manifest, named by content."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from mlmodels.errors import TableUnreadable, TooLittleData
from mlmodels.models import Dataset
from mlmodels.problem import Problem, Progress, silent
from mlmodels.table_files import read_table, table_file, write_table

if TYPE_CHECKING:
    import pandas as pd

    from mlmodels.selection import Selection


@dataclass(frozen=True, kw_only=True)
class Examples:
    """A data set in memory: its row in the database, its table, and the state that featurises what comes next."""

    dataset: Dataset
    frame: pd.DataFrame
    state: Mapping[str, Any]


def snapshot(problem: Problem, selection: Selection, *, progress: Progress = silent) -> Examples:
    """The data set of a selection as things stand now.

    Where nothing changed since an earlier snapshot of the same selection, that one is read back; content equal to an
    earlier one makes no second file. Raises TooLittleData where the selection is empty.
    """
    fingerprint = problem.fingerprint(selection)
    kept = _kept(problem, selection, fingerprint)
    if kept is not None:
        progress(1.0, "Read the data set again: nothing changed since")
        return kept
    loaded = problem.load(selection, progress=progress)
    if loaded.frame.empty:
        raise TooLittleData(f"Nothing finished in the selection ({selection}): choose more, or import results first.")
    return _store(problem, selection, fingerprint, frame=loaded.frame, state=loaded.state)


def _kept(problem: Problem, selection: Selection, fingerprint: str) -> Examples | None:
    if not fingerprint:
        return None
    for dataset in Dataset.objects.filter(problem=problem.slug, selection_hash=selection.hash, fingerprint=fingerprint):
        if _is_intact(dataset) and (examples := _readable(dataset)) is not None:
            return examples
    return None


def _readable(dataset: Dataset) -> Examples | None:
    """None of parquet on a machine that has nothing to read it with: the data set is made again there."""
    try:
        return read(dataset)
    except TableUnreadable:
        return None


def read(dataset: Dataset) -> Examples:
    """Load a stored data set. Raises TableUnreadable."""
    frame = read_table(dataset.folder, dataset.columns)
    state = json.loads((dataset.folder / "state.json").read_text())
    return Examples(dataset=dataset, frame=frame, state=state)


def _is_intact(dataset: Dataset) -> bool:
    file = table_file(dataset.folder)
    if file is None or not (dataset.folder / "state.json").is_file():
        return False
    return _file_hash(file) == dataset.content_hash


def _store(
    problem: Problem, selection: Selection, fingerprint: str, *, frame: pd.DataFrame, state: Mapping[str, Any]
) -> Examples:
    root = Path(settings.DATASET_DIR)
    root.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=root, prefix=".writing-"))
    try:
        table = write_table(frame, aside)
        content_hash = _file_hash(table)
        (aside / "state.json").write_text(json.dumps(state, allow_nan=False))
        dataset = _row(problem, selection, fingerprint, frame=frame, content_hash=content_hash)
        manifest = _manifest(dataset, table.name, split=_split(problem, frame))
        (aside / "manifest.json").write_text(json.dumps(manifest, indent=2))
        if dataset.folder.exists():
            shutil.rmtree(dataset.folder)
        aside.rename(dataset.folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return Examples(dataset=dataset, frame=frame, state=state)


@transaction.atomic
def _row(
    problem: Problem, selection: Selection, fingerprint: str, *, frame: pd.DataFrame, content_hash: str
) -> Dataset:
    times = frame[problem.time_column]
    dataset, _ = Dataset.objects.update_or_create(
        problem=problem.slug,
        selection_hash=selection.hash,
        content_hash=content_hash,
        defaults={"fingerprint": fingerprint},
        create_defaults={
            "fingerprint": fingerprint,
            "selection": selection.to_json(),
            "rows": len(frame),
            "columns": [{"name": name, "dtype": str(dtype)} for name, dtype in frame.dtypes.items()],
            "date_from": times.iloc[0].to_pydatetime(),
            "date_to": times.iloc[-1].to_pydatetime(),
            "path": f"{problem.slug}-{selection.hash[:8]}-{content_hash[:12]}",
        },
    )
    return dataset


def _split(problem: Problem, frame: pd.DataFrame) -> dict[str, Any] | None:
    """Where training cuts the rows, and how many each part has; None of too few rows to be cut."""
    from mlmodels.splitting import split_rows

    try:
        split = split_rows(problem, frame)
    except TooLittleData:
        return None
    masks = split.masks(frame[problem.split_column])
    return {**split.to_json(), "rows": {part: int(mask.sum()) for part, mask in masks.items()}}


def _manifest(dataset: Dataset, table: str, *, split: Mapping[str, Any] | None) -> dict[str, Any]:
    from mlmodels.splitting import TRAIN_SHARE, VALIDATION_SHARE

    return {
        "name": dataset.path,
        "version": 2,
        "uid": str(dataset.pk),
        "problem": dataset.problem,
        "selection": dataset.selection,
        "created_at": dataset.created_at.isoformat(),
        "rows": dataset.rows,
        "columns": len(dataset.columns),
        "files": {table: dataset.content_hash},
        "schema": dataset.columns,
        "time_range": [dataset.date_from.isoformat(), dataset.date_to.isoformat()],
        "split_shares": [TRAIN_SHARE, VALIDATION_SHARE, round(1 - TRAIN_SHARE - VALIDATION_SHARE, 2)],
        "split": split,
    }


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
