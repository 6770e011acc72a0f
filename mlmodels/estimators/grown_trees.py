"""What boosted trees tell of themselves: the loss as they are added, and what each feature gained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

POINTS = 40
"""A curve has about so many numbers at most."""


def curve(settings: Mapping[str, Any], learned: Any, later: Any, *, metric: str, rounds: int) -> dict[str, list[float]]:
    """{"rounds", "learned", "later"}: XGBoost's `metric` on the rows that trees learn from, and on later ones.

    learned, later: XGBoost's tables. Trees of their own are grown for it.
    """
    import xgboost

    told: dict[str, dict[str, list[float]]] = {}
    xgboost.train(
        {**settings, "eval_metric": metric},
        learned,
        num_boost_round=rounds,
        evals=[(learned, "learned"), (later, "later")],
        evals_result=told,
        verbose_eval=False,
    )
    kept = sorted({*range(0, rounds, -(-rounds // POINTS)), rounds - 1})
    curves = {name: [told[name][metric][i] for i in kept] for name in ("learned", "later")}
    return {"rounds": [float(i + 1) for i in kept], **curves}


def shares_of_gain(booster: Any, features: int) -> NDArray[np.float64]:
    """(features,) of the total gain of XGBoost's trees; all 0 where nothing was gained."""
    gains: dict[str, Any] = booster.get_score(importance_type="total_gain")
    table = np.array([float(gains.get(f"f{i}", 0.0)) for i in range(features)])
    return np.asarray(table / table.sum() if table.sum() > 0 else table, dtype=float)
