"""The one abstraction a sport plugs into.

A problem is a class in a module of some app's `problems` package, registered with `@register`. It is found the way
Django finds `admin.py` (`discover()`, called when the app registry is ready).
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, TypeVar

from mlmodels.errors import UnknownAlgorithm, UnknownProblem
from mlmodels.tuning.spaces import Dimension

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.selection import Selection

Progress = Callable[[float, str], None]
"""Called with a fraction 0..1 and a phrase for a person; raises RunCancelled to stop the work."""


def silent(fraction: float, phrase: str) -> None:
    """The progress of work nobody watches."""


class Kind(StrEnum):
    CLASSIFICATION = "classification"
    COUNTS = "counts"
    REGRESSION = "regression"
    SURVIVAL = "survival"
    SEQUENCE = "sequence"


class Forecaster(Protocol):
    """A scikit-learn-compatible estimator of class probabilities whose learned state is JSON.

    `X` is a DataFrame with the algorithm's columns, `y` an array of its target columns, rows in time order. One that
    can say why has `contributions(X)`, an `Attribution`; one that learns in rounds has `loss_by_round(X, y, ...)`.
    """

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> Any: ...
    def predict_proba(self, X: pd.DataFrame) -> np.ndarray: ...
    def to_weights(self) -> dict[str, Any]: ...


@dataclass(frozen=True, kw_only=True)
class Algorithm:
    """A named way to make a model."""

    name: str
    title: str
    build: Callable[..., Forecaster]
    columns: tuple[str, ...]
    """Columns of the data set that the estimator reads, in this order."""
    target: tuple[str, ...]
    """Columns it learns; one column gives a 1-D `y`."""
    refit_every: timedelta | None = None
    """How often a walk-forward evaluation refits it; None fits once."""
    compared_every: timedelta | None = timedelta(days=7)
    """At least so often is it refitted where models are compared side by side; None leaves it at `refit_every`."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    calibrates: bool = True
    weights: Callable[[Any], dict[str, Any]] | None = None
    """What of a fitted estimator is small and readable enough to show; None shows nothing."""
    space: tuple[Dimension, ...] = ()
    """Hyper-parameters that tuning may vary; empty where there is nothing to tune."""
    selectable: tuple[str, ...] = ()
    """Numeric columns among which feature selection may choose; the others are always read. Empty refuses it."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    name: str
    title: str
    compute: Callable[[np.ndarray, np.ndarray], float]
    """(probabilities (n, k), outcomes (n,)) to one number."""
    lower_is_better: bool = True


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What `Problem.load` gives: one row an example in time order, and the state that featurises what comes next."""

    frame: pd.DataFrame
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing that may be selected, with the rows it would bring."""

    code: str
    title: str
    rows: int
    group: str = ""
    seasons: tuple[str, ...] = ()
    """Of a competition: the codes of seasons in which it has rows, newest first."""


class Driver(NamedTuple):
    """One thing that moved a forecast, as the ledger keeps it.

    words: for a person. effect: what it adds to the log-odds of the first class against the last. group: a slug that
    programs look for. features: the same by feature, those that add nothing left out. without: probabilities by label
    as they would be said without it; empty for the baseline.
    """

    words: str
    effect: float
    group: str
    features: Mapping[str, float]
    without: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a problem says of one subject, ready for the ledger.

    probabilities: by class label, summing to 1. distribution: what every market is read from. notes: what the reader
    must know ("prior" strengths, missing inputs). drivers: the baseline, what moved it, strongest first, and what the
    calibration added; their effects sum to the log-odds of the first class against the last.
    """

    probabilities: Mapping[str, float]
    distribution: Mapping[str, Any]
    features: Mapping[str, Any]
    confidence: float
    notes: tuple[str, ...] = ()
    drivers: tuple[Driver, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one subject turned out: the class, and what a bettor and the yardsticks would have got."""

    outcome: str
    market_probabilities: Mapping[str, float] | None = None
    baseline_probabilities: Mapping[str, float] | None = None
    best_prices: Mapping[str, float] | None = None
    closing_prices: Mapping[str, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Offers:
    """Prices beside the rows of a data set, in the order of the labels; NaN where there is none.

    prices: decimal odds (n, k) at which one could have bet before the event. books: (n, k) whose price each is.
    closing_prices: the market's last decimal odds (n, k). closing_probabilities: (n, k), the same without the margin.
    subjects: what each row is about, in words. quoted_at: (n, k) UTC times of the prices, NaT where not known. holds:
    (n, k) the margin of the book whose price it is, Σ 1/price - 1. dropped: quotes left out, by the reason in words.
    """

    prices: np.ndarray
    books: np.ndarray
    closing_prices: np.ndarray
    closing_probabilities: np.ndarray
    subjects: Sequence[str]
    quoted_at: np.ndarray | None = None
    holds: np.ndarray | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SourcePart:
    """What comes in of one part of a problem's sources, such as a competition.

    overdue: events that are over and have no result; since: when the first of them was; last_news_at: the last result.
    """

    name: str
    overdue: int
    since: datetime | None = None
    last_news_at: datetime | None = None

    def is_stale(self, now: datetime, after: timedelta) -> bool:
        """Whether a result has been waited for so long, and none has come in so long."""
        waited = self.since is not None and self.since <= now - after
        return self.overdue > 0 and waited and (self.last_news_at is None or self.last_news_at <= now - after)

    def in_words(self, unit: str) -> str:
        first = f", the first since {self.since:%-d %B %Y %H:%M} UTC" if self.since else ""
        last = f"; the last came on {self.last_news_at:%-d %B %Y %H:%M} UTC" if self.last_news_at else ""
        return f"{self.overdue} {unit} are over and wait for a result{first}{last}."


@dataclass(frozen=True, kw_only=True)
class SourceHealth:
    """How what a problem is fed with comes in; batches are those of the last seven days."""

    parts: tuple[SourcePart, ...] = ()
    batches: int = 0
    failed_batches: int = 0
    warnings: tuple[str, ...] = ()


class Problem(ABC):
    """One question that models answer. Stateless: instances may be shared between threads."""

    slug: ClassVar[str]
    title: ClassVar[str]
    sport: ClassVar[str]
    kind: ClassVar[Kind]
    labels: ClassVar[tuple[str, ...]]
    """Class labels in order; for ordered classes their order is that of the RPS."""
    family: ClassVar[str] = ""
    """What problems that differ in one thing alone are called together, such as player props; empty: it is alone."""
    variant: ClassVar[str] = ""
    """Which of its family it is, such as the statistic."""
    needs_every_label: ClassVar[bool] = True
    """Whether training is refused where no row has one of the labels; else its estimators must know all the same."""
    outcome_column: ClassVar[str]
    """Column of the data set with the index of the class that came true."""
    count_column: ClassVar[str] = ""
    """Of counts: column of the data set with what was counted, whose mean estimators tell by `predict_mean`."""
    time_column: ClassVar[str] = "event_at"
    group_column: ClassVar[str] = ""
    """Column whose groups of rows are never split apart, such as the match whose players they are; a model is then
    measured on groups held out, instead of on what came later. Empty: rows are split by time."""
    key_column: ClassVar[str] = "subject"
    metrics: ClassVar[tuple[Metric, ...]]
    """The first is primary."""
    algorithms: ClassVar[tuple[Algorithm, ...]]
    default_algorithm: ClassVar[str]
    minimum_rows: ClassVar[int] = 100
    unit: ClassVar[str] = "rows"
    """What a person calls the examples: "matches"."""
    refunds: ClassVar[tuple[str, ...]] = ()
    """Labels nobody takes bets on: where one comes true, stakes on the others are given back."""
    is_personal: ClassVar[bool] = False
    """Whether its subjects are persons: a prediction is then seen by the player that its reference names under
    `player` (the user's key), by their coaches and by staff, and by nobody else."""
    bookmakers: ClassVar[Mapping[str, str]] = {}
    """Titles by code of whose prices `offers` can give; empty: nobody takes bets on this problem."""

    @abstractmethod
    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        """Features and targets of every finished example in the selection, oldest first."""

    @abstractmethod
    def featurise(self, subjects: Sequence[Any], *, state: Mapping[str, Any], state_key: str) -> pd.DataFrame:
        """One row a subject, by the code of `load`, from what is known now; `state_key` names `state` in caches."""

    @abstractmethod
    def forecast(self, estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
        """What a fitted estimator says of featurised rows."""

    @abstractmethod
    def subject(self, reference: Mapping[str, Any]) -> Any:
        """The subject that a reference (from the ledger, an API client or a command line) names.

        Raises a domain error that says what is missing or unknown.
        """

    @abstractmethod
    def subject_reference(self, subject: Any) -> Mapping[str, Any]:
        """How the ledger names a subject: JSON that finds it again."""

    def example_key(self, reference: Mapping[str, Any]) -> str:
        """What the data set's key column calls what a reference of the ledger names, as text; empty where nothing."""
        return str(next(iter(reference.values()))) if len(reference) == 1 else ""

    @abstractmethod
    def event_at(self, subject: Any) -> datetime:
        """When the subject is decided; a prediction made later is refused."""

    @abstractmethod
    def upcoming(self, since: datetime, until: datetime) -> Sequence[Any]:
        """Subjects decided between two times that may be predicted now, soonest first."""

    @abstractmethod
    def results(self, references: Sequence[Mapping[str, Any]]) -> list[Result | None]:
        """How subjects turned out, None where they have not yet."""

    @abstractmethod
    def choices(self) -> Mapping[str, Sequence[Choice]]:
        """What a person may select from: `competitions`, `seasons`."""

    @abstractmethod
    def count(self, selection: Selection) -> int:
        """How many rows the selection would give, without loading them."""

    def fingerprint(self, selection: Selection) -> str:
        """A cheap mark that changes whenever `load` would give other rows; empty where none is known."""
        return ""

    @abstractmethod
    def chosen(self, frame: pd.DataFrame, selection: Selection) -> pd.Series:
        """Which rows (n,) of a wider data set belong to a selection; the index is the frame's."""

    def measured(self, frame: pd.DataFrame, chosen: np.ndarray, selection: Selection) -> np.ndarray:
        """Which rows (n,) of a wider data set a comparison is measured on; chosen rows before them calibrate."""
        return chosen

    def calibration(self, probabilities: np.ndarray, outcomes: np.ndarray) -> Any:
        """What makes probabilities (n, k) mean what they say, learned from what came (n,): has `transform`, `name`."""
        from mlmodels.estimators.calibration import best_calibration

        return best_calibration(probabilities, outcomes)

    def scope_of(self, frame: pd.DataFrame) -> dict[str, list[str]]:
        """What a data set covers, for a person: names under `leagues` and `seasons`."""
        return {}

    def source_health(self, now: datetime) -> SourceHealth | None:
        """Whether results come in when they are due; None where the problem has no sources of its own."""
        return None

    def yardsticks(self, frame: pd.DataFrame) -> Mapping[str, np.ndarray]:
        """Probabilities (n, k) to measure models against, NaN where missing; e.g. the market's."""
        return {}

    def markets(self, probabilities: Mapping[str, float], distribution: Mapping[str, Any]) -> Mapping[str, Any]:
        """What else a prediction says, read off its distribution: JSON for API clients, without prices."""
        return {}

    def offers(self, frame: pd.DataFrame, *, book: str = "") -> Offers | None:
        """What one could have bet at, on rows of a data set: at `book`, or at the best price of all where it is empty.

        None: the problem has no prices.
        """
        return None

    def is_simulated(self, selection: Selection) -> bool:
        """Whether any row of the selection was made up, and must be labelled so."""
        return False

    def feature_in_words(self, name: str) -> str:
        """A feature as people call it."""
        return name.replace("_", " ")

    def subject_names(self, subjects: Sequence[str]) -> Mapping[str, str]:
        """What people call the subjects that an estimator fits apart, such as players; nameless ones are left out."""
        return {}

    @property
    def split_column(self) -> str:
        """Column of the data set by which rows are split into those that train, validate and test."""
        return self.group_column or self.time_column

    @property
    def refunded(self) -> tuple[int, ...]:
        """The indices of `refunds` among the labels."""
        return tuple(self.labels.index(label) for label in self.refunds)

    @property
    def primary_metric(self) -> Metric:
        return self.metrics[0]

    def algorithm(self, name: str) -> Algorithm:
        for algorithm in self.algorithms:
            if algorithm.name == name:
                return algorithm
        known = ", ".join(a.name for a in self.algorithms)
        raise UnknownAlgorithm(f"{self.title} has no algorithm {name!r}: choose one of {known}.")


_problems: dict[str, Problem] = {}
P = TypeVar("P", bound=Problem)


def register(problem: type[P]) -> type[P]:
    """Class decorator: make a problem known under its slug."""
    _problems[problem.slug] = problem()
    return problem


def get_problem(slug: str) -> Problem:
    try:
        return _problems[slug]
    except KeyError:
        known = ", ".join(sorted(_problems)) or "none"
        raise UnknownProblem(f"There is no problem {slug!r}: known are {known}.") from None


def variants_of(family: str) -> Mapping[str, Problem]:
    """The problems of a family by variant, in the order in which they were registered."""
    return {problem.variant: problem for problem in _problems.values() if problem.family == family}


def get_variant(family: str, variant: str) -> Problem:
    """One problem of a family; without a variant, the problem of that slug. Raises UnknownProblem."""
    known = variants_of(family)
    if not known:
        if variant:
            raise UnknownProblem(f"{get_problem(family).title} is not a family: leave {variant!r} out.")
        return get_problem(family)
    if variant not in known:
        missing = f"no {variant!r}" if variant else "several problems"
        raise UnknownProblem(f"{family} has {missing}: choose one of {', '.join(known)}.")
    return known[variant]


def all_problems() -> list[Problem]:
    return [_problems[slug] for slug in sorted(_problems)]


def personal_slugs() -> list[str]:
    """The problems whose subjects are persons."""
    return [problem.slug for problem in all_problems() if problem.is_personal]


def discover() -> None:
    """Import every module of every installed app's `problems` package."""
    from django.apps import apps

    for config in apps.get_app_configs():
        try:
            package = importlib.import_module(f"{config.name}.problems")
        except ModuleNotFoundError as error:
            if error.name != f"{config.name}.problems":
                raise
            continue
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
