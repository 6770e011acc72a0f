"""Data sets: named by content, read back as they were, and made again only when something changed."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlmodels import datasets
from mlmodels.datasets import snapshot
from mlmodels.errors import TooLittleData
from mlmodels.models import Dataset
from mlmodels.problem import Progress, Snapshot, silent
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db
EVERYTHING = Selection()


def folders(storage: Path) -> list[Path]:
    return sorted((storage / "datasets").iterdir())


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


def test_the_row_knows_the_first_and_the_last_time(coin_toss: CoinToss) -> None:
    examples = snapshot(coin_toss, EVERYTHING)
    stored = Dataset.objects.get()
    assert stored.date_from == examples.frame["event_at"].min()
    assert stored.date_to == examples.frame["event_at"].max()


def test_a_frame_comes_back_from_parquet_as_it_went_in(coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame(
        {
            "subject": pd.array([1, None], dtype="Int64"),
            "event_at": pd.to_datetime(["2024-03-02T15:00Z", "2024-03-02T17:30Z"], utc=True),
            "name": ["Köln", "São Paulo"],
            "bias": [0.1 + 0.2, float("nan")],
            "outcome": [0, 1],
        }
    )
    monkeypatch.setattr(coin_toss, "load", lambda selection, progress: Snapshot(frame=frame))
    stored = snapshot(coin_toss, EVERYTHING).dataset
    pd.testing.assert_frame_equal(datasets.read(stored).frame, frame, check_exact=True)


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
