import numpy as np
import pytest

from mlmodels.estimators.multinomial_logit import MultinomialLogit
from mlmodels.estimators.tidied import Tidied

RNG = np.random.default_rng(1)
Y = RNG.integers(0, 3, 240)
X = RNG.normal(size=(240, 4)) + Y[:, None] * np.array([1.5, -1, 0, 0])


def test_it_learns_a_line_for_each_class() -> None:
    model = MultinomialLogit().fit(X, Y)
    assert (model.predict(X) == Y).mean() > 0.7
    assert model.predict_proba(X).sum(1) == pytest.approx(1)


def test_its_contributions_add_up_to_its_probabilities() -> None:
    model = MultinomialLogit().fit(X, Y)
    told = model.contributions(X)
    assert told.probabilities == pytest.approx(model.predict_proba(X))
    assert told.names == ("x0", "x1", "x2", "x3")


def test_two_classes_are_two_lines() -> None:
    model = MultinomialLogit().fit(X, Y > 0)
    assert model.coef_.shape == (2, 4)
    assert model.contributions(X).probabilities == pytest.approx(model.predict_proba(X))


def test_scale_outliers_and_gaps_do_not_matter() -> None:
    model = Tidied(MultinomialLogit()).fit(X, Y)
    assert Tidied(MultinomialLogit()).fit(X * 1000 + 5, Y).predict_proba(X * 1000 + 5) == pytest.approx(
        model.predict_proba(X), abs=1e-3
    )
    far, farther = np.full((1, 4), 50.0), np.full((1, 4), 1e9)
    assert (model.predict_proba(far) == model.predict_proba(farther)).all()
    gap = np.full((1, 4), np.nan)
    assert model.predict_proba(gap) == pytest.approx(model.predict_proba(model.mean_[None]))


def test_a_class_that_training_lacks_is_never_predicted() -> None:
    model = Tidied(MultinomialLogit(), classes=range(5)).fit(X, Y + 1)
    said = model.predict_proba(X)
    assert said.shape == (240, 5)
    assert (said[:, [0, 4]] == 0).all()
    assert said.sum(1) == pytest.approx(1)
    with pytest.raises(ValueError, match="Unknown class in y: 5"):
        Tidied(MultinomialLogit(), classes=range(5)).fit(X, Y + 5)
