"""The ways to make a football model, from the simplest up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from mlmodels.problem import Algorithm
from mlmodels.tuning.spaces import one_of, real, whole
from predictions.football import learned
from predictions.football.form import COMPARED

WEEK = timedelta(days=7)
MONTH = timedelta(days=28)
"""How often models are refitted whose features are a week old at most, and carry the news."""

MATCH = ("home", "away", "competition", "date")
GOALS = ("home_goals", "away_goals")
OUTCOME = ("outcome",)
MARKET = ("market_open_home", "market_open_draw", "market_open_away")

CONTRASTS = (
    "long_supremacy",
    "shots_supremacy",
    "short_supremacy",
    "long_total",
    "shots_total",
    "short_total",
    "goals_difference",
    "goals_sum",
    "on_target_difference",
    "on_target_sum",
    "shots_difference",
    "shots_sum",
    "corners_difference",
    "elo_difference",
    "pi_difference",
    "base_supremacy",
    "base_draw_logit",
    "last_points_difference",
    "table_points_difference",
    "table_goals_difference",
    "home_newcomer",
    "away_newcomer",
    *(f"{name}_difference" for name in COMPARED),
    "meetings_goals",
)
"""Hosts against guests, for a model that is linear in them."""

_ONE_SIDED = (
    "matches",
    "points_5",
    "points_10",
    "goals_5",
    "goals_10",
    "on_target_5",
    "on_target_10",
    "shots_10",
    "expected_goals_10",
    "points_on_ground_5",
    "reds_last",
    "rest_days",
    "matches_14_days",
    "matches_28_days",
    "streak",
)

FEATURES = (
    *CONTRASTS,
    *(f"{side}_{name}" for side in ("home", "away") for name in _ONE_SIDED),
    *(f"{name}_{side}_rate" for name in ("long", "shots", "short") for side in ("home", "away")),
    "meetings",
    "season_progress",
)
"""All that is known before kick-off but the market, for trees."""


def _base_rate(**parameters: Any) -> Any:
    from mlmodels.estimators.base_rate import BaseRate

    return BaseRate(**parameters)


def _elo(**parameters: Any) -> Any:
    from mlmodels.estimators.elo import Elo

    return Elo(**parameters)


def _pi_ratings(**parameters: Any) -> Any:
    from mlmodels.estimators.pi_ratings import PiRatings

    return PiRatings(**parameters)


def _dixon_coles(**parameters: Any) -> Any:
    from mlmodels.estimators.dixon_coles import DixonColes

    return DixonColes(**parameters)


def _gbm(**parameters: Any) -> Any:
    from mlmodels.estimators.boosting import GradientBoosting

    return GradientBoosting(**parameters)


def _blend(*, logit_l2: float = 100.0, trees: int = 250, tree_depth: int = 2, **parameters: Any) -> Any:
    return _pool_of(_members(logit_l2, trees, tree_depth), parameters)


def _blend_market(*, logit_l2: float = 100.0, trees: int = 250, tree_depth: int = 2, **parameters: Any) -> Any:
    """The opening price, unless half of all rows prove that our models add to it."""
    from mlmodels.estimators.given import GivenProbabilities

    members = {**_members(logit_l2, trees, tree_depth), "market": (GivenProbabilities(), MARKET)}
    return _pool_of(members, {"held_out": 0.5, **parameters}, optional=("market",), anchor="market")


def _members(logit_l2: float, trees: int, tree_depth: int) -> dict[str, tuple[Any, tuple[str, ...]]]:
    """What is blended, and the columns each reads."""
    from mlmodels.estimators.ordered_logit import OrderedLogit

    return {
        "logit": (OrderedLogit(l2=logit_l2, missing=0.0), CONTRASTS),
        "boosting": (_gbm(rounds=trees, depth=tree_depth), FEATURES),
    }


def _pool_of(
    members: Mapping[str, tuple[Any, tuple[str, ...]]],
    parameters: Mapping[str, Any],
    *,
    optional: tuple[str, ...] = (),
    anchor: str | None = None,
) -> Any:
    from mlmodels.estimators.blend import Blend

    return Blend(
        [(name, estimator) for name, (estimator, _) in members.items()],
        columns={name: columns for name, (_, columns) in members.items()},
        optional=optional,
        anchor=anchor,
        **parameters,
    )


def _algorithm(
    name: str, title: str, build: Callable[..., Any], columns: tuple[str, ...], target: tuple[str, ...], **more: Any
) -> Algorithm:
    return Algorithm(
        name=name, title=title, build=build, columns=columns, target=target, **{"refit_every": WEEK, **more}
    )


_LOGIT_OF_RATINGS = (
    whole("burn_in", 0, 400, usual=150),
    real("half_life_days", 300.0, 4000.0, usual=1500.0, log=True),
)
_ELO_SPACE = (
    real("k", 4.0, 40.0, usual=12.0, log=True),
    real("home_advantage", 30.0, 110.0, usual=65.0),
    real("margin_exponent", 0.0, 1.5, usual=0.75),
    real("newcomer", 1300.0, 1500.0, usual=1420.0),
    real("season_regression", 0.0, 0.5, usual=0.1),
    *_LOGIT_OF_RATINGS,
)
_PI_SPACE = (
    real("learning_rate", 0.01, 0.12, usual=0.035, log=True),
    real("ground_rate", 0.2, 1.0, usual=0.7),
    real("newcomer", -0.8, 0.2, usual=-0.3),
    real("season_regression", 0.0, 0.5, usual=0.0),
    *_LOGIT_OF_RATINGS,
)
_DIXON_COLES_SPACE = (
    real("half_life_days", 90.0, 1500.0, usual=330.0, log=True),
    real("prior_sd", 0.1, 1.0, usual=0.32, log=True),
    real("prior_correlation", 0.0, 0.95, usual=0.85),
    real("newcomer_sd", 0.02, 0.3, usual=0.05, log=True),
    one_of("low_score_correction", (True, False), usual=True),
)
_GBM_SPACE = (
    whole("rounds", 60, 800, usual=250, log=True),
    real("learning_rate", 0.01, 0.2, usual=0.05, log=True),
    whole("depth", 1, 5, usual=2),
    real("rows", 0.3, 1.0, usual=0.5),
    real("columns", 0.1, 1.0, usual=0.3),
    real("least_weight", 5.0, 200.0, usual=50.0, log=True),
    real("l2", 0.5, 100.0, usual=20.0, log=True),
)
_BLEND_SPACE = (
    real("logit_l2", 3.0, 1000.0, usual=100.0, log=True),
    whole("trees", 60, 500, usual=250, log=True),
    whole("tree_depth", 1, 4, usual=2),
)


ALGORITHMS = (
    _algorithm(
        "base-rate",
        "Base rate",
        _base_rate,
        ("competition",),
        OUTCOME,
        weights=learned.frequencies,
        calibrates=False,
    ),
    _algorithm("elo", "Elo", _elo, MATCH, GOALS, weights=learned.elo_ratings, space=_ELO_SPACE),
    _algorithm("pi-ratings", "Pi-ratings", _pi_ratings, MATCH, GOALS, weights=learned.pi_ratings, space=_PI_SPACE),
    _algorithm(
        "dixon-coles",
        "Dixon–Coles",
        _dixon_coles,
        MATCH,
        GOALS,
        weights=learned.strengths,
        space=_DIXON_COLES_SPACE,
    ),
    _algorithm(
        "gbm",
        "Gradient boosting",
        _gbm,
        FEATURES,
        OUTCOME,
        weights=learned.importances,
        refit_every=MONTH,
        space=_GBM_SPACE,
        selectable=FEATURES,
    ),
    _algorithm(
        "blend",
        "Blend",
        _blend,
        FEATURES,
        OUTCOME,
        weights=learned.blend_weights,
        refit_every=MONTH,
        space=_BLEND_SPACE,
        selectable=FEATURES,
    ),
    _algorithm(
        "blend-market",
        "Blend with the market",
        _blend_market,
        (*FEATURES, *MARKET),
        OUTCOME,
        weights=learned.blend_weights,
        refit_every=MONTH,
        space=_BLEND_SPACE,
        selectable=FEATURES,
    ),
)
