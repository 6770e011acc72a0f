"""Features are chosen from the rows that are fitted on, by four methods, and the choice survives as data."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from mlmodels.estimators.blend import Blend
from mlmodels.estimators.boosting import GradientBoosting
from mlmodels.estimators.feature_selection import METHODS, SelectedFeatures, _lasso, _standardised
from mlmodels.estimators.ordered_logit import OrderedLogit
from mlmodels.estimators.weights import rebuild
from mlmodels.evaluation.walk_forward import walk_forward
from tests.mlmodels.estimators.test_scikit_learn import expecting

ROWS = 600
NAMES = [f"f{i}" for i in range(12)]
TELLING = {"f3", "f7"}


def rows(seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Twelve columns, of which f3 and f7 tell the class of three; f4 is nearly f3."""
    random = np.random.default_rng(seed)
    X = pd.DataFrame(random.normal(size=(ROWS, len(NAMES))), columns=NAMES)
    X["f4"] = X["f3"] + 0.05 * random.normal(size=ROWS)
    score = 1.5 * X["f3"] + 1.2 * X["f7"] + random.logistic(size=ROWS)
    return X, np.digitize(score, [-1.0, 1.0])


def light() -> GradientBoosting:
    return GradientBoosting(rounds=20, least_weight=5.0)


@pytest.mark.parametrize("method", METHODS)
def test_each_method_finds_the_columns_that_tell(method: str) -> None:
    X, y = rows()
    chosen = SelectedFeatures(OrderedLogit(), method=method, keep=3, random_state=1).fit(X, y).chosen_
    names = {NAMES[place] for place in chosen}
    assert len(names) == 3
    assert "f7" in names
    assert names & {"f3", "f4"}
    assert list(chosen) == sorted(chosen)


def test_correlation_leaves_out_what_says_the_same() -> None:
    X, y = rows()
    chosen = SelectedFeatures(OrderedLogit(), method="correlation", keep=11).fit(X, y).chosen_
    assert len({NAMES[place] for place in chosen} & {"f3", "f4"}) == 1


@pytest.mark.parametrize("method", METHODS)
def test_the_choice_does_not_hang_on_chance(method: str) -> None:
    X, y = rows()
    one, other = (SelectedFeatures(light(), method=method, keep=4, random_state=5).fit(X, y) for _ in range(2))
    assert list(one.chosen_) == list(other.chosen_)
    assert (one.predict_proba(X) == other.predict_proba(X)).all()


def test_it_predicts_as_the_estimator_fitted_on_the_chosen_columns() -> None:
    X, y = rows()
    model = SelectedFeatures(OrderedLogit(), method="l1", keep=2).fit(X, y)
    alone = OrderedLogit().fit(X.iloc[:, model.chosen_], y)
    assert (model.predict_proba(X) == alone.predict_proba(X.iloc[:, model.chosen_])).all()
    assert list(model.predict(X)) == list(alone.predict(X.iloc[:, model.chosen_]))


@pytest.mark.parametrize("method", METHODS)
def test_columns_in_which_something_is_not_known_can_be_chosen(method: str) -> None:
    X, y = rows()
    X = X.mask(np.random.default_rng(2).uniform(size=X.shape) < 0.1)
    model = SelectedFeatures(light(), method=method, keep=3).fit(X, y)
    assert np.isfinite(model.predict_proba(X)).all()
    assert "f7" in {NAMES[place] for place in model.chosen_}


def test_columns_that_are_not_up_for_choice_are_kept() -> None:
    X, y = rows()
    model = SelectedFeatures(light(), keep=2, selectable=tuple(NAMES[:8])).fit(X, y)
    assert set(range(8, 12)) <= set(model.chosen_)
    assert len(model.chosen_) == 6


def test_members_of_a_blend_read_what_is_left_of_their_columns() -> None:
    X, y = rows()
    blend = Blend(
        [("logit", OrderedLogit(missing=0.0)), ("boosting", light())],
        columns={"logit": NAMES[:8], "boosting": NAMES},
    )
    model = SelectedFeatures(blend, keep=4, method="l1").fit(X, y)
    read = model.estimator_.columns
    left = [NAMES[place] for place in model.chosen_]
    assert read == {"logit": [name for name in left if name in NAMES[:8]], "boosting": left}
    assert model.predict_proba(X).shape == (ROWS, 3)
    again = rebuild(json.loads(json.dumps(model.to_weights())))
    assert again.predict_proba(X) == pytest.approx(model.predict_proba(X))


