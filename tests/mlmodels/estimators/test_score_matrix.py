"""One grid of scores, and every market read off it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlmodels.estimators.score_matrix import ScoreMatrix, bounded_rho, outcome_probabilities

rates = st.floats(0.0, 60.0)
usual_rates = st.floats(0.05, 6.0)
rhos = st.floats(-5.0, 5.0)
lines = st.integers(-24, 40).map(lambda quarters: quarters / 4)


def poisson(rate: float, goals: int) -> float:
    return math.exp(-rate) * rate**goals / math.factorial(goals)


def test_cells_are_products_of_poisson_probabilities() -> None:
    matrix = ScoreMatrix.from_rates(1.4, 0.9)
    assert matrix.probabilities[2, 1] == pytest.approx(poisson(1.4, 2) * poisson(0.9, 1), rel=1e-9)


def test_low_scores_are_corrected_as_dixon_and_coles_write() -> None:
    home, away, rho = 1.4, 0.9, -0.1
    cells = ScoreMatrix.from_rates(home, away, rho).probabilities
    plain = ScoreMatrix.from_rates(home, away).probabilities
    assert cells[0, 0] == pytest.approx(plain[0, 0] * (1 - home * away * rho), rel=1e-9)
    assert cells[0, 1] == pytest.approx(plain[0, 1] * (1 + home * rho), rel=1e-9)
    assert cells[1, 0] == pytest.approx(plain[1, 0] * (1 + away * rho), rel=1e-9)
    assert cells[1, 1] == pytest.approx(plain[1, 1] * (1 - rho), rel=1e-9)
    assert cells[2, 0] == pytest.approx(plain[2, 0], rel=1e-9)


@given(rates, rates, rhos)
def test_it_is_a_distribution_at_any_rates_and_rho(home: float, away: float, rho: float) -> None:
    cells = ScoreMatrix.from_rates(home, away, rho).probabilities
    assert (cells >= 0).all()
    assert cells.sum() == pytest.approx(1.0, abs=1e-12)


@given(usual_rates, usual_rates, rhos)
def test_rho_is_kept_within_its_bounds(home: float, away: float, rho: float) -> None:
    kept = float(bounded_rho(home, away, rho))
    assert max(-1 / home, -1 / away) - 1e-12 <= kept <= min(1 / (home * away), 1.0) + 1e-12
    if max(-1 / home, -1 / away) <= rho <= min(1 / (home * away), 1.0):
        assert kept == rho


@given(rates, rates, rhos)
def test_many_matches_at_once_agree_with_one_matrix(home: float, away: float, rho: float) -> None:
    together = outcome_probabilities([home, 1.0], [away, 1.0], rho)
    assert together[0] == pytest.approx(ScoreMatrix.from_rates(home, away, rho).outcome, abs=1e-9)
    assert together.sum(1) == pytest.approx([1.0, 1.0])


@given(usual_rates, usual_rates, st.floats(-0.2, 0.2), lines)
def test_every_line_splits_the_stake_completely(home: float, away: float, rho: float, line: float) -> None:
    matrix = ScoreMatrix.from_rates(home, away, rho)
    for split in (matrix.total_over(line), matrix.handicap(line)):
        assert sum(split) == pytest.approx(1.0)
        assert all(0 <= part <= 1 + 1e-12 for part in split)
    if line % 1 == 0.5:
        assert matrix.total_over(line)[2] == pytest.approx(0.0, abs=1e-12)


@given(usual_rates, usual_rates)
def test_markets_agree_with_each_other(home: float, away: float) -> None:
    matrix = ScoreMatrix.from_rates(home, away, -0.05)
    win, draw, loss = matrix.outcome
    assert win + draw + loss == pytest.approx(1.0)
    assert matrix.handicap(-0.5)[0] == pytest.approx(win)
    assert matrix.handicap(0.5)[1] == pytest.approx(loss)
    assert matrix.handicap(0)[2] == pytest.approx(draw)
    assert matrix.total_over(-0.5)[0] == pytest.approx(1.0)
    overs = [matrix.total_over(line)[0] for line in (0.5, 1.5, 2.5, 3.5)]
    assert overs == sorted(overs, reverse=True)
    assert sum(p for _, _, p in matrix.correct_scores(256)) == pytest.approx(1.0)


def test_a_quarter_line_is_half_of_each_neighbour() -> None:
    matrix = ScoreMatrix.from_rates(1.4, 1.1)
    whole, half, quarter = matrix.total_over(2), matrix.total_over(2.5), matrix.total_over(2.25)
    assert quarter == pytest.approx([(a + b) / 2 for a, b in zip(whole, half, strict=True)])


def test_expected_goals_are_the_rates() -> None:
    assert ScoreMatrix.from_rates(1.7, 0.8).expected_goals == pytest.approx((1.7, 0.8), abs=1e-6)


def test_both_score_unless_one_does_not() -> None:
    expected = (1 - math.exp(-1.2)) * (1 - math.exp(-0.7))
    assert ScoreMatrix.from_rates(1.2, 0.7).both_to_score == pytest.approx(expected, abs=1e-9)


def test_the_likeliest_scores_come_first() -> None:
    scores = ScoreMatrix.from_rates(1.2, 0.7).correct_scores(3)
    assert [score[:2] for score in scores] == [(1, 0), (0, 0), (1, 1)]


@given(usual_rates, usual_rates, st.tuples(*[st.floats(0.01, 1.0)] * 3))
@settings(max_examples=50)
def test_reweighting_reaches_the_outcome_and_keeps_ratios_inside_it(
    home: float, away: float, weights: tuple[float, float, float]
) -> None:
    target = np.array(weights) / sum(weights)
    matrix = ScoreMatrix.from_rates(home, away, -0.05)
    moved = matrix.reweighted(target.tolist())
    assert moved.outcome == pytest.approx(target.tolist(), abs=1e-9)
    before, after = matrix.probabilities, moved.probabilities
    assert after[2, 0] / after[1, 0] == pytest.approx(before[2, 0] / before[1, 0], rel=1e-6)


def test_no_other_matrix_with_that_outcome_is_nearer() -> None:
    matrix = ScoreMatrix.from_rates(1.5, 1.0, max_goals=6)
    target = (0.2, 0.3, 0.5)
    moved = matrix.reweighted(target).probabilities
    nearest = (moved * np.log(moved / matrix.probabilities)).sum()
    rng = np.random.default_rng(3)
    for _ in range(20):
        other = ScoreMatrix(moved * rng.uniform(0.8, 1.2, moved.shape)).reweighted(target).probabilities
        assert (other * np.log(other / matrix.probabilities)).sum() > nearest


def test_the_grid_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        ScoreMatrix.from_rates(1.0, 1.0).probabilities[0, 0] = 1.0


@pytest.mark.parametrize("rate", [-0.1, float("nan"), float("inf")])
def test_impossible_rates_are_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rates"):
        ScoreMatrix.from_rates(rate, 1.0)


@pytest.mark.parametrize("grid", [np.ones(3), np.ones((2, 3)), -np.eye(2), np.zeros((2, 2)), np.full((2, 2), np.nan)])
def test_what_is_no_grid_is_refused(grid: np.ndarray) -> None:
    with pytest.raises(ValueError, match="score matrix"):
        ScoreMatrix(grid)


@pytest.mark.parametrize("target", [(0.5, 0.5), (0.5, 0.6, 0.1), (-0.1, 0.6, 0.5), (float("nan"), 0.5, 0.5)])
def test_reweighting_refuses_what_is_no_distribution(target: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        ScoreMatrix.from_rates(1.0, 1.0).reweighted(target)


def test_reweighting_cannot_give_mass_to_an_impossible_outcome() -> None:
    with pytest.raises(ValueError, match="no mass"):
        ScoreMatrix(np.diag([0.5, 0.5])).reweighted((0.5, 0.5, 0.0))


def test_a_line_between_quarters_is_refused() -> None:
    with pytest.raises(ValueError, match="quarter"):
        ScoreMatrix.from_rates(1.0, 1.0).total_over(2.3)
