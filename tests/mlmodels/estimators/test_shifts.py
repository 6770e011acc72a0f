"""What moved a mean: the Bayesian answer, the plain rule, and the forest, each against what is known of it."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from mlmodels.estimators.class_forest import ClassForest
from mlmodels.estimators.largest_shortfall import LargestShortfall
from mlmodels.estimators.shifted_means import ShiftedMeans

NOISE = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])


def shifted(rows: int, *, seed: int = 1, strengths: tuple[float, ...] = (1.0,)) -> tuple[np.ndarray, np.ndarray]:
    """Means of 1 to 12 observations (rows, 3 + 1); class k has column k moved down by a strength, class 3 none."""
    random = np.random.default_rng(seed)
    y, n = random.integers(4, size=rows), random.integers(1, 13, size=rows)
    moved = -np.eye(4)[y][:, :3] * random.choice(strengths, rows)[:, None]
    noise = random.multivariate_normal(np.zeros(3), NOISE, rows) / np.sqrt(n)[:, None]
    return np.column_stack([moved + noise, n]), y


def by_hand(x: np.ndarray, n: float) -> np.ndarray:
    """Bayes' rule with all that is known: equal shares, a shift of exactly 1."""
    inverse = np.linalg.inv(NOISE / n)
    shifts = np.vstack([-np.eye(3), np.zeros(3)])
    log_density = np.array([-0.5 * (x - shift) @ inverse @ (x - shift) for shift in shifts])
    p: np.ndarray = np.exp(log_density - log_density.max())
    return np.asarray(p / p.sum())


def test_it_comes_to_what_bayes_rule_gives_where_all_is_known() -> None:
    X, y = shifted(20_000)
    model = ShiftedMeans(count=-1, strengths=(1.0,)).fit(X, y)
    asked, _ = shifted(50, seed=2)
    known = np.array([by_hand(row[:3], row[3]) for row in asked])
    assert np.abs(model.predict_proba(asked) - known).max() < 0.05
    assert np.abs(model.noise_ - NOISE).max() < 0.06
    assert np.abs(model.lasting_).max() < 0.03


def test_it_learns_how_strong_shifts_are() -> None:
    X, y = shifted(12_000, strengths=(0.5, 1.5))
    model = ShiftedMeans(count=-1, strengths=(0.5, 1.0, 1.5)).fit(X, y)
    assert model.strength_shares_[1] < min(model.strength_shares_[0], model.strength_shares_[2])


def test_what_lasts_is_told_from_what_averages_out() -> None:
    X, y = shifted(20_000)
    X[:, :3] += np.random.default_rng(3).normal(0, 0.3, (len(X), 3))
    model = ShiftedMeans(count=-1, strengths=(1.0,)).fit(X, y)
    assert np.diag(model.lasting_) == pytest.approx([0.09] * 3, abs=0.03)
    assert np.diag(model.noise_) == pytest.approx([1.0] * 3, abs=0.08)


def test_its_probabilities_mean_what_they_say() -> None:
    X, y = shifted(8000, strengths=(0.5, 1.0, 1.5))
    asked, came = shifted(8000, seed=9, strengths=(0.5, 1.0, 1.5))
    p = ShiftedMeans(count=-1).fit(X, y).predict_proba(asked)
    sure = (p.max(1) >= 0.7) & (p.max(1) < 0.8)
    assert sure.sum() > 500
    assert 0.70 <= (p.argmax(1) == came)[sure].mean() <= 0.80


def test_more_observations_of_the_same_mean_make_it_surer() -> None:
    X, y = shifted(8000)
    model = ShiftedMeans(count=-1).fit(X, y)
    p = model.predict_proba(np.array([[-0.9, 0.0, 0.0, n] for n in (1, 3, 10)]))[:, 0]
    assert p[0] < p[1] < p[2]


def test_a_feature_that_is_not_known_tells_nothing() -> None:
    X, y = shifted(8000)
    model = ShiftedMeans(count=-1).fit(X, y)
    p = model.predict_proba(np.array([[-0.9, np.nan, 0.0, 5.0], [-0.9, 0.0, 0.0, 5.0]]))
    assert np.isfinite(p).all()
    assert p[0, 0] < p[1, 0], "beside a twin that did not fall, the fall says more"


@pytest.mark.parametrize("count", [0.0, np.nan])
def test_a_mean_of_nothing_is_refused(count: float) -> None:
    X, y = shifted(100)
    X[5, 3] = count
    with pytest.raises(ValueError, match="at least one observation"):
        ShiftedMeans(count=-1).fit(X, y)


def test_the_plain_rule_names_the_lowest_where_it_is_low_enough() -> None:
    X, y = shifted(6000)
    surprises = X[:, :3] * np.sqrt(X[:, 3:])
    model = LargestShortfall().fit(surprises, y)
    low, lower = -model.enough_ + 0.1, -model.enough_ - 0.1
    named = model.predict(np.array([[lower, 0.0, 1.0], [0.5, 0.0, lower - 1], [low, 0.0, low], [0.0, lower, np.nan]]))
    assert named.tolist() == [0, 2, 3, 1]
    assert model.predict_proba(np.array([[np.nan, -9.0, 0.0]]))[0, 0] == 0.0, "what isn't measured is never named"


def test_the_plain_rule_refuses_an_outcome_that_is_no_column() -> None:
    with pytest.raises(ValueError, match="Outcomes are 0 to 2"):
        LargestShortfall().fit(np.zeros((3, 2)), np.array([0, 1, 5]))


def test_the_arrays_say_what_scikit_learns_forest_says() -> None:
    X, y = shifted(600)
    X[::7, 1] = np.nan
    own = ClassForest(trees=12, columns=0.5).fit(X, y)
    theirs = RandomForestClassifier(12, min_samples_leaf=5, max_features=0.5, random_state=0).fit(X, y)
    asked, _ = shifted(300, seed=4)
    asked[::5, 2] = np.nan
    assert own.predict_proba(asked) == pytest.approx(theirs.predict_proba(asked), abs=1e-6)
