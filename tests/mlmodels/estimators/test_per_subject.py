"""A model a subject: what it finds, who answers where there is none, and that nothing is lost in writing it down."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestRegressor
from xgboost import XGBRegressor

from mlmodels.estimators import per_subject, weights
from mlmodels.estimators.per_subject import PerSubject
from mlmodels.estimators.shared_dispersion import shared_dispersion
from mlmodels.estimators.subject_ensemble import held_out_from
from mlmodels.estimators.subject_report import HeldOut, expected_calibration_error, report_lines
from mlmodels.estimators.tree_arrays import TreeArrays
from tests.mlmodels.estimators.counted import Floats, Level, counted

SMALL: dict[str, Any] = {"trees": 15, "rounds": 25, "learning_rate": 0.15, "leaf": 5, "depth": 3}


@pytest.fixture(scope="module")
def table() -> tuple[pd.DataFrame, Floats]:
    return counted()


@pytest.fixture(scope="module")
def fitted(table: tuple[pd.DataFrame, Floats]) -> PerSubject:
    return PerSubject(global_model=Level(), **SMALL).fit(*table)


def asked(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"form": 0.0, "noise": 0.0, "line": 2.5, **columns})[["subject", "form", "noise", "line"]]


@pytest.mark.parametrize("combine", ["voting", "stacking"])
def test_it_finds_what_subjects_and_features_do(table: tuple[pd.DataFrame, Floats], combine: str) -> None:
    model = PerSubject(combine=combine, **SMALL).fit(*table)
    low, high = model.predict_mean(asked(subject=[2, 2], form=[-1.0, 1.0]))
    assert low < 3.5 < 5.5 < high
    weak, strong = model.predict_mean(asked(subject=[0, 5]))
    assert strong > 2 * weak


def test_a_subject_with_few_rows_is_answered_by_the_global_model(fitted: PerSubject) -> None:
    rows = asked(subject=[0, 99, 12345, 99], form=[0.0, 0.0, 0.0, np.nan])
    assert fitted.answered_by(rows).tolist() == ["ensemble", "global", "global", "prior"]
    means = fitted.predict_mean(rows)
    assert fitted.global_model_ is not None
    assert means[1] == means[2] == fitted.global_model_.level_
    assert means[3] == fitted.prior_mean_
    probabilities = fitted.predict_proba(rows)
    assert probabilities[1].tolist() == [0.25, 0.0, 0.75]
    np.testing.assert_allclose(probabilities.sum(1), 1)


def test_without_a_global_model_the_prior_answers(table: tuple[pd.DataFrame, Floats]) -> None:
    X, y = table
    model = PerSubject(**SMALL).fit(X[X["subject"] == 99], y[X["subject"] == 99])
    assert model.answered_by(X).tolist() == ["prior"] * len(X)
    assert model.predict_mean(X)[0] == pytest.approx(y[X["subject"] == 99].mean())
    assert model.report_ == {}


def test_a_subject_of_whom_nothing_is_known_is_answered_by_the_prior(table: tuple[pd.DataFrame, Floats]) -> None:
    X, y = table
    X = X.assign(games=X.groupby("subject").cumcount())
    model = PerSubject(global_model=Level(), history="games", least_rows=10**6).fit(X, y)
    assert model.answered_by(X.assign(games=0)[:2]).tolist() == ["prior", "prior"]
    assert set(model.answered_by(X.assign(games=1))) == {"global", "prior"}, "prior where the form is not known"


def test_a_subject_whose_fit_raises_fails_alone(table: tuple[pd.DataFrame, Floats]) -> None:
    X = table[0].copy()
    rows = np.flatnonzero(X["subject"] == 3)
    X.loc[rows[0], "noise"] = np.inf
    model = PerSubject(global_model=Level(), **SMALL).fit(X, table[1])
    assert list(model.failures_) == ["3"]
    assert "infinity" in model.failures_["3"].lower()
    assert sorted(model.ensembles_) == ["0", "1", "2", "4", "5"]
    assert model.answered_by(asked(subject=[3, 4])).tolist() == ["global", "ensemble"]


def test_where_every_subject_fails_the_fit_does(table: tuple[pd.DataFrame, Floats]) -> None:
    with pytest.raises(ValueError, match="None of 6 subjects could be fitted; of 0: ValueError"):
        PerSubject(**SMALL).fit(table[0].assign(noise=np.inf), table[1])


def test_a_time_limit_is_no_failure_of_a_subject(
    table: tuple[pd.DataFrame, Floats], monkeypatch: pytest.MonkeyPatch
) -> None:
    class TimeIsUp(Exception):
        pass

    def raise_it(*args: Any, **kwargs: Any) -> None:
        raise TimeIsUp

    monkeypatch.setattr(per_subject, "fit_subject", raise_it)
    with pytest.raises(TimeIsUp):
        PerSubject(**SMALL).fit(*table)


def test_parts_fitted_apart_and_in_another_order_make_the_same_model(
    table: tuple[pd.DataFrame, Floats], fitted: PerSubject
) -> None:
    model = PerSubject(global_model=Level(), subjects_in_a_part=2, **SMALL)
    parts = model.parts(*table)
    assert [len(part) for part in parts] == [2, 2, 2]
    done = [json.loads(json.dumps(model.fit_part(*table, part))) for part in reversed(parts)]
    model.fit_shared(*table).assemble(*table, done)
    np.testing.assert_array_equal(model.predict_proba(table[0]), fitted.predict_proba(table[0]))
    assert model.report_ == fitted.report_


def test_a_part_that_came_to_nothing_is_told_of(table: tuple[pd.DataFrame, Floats]) -> None:
    model = PerSubject(global_model=Level(), **SMALL)
    model.fit_shared(*table).assemble(*table, [model.fit_part(*table, ["0"])], lost={"1": "The worker died."})
    assert model.answered_by(asked(subject=[0, 1])).tolist() == ["ensemble", "global"]
    assert model.failures_ == {"1": "The worker died."}


def test_nothing_is_lost_in_weights(
    table: tuple[pd.DataFrame, Floats], fitted: PerSubject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(weights.TRUSTED, "level", "tests.mlmodels.estimators.counted.Level")
    again = weights.rebuild(json.loads(json.dumps(fitted.to_weights(), allow_nan=False)))
    for method in ("predict_mean", "predict_proba", "distribution", "answered_by"):
        np.testing.assert_array_equal(getattr(again, method)(table[0]), getattr(fitted, method)(table[0]))


def test_the_mean_does_not_hang_on_the_line_asked(fitted: PerSubject) -> None:
    rows = asked(subject=[1, 1, 1], line=[0.5, 4.0, 30.5])
    assert len(set(fitted.predict_mean(rows))) == 1
    over, push, _ = fitted.predict_proba(rows).T
    assert over[0] > over[1] > over[2]
    assert push[1] > 0 == push[0]
    distribution = fitted.distribution(rows)
    np.testing.assert_allclose(distribution.sum(1), 1)
    np.testing.assert_allclose(distribution[0, 1:].sum(), over[0], atol=1e-6)
    assert fitted.distribution(rows, length=7).shape == (3, 7)


def test_other_columns_than_learned_are_refused(table: tuple[pd.DataFrame, Floats], fitted: PerSubject) -> None:
    with pytest.raises(ValueError, match="columns"):
        fitted.predict_mean(asked(subject=[1]).drop(columns="noise"))
    with pytest.raises(ValueError, match="missing"):
        PerSubject().fit(table[0].drop(columns="line"), table[1])
    with pytest.raises(ValueError, match="Negative"):
        PerSubject().fit(table[0], -table[1] - 1)
    with pytest.raises(ValueError, match="no line"):
        fitted.predict_proba(asked(subject=[1], line=[np.nan]))


def test_the_report_is_of_rows_the_ensemble_had_not_seen(
    table: tuple[pd.DataFrame, Floats], fitted: PerSubject
) -> None:
    X, y = table
    assert sorted(fitted.report_) == ["0", "1", "2", "3", "4", "5"]
    line = fitted.report_["4"]
    assert line["n"] == 90 - held_out_from(90) == 18
    rows = np.flatnonzero(X["subject"] == 4)[-18:]
    inside = np.mean((fitted.predict_mean(X.iloc[rows]) - y[rows]) ** 2)
    assert line["mse"] > inside
    assert line["rmse"] == pytest.approx(line["mse"] ** 0.5)
    assert 0 <= line["brier"] <= 1
    # What happens to the newest rows must not reach the forecasts of them.
    changed = y.copy()
    changed[rows[1:]] += 100
    again = PerSubject(**SMALL).fit_part(X, changed, ["4"])["fitted"]["4"]
    before = PerSubject(**SMALL).fit_part(X, y, ["4"])["fitted"]["4"]
    assert isinstance(again, dict)
    assert isinstance(before, dict)
    assert again["held_out"] == before["held_out"]


def test_dispersions_are_found_and_drawn_together() -> None:
    rng = np.random.default_rng(2)
    means = rng.uniform(5, 25, size=(60, 40))
    counts = rng.negative_binomial(5, 5 / (5 + means)).astype(float)
    found = shared_dispersion({str(i): (means[i], counts[i]) for i in range(60)})
    assert found.common == pytest.approx(0.2, rel=0.15)
    assert np.std(np.log(list(found.of.values()))) < 0.15, "subjects that do not differ are not said to"


def test_isotonic_repairs_what_is_told_too_boldly() -> None:
    rng = np.random.default_rng(3)
    told = {}
    for number in range(40):
        p = rng.uniform(0.05, 0.95, size=60)
        came = (rng.uniform(size=60) < 0.5 + (p - 0.5) / 3).astype(float)
        told[str(number)] = HeldOut(means=p, counts=came, over=p, went_over=came)
    lines = report_lines(told).values()
    assert np.mean([line["ece_after"] for line in lines]) < np.mean([line["ece_before"] for line in lines]) - 0.02
    assert np.mean([line["brier_after"] for line in lines]) < np.mean([line["brier"] for line in lines])
    pushes = HeldOut(means=np.ones(2), counts=np.ones(2), over=np.full(2, 0.5), went_over=np.full(2, np.nan))
    assert report_lines({"1": pushes})["1"]["brier"] is None


def test_ece_by_hand() -> None:
    # Two in the bin from 0.2: mean 0.25, half came; one in the bin from 0.9: 0.9, and it came.
    found = expected_calibration_error(np.array([0.2, 0.3 - 1e-9, 0.9]), np.array([1.0, 0.0, 1.0]))
    assert found == pytest.approx((2 * 0.25 + 0.1) / 3)


def test_trees_as_arrays_say_what_the_libraries_say() -> None:
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(300, 6)), rng.poisson(4, size=300)
    X[rng.uniform(size=X.shape) < 0.1] = np.nan
    new = rng.normal(size=(500, 6))
    new[rng.uniform(size=new.shape) < 0.2] = np.nan
    forest = RandomForestRegressor(10, min_samples_leaf=5, random_state=0).fit(X.astype(np.float32), y)
    boosted = XGBRegressor(n_estimators=10, max_depth=3, n_jobs=1).fit(X.astype(np.float32), y)
    np.testing.assert_allclose(TreeArrays.of_forest(forest).predict(new), forest.predict(new.astype(np.float32)), 1e-6)
    ours = TreeArrays.of_boosting(boosted.get_booster())
    np.testing.assert_allclose(ours.predict(new), boosted.predict(new.astype(np.float32)), 1e-5)
    again = TreeArrays.from_weights(json.loads(json.dumps(ours.to_weights())))
    np.testing.assert_array_equal(again.predict(new), ours.predict(new))
