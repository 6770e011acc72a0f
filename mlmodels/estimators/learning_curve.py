"""How boosted trees learn as they are added: the loss by number of rounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

POINTS = 40
"""A curve has about so many numbers at most."""


def grown(settings: Mapping[str, Any], learned: Any, later: Any, *, metric: str, rounds: int) -> dict[str, list[float]]:
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
