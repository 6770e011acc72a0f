"""Public lists of packs: taken in once, bad rows told, what staff reviewed kept."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from training.importing_packs import UnreadablePacks, import_packs
from training.models import TrainingPack

pytestmark = pytest.mark.django_db
HEADER = "code,name,creator,category,subcategory,suggested_rank,difficulty_1_8,shots,prejump_likes,prejump_plays,source"
GOOD = "AAAA-0000-0000-0001,Walls,Ann,defending,saves/clears,Diamond,5,12,3,40,A list"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    return write(tmp_path, GOOD)


def write(folder: Path, *rows: str) -> Path:
    path = folder / "packs.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_pack_is_taken_in_with_a_window_round_its_difficulty(listed: Path) -> None:
    done = import_packs(listed)
    assert (done.created, done.updated, done.unchanged, done.refused) == (1, 0, 0, ())
    pack = TrainingPack.objects.get(code="AAAA-0000-0000-0001")
    assert (pack.easiest_rank, pack.hardest_rank, pack.sub_skill) == ("platinum", "champion", "saves/clears")
    assert (pack.shots, pack.likes, pack.plays, pack.source) == (12, 3, 40, "A list")


def test_the_same_again_changes_nothing(listed: Path) -> None:
    import_packs(listed)
    done = import_packs(listed)
    assert (done.created, done.updated, done.unchanged) == (0, 0, 1)


def test_of_a_known_pack_only_the_counts_change(tmp_path: Path) -> None:
    known = TrainingPack.objects.get(code="6EB1-79B2-33B8-681C")
    done = import_packs(write(tmp_path, "6EB1-79B2-33B8-681C,Other,Other,defending,x,Bronze,1,1,44,261,x"))
    assert (done.created, done.updated) == (0, 1)
    found = TrainingPack.objects.get(pk=known.pk)
    assert (found.likes, found.plays) == (44, 261)
    assert (found.name, found.category, found.difficulty) == (known.name, "shooting", known.difficulty)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (GOOD.replace("AAAA-", "ZZZZ-"), "four groups of four"),
        (GOOD.replace("defending", "mixed"), "the category 'mixed' is none of ours"),
        (GOOD.replace("Diamond,5", "Diamond,"), "the difficulty '' is no whole number"),
        (GOOD.replace("Diamond,5", "Diamond,9"), "not in 1 to 8"),
        (GOOD.replace(",3,40,", ",-3,40,"), "the likes '-3' is no whole number"),
        (GOOD.replace("Walls", "W" * 121), "name: "),
        (GOOD.replace(",12,", ",1001,"), "up to 1000 shots, not 1001"),
        ("AAAA-0000-0000-0001", "the category '' is none of ours"),
    ],
)
def test_a_bad_row_is_told_by_its_line_and_left_out(tmp_path: Path, row: str, words: str) -> None:
    done = import_packs(write(tmp_path, row, GOOD.replace("0001", "0002")))
    assert done.created == 1
    ((line, reason),) = done.refused
    assert line == 2
    assert words in reason


def test_a_code_counts_once_in_a_list(tmp_path: Path) -> None:
    done = import_packs(write(tmp_path, GOOD, GOOD.lower().replace("diamond", "Diamond")))
    assert (done.created, [line for line, _ in done.refused]) == (1, [3])


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(UnreadablePacks, match="it has no category, code"):
        import_packs(other)
    other.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadablePacks, match="can't be read"):
        import_packs(other)


def test_the_command_tells_what_it_did(tmp_path: Path) -> None:
    path, told = write(tmp_path, GOOD, GOOD.replace("defending", "mixed")), StringIO()
    call_command("import_training_packs", str(path), "--json", stdout=told)
    assert json.loads(told.getvalue()) == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "refused": [{"line": 3, "reason": "the category 'mixed' is none of ours"}],
    }
    told = StringIO()
    call_command("import_training_packs", str(path), stdout=told)
    assert told.getvalue().startswith("0 created, 0 updated, 1 unchanged, 1 refused\n  line 3: ")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_training_packs", str(tmp_path / "missing.csv"))
