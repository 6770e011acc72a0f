"""What a backtest is asked to do: everything that decides its result, but the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from mlmodels.choosing import refuse_what_is_not_there
from mlmodels.errors import InvalidState, TooLittleData
from mlmodels.problem import Problem, get_problem
from mlmodels.selection import Selection
from predictions.backtesting.strategies import Strategy, parse_all
from predictions.errors import InvalidBacktest

if TYPE_CHECKING:
    from predictions.models import Backtest

LEAST_BANKROLL, MOST_BANKROLL = Decimal(1), Decimal(1_000_000_000)
MOST_REFIT_DAYS = 366
FEWEST_ROWS = 10
LARGEST_SEED = 2**31 - 1
USUAL_BANKROLL = Decimal(1000)
USUAL_REFIT_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Raises InvalidBacktest where its numbers make no sense; `refuse` holds it against what there is.

    feature_selection: {method, keep} of the step before the algorithm, if any. version: of whose recipe it is, for the
    record. refit_days: days between two fits. bankroll: at the start. book:
    whose prices; empty for the best of all.
    """

    problem: str
    algorithm: str
    selection: Selection
    strategies: tuple[Strategy, ...]
    hyper_parameters: Mapping[str, Any] = field(default_factory=dict)
    feature_selection: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    refit_days: int = USUAL_REFIT_DAYS
    bankroll: Decimal = USUAL_BANKROLL
    book: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        _refuse_number("The refit cadence is a whole number of days", self.refit_days, 1, MOST_REFIT_DAYS)
        _refuse_number("The seed is a whole number", self.seed, 0, LARGEST_SEED)
        object.__setattr__(self, "bankroll", _money(self.bankroll))
        if not self.strategies:
            parse_all(())

    @property
    def hash(self) -> str:
        canonical = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {
            "problem": self.problem,
            "algorithm": self.algorithm,
            "hyper_parameters": dict(self.hyper_parameters),
            "feature_selection": dict(self.feature_selection),
            "selection": self.selection.to_json(),
            "strategies": [strategy.name for strategy in self.strategies],
            "refit_days": self.refit_days,
            "bankroll": str(self.bankroll),
            "book": self.book,
            "seed": self.seed,
        }

    @classmethod
    def of(cls, backtest: Backtest) -> Plan:
        return cls(
            problem=backtest.problem,
            algorithm=backtest.algorithm,
            hyper_parameters=backtest.hyper_parameters,
            feature_selection=backtest.feature_selection,
            version=backtest.version,
            selection=Selection.from_json(backtest.selection),
            strategies=parse_all(backtest.strategies),
            refit_days=backtest.refit_days,
            bankroll=backtest.bankroll,
            book=backtest.book,
            seed=backtest.seed,
        )

    @property
    def data(self) -> Selection:
        """All rows that the chosen ones rest on: the same competitions from the beginning to the last day chosen."""
        chosen = self.selection
        return Selection(competitions=chosen.competitions, date_to=chosen.date_to, subjects=chosen.subjects)


def recipe(version: str, *, problem: str) -> dict[str, Any]:
    """What a plan needs to make estimators as a version of this problem was made. Raises InvalidState if unknown."""
    from mlmodels.models import ModelVersion

    found = ModelVersion.objects.filter(version=version).first()
    if found is None or found.problem != problem:
        raise InvalidState(f"There is no version {version!r} of {get_problem(problem).title.lower()}.")
    return {
        "version": version,
        "algorithm": found.algorithm,
        "hyper_parameters": dict(found.hyper_parameters),
        "feature_selection": dict(found.feature_selection),
    }


def refuse(plan: Plan) -> int:
    """How many rows are chosen, where the plan can be carried out on what there is.

    Raises UnknownProblem, UnknownAlgorithm, InvalidHyperParameters, InvalidSelection, InvalidBacktest, TooLittleData.
    """
    from mlmodels.pipeline import refuse_nonsense

    problem = get_problem(plan.problem)
    refuse_nonsense(problem.algorithm(plan.algorithm), plan.hyper_parameters)
    _refuse_book(problem, plan.book)
    first = plan.selection.date_from
    if first and first > timezone.now().date():
        raise InvalidBacktest(f"A backtest looks back: its first day ({first:%-d %B %Y}) is still to come.")
    refuse_what_is_not_there(problem, plan.selection)
    rows = problem.count(plan.selection)
    if rows < FEWEST_ROWS:
        raise TooLittleData(
            f"The selection ({plan.selection}) has {rows} finished {problem.unit}; at least {FEWEST_ROWS} are needed: "
            "choose more competitions or seasons, or a longer period."
        )
    return rows


def _refuse_book(problem: Problem, book: str) -> None:
    if not problem.bookmakers:
        raise InvalidBacktest(f"{problem.title} has no prices: there is nothing to bet at.")
    if book and book not in problem.bookmakers:
        raise InvalidBacktest(f"There is no bookmaker {book!r}: known are {', '.join(problem.bookmakers)}.")


def _refuse_number(words: str, value: Any, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidBacktest(f"{words} from {low} to {high}, not {value}.")


def _money(value: Any) -> Decimal:
    try:
        amount = Decimal(str(value))
        exact = amount.quantize(Decimal("0.01"))
        if LEAST_BANKROLL <= amount <= MOST_BANKROLL and exact == amount:
            return exact
    except InvalidOperation:
        pass
    raise InvalidBacktest(
        f"The bankroll is an amount from {LEAST_BANKROLL} to {MOST_BANKROLL:,} with at most two decimals, not {value}."
    )