def test_a_member_left_without_columns_is_named() -> None:
    X, y = rows()
    blend = Blend([("logit", OrderedLogit()), ("boosting", light())], columns={"logit": ["f0"], "boosting": NAMES})
    with pytest.raises(ValueError, match="No column is left for logit: keep more features"):
        SelectedFeatures(blend, keep=2, method="l1").fit(X, y)


@pytest.mark.parametrize("inner", [OrderedLogit(), light()], ids=lambda e: type(e).__name__)
def test_weights_travel_as_json(inner: object) -> None:
    X, y = rows()
    model = SelectedFeatures(inner, keep=3, random_state=3).fit(X, y)
    written = json.loads(json.dumps(model.to_weights(), allow_nan=False))
    again = rebuild(written)
    assert [written["features"][place] for place in written["chosen"]] == [NAMES[place] for place in model.chosen_]
    assert again.predict_proba(X) == pytest.approx(model.predict_proba(X), abs=1e-7)
    with pytest.raises(ValueError, match="feature names"):
        again.predict_proba(X.rename(columns={"f0": "other"}))


def test_it_can_say_why_where_its_estimator_can() -> None:
    X, y = rows()
    model = SelectedFeatures(light(), keep=3).fit(X, y)
    told = model.contributions(X[:5])
    assert told.names == tuple(NAMES[place] for place in model.chosen_)
    assert told.probabilities == pytest.approx(model.predict_proba(X[:5]), abs=1e-5)
    assert not hasattr(SelectedFeatures(LogisticRegression()), "contributions")


def test_what_can_not_be_written_as_json_does_not_pretend_to() -> None:
    assert not hasattr(SelectedFeatures(LogisticRegression()), "to_weights")
    assert hasattr(SelectedFeatures(OrderedLogit()), "to_weights")


def test_later_rows_have_no_say_in_the_choice() -> None:
    """Walking forward, what comes after a block may be anything: its predictions stay as they are, bit by bit."""
    X, y = rows()
    days = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=i) for i in range(ROWS)]
    spoilt = X.copy()
    spoilt.loc[480:, "f0"] = 9.0 * (y[480:] - 1)

    def walk(table: pd.DataFrame) -> np.ndarray:
        return walk_forward(
            lambda: SelectedFeatures(light(), keep=3, method="correlation"),
            table, y, days, start=days[400], refit_every=timedelta(days=80),
        )  # fmt: skip

    clean, dirty = walk(X), walk(spoilt)
    assert (clean[:80] == dirty[:80]).all()
    assert not (clean[160:] == dirty[160:]).all(), "once those rows are the past, they count"


@pytest.mark.parametrize(("method", "keep"), [("magic", 3), ("l1", 0)])
def test_nonsense_is_refused(method: str, keep: int) -> None:
    X, y = rows()
    with pytest.raises(ValueError, match="Keep at least one column by one of importance, rfe, l1, correlation"):
        SelectedFeatures(light(), method=method, keep=keep).fit(X, y)


def test_more_to_keep_than_there_is_keeps_all() -> None:
    X, y = rows()
    assert len(SelectedFeatures(light(), keep=99).fit(X, y).chosen_) == 12


def test_the_lasso_is_that_of_scikit_learn() -> None:
    """Against saga on the same objective: its C is the inverse of rows times our penalty."""
    X, y = rows()
    scaled = _standardised(X.to_numpy())
    penalty = 0.02
    ours = _lasso(scaled, np.eye(3)[y], penalty, np.zeros((13, 3)))[1:]
    saga = LogisticRegression(
        C=1 / (penalty * ROWS), l1_ratio=1.0, solver="saga", tol=1e-7, max_iter=5000, random_state=0
    )
    theirs = saga.fit(scaled, y).coef_.T
    assert ours == pytest.approx(theirs, abs=2e-3)
    assert ((np.abs(ours) < 1e-6) == (np.abs(theirs) < 1e-6)).mean() > 0.95


def test_standardising_puts_the_mean_where_nothing_is_known() -> None:
    scaled = _standardised(np.array([[1.0, 5.0], [3.0, 5.0], [np.nan, 5.0]]))
    assert scaled[2].tolist() == [0.0, 0.0]
    assert scaled[:, 0].sum() == pytest.approx(0.0)


@pytest.mark.parametrize("method", ["importance", "correlation"])
def test_it_passes_every_check_of_scikit_learn(method: str) -> None:
    expecting(SelectedFeatures(OrderedLogit(missing=0.0), method=method, keep=1), {})


def test_a_clone_is_unfitted_and_alike() -> None:
    X, y = rows()
    model = SelectedFeatures(light(), keep=2).fit(X, y)
    assert not hasattr(clone(model), "chosen_")
    assert clone(model).get_params()["keep"] == 2
