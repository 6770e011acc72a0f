"""Looking every day doesn't make an equal challenger champion; a better one is found; the interval holds throughout."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodels.evaluation import sequential
from mlmodels.evaluation.bootstrap import paired_difference
from mlmodels.evaluation.label_losses import LABEL_LOSSES
from mlmodels.evaluation.metrics import brier_each, log_loss_each, rps_each
from tests.mlmodels.evaluation.forecasters import (
    PER_DAY,
    Rule,
    forecast,
    promoted_after,
    simulate,
    true_probabilities,
    worse_noise,
)

YEAR = 3500


@pytest.mark.parametrize(("name", "each"), [("log_loss", log_loss_each), ("brier", brier_each), ("rps", rps_each)])
def test_the_loss_under_each_label_is_the_loss_where_that_label_came_true(name: str, each: object) -> None:
    p = true_probabilities(np.random.default_rng(0), 50)
    table = LABEL_LOSSES[name](p)
    for label in range(3):
        expected = each(p, np.full(50, label))  # type: ignore[operator]  # one of three functions
        assert table[:, label] == pytest.approx(expected)


def test_after_one_pair_the_evidence_is_the_mean_capital_of_the_stakes() -> None:
    found = sequential.e_process([0.1], [0.2])
    assert found[0] == pytest.approx(np.mean([1 + stake * 0.1 for stake in (1 / 8, 1 / 4, 1 / 2, 1, 2, 4)]))


def test_a_stake_that_a_pair_could_ruin_stops_before_it_and_for_good() -> None:
    """1 · 0.91 is more than 0.9 of the capital, so λ = 1, 2 and 4 keep what they had after the first pair."""
    found = sequential.e_process([0.1, 0.5, 0.1], [0.2, 0.91, 0.1])
    stopped = [1 + stake * 0.1 for stake in (1, 2, 4)]
    playing = [(1 + stake * 0.1) ** 2 * (1 + stake * 0.5) for stake in (1 / 8, 1 / 4, 1 / 2)]
    assert found[2] == pytest.approx(np.mean(stopped + playing))


def test_forecasts_that_are_the_same_prove_nothing() -> None:
    zeros = np.zeros(50)
    assert (sequential.e_process(zeros, zeros) == 1).all()
    low, high = sequential.confidence_sequence(zeros, zeros)
    assert (low == 0).all()
    assert (high == 0).all()


def test_endless_evidence_stays_a_number() -> None:
    assert sequential.e_process(np.full(20_000, 0.2), np.full(20_000, 0.2))[-1] == pytest.approx(
        sequential.LARGEST_E_VALUE
    )


histories = st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 3)), min_size=1, max_size=60)


@given(histories, st.integers(1, 60))
def test_the_past_is_not_rewritten_by_what_comes_later(history: list[tuple[float, float]], cut: int) -> None:
    bounds = np.array([bound for _, bound in history])
    d = np.array([share * bound for share, bound in history])
    assert sequential.e_process(d, bounds)[:cut] == pytest.approx(sequential.e_process(d[:cut], bounds[:cut]))
    whole, part = sequential.confidence_sequence(d, bounds), sequential.confidence_sequence(d[:cut], bounds[:cut])
    assert whole[0][:cut] == pytest.approx(part[0])
    assert whole[1][:cut] == pytest.approx(part[1])


@given(histories)
def test_the_interval_holds_the_mean_and_the_evidence_is_never_negative(history: list[tuple[float, float]]) -> None:
    bounds = np.array([bound for _, bound in history])
    d = np.array([share * bound for share, bound in history])
    found = sequential.compare(d, bounds)
    assert found.low - 1e-9 <= found.mean <= found.high + 1e-9
    assert 0 <= found.e_value < math.inf


@given(histories)
def test_turned_round_the_interval_is_turned_round(history: list[tuple[float, float]]) -> None:
    bounds = np.array([bound for _, bound in history])
    d = np.array([share * bound for share, bound in history])
    low, high = sequential.confidence_sequence(d, bounds)
    back_low, back_high = sequential.confidence_sequence(-d, bounds)
    assert low == pytest.approx(-back_high)
    assert high == pytest.approx(-back_low)


def test_without_pairs_nothing_is_known() -> None:
    assert sequential.compare([], []) == sequential.Comparison(n=0, mean=0.0, low=-math.inf, high=math.inf, e_value=1.0)


def test_events_of_a_group_are_one_observation() -> None:
    d, bounds = sequential.grouped([0.1, 0.3, -0.2, 0.5], [0.2, 0.4, 0.3, 0.5], ["b", "b", "a", "b"])
    assert d == pytest.approx([0.3, -0.2])
    assert bounds == pytest.approx([1.1 / 3, 0.3])


@pytest.mark.parametrize(
    ("differences", "bounds", "words"),
    [
        ([0.1, 0.2], [0.1], "Each difference has its bound"),
        ([math.nan], [1.0], "finite"),
        ([0.1], [math.inf], "finite"),
        ([0.3], [0.2], "beyond its bound"),
        (0.1, 0.1, "Each difference has its bound"),
    ],
)
def test_it_refuses_what_is_no_pair(differences: object, bounds: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        sequential.e_process(differences, bounds)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, 2.0])
def test_it_refuses_an_impossible_alpha(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha is between 0 and 1"):
        sequential.confidence_sequence([0.1], [0.1], alpha)
    with pytest.raises(ValueError, match="alpha is between 0 and 1"):
        sequential.threshold(alpha)


def test_groups_label_each_pair() -> None:
    with pytest.raises(ValueError, match="groups labels each of the 2 pairs"):
        sequential.grouped([0.1, 0.1], [0.1, 0.1], ["a"])


def test_however_many_challengers_run_alpha_is_spent_once() -> None:
    assert sequential.threshold(0.05) == pytest.approx(40)
    assert sequential.threshold(0.05, 3) == pytest.approx(240)
    assert sum(1 / sequential.threshold(0.05, j) for j in range(1, 5000)) < 0.05
    with pytest.raises(ValueError, match="counted from 1"):
        sequential.threshold(0.05, 0)


def test_an_equal_challenger_looked_at_daily_for_a_year_is_hardly_ever_promoted() -> None:
    """Both miss the truth by errors of the same size. At most 5 % may pass without the 3 %, fewer pass with it."""
    gate, bare = [], []
    for seed in range(3):
        found = simulate(seed, histories=200, pairs=YEAR, champion=0.3, challenger=0.3)
        gate.append(promoted_after(found, Rule()))
        bare.append(promoted_after(found, Rule(alpha=0.1, minimum_pairs=10, minimum_days=1, minimum_improvement=0.0)))
    assert np.isfinite(np.concatenate(bare)).mean() <= 0.05
    assert np.isfinite(np.concatenate(gate)).mean() <= 0.02


def test_quarters_in_which_one_then_the_other_is_better_and_all_even_out_promote_hardly_ever() -> None:
    """The champion has the first quarter, so that at no time the challenger was ahead on average."""
    worse, better = np.full(YEAR // 4, 0.45), np.full(YEAR // 4, 0.2)
    champion = np.concatenate([better, worse, better, worse])
    challenger = np.concatenate([worse, better, worse, better])
    found = simulate(11, histories=200, pairs=YEAR, champion=champion, challenger=challenger)
    assert np.isfinite(promoted_after(found, Rule(minimum_improvement=0.0))).mean() <= 0.05


@pytest.mark.parametrize(("relative", "share", "latest"), [(0.1, 1.0, 600), (0.03, 0.95, 1800)])
def test_a_better_challenger_is_found_within_a_year(relative: float, share: float, latest: int) -> None:
    noise = worse_noise("rps", 0.1, relative, sample=50_000)
    found = simulate(21, histories=60, pairs=YEAR, champion=noise, challenger=0.1)
    after = promoted_after(found, Rule(minimum_improvement=0.0))
    assert np.isfinite(after).mean() >= share
    assert 100 < np.median(after) < latest


def test_a_hundred_pairs_prove_no_3_percent() -> None:
    noise = worse_noise("rps", 0.1, 0.03, sample=50_000)
    found = simulate(22, histories=200, pairs=100, champion=noise, challenger=0.1)
    assert np.isfinite(promoted_after(found, Rule(minimum_improvement=0.0))).mean() < 0.1


@pytest.mark.parametrize("loss", ["log_loss", "rps"])
def test_the_interval_holds_the_truth_at_all_times_at_once(loss: str) -> None:
    """Forecasters that take turns: the truth moves, and 19 of 20 histories are never left by the interval."""
    turns = np.where(np.arange(800) // 100 % 2 == 0, 0.5, 0.2)
    found = simulate(31, histories=200, pairs=800, champion=turns, challenger=turns[::-1], loss=loss)
    low, high = sequential.confidence_sequence(found.differences, found.bounds)
    truth = np.cumsum(found.expected, axis=-1) / np.arange(1, 801)
    held = ((low <= truth) & (truth <= high)).all(-1)
    assert held.mean() >= 0.95
    assert (high - low)[:, -1].mean() < 0.2 * (high - low)[:, 19].mean()


def test_a_narrow_wrong_interval_would_be_caught() -> None:
    """The same check of the fixed-time 95 % interval, read every day: it fails, as it should."""
    found = simulate(31, histories=200, pairs=800, champion=0.3, challenger=0.3)
    n = np.arange(1, 801)
    half = 1.96 * found.differences.std() / np.sqrt(n)
    off = np.abs(np.cumsum(found.differences - found.expected, -1) / n)
    assert (off[:, 19:] <= half[19:]).all(-1).mean() < 0.8


def test_the_bootstrap_of_matchday_blocks_covers_the_truth_as_often_as_it_says() -> None:
    """Matches of a day share an error, so that they depend on each other; 500 histories tell ±2 per cent."""
    days, histories_ = 200, 500
    rng = np.random.default_rng(41)
    truth = true_probabilities(rng, histories_, days, PER_DAY)
    champion = forecast(truth, 0.3 + 0.5 * rng.random((histories_, days, 1)) * np.ones(PER_DAY), rng)
    apart = LABEL_LOSSES["rps"](champion) - LABEL_LOSSES["rps"](forecast(truth, np.full(truth.shape[:-1], 0.3), rng))
    came = (rng.random((*truth.shape[:-1], 1)) > np.cumsum(truth, -1)[..., :-1]).sum(-1)[..., None]
    d = np.take_along_axis(apart, came, -1)[..., 0].reshape(histories_, -1)
    shared = np.repeat(rng.normal(0, 0.03, (histories_, days)), PER_DAY, axis=1)
    expected = (truth * apart).sum(-1).mean()
    blocks = np.repeat([f"{day:03d}" for day in range(days)], PER_DAY)
    zeros = np.zeros(d.shape[1])
    held = 0
    for row in d + shared:
        found = paired_difference(row, zeros, blocks=blocks, resamples=400)
        held += found.low <= expected <= found.high
    assert 0.925 <= held / histories_ <= 0.975
