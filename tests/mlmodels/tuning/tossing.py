"""A coin toss whose algorithm has something to tune: how far to trust what is known of each coin."""

from datetime import timedelta
from typing import Any

from mlmodels import runs
from mlmodels.models import TrainingRun
from mlmodels.problem import Algorithm
from mlmodels.selection import Selection
from mlmodels.tuning.spaces import one_of, real, whole
from tests.mlmodels.coin_toss import CoinToss
from tests.mlmodels.tuning.trusting import Trusting

SPACE = (
    real("trust", 0.05, 2.0, usual=0.2, log=True),
    whole("noise", 1, 9, usual=1),
    one_of("side", ("left", "right"), usual="left"),
)


def tunable(coin_toss: CoinToss, **changes: Any) -> Algorithm:
    """Give the coin toss an algorithm that is refitted every ten days and can be tuned."""
    algorithm = Algorithm(
        **{
            "name": "trusting",
            "title": "Trusting",
            "build": Trusting,
            "columns": ("bias",),
            "target": ("outcome",),
            "refit_every": timedelta(days=10),
            "space": SPACE,
            **changes,
        }
    )
    vars(coin_toss)["algorithms"] = (*coin_toss.algorithms, algorithm)
    return algorithm


def asked(**kwargs: Any) -> TrainingRun:
    run, _ = runs.request_run(
        **{"problem": "coin-toss", "algorithm": "trusting", "selection": Selection(), "dispatch": False, **kwargs}
    )
    return run


def trained(**kwargs: Any) -> TrainingRun:
    done = runs.execute(str(asked(**kwargs).pk), worker="test")
    assert done is not None
    return done
