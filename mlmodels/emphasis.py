"""Learning some examples harder than others, as a fine-tuning run is told to."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from mlmodels.errors import CannotEmphasise, TooLittleData

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.problem import Algorithm, Problem

MOST_WEIGHT = 100.0


class Method(StrEnum):
    WEIGHTS = "weights"
    """Fitted anew, with the examples weighing more."""
    BOOSTING = "boosting"
    """Fitted as always, then some slower boosting rounds in which the examples weigh more."""


@dataclass(frozen=True, kw_only=True)
class Emphasis:
    """Which examples (by their key in the data set, as text) weigh how much, where others weigh 1, and why."""

    keys: tuple[str, ...]
    weight: float
    method: Method = Method.WEIGHTS
    reason: str = ""

    def __post_init__(self) -> None:
        if not 1 < self.weight <= MOST_WEIGHT:
            raise CannotEmphasise(f"Examples learned harder weigh more than 1 and at most 100, not {self.weight:g}.")

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Emphasis | None:
        """What a run was told; None where it was told nothing."""
        if not stored:
            return None
        return cls(
            keys=tuple(map(str, stored["keys"])),
            weight=float(stored["weight"]),
            method=Method(stored["method"]),
            reason=str(stored.get("reason", "")),
        )

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "keys": list(self.keys)}

    def refuse_unfit(self, algorithm: Algorithm, *, selects_features: bool = False) -> None:
        """Raises CannotEmphasise where the algorithm's estimator has no way to learn some examples harder."""
        if selects_features:
            raise CannotEmphasise(
                "A model that chooses its features takes no weights, so it can't learn some examples harder."
            )
        estimator = algorithm.build(**algorithm.defaults)
        if not _takes_weights(estimator):
            raise CannotEmphasise(f"{algorithm.title} can't learn some examples harder: it takes no weights.")
        if self.method == Method.BOOSTING and not hasattr(estimator, "boost_on"):
            raise CannotEmphasise(
                f"{algorithm.title} is not boosted, so no rounds can be added to it: choose weights instead."
            )

    def weights(self, problem: Problem, frame: pd.DataFrame) -> np.ndarray:
        """One weight a row (n,). Raises TooLittleData where none of the examples is among the rows."""
        import numpy as np

        chosen = frame[problem.key_column].astype(str).isin(self.keys).to_numpy()
        if not chosen.any():
            raise TooLittleData(
                f"None of the {len(self.keys)} examples to learn harder is among the {problem.unit} selected: "
                "train on a selection that reaches up to now."
            )
        return np.where(chosen, self.weight, 1.0)

    def applied_to(self, estimator: Any) -> Any:
        """The unfitted estimator as the walk and the last fit are to have it."""
        if self.method == Method.WEIGHTS:
            return estimator
        from mlmodels.estimators.continued import Continued

        return Continued(estimator)


def fitted(estimator: Any) -> Any:
    """What of a fitted estimator is to be kept: without the wrapper that only knew how to fit it."""
    from mlmodels.estimators.continued import Continued

    return estimator.estimator if isinstance(estimator, Continued) else estimator


def _takes_weights(estimator: Any) -> bool:
    return "sample_weight" in inspect.signature(estimator.fit).parameters
