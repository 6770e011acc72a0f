"""What we said of players: the standing prediction of each prop, in figures for a person.

A prop is judged by our last word on it before tip-off at the line of record: the bookmakers', else the player's usual
one. Whoever asks for a forecast may name any line, and what was answered stands in the ledger too; but easy lines that
were asked for must not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.fields.json import KT

from mlmodels.problem import get_problem, variants_of
from predictions.basketball.forecasting import quantile
from predictions.basketball.props import FAMILY, NO_GAMES_LINE, usual_line
from predictions.experimenting.seats import Seat
from predictions.models import Prediction, PredictionQuerySet

INTERVAL = (0.05, 0.95)
"""Nine of ten games end between these quantiles."""


def slug_of(statistic: str) -> str:
    """The problem's name in the ledger."""
    return variants_of(FAMILY)[statistic].slug


def statistic_of(problem: str) -> str:
    """The statistic that a problem of the family is about; empty for any other problem."""
    return next((variant for variant, known in variants_of(FAMILY).items() if known.slug == problem), "")


@dataclass(frozen=True)
class PropStatement:
    """One prediction of a prop, ready to be shown. Probabilities are in 0..1."""

    prediction: Prediction

    @property
    def match_id(self) -> int | None:
        return self.prediction.match_id

    @property
    def player_id(self) -> int:
        return int(self.prediction.subject["player"])

    @property
    def line(self) -> float:
        return float(self.prediction.subject["line"])

    @cached_property
    def statistic(self) -> str:
        return statistic_of(self.prediction.problem)

    @property
    def over(self) -> float:
        return float(self.prediction.probabilities["over"])

    @property
    def push(self) -> float:
        return float(self.prediction.probabilities["push"])

    @property
    def under(self) -> float:
        return float(self.prediction.probabilities["under"])

    @property
    def pmf(self) -> Sequence[float]:
        """Probability of each count from 0 on."""
        return list(self.prediction.distribution["pmf"])

    @property
    def mean(self) -> float:
        return float(self.prediction.distribution["mean"])

    @cached_property
    def interval(self) -> tuple[int, int]:
        low, high = (quantile(self.pmf, level) for level in INTERVAL)
        return low, high

    @property
    def fair_over(self) -> float | None:
        """Decimal odds without a margin; a push gives the stake back. None of what is ruled out."""
        return (1 - self.push) / self.over if self.over > 0 else None

    @property
    def fair_under(self) -> float | None:
        return (1 - self.push) / self.under if self.under > 0 else None

    @property
    def confidence(self) -> float:
        """The probability of the likelier side."""
        return max(self.over, self.under)

    @property
    def model(self) -> str:
        return model_title(self.prediction.problem, self.prediction.model_version.algorithm)


def prop_predictions(*seats: Seat, statistic: str = "") -> PredictionQuerySet:
    """Predictions of props of listed games that users may see, with the model that made them; of all without one."""
    problems = [slug_of(statistic)] if statistic else [problem.slug for problem in variants_of(FAMILY).values()]
    shown: PredictionQuerySet = Prediction.objects.seen_from(*seats).filter(problem__in=problems, match__isnull=False)
    return shown.select_related("model_version")


def standing(predictions: PredictionQuerySet) -> dict[tuple[str, int, int], UUID]:
    """By problem, match and player the key of the one prediction that the prop is judged by, in one query."""
    in_time = predictions.filter(made_at__lte=F("match__kickoff")).select_related(None).order_by("sequence")
    rows = in_time.values_list(
        "pk",
        "problem",
        "match_id",
        KT("subject__player"),
        KT("subject__line"),
        KT("features__line_is_market"),
        KT("features__last_10"),
    )
    found: dict[tuple[str, int, int], UUID] = {}
    for pk, problem, match, player, line, is_market, last_10 in rows:
        if is_of_record(_number(line), _number(is_market), _number(last_10)):
            found[problem, match, int(player)] = pk
    return found


def is_of_record(line: float | None, line_is_market: float | None, last_10: float | None) -> bool:
    """Whether a line is the bookmakers', or the usual one of a player: his last ten to the half above."""
    if line is None:
        return False
    usual = NO_GAMES_LINE if last_10 is None else usual_line(last_10)
    return bool(line_is_market) or line == usual


def prop_statements(predictions: PredictionQuerySet) -> list[PropStatement]:
    """The standing predictions among some, in two queries or so."""
    keys = list(standing(predictions).values())
    return [PropStatement(row) for row in _fetched(predictions, keys)]


def _fetched(predictions: PredictionQuerySet, keys: Sequence[UUID], at_once: int = 500) -> Iterable[Prediction]:
    for start in range(0, len(keys), at_once):
        yield from predictions.filter(pk__in=keys[start : start + at_once]).select_related(
            "model_version", "settlement"
        )


def model_title(problem: str, algorithm: str) -> str:
    """What people call an algorithm; its own name where the problem no longer knows it."""
    titles: Mapping[str, str] = {known.name: known.title for known in get_problem(problem).algorithms}
    return titles.get(algorithm, algorithm)


def _number(value: Any) -> float | None:
    return None if value in (None, "", "null") else float(value)
