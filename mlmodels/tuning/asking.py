"""What may be asked of a search and of a choice of features; each wrong request is refused in the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from mlmodels.errors import InvalidFeatureSelection, InvalidTuning

if TYPE_CHECKING:
    from mlmodels.problem import Algorithm
    from mlmodels.tuning.spaces import Dimension

USUAL_TRIALS = 30
MOST_TRIALS = 1000
MOST_SECONDS = 4 * 60 * 60
"""Of a run's six hours at most; the rest is for evaluating and fitting what was found."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How long a search may go on: trials in all, or seconds, or whichever ends first."""

    trials: int | None = None
    seconds: int | None = None

    @classmethod
    def from_json(cls, given: Any) -> Budget | None:
        """None where nothing was asked for. Raises InvalidTuning."""
        if not given:
            return None
        known = _known_keys(given, ("trials", "seconds"), "tuning", InvalidTuning)
        found = {
            "trials": _count(known.get("trials"), "Trials", MOST_TRIALS),
            "seconds": _count(known.get("seconds"), "Seconds", MOST_SECONDS),
        }
        if found["trials"] is None and found["seconds"] is None:
            raise InvalidTuning("Say how long to tune: a number of trials, of seconds, or both.")
        return cls(**found)

    def to_json(self) -> dict[str, int]:
        return {name: value for name, value in asdict(self).items() if value is not None}

    def __str__(self) -> str:
        parts = [f"{value} {name}" for name, value in self.to_json().items()]
        return " or ".join(parts)


class Method(StrEnum):
    """How features are chosen: `mlmodels.estimators.feature_selection` says what each does."""

    IMPORTANCE = "importance"
    RFE = "rfe"
    L1 = "l1"
    CORRELATION = "correlation"


@dataclass(frozen=True, kw_only=True)
class FeatureSelection:
    """A step before the algorithm: the method, and how many features it keeps at most."""

    method: Method
    keep: int

    @classmethod
    def from_json(cls, given: Any) -> FeatureSelection | None:
        """None where nothing was asked for. Raises InvalidFeatureSelection."""
        if not given:
            return None
        known = _known_keys(given, ("method", "keep"), "feature_selection", InvalidFeatureSelection)
        methods = [method.value for method in Method]
        if known.get("method") not in methods:
            raise InvalidFeatureSelection(
                f"There is no way to choose features called {known.get('method')!r}: choose one of "
                f"{', '.join(methods)}."
            )
        keep = known.get("keep")
        if isinstance(keep, bool) or not isinstance(keep, int) or keep < 1:
            raise InvalidFeatureSelection(f"Say how many features to keep: a whole number from 1 on, not {keep!r}.")
        return cls(method=Method(known["method"]), keep=keep)

    @classmethod
    def from_text(cls, text: str) -> FeatureSelection:
        """`importance:40`. Raises InvalidFeatureSelection."""
        method, _, keep = text.partition(":")
        if not keep.lstrip("-").isdigit():
            raise InvalidFeatureSelection(
                f"A choice of features is a method and how many to keep, such as importance:40, not {text!r}."
            )
        found = cls.from_json({"method": method, "keep": int(keep)})
        if found is None:
            raise InvalidFeatureSelection("No way to choose features was named.")
        return found

    def to_json(self) -> dict[str, Any]:
        return {"method": self.method.value, "keep": self.keep}

    def __str__(self) -> str:
        return f"{self.keep} features by {self.method.value}"


def check_tuning(algorithm: Algorithm, budget: Budget | None, fixed: Mapping[str, Any]) -> None:
    """Raises InvalidTuning where the algorithm has nothing to tune, or all of it was given by hand."""
    if budget is None:
        return
    if not algorithm.space:
        raise InvalidTuning(f"{algorithm.title} has no hyper-parameters to tune: train it without tuning.")
    if not free_space(algorithm, fixed):
        raise InvalidTuning(f"Every hyper-parameter of {algorithm.title} was given by hand: nothing is left to tune.")


def free_space(algorithm: Algorithm, fixed: Mapping[str, Any]) -> tuple[Dimension, ...]:
    """What is left to vary when some hyper-parameters were given by hand."""
    return tuple(dimension for dimension in algorithm.space if dimension.name not in fixed)


def check_feature_selection(algorithm: Algorithm, step: FeatureSelection | None) -> None:
    """Raises InvalidFeatureSelection where the algorithm reads no features, or has fewer than are to be kept."""
    if step is None:
        return
    if not algorithm.selectable:
        raise InvalidFeatureSelection(
            f"{algorithm.title} does not read a table of numeric features, so there are none to choose from."
        )
    if step.keep > len(algorithm.selectable):
        raise InvalidFeatureSelection(
            f"{algorithm.title} has {len(algorithm.selectable)} features to choose from: {step.keep} can't be kept."
        )


def _known_keys(
    given: Any, known: Sequence[str], name: str, refusal: type[InvalidTuning] | type[InvalidFeatureSelection]
) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise refusal(f"{name} is an object with {' and '.join(known)}, not {given!r}.")
    if unknown := sorted(str(key) for key in given if key not in known):
        raise refusal(f"{name} knows no {', '.join(unknown)}: it takes {' and '.join(known)}.")
    return given


def _count(value: Any, name: str, most: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InvalidTuning(f"{name} to tune for are a whole number from 1 to {most}, not {value!r}.")
    return value
