"""A fresh estimator out of a recipe: its factory, its hyper-parameters, its seed, and the step before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How estimators of one run are made. `build` is importable by name, so that recipes can travel to processes.

    method, keep: the choice of features before the estimator; None chooses none. selectable: what it may choose from.
    """

    build: Callable[..., Any]
    parameters: Mapping[str, Any]
    seed: int
    method: str | None = None
    keep: int = 0
    selectable: Sequence[str] = ()

    def make(self, **parameters: Any) -> Any:
        """An unfitted estimator; `parameters` go before the recipe's own."""
        estimator = self.build(**{**self.parameters, **parameters})
        if hasattr(estimator, "random_state"):
            estimator.random_state = self.seed
        if self.method is None:
            return estimator
        from mlmodels.estimators.feature_selection import SelectedFeatures

        return SelectedFeatures(
            estimator, method=self.method, keep=self.keep, selectable=tuple(self.selectable), random_state=self.seed
        )
