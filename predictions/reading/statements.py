"""What we said of matches: the standing prediction of each, in figures and words for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mlmodels.problem import get_problem
from predictions.experimenting.seats import Seat
from predictions.football.markets import LABELS, Markets, markets, score_matrix
from predictions.models import Prediction, PredictionQuerySet
from predictions.problems.football_outcome import FootballOutcome
from predictions.reading.percentages import Percentages

if TYPE_CHECKING:
    pass

PROBLEM = FootballOutcome.slug

CERTAINTY = (
    (0.65, "clear favourite"),
    (0.5, "favourite"),
    (0.42, "slight favourite"),
    (0.0, "wide open"),
)
"""(at least this probability of the likeliest outcome, in words)."""


@dataclass(frozen=True)
class Statement:
    """One prediction of a match, ready to be shown."""

    prediction: Prediction

    @cached_property
    def percent(self) -> Percentages:
        return Percentages.of(self.prediction.probabilities)

    @cached_property
    def markets(self) -> Markets:
        """Every market, from the one score matrix; `expected_goals` is its mean score."""
        return markets(score_matrix(self.prediction.distribution, self.prediction.probabilities))

    @property
    def certainty(self) -> str:
        """How sure the likeliest outcome is, in words."""
        most = max(self.prediction.probabilities[label] for label in LABELS)
        return next(words for least, words in CERTAINTY if most >= least)

    @property
    def called(self) -> str:
        return self.prediction.outcome_called

    @property
    def model(self) -> str:
        return model_title(self.prediction.model_version.algorithm)


def football_predictions(*seats: Seat) -> PredictionQuerySet:
    """Predictions of who wins that users may see, with the model that made them."""
    shown: PredictionQuerySet = Prediction.objects.seen_from(*seats).filter(problem=PROBLEM)
    return shown.select_related("model_version")


def statements(match_ids: Iterable[int], seats: Sequence[Seat] = ()) -> dict[int, Statement]:
    """The standing prediction of each match that has one, with its settlement, in one query."""
    rows = football_predictions(*seats).standing(*seats).filter(match__in=tuple(match_ids)).select_related("settlement")
    return {row.match_id: Statement(row) for row in rows if row.match_id is not None}


def model_title(algorithm: str) -> str:
    """What people call an algorithm; its own name where the problem no longer knows it."""
    titles = {known.name: known.title for known in get_problem(PROBLEM).algorithms}
    return titles.get(algorithm, algorithm)
