"""The ways to tell a rank from one match's features.

A line through the ranks in their order (ordinal) and a line for each (multinomial) err differently, and their pool in
equal parts errs less than either. Which is the default was settled by grouped cross-validation on half of the matches.
"""

from __future__ import annotations

from typing import Any

from matches.models import RankGroup
from mlmodels.problem import Algorithm
from mlmodels.tuning.spaces import real
from training.rocket_league.features import NAMES

RANKS = range(len(RankGroup.values))
OUTCOME = ("outcome",)


def ordinal(*, l2: float = 30.0) -> Any:
    from mlmodels.estimators.ordered_logit import OrderedLogit
    from mlmodels.estimators.tidied import Tidied

    return Tidied(OrderedLogit(l2=l2), classes=RANKS)


def multinomial(*, l2: float = 10.0) -> Any:
    from mlmodels.estimators.multinomial_logit import MultinomialLogit
    from mlmodels.estimators.tidied import Tidied

    return Tidied(MultinomialLogit(l2=l2), classes=RANKS)


def pool(*, ordinal_l2: float = 30.0, multinomial_l2: float = 10.0) -> Any:
    from mlmodels.estimators.blend import Blend
    from mlmodels.estimators.multinomial_logit import MultinomialLogit
    from mlmodels.estimators.ordered_logit import OrderedLogit
    from mlmodels.estimators.tidied import Tidied

    members = [("ordinal", OrderedLogit(l2=ordinal_l2)), ("multinomial", MultinomialLogit(l2=multinomial_l2))]
    # Nothing is held out: too few matches to learn weights from, and equal ones do.
    return Tidied(Blend(members, held_out=0.0), classes=RANKS)


def boosting(**parameters: Any) -> Any:
    from mlmodels.estimators.boosting import GradientBoosting
    from mlmodels.estimators.tidied import Tidied

    usual = {"depth": 3, "rows": 0.7, "columns": 0.4, "least_weight": 3.0, "l2": 5.0}
    return Tidied(GradientBoosting(**{**usual, **parameters}), classes=RANKS)


ALGORITHMS: tuple[Algorithm, ...] = (
    Algorithm(
        name="pool",
        title="Ordinal and multinomial logistic regression, pooled",
        build=pool,
        columns=NAMES,
        target=OUTCOME,
        space=(
            real("ordinal_l2", 0.3, 300.0, usual=30.0, log=True),
            real("multinomial_l2", 1.0, 100.0, usual=10.0, log=True),
        ),
    ),
    Algorithm(
        name="ordinal",
        title="Ordinal logistic regression",
        build=ordinal,
        columns=NAMES,
        target=OUTCOME,
        space=(real("l2", 0.3, 300.0, usual=30.0, log=True),),
    ),
    Algorithm(
        name="multinomial",
        title="Multinomial logistic regression",
        build=multinomial,
        columns=NAMES,
        target=OUTCOME,
        space=(real("l2", 1.0, 100.0, usual=10.0, log=True),),
    ),
    Algorithm(name="boosting", title="Gradient boosting", build=boosting, columns=NAMES, target=OUTCOME),
)
