"""Every football market, read off the one score matrix of a prediction, and what a price for it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlmodels.estimators.score_matrix import ScoreMatrix

LABELS = ("home", "draw", "away")
LINES = (0.5, 1.5, 2.5, 3.5, 4.5)


@dataclass(frozen=True, kw_only=True)
class Markets:
    """Probabilities of the usual markets, consistent because they are sums over the same cells.

    totals and handicaps: line → (over, under, push) and (home, away, push), as shares of the stake on quarter lines.
    correct_scores: (home goals, away goals, probability), likeliest first.
    """

    outcome: dict[str, float]
    totals: dict[float, tuple[float, float, float]]
    handicaps: dict[float, tuple[float, float, float]]
    both_to_score: float
    correct_scores: list[tuple[int, int, float]]
    expected_goals: tuple[float, float]
    fair_odds: dict[str, float]


def score_matrix(distribution: Mapping[str, Any], probabilities: Mapping[str, float]) -> ScoreMatrix:
    """The matrix of a prediction: its goal rates' matrix, weighted so that 1X2 is what the model said.

    distribution: home_rate, away_rate (goals a match) and rho. probabilities: of home, draw, away, summing to 1.
    """
    from mlmodels.estimators.score_matrix import ScoreMatrix

    matrix = ScoreMatrix.from_rates(distribution["home_rate"], distribution["away_rate"], distribution["rho"])
    return matrix.reweighted([probabilities[label] for label in LABELS])


def markets(
    matrix: ScoreMatrix, *, lines: Sequence[float] = LINES, handicaps: Sequence[float] = (-1.5, -0.5, 0.5, 1.5)
) -> Markets:
    """Read the usual markets, at any lines that are multiples of a quarter, off a score matrix."""
    outcome = dict(zip(LABELS, matrix.outcome, strict=True))
    return Markets(
        outcome=outcome,
        totals={line: matrix.total_over(line) for line in lines},
        handicaps={line: matrix.handicap(line) for line in handicaps},
        both_to_score=matrix.both_to_score,
        correct_scores=matrix.correct_scores(),
        expected_goals=matrix.expected_goals,
        fair_odds={label: fair_odds(p) for label, p in outcome.items()},
    )


def fair_odds(probability: float) -> float:
    """Decimal odds without a margin; infinite for what is impossible."""
    return 1.0 / probability if probability > 0 else float("inf")


def expected_value(probability: float, price: float) -> float:
    """Mean profit of one unit staked at decimal odds `price`. Raises ValueError for a price not above 1."""
    if not price > 1:
        raise ValueError(f"Decimal odds are above 1, not {price}.")
    return probability * price - 1.0


def kelly_fraction(probability: float, price: float, *, fraction: float = 1.0, cap: float = 1.0) -> float:
    """Share of the bankroll to stake, 0 where the price promises no profit.

    f* = (p·o - 1) / (o - 1), times `fraction` (¼ is usual), at most `cap`. Source: Kelly (1956), "A new interpretation
    of information rate", Bell System Technical Journal 35. Raises ValueError for a price not above 1.
    """
    edge = expected_value(probability, price)
    return min(cap, fraction * edge / (price - 1.0)) if edge > 0 else 0.0
