"""Each figure against published values, a hand's computation or scikit-learn, and what must hold for any forecast."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from mlmodels.evaluation import metrics

HOME, DRAW, AWAY = 0, 1, 2

LOSSES = [metrics.rps, metrics.log_loss, metrics.brier]
EVERY = [*LOSSES, metrics.accuracy, metrics.draw_log_loss, metrics.draw_auc, metrics.ece]

P = np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5], [0.1, 0.6, 0.3], [0.7, 0.2, 0.1]])
Y = np.array([HOME, DRAW, DRAW, AWAY])


@st.composite
def forecasts(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (n, 3) and outcomes (n,) of at most twelve events."""
    n = draw(st.integers(1, 12))
    raw = draw(arrays(float, (n, 3), elements=st.floats(0.0, 1.0))) + 1e-3
    outcomes = draw(arrays(int, n, elements=st.integers(0, 2)))
    return raw / raw.sum(1, keepdims=True), outcomes


@pytest.mark.parametrize(
    ("forecast", "outcome", "published"),
    [
        ((1.0, 0.0, 0.0), HOME, 0.0),
        ((0.9, 0.1, 0.0), HOME, 0.005),
        ((0.8, 0.1, 0.1), HOME, 0.025),
        ((0.5, 0.25, 0.25), HOME, 0.15625),
        ((0.35, 0.3, 0.35), DRAW, 0.1225),
        ((0.6, 0.3, 0.1), DRAW, 0.185),
        ((0.6, 0.25, 0.15), HOME, 0.09125),
        ((0.6, 0.15, 0.25), HOME, 0.11125),
        ((0.57, 0.33, 0.1), HOME, 0.09745),
        ((0.6, 0.2, 0.2), HOME, 0.1),
    ],
)
def test_rps_is_that_of_constantinou_and_fentons_table(
    forecast: tuple[float, ...], outcome: int, published: float
) -> None:
    """Constantinou & Fenton 2012, "Solving the problem of inadequate scoring rules", their five pairs of forecasts."""
    assert metrics.rps([forecast], [outcome]) == pytest.approx(published, abs=1e-12)


def test_log_loss_is_the_mean_surprise() -> None:
    by_hand = -(math.log(0.5) + math.log(0.3) + math.log(0.6) + math.log(0.1)) / 4
    assert metrics.log_loss(P, Y) == pytest.approx(by_hand)
    assert metrics.log_loss(P, Y) == pytest.approx(sklearn_log_loss(Y, P, labels=[0, 1, 2]))


def test_an_impossible_event_that_came_costs_much_but_not_everything() -> None:
    assert metrics.log_loss([[1.0, 0.0, 0.0]], [AWAY]) == pytest.approx(-math.log(metrics.SMALLEST))


def test_brier_is_the_squared_distance_to_what_came() -> None:
    first, third = 0.5**2 + 0.3**2 + 0.2**2, 0.1**2 + 0.4**2 + 0.3**2
    assert metrics.brier_each(P, Y)[[0, 2]] == pytest.approx([first, third])
    assert metrics.brier([[0.0, 0.0, 1.0]], [HOME]) == 2.0


def test_brier_of_two_classes_is_twice_the_binary_one() -> None:
    """Brier (1950) sums over the classes: 2 · (1 - .7)² for a 70 % forecast that came."""
    assert metrics.brier([[0.7, 0.3]], [0]) == pytest.approx(2 * 0.3**2)


def test_accuracy_counts_the_likeliest_class() -> None:
    assert metrics.accuracy(P, Y) == accuracy_score(Y, P.argmax(1)) == 0.5
    assert metrics.accuracy([[0.4, 0.4, 0.2]], [HOME]) == 1.0
    assert metrics.accuracy([[0.4, 0.4, 0.2]], [DRAW]) == 0.0


def test_draw_log_loss_asks_only_whether_it_was_a_draw() -> None:
    by_hand = -(math.log(0.7) + math.log(0.3) + math.log(0.6) + math.log(0.8)) / 4
    assert metrics.draw_log_loss(P, Y) == pytest.approx(by_hand)
    assert metrics.draw_log_loss(P, Y) == pytest.approx(sklearn_log_loss(Y == DRAW, P[:, DRAW]))


def test_draw_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    """Draws had .3 and .6, others .3 and .2: of four pairs three are in order and one is tied."""
    assert metrics.draw_auc(P, Y) == pytest.approx((3 + 0.5) / 4)
    assert metrics.draw_auc(P, Y) == pytest.approx(roc_auc_score(Y == DRAW, P[:, DRAW]))


@pytest.mark.parametrize("outcome", [HOME, DRAW])
def test_draw_auc_of_one_kind_of_match_is_not_a_number(outcome: int) -> None:
    assert math.isnan(metrics.draw_auc(P, [outcome] * 4))


def test_reliability_bins_hold_every_class_of_every_event() -> None:
    bins = metrics.reliability_bins([[0.72, 0.18, 0.1], [0.78, 0.12, 0.1]], [HOME, DRAW], bins=5)
    assert [b["count"] for b in bins] == [4, 2]
    assert bins[0] == {
        "low": 0.0,
        "high": 0.2,
        "count": 4,
        "mean_probability": pytest.approx((0.18 + 0.1 + 0.12 + 0.1) / 4),
        "frequency": 0.25,
    }
    assert bins[1]["low"] == pytest.approx(0.6)
    assert bins[1]["mean_probability"] == pytest.approx(0.75)
    assert bins[1]["frequency"] == 0.5


