"""Splits by groups: the rows of one are never parted, in no step from the table to the figures of a version."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodels import problem as problems
from mlmodels import runs
from mlmodels.datasets import snapshot
from mlmodels.errors import TooLittleData
from mlmodels.evaluating import evaluate
from mlmodels.evaluation.held_out import across_folds, held_out
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.selection import Selection
from mlmodels.splitting import group_folds, split_by_groups
from mlmodels.tables import test_window as window_of
from mlmodels.tuning.spaces import real
from tests.mlmodels.coin_toss import ManyHands


def groups_and_outcomes(groups: int, rows: int, classes: int) -> tuple[pd.Series, pd.Series]:
    """Each group has one outcome."""
    names = pd.Series([f"group-{i % groups}" for i in range(rows)])
    return names, pd.Series([i % groups % classes for i in range(rows)])


def parts(names: pd.Series, outcomes: pd.Series) -> dict[str, set[str]]:
    masks = split_by_groups(names, outcomes, minimum_rows=1).masks(names)
    return {part: set(names[mask]) for part, mask in masks.items()}


@pytest.mark.parametrize("classes", [1, 3])
def test_about_70_train_15_validate_and_15_test_and_every_part_has_each_outcome(classes: int) -> None:
    names, outcomes = groups_and_outcomes(60, 600, classes)
    split = split_by_groups(names, outcomes, minimum_rows=10)
    masks = split.masks(names)
    assert {part: mask.sum() for part, mask in masks.items()} == {"train": 420, "validation": 90, "test": 90}
    assert all(set(outcomes[mask]) == set(range(classes)) for mask in masks.values())


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), min_size=20, max_size=80))
def test_no_group_is_parted_and_every_row_is_in_one_part(rows: list[tuple[int, int]]) -> None:
    names, outcomes = pd.Series([str(group) for group, _ in rows]), pd.Series([outcome for _, outcome in rows])
    try:
        split = split_by_groups(names, outcomes, minimum_rows=10)
    except TooLittleData:
        return
    masks = split.masks(names)
    assert np.sum([*masks.values()], axis=0).tolist() == [1] * len(names)
    sets = [set(names[mask]) for mask in masks.values()]
    assert all(sets)
    assert not sets[0] & sets[1] | sets[1] & sets[2] | sets[0] & sets[2]


def test_the_same_groups_are_split_alike_whatever_the_order_of_the_rows() -> None:
    names, outcomes = groups_and_outcomes(30, 300, 2)
    shuffled = names.sample(frac=1, random_state=1)
    assert parts(names, outcomes) == parts(shuffled, outcomes[shuffled.index])


def test_groups_of_several_outcomes_are_split_without_strata() -> None:
    names = pd.Series([f"pool-{i % 7}" for i in range(700)])
    found = parts(names, pd.Series(np.arange(700) % 9))
    assert {part: len(groups) for part, groups in found.items()} == {"train": 5, "validation": 1, "test": 1}


@pytest.mark.parametrize(("groups", "words"), [(1, "too few groups"), (2, "too few groups")])
def test_too_few_groups_are_refused_in_words(groups: int, words: str) -> None:
    names, outcomes = groups_and_outcomes(groups, 40, 1)
    with pytest.raises(TooLittleData, match=words):
        split_by_groups(names, outcomes, minimum_rows=10)
    with pytest.raises(TooLittleData, match="too few groups for 5 folds"):
        group_folds(names, outcomes, folds=5)


def test_too_few_rows_are_refused_with_both_numbers() -> None:
    with pytest.raises(TooLittleData, match="has 9 rows; at least 10 are needed"):
        split_by_groups(*groups_and_outcomes(3, 9, 1), minimum_rows=10)


def test_folds_hold_whole_groups_of_every_outcome() -> None:
    names, outcomes = groups_and_outcomes(60, 600, 3)
    folds = group_folds(names, outcomes, folds=5)
    assert pd.Series(folds).groupby(names).nunique().max() == 1
    assert np.bincount(folds).tolist() == [120] * 5
    assert all(set(outcomes[folds == fold]) == {0, 1, 2} for fold in range(5))


class Memory:
    """Says how often it has seen the row's number."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> "Memory":
        self.seen = set(X[:, 0].tolist())
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        return np.array([[float(number in self.seen), len(self.seen)] for number in X[:, 0]])


