"""Blends: the better member counts more, a missing one is done without, and weights come from unseen rows."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlmodels.estimators.blend import Blend
from mlmodels.estimators.given import GivenProbabilities
from mlmodels.estimators.ordered_logit import OrderedLogit
from mlmodels.estimators.weights import rebuild

MARKET = ("m_home", "m_draw", "m_away")
ROWS = 12_000


@pytest.fixture(scope="module")
def table() -> tuple[pd.DataFrame, np.ndarray]:
    """Outcomes of a known truth; `weak` sees it through noise, the market sees all of it but lacks some rows."""
    rng = np.random.default_rng(5)
    truth = rng.normal(size=ROWS)
    y = np.digitize(truth + rng.logistic(scale=0.6, size=ROWS), [-0.4, 0.4])
    logit = OrderedLogit().fit(truth[:, None], y)
    market = logit.predict_proba(truth[:, None])
    market[rng.random(ROWS) < 0.2] = np.nan
    frame = pd.DataFrame({"weak": truth + rng.normal(size=ROWS), "noise": rng.normal(size=ROWS)})
    return frame.assign(**dict(zip(MARKET, market.T, strict=True))), y


def blend(**changes: Any) -> Blend:
    members = [("weak", OrderedLogit()), ("noise", OrderedLogit()), ("market", GivenProbabilities())]
    columns = {"weak": ["weak"], "noise": ["noise"], "market": list(MARKET)}
    return Blend(members, columns=columns, optional=("market",), **changes)


@pytest.fixture(scope="module")
def fitted(table: tuple[pd.DataFrame, np.ndarray]) -> Blend:
    return blend().fit(*table)


def test_the_member_that_knows_more_counts_more(fitted: Blend) -> None:
    alpha = fitted.blend_alpha_
    assert alpha["market"] > 0.7 > alpha["weak"]
    assert fitted.alpha_without_["weak"] > 0.7
    assert "market" not in fitted.alpha_without_


def test_it_is_no_worse_than_its_best_member_on_new_rows(table: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame, y = table
    model = blend().fit(frame[:9000], y[:9000])
    later, outcomes = frame[9000:].dropna(), y[9000:][frame[9000:].notna().all(axis=1)]
    market = later[list(MARKET)].to_numpy()

    def log_loss(p: np.ndarray) -> float:
        return float(-np.log(p[np.arange(len(outcomes)), outcomes]).mean())

    assert log_loss(model.predict_proba(later)) < log_loss(market) + 0.005


def test_a_row_without_prices_is_pooled_from_the_others(fitted: Blend, table: tuple[pd.DataFrame, np.ndarray]) -> None:
    priceless = table[0][table[0]["m_home"].isna()]
    p = fitted.predict_proba(priceless)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p.sum(1), 1)
    one = fitted.predict_proba(priceless.iloc[[0]])
    np.testing.assert_allclose(one[0], p[0])


def test_with_too_few_rows_members_count_alike(table: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame, y = table
    model = blend().fit(frame[:300], y[:300])
    assert model.blend_alpha_ == dict.fromkeys(("weak", "noise", "market"), pytest.approx(1 / 3))


def test_an_anchor_that_knows_everything_is_answered_as_it_is(table: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame, y = table
    model = blend(anchor="market", held_out=0.5).fit(frame, y)
    assert model.blend_alpha_ == {"weak": 0.0, "noise": 0.0, "market": 1.0}
    priced = frame.dropna()
    np.testing.assert_allclose(model.predict_proba(priced), priced[list(MARKET)].to_numpy(), atol=1e-12)


def test_an_anchor_that_others_improve_on_is_left(table: tuple[pd.DataFrame, np.ndarray]) -> None:
    frame, y = table
    model = blend(anchor="noise", held_out=0.5).fit(frame, y)
    assert model.blend_alpha_["market"] > 0.7 > model.blend_alpha_["noise"]


def test_an_anchor_is_one_of_the_members(table: tuple[pd.DataFrame, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="'bookies' is none of the members: weak, noise, market"):
        blend(anchor="bookies").fit(*table)


def test_a_blend_that_starts_from_the_last_keeps_its_weights_for_a_while(
    table: tuple[pd.DataFrame, np.ndarray],
) -> None:
    frame, y = table
    first = blend().fit(frame[:2000], y[:2000])
    soon = blend().fit(frame[:2100], y[:2100], start=first)
    late = blend().fit(frame[:3000], y[:3000], start=first)
    assert soon.blend_alpha_ == first.blend_alpha_
    assert late.blend_alpha_ != first.blend_alpha_


def test_written_and_read_again_it_says_the_same(fitted: Blend, table: tuple[pd.DataFrame, np.ndarray]) -> None:
    again = rebuild(json.loads(json.dumps(fitted.to_weights())))
    np.testing.assert_allclose(again.predict_proba(table[0]), fitted.predict_proba(table[0]), atol=1e-12)


def test_given_probabilities_need_a_column_a_class(table: tuple[pd.DataFrame, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="2 columns of probabilities for 3 classes"):
        GivenProbabilities().fit(table[0][["m_home", "m_draw"]], table[1])
