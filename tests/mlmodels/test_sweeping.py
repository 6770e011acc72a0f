"""Files that no version names are found and, only when told to, deleted; all others are left alone."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mlmodels.errors import InvalidState
from mlmodels.sweeping import orphans, sweep
from tests.factories import ModelVersionFactory

pytestmark = pytest.mark.django_db
OLD, YOUNG = "old-0123456789ab.model", "young-0123456789ab.model"
HALF_WRITTEN = ".old.model.x7f3"


@pytest.fixture
def folder(storage: Path) -> Path:
    """One file of a version, two orphans, and what must not be touched."""
    found = storage / "artifacts"
    found.mkdir(exist_ok=True)
    for name in ("named.model", OLD, HALF_WRITTEN, YOUNG, "notes.txt"):
        (found / name).write_bytes(b"12345")
        if name != YOUNG:
            os.utime(found / name, (time.time() - 30 * 86_400,) * 2)
    (found / "folder.model").mkdir()
    ModelVersionFactory.create(artifact_path="named.model")
    return found


def told(*args: str) -> str:
    out = io.StringIO()
    call_command("sweep_artifacts", *args, stdout=out)
    return out.getvalue()


def test_only_old_files_without_a_version_are_found(folder: Path) -> None:
    assert [orphan.path.name for orphan in orphans()] == [HALF_WRITTEN, OLD]
    assert {orphan.size for orphan in orphans()} == {5}


def test_nothing_is_touched_unless_told_to(folder: Path) -> None:
    before = sorted(path.name for path in folder.iterdir())
    assert "2 files, 10 bytes would be deleted" in told()
    assert sorted(path.name for path in folder.iterdir()) == before


def test_told_to_it_deletes_them_and_nothing_else(folder: Path) -> None:
    assert "2 files, 10 bytes deleted." in told("--delete")
    assert sorted(path.name for path in folder.iterdir()) == ["folder.model", "named.model", "notes.txt", YOUNG]
    assert "Every file has its version." in told("--delete")
    assert sweep() == []


def test_the_safety_period_can_be_chosen_but_not_given_up(folder: Path) -> None:
    os.utime(folder / YOUNG, (time.time() - 2 * 86_400,) * 2)
    assert len(orphans(safety=timedelta(days=1))) == 3
    with pytest.raises(InvalidState, match="at least an hour"):
        orphans(safety=timedelta())
    for nonsense in ("0", "-3", "nan", "1e300"):
        with pytest.raises(CommandError):
            told("--older-than", nonsense)