def test_ece_is_the_mean_gap_between_said_and_seen() -> None:
    """From the bins above: (4 · |.125 - .25| + 2 · |.75 - .5|) / 6."""
    assert metrics.ece([[0.72, 0.18, 0.1], [0.78, 0.12, 0.1]], [HOME, DRAW], bins=5) == pytest.approx(1 / 6)


def test_a_certainty_falls_into_the_last_bin() -> None:
    assert metrics.reliability_bins([[1.0, 0.0, 0.0]], [HOME])[-1]["high"] == 1.0


def test_forecasts_drawn_from_the_truth_are_calibrated() -> None:
    rng = np.random.default_rng(4)
    p = rng.dirichlet([4, 3, 3], 40_000)
    y = (rng.random(len(p))[:, None] > p.cumsum(1)[:, :2]).sum(1)
    assert metrics.ece(p, y) < 0.005
    assert metrics.ece(p, rng.permutation(y)) > 0.05


@given(forecasts())
def test_losses_stay_in_their_range(given_forecasts: tuple[np.ndarray, np.ndarray]) -> None:
    p, y = given_forecasts
    assert ((metrics.rps_each(p, y) >= 0) & (metrics.rps_each(p, y) <= 1)).all()
    assert ((metrics.brier_each(p, y) >= 0) & (metrics.brier_each(p, y) <= 2)).all()
    assert (metrics.log_loss_each(p, y) >= 0).all()
    assert 0 <= metrics.ece(p, y) <= 1


@given(forecasts())
def test_what_happens_for_sure_costs_nothing(given_forecasts: tuple[np.ndarray, np.ndarray]) -> None:
    _, y = given_forecasts
    for loss in (*LOSSES, metrics.ece, metrics.draw_log_loss):
        assert loss(np.eye(3)[y], y) == pytest.approx(0.0, abs=1e-12)
    assert metrics.accuracy(np.eye(3)[y], y) == 1.0


@given(forecasts())
def test_rps_and_brier_see_no_difference_between_home_and_away(
    given_forecasts: tuple[np.ndarray, np.ndarray],
) -> None:
    p, y = given_forecasts
    for each in (metrics.rps_each, metrics.brier_each):
        assert each(p[:, ::-1], 2 - y) == pytest.approx(each(p, y))


@pytest.mark.parametrize("loss", LOSSES)
@given(pair=forecasts(), truth=forecasts())
def test_nobody_expects_to_win_by_saying_other_than_the_truth(
    loss: Callable[..., float], pair: tuple[np.ndarray, np.ndarray], truth: tuple[np.ndarray, np.ndarray]
) -> None:
    """Propriety: the expected loss of the true probabilities is not above that of any other forecast."""
    said, true = pair[0][0], truth[0][0]
    expected = {
        name: sum(true[k] * loss([q], [k]) for k in range(3)) for name, q in {"said": said, "true": true}.items()
    }
    assert expected["true"] <= expected["said"] + 1e-12


@given(forecasts(), st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(given_forecasts: tuple[np.ndarray, np.ndarray], random: Any) -> None:
    p, y = given_forecasts
    order = random.sample(range(len(y)), len(y))
    for figure in EVERY:
        assert figure(p[order], y[order]) == pytest.approx(figure(p, y), nan_ok=True)


@given(forecasts())
def test_bins_count_every_pair_once(given_forecasts: tuple[np.ndarray, np.ndarray]) -> None:
    p, y = given_forecasts
    bins = metrics.reliability_bins(p, y)
    assert sum(b["count"] for b in bins) == p.size
    assert sum(b["count"] * b["frequency"] for b in bins) == pytest.approx(len(y))
    assert all(b["low"] - 1e-12 <= b["mean_probability"] <= b["high"] + 1e-12 for b in bins)


@pytest.mark.parametrize("figure", EVERY)
@pytest.mark.parametrize(
    ("p", "y", "words"),
    [
        ([[0.5, 0.3, 0.1]], [0], "sum to 1"),
        ([[1.2, -0.1, -0.1]], [0], "not negative"),
        ([[np.nan, 0.5, 0.5]], [0], "finite"),
        ([[0.5, 0.3, 0.2]], [3], "class indices"),
        ([[0.5, 0.3, 0.2]], [0.5], "class indices"),
        ([[0.5, 0.3, 0.2]], [0, 1], "outcomes"),
        (np.empty((0, 3)), [], "no rows"),
    ],
)
def test_nothing_flattering_is_computed_from_what_is_no_forecast(
    figure: Callable[..., float], p: Any, y: Any, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        figure(p, y)


def test_the_confusion_matrix_counts_what_came_by_what_was_called() -> None:
    p = [[0.5, 0.3, 0.2], [0.2, 0.3, 0.5], [0.4, 0.4, 0.2], [0.1, 0.8, 0.1]]
    assert metrics.confusion_matrix(p, [0, 0, 1, 1]).tolist() == [[1, 0, 1], [1, 1, 0], [0, 0, 0]]


def test_a_class_that_was_ruled_out_neither_flatters_nor_spoils_calibration() -> None:
    """Two classes, and the same with a third between them that can't come."""
    p, y = np.array([[0.7, 0.3], [0.4, 0.6], [0.7, 0.3]]), np.array([0, 1, 1])
    between = np.insert(p, 1, 0.0, axis=1)
    assert metrics.ece(between, np.where(y == 1, 2, 0)) == pytest.approx(metrics.ece(p, y))
    assert metrics.rps(between, np.where(y == 1, 2, 0)) == pytest.approx(((p[:, 0] - (y == 0)) ** 2).mean())