def test_nobody_is_asked_about_rows_that_were_learned_from() -> None:
    X, folds = np.arange(20)[:, None], np.arange(20) % 5
    said = across_folds(Memory, X, np.zeros(20), folds, width=2)
    assert (said == [0.0, 16.0]).all()
    with pytest.raises(ValueError, match="none of both"):
        held_out(Memory, X, np.zeros(20), learned=folds < 3, asked=folds > 1)


@pytest.fixture
def many_hands(monkeypatch: pytest.MonkeyPatch, storage: object) -> ManyHands:
    problem = ManyHands()
    monkeypatch.setitem(problems._problems, problem.slug, problem)
    return problem


@pytest.fixture
def train(db: None, many_hands: ManyHands) -> Callable[..., ModelVersion]:
    def trained(**asked: Any) -> ModelVersion:
        run, _ = runs.request_run(
            problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False, **asked
        )
        done = runs.execute(str(run.pk), worker="test")
        assert done is not None
        assert done.status == TrainingRun.Status.COMPLETED, done.error_message
        return ModelVersion.objects.get(run=run)

    return trained


def test_a_version_is_measured_on_hands_it_did_not_learn_from(
    many_hands: ManyHands, train: Callable[..., ModelVersion]
) -> None:
    """Worked out again from the frame."""
    metrics = train().metrics
    frame = many_hands.load(Selection()).frame
    masks = split_by_groups(frame["hand"], frame["outcome"], minimum_rows=50).masks(frame["hand"])
    fitted = (
        many_hands.algorithm("logit")
        .build()
        .fit(frame[["bias"]][masks["train"]], frame["outcome"].to_numpy()[masks["train"]])
    )
    tested = frame[masks["test"]]
    by_hand = many_hands.metrics[0].compute(fitted.predict_proba(tested[["bias"]]), tested["outcome"].to_numpy())
    assert metrics["test_uncalibrated"]["brier"] == pytest.approx(by_hand)
    assert [metrics[part]["n"] for part in ("train", "validation", "test")] == [280, 60, 60]
    assert "over_time" not in metrics, "no part is later than another"


def test_an_interval_is_told_of_groups_enough_and_else_none(
    many_hands: ManyHands, train: Callable[..., ModelVersion]
) -> None:
    """Six groups drawn anew would give a span that is far too narrow."""
    assert train().metrics["interval"] == {}
    many_hands.hands = 100
    interval = train(force=True).metrics["interval"]
    assert interval["low"] < interval["value"] < interval["high"]


def test_pages_tell_which_groups_tested(train: Callable[..., ModelVersion]) -> None:
    version = train()
    assert window_of(version)[0].startswith("6 groups held out (")
    assert window_of(version)[1] == ""


def test_the_manifest_says_which_groups_are_held_out(many_hands: ManyHands, db: None) -> None:
    dataset = snapshot(many_hands, Selection()).dataset
    told = json.loads((dataset.folder / "manifest.json").read_text())["split"]
    assert (told["validation_groups"], told["test_groups"]) == (6, 6)
    assert told["rows"] == {"train": 280, "validation": 60, "test": 60}


def test_models_side_by_side_are_asked_about_hands_they_do_not_know(many_hands: ManyHands, db: None) -> None:
    found = evaluate(many_hands, Selection())
    frame = many_hands.load(Selection()).frame
    folds = group_folds(frame["hand"], frame["outcome"], folds=5)
    said = across_folds(
        many_hands.algorithm("logit").build, frame[["bias"]], frame["outcome"].to_numpy(), folds, width=2
    )
    assert found["rows"] == 400
    assert found["models"]["logit"]["brier"] == pytest.approx(
        many_hands.metrics[0].compute(said, frame["outcome"].to_numpy())
    )


def test_a_search_is_judged_on_the_groups_that_validate(
    many_hands: ManyHands, train: Callable[..., ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    [logit] = many_hands.algorithms
    space = (real("C", 0.01, 10.0, usual=1.0, log=True),)
    monkeypatch.setattr(many_hands, "algorithms", (replace(logit, space=space),))
    version = train(tuning={"trials": 2, "seconds": None})
    assert version.tuning["trials"] == 2
    assert version.tuning["usual_value"] == pytest.approx(version.metrics["validation"]["brier"], rel=0.2), (
        "the same rows, another strength of the penalty"
    )
