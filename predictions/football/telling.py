"""A prediction's markets as JSON, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from predictions.football.markets import markets, score_matrix


def markets_told(probabilities: Mapping[str, float], distribution: Mapping[str, Any]) -> dict[str, Any]:
    """Probabilities of the usual markets; `push` is the probability that the stake comes back.

    probabilities: of home, draw, away. distribution: home_rate, away_rate, rho, as `markets.score_matrix` reads them.
    """
    read = markets(score_matrix(distribution, probabilities))
    home_goals, away_goals = read.expected_goals
    return {
        "expected_goals": {"home": home_goals, "away": away_goals},
        "match_result": read.outcome,
        "total_goals": [
            {"line": line, "over": over, "under": under, "push": push}
            for line, (over, under, push) in read.totals.items()
        ],
        "handicap": [
            {"line": line, "home": home, "away": away, "push": push}
            for line, (home, away, push) in read.handicaps.items()
        ],
        "both_to_score": {"yes": read.both_to_score, "no": 1 - read.both_to_score},
        "correct_score": [
            {"home": home, "away": away, "probability": probability} for home, away, probability in read.correct_scores
        ],
    }
