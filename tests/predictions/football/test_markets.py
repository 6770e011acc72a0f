"""Markets are sums over the cells of one matrix, and what a price is worth follows from one probability."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlmodels.estimators.score_matrix import ScoreMatrix
from predictions.football import markets
from predictions.football.telling import markets_told

SMALL = ScoreMatrix(np.array([[0.1, 0.1, 0.05], [0.2, 0.1, 0.05], [0.2, 0.1, 0.1]]))
"""Scores up to 2–2: [home goals][away goals]."""

DISTRIBUTION = {"home_rate": 1.6, "away_rate": 1.1, "rho": -0.05}
SAID = {"home": 0.5, "draw": 0.26, "away": 0.24}

chances = st.tuples(st.floats(0.02, 1), st.floats(0.02, 1), st.floats(0.02, 1)).map(
    lambda parts: dict(zip(markets.LABELS, (part / sum(parts) for part in parts), strict=True))
)


def test_every_market_is_a_sum_of_cells_added_by_hand() -> None:
    read = markets.markets(SMALL, lines=(0.5, 1.5, 2.5), handicaps=(-1.5, 0.5))
    assert read.outcome == pytest.approx({"home": 0.5, "draw": 0.3, "away": 0.2})
    assert read.totals[0.5] == pytest.approx((0.9, 0.1, 0.0))
    assert read.totals[1.5] == pytest.approx((0.6, 0.4, 0.0))
    assert read.totals[2.5] == pytest.approx((0.25, 0.75, 0.0))
    assert read.handicaps[-1.5] == pytest.approx((0.2, 0.8, 0.0))
    assert read.handicaps[0.5] == pytest.approx((0.8, 0.2, 0.0))
    assert read.both_to_score == pytest.approx(0.35)
    assert read.expected_goals == pytest.approx((0.35 + 2 * 0.4, 0.3 + 2 * 0.2))
    assert {score[:2] for score in read.correct_scores[:2]} == {(1, 0), (2, 0)}
    assert read.fair_odds == pytest.approx({"home": 2.0, "draw": 1 / 0.3, "away": 5.0})


def test_on_a_whole_line_the_stake_may_come_back() -> None:
    read = markets.markets(SMALL, lines=(2.0,), handicaps=(-1.0, 0.0))
    assert read.totals[2.0] == pytest.approx((0.25, 0.4, 0.35))
    assert read.handicaps[-1.0] == pytest.approx((0.2, 0.5, 0.3))
    assert read.handicaps[0.0] == pytest.approx((0.5, 0.2, 0.3))


def test_a_quarter_line_is_half_a_stake_on_each_of_its_neighbours() -> None:
    read = markets.markets(SMALL, lines=(1.75, 2.25), handicaps=(-0.75,))
    assert read.totals[2.25] == pytest.approx((0.25, (0.4 + 0.75) / 2, 0.35 / 2))
    assert read.totals[1.75] == pytest.approx(((0.6 + 0.25) / 2, 0.4, 0.35 / 2))
    assert read.handicaps[-0.75] == pytest.approx(((0.5 + 0.2) / 2, 0.5, 0.3 / 2))


def test_a_line_between_the_quarters_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple of a quarter"):
        markets.markets(SMALL, lines=(2.3,))


@given(chances, st.floats(0.2, 4), st.floats(0.2, 4))
def test_no_two_markets_of_a_prediction_contradict_each_other(
    said: dict[str, float], home_rate: float, away_rate: float
) -> None:
    matrix = markets.score_matrix({"home_rate": home_rate, "away_rate": away_rate, "rho": -0.05}, said)
    read = markets.markets(matrix, handicaps=(-0.5, 0.0, 0.5))
    assert read.outcome == pytest.approx(said, abs=1e-9)
    assert read.handicaps[-0.5][0] == pytest.approx(said["home"], abs=1e-9)
    assert read.handicaps[0.5][1] == pytest.approx(said["away"], abs=1e-9)
    assert read.handicaps[0.0][2] == pytest.approx(said["draw"], abs=1e-9)
    assert all(sum(shares) == pytest.approx(1) for shares in (*read.totals.values(), *read.handicaps.values()))
    overs = [over for over, _, _ in read.totals.values()]
    assert overs == sorted(overs, reverse=True)
    assert read.both_to_score <= read.totals[1.5][0] + 1e-12


def test_it_is_told_as_json_with_the_same_figures() -> None:
    told = markets_told(SAID, DISTRIBUTION)
    read = markets.markets(markets.score_matrix(DISTRIBUTION, SAID))
    assert told["match_result"] == pytest.approx(SAID)
    totals: list[dict[str, Any]] = told["total_goals"]
    assert [total["line"] for total in totals] == list(markets.LINES)
    assert [(total["over"], total["under"], total["push"]) for total in totals] == list(read.totals.values())
    assert [(row["home"], row["away"], row["push"]) for row in told["handicap"]] == list(read.handicaps.values())
    assert sum(told["both_to_score"].values()) == pytest.approx(1)
    best = told["correct_score"][0]
    assert (best["home"], best["away"], best["probability"]) == read.correct_scores[0]
    assert told["expected_goals"] == {"home": read.expected_goals[0], "away": read.expected_goals[1]}


def test_fair_odds_are_the_inverse_and_endless_for_the_impossible() -> None:
    assert markets.fair_odds(0.25) == 4.0
    assert markets.fair_odds(0.0) == float("inf")


def test_expected_value_is_the_mean_profit_of_one_unit() -> None:
    assert markets.expected_value(0.5, 2.2) == pytest.approx(0.5 * 1.2 - 0.5)
    assert markets.expected_value(0.4, 2.5) == pytest.approx(0.0)
    assert markets.expected_value(0.1, 3.0) == pytest.approx(0.1 * 2 - 0.9)


def test_kelly_stakes_the_edge_over_the_odds_and_nothing_without_an_edge() -> None:
    assert markets.kelly_fraction(0.6, 2.0) == pytest.approx(0.2)
    assert markets.kelly_fraction(0.5, 3.0) == pytest.approx(0.25)
    assert markets.kelly_fraction(0.5, 3.0, fraction=0.25) == pytest.approx(0.0625)
    assert markets.kelly_fraction(0.5, 3.0, cap=0.1) == 0.1
    assert markets.kelly_fraction(0.5, 2.0) == 0.0
    assert markets.kelly_fraction(0.3, 2.0) == 0.0
    assert markets.kelly_fraction(1.0, 2.0) == pytest.approx(1.0)


@given(st.floats(0.01, 0.99), st.floats(1.05, 20))
def test_no_other_stake_grows_a_bankroll_faster_than_kellys(p: float, price: float) -> None:
    from math import log

    def growth(share: float) -> float:
        return p * log(1 + share * (price - 1)) + (1 - p) * log(1 - share)

    best = markets.kelly_fraction(p, price)
    for other in (best - 0.005, best + 0.005):
        if 0 <= other < 1:
            assert growth(best) >= growth(other)


@pytest.mark.parametrize("price", [1.0, 0.5, -3.0, float("nan")])
def test_a_price_not_above_one_is_refused(price: float) -> None:
    with pytest.raises(ValueError, match="above 1"):
        markets.expected_value(0.5, price)
    with pytest.raises(ValueError, match="above 1"):
        markets.kelly_fraction(0.5, price)
