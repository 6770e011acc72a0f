"""What a trial does: walk forward over the validation rows with one set of hyper-parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from mlmodels.estimators.building import Recipe

Block = tuple[int, int, "np.ndarray"]
"""Rows predicted so far, rows to predict, probabilities (b, k) of the block's rows."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """Rows up to the last that validates, and how models of them are made; later rows are not even here.

    X, y: all that is read, in time order. times: (n,) day numbers. start: of the first row to predict.
    """

    recipe: Recipe
    X: Any
    y: Any
    times: np.ndarray
    start: float
    refit_every: timedelta | None

    def blocks(self, parameters: Mapping[str, Any]) -> Iterator[Block]:
        """Predictions of the validation rows, block by block, each from earlier rows only."""
        from mlmodels.evaluation.walk_forward import walk_blocks

        build = partial(self.recipe.make, **parameters)
        yield from walk_blocks(build, self.X, self.y, self.times, start=self.start, refit_every=self.refit_every)
