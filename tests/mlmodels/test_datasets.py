"""Data sets: named by content, read back as they were, and made again only when something changed."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import time_machine

from mlmodels import datasets
from mlmodels.datasets import snapshot
from mlmodels.errors import TableUnreadable, TooLittleData
from mlmodels.models import Dataset
from mlmodels.problem import Progress, Snapshot, silent
from mlmodels.selection import Selection
from mlmodels.splitting import split_by_time
from mlmodels.table_files import read_table
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db
EVERYTHING = Selection()
VARIOUS = pd.DataFrame(
    {
        "subject": pd.array([1, None, 3], dtype="Int64"),
        "event_at": pd.to_datetime(
            ["2024-03-02T15:00Z", "2024-03-02T17:30Z", "2024-03-03T12:00:00.000001Z"], format="ISO8601", utc=True
        ),
        "day": pd.to_datetime(["2024-03-02", "2024-03-02", "2024-03-03"]),
        "name": ["Köln", "São Paulo", None],
        "bias": [0.1 + 0.2, float("nan"), 1e-300],
        "fair": [True, False, True],
        "outcome": [0, 1, 0],
    }
)
"""A column of every kind that a table may have."""


def folders(storage: Path) -> list[Path]:
    return sorted((storage / "datasets").iterdir())


def no_engine(*_: Any, **__: Any) -> None:
    raise ImportError("Unable to find a usable engine; tried using: 'pyarrow', 'fastparquet'.")


def never(*_: Any, **__: Any) -> Snapshot:
    raise AssertionError("It was loaded again.")


def test_unchanged_data_is_not_even_loaded_again(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    first = snapshot(coin_toss, EVERYTHING)
    monkeypatch.setattr(coin_toss, "load", never)
    again = snapshot(coin_toss, EVERYTHING)
    assert again.dataset == first.dataset
    pd.testing.assert_frame_equal(again.frame, first.frame)
    assert again.state == first.state == {"tosses": 400}


def test_equal_content_is_one_row_and_one_folder_whatever_the_fingerprint(
    coin_toss: CoinToss, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = snapshot(coin_toss, EVERYTHING).dataset
    monkeypatch.setattr(coin_toss, "fingerprint", lambda selection: "something was imported")
    again = snapshot(coin_toss, EVERYTHING).dataset
    assert (again.pk, again.content_hash, again.path) == (first.pk, first.content_hash, first.path)
    assert Dataset.objects.get().fingerprint == "something was imported"
    assert folders(storage) == [first.folder]


def test_without_a_fingerprint_it_is_loaded_each_time_and_kept_once(
    coin_toss: CoinToss, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coin_toss, "fingerprint", lambda selection: "")
    assert snapshot(coin_toss, EVERYTHING).dataset == snapshot(coin_toss, EVERYTHING).dataset
    assert len(folders(storage)) == 1


def test_other_content_is_another_data_set_and_the_first_stays(coin_toss: CoinToss, storage: Path) -> None:
    first = snapshot(coin_toss, EVERYTHING)
    coin_toss.tosses = 401
    second = snapshot(coin_toss, EVERYTHING)
    assert second.dataset.content_hash != first.dataset.content_hash
    assert (first.dataset.rows, second.dataset.rows) == (400, 401)
    assert len(folders(storage)) == 2
    pd.testing.assert_frame_equal(datasets.read(first.dataset).frame, first.frame)


def test_another_selection_of_the_same_rows_is_told_apart(coin_toss: CoinToss, storage: Path) -> None:
    everything = snapshot(coin_toss, EVERYTHING).dataset
    pennies = snapshot(coin_toss, Selection(competitions=("penny",))).dataset
    assert pennies != everything
    assert pennies.content_hash == everything.content_hash
    assert len(folders(storage)) == 2


def test_the_manifest_tells_what_the_folder_holds(coin_toss: CoinToss) -> None:
    examples = snapshot(coin_toss, Selection(competitions=("penny",)))
    dataset = examples.dataset
    manifest = json.loads((dataset.folder / "manifest.json").read_text())
    assert (manifest["name"], manifest["uid"], manifest["problem"]) == (dataset.path, str(dataset.pk), "coin-toss")
    assert manifest["selection"]["competitions"] == ["penny"]
    assert (manifest["rows"], manifest["columns"]) == examples.frame.shape == (400, 4)
    assert manifest["files"] == {"data.parquet": dataset.content_hash}
    assert [column["name"] for column in manifest["schema"]] == list(examples.frame.columns)
    assert manifest["schema"][2] == {"name": "bias", "dtype": "float64"}
    assert manifest["time_range"] == [dataset.date_from.isoformat(), dataset.date_to.isoformat()]
    assert sum(manifest["split_shares"]) == pytest.approx(1)


def test_the_manifest_says_where_training_cuts_the_rows(coin_toss: CoinToss) -> None:
    examples = snapshot(coin_toss, EVERYTHING)
    split = split_by_time(examples.frame["event_at"], minimum_rows=1)
    told = json.loads((examples.dataset.folder / "manifest.json").read_text())["split"]
    assert told["validation_from"] == split.validation_from.isoformat()
    assert told["test_from"] == split.test_from.isoformat()
    assert told["rows"] == {name: mask.sum() for name, mask in split.masks(examples.frame["event_at"]).items()}
    assert sum(told["rows"].values()) == 400


def test_too_few_rows_have_no_cut(coin_toss: CoinToss) -> None:
    coin_toss.tosses = coin_toss.minimum_rows - 1
    dataset = snapshot(coin_toss, EVERYTHING).dataset
    assert json.loads((dataset.folder / "manifest.json").read_text())["split"] is None


def test_what_parquet_cannot_hold_is_gzipped_csv_and_comes_back_the_same(
    coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    mixed = pd.Series([1, "two", None], dtype=object)
    frame = VARIOUS.assign(mixed=mixed, words=["\\", "", 'NA, "quoted"\nin two lines'])
    monkeypatch.setattr(coin_toss, "load", lambda selection, progress: Snapshot(frame=frame))
    stored = snapshot(coin_toss, EVERYTHING).dataset
    assert sorted(path.name for path in stored.folder.iterdir()) == ["data.csv.gz", "manifest.json", "state.json"]
    pd.testing.assert_frame_equal(datasets.read(stored).frame, frame, check_exact=True)


def test_a_machine_without_parquet_keeps_its_data_sets_as_csv(
    coin_toss: CoinToss, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_parquet = snapshot(coin_toss, EVERYTHING)
    monkeypatch.setattr(pd.DataFrame, "to_parquet", no_engine)
    monkeypatch.setattr(pd, "read_parquet", no_engine)
    by_csv = snapshot(coin_toss, EVERYTHING)
    monkeypatch.setattr(coin_toss, "load", never)
    again = snapshot(coin_toss, EVERYTHING)
    assert again.dataset == by_csv.dataset != by_parquet.dataset
    pd.testing.assert_frame_equal(again.frame, by_parquet.frame, check_exact=True)
    manifest = json.loads((by_csv.dataset.folder / "manifest.json").read_text())
    assert manifest["files"] == {"data.csv.gz": by_csv.dataset.content_hash}


def test_equal_tables_make_equal_csv(coin_toss: CoinToss, storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pd.DataFrame, "to_parquet", no_engine)
    with time_machine.travel("2026-01-01"):
        first = snapshot(coin_toss, EVERYTHING).dataset
    monkeypatch.setattr(coin_toss, "fingerprint", lambda selection: "something was imported")
    with time_machine.travel("2026-01-02"):
        assert snapshot(coin_toss, EVERYTHING).dataset == first
    assert folders(storage) == [first.folder]


@pytest.mark.parametrize("name", ["data.parquet", "data.csv.gz"])
def test_some_columns_of_a_table_are_those_that_it_has(
    coin_toss: CoinToss, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "data.csv.gz":
        monkeypatch.setattr(pd.DataFrame, "to_parquet", no_engine)
    dataset = snapshot(coin_toss, EVERYTHING).dataset
    assert (dataset.folder / name).is_file()
    some = read_table(dataset.folder, dataset.columns, columns={"bias", "event_at", "not there"})
    pd.testing.assert_frame_equal(some, datasets.read(dataset).frame[["event_at", "bias"]])


@pytest.mark.parametrize("damage", ["missing", "torn", "no table at all"])
def test_a_table_that_cannot_be_read_is_an_error_in_words(coin_toss: CoinToss, damage: str) -> None:
    dataset = snapshot(coin_toss, EVERYTHING).dataset
    data = dataset.folder / "data.parquet"
    if damage == "torn":
        data.write_bytes(data.read_bytes()[:100])
    else:
        data.unlink()
    if damage == "no table at all":
        (dataset.folder / "data.csv.gz").write_bytes(b"nothing zipped")
    with pytest.raises(TableUnreadable, match=r"gone|can't be read"):
        datasets.read(dataset)


def test_the_row_knows_the_first_and_the_last_time(coin_toss: CoinToss) -> None:
    examples = snapshot(coin_toss, EVERYTHING)
    stored = Dataset.objects.get()
    assert stored.date_from == examples.frame["event_at"].min()
    assert stored.date_to == examples.frame["event_at"].max()


def test_a_frame_comes_back_from_parquet_as_it_went_in(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coin_toss, "load", lambda selection, progress: Snapshot(frame=VARIOUS))
    stored = snapshot(coin_toss, EVERYTHING).dataset
    assert (stored.folder / "data.parquet").is_file()
    pd.testing.assert_frame_equal(datasets.read(stored).frame, VARIOUS, check_exact=True)


@pytest.mark.parametrize("damage", ["missing", "changed", "no state"])
def test_a_damaged_folder_is_made_again(coin_toss: CoinToss, damage: str) -> None:
    first = snapshot(coin_toss, EVERYTHING)
    data = first.dataset.folder / "data.parquet"
    if damage == "missing":
        data.unlink()
    elif damage == "changed":
        data.write_bytes(data.read_bytes()[:-1] + b"!")
    else:
        (first.dataset.folder / "state.json").unlink()
    again = snapshot(coin_toss, EVERYTHING)
    assert again.dataset == first.dataset
    pd.testing.assert_frame_equal(datasets.read(first.dataset).frame, first.frame)
    assert datasets.read(first.dataset).state == {"tosses": 400}


def test_an_empty_selection_is_refused_in_words_and_leaves_nothing(coin_toss: CoinToss, storage: Path) -> None:
    coin_toss.tosses = 0
    with pytest.raises(TooLittleData, match=r"Nothing finished in the selection \(penny; all seasons\)"):
        snapshot(coin_toss, Selection(competitions=("penny",)))
    assert not Dataset.objects.exists()
    assert not (storage / "datasets").exists()


def test_what_fails_midway_leaves_no_folder_behind(
    coin_toss: CoinToss, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tossed = coin_toss.load(EVERYTHING)

    def load(selection: Selection, *, progress: Progress = silent) -> Snapshot:
        return Snapshot(frame=tossed.frame, state={"not a number": float("nan")})

    monkeypatch.setattr(coin_toss, "load", load)
    with pytest.raises(ValueError, match="not JSON compliant"):
        snapshot(coin_toss, EVERYTHING)
    assert folders(storage) == []
    assert not Dataset.objects.exists()


def test_progress_is_told_whether_it_was_loaded_or_read(coin_toss: CoinToss) -> None:
    told: list[str] = []
    for _ in range(2):
        snapshot(coin_toss, EVERYTHING, progress=lambda fraction, words: told.append(words))
    assert told == ["Tossing", "Read the data set again: nothing changed since"]
