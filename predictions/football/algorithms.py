"""The ways to make a football model, from the simplest up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from mlmodels.problem import Algorithm
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


def _blend(**parameters: Any) -> Any:
    return _pool_of(_members(), parameters)


def _blend_market(**parameters: Any) -> Any:
    """The opening price, unless half of all rows prove that our models add to it."""
    from mlmodels.estimators.given import GivenProbabilities

    members = {**_members(), "market": (GivenProbabilities(), MARKET)}
    return _pool_of(members, {"held_out": 0.5, **parameters}, optional=("market",), anchor="market")


def _members() -> dict[str, tuple[Any, tuple[str, ...]]]:
    """What is blended, and the columns each reads."""
    from mlmodels.estimators.ordered_logit import OrderedLogit

    return {"logit": (OrderedLogit(l2=100.0, missing=0.0), CONTRASTS), "boosting": (_gbm(), FEATURES)}


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
    _algorithm("elo", "Elo", _elo, MATCH, GOALS, weights=learned.elo_ratings),
    _algorithm("pi-ratings", "Pi-ratings", _pi_ratings, MATCH, GOALS, weights=learned.pi_ratings),
    _algorithm("dixon-coles", "Dixon–Coles", _dixon_coles, MATCH, GOALS, weights=learned.strengths),
    _algorithm("gbm", "Gradient boosting", _gbm, FEATURES, OUTCOME, weights=learned.importances, refit_every=MONTH),
    _algorithm("blend", "Blend", _blend, FEATURES, OUTCOME, weights=learned.blend_weights, refit_every=MONTH),
    _algorithm(
        "blend-market",
        "Blend with the market",
        _blend_market,
        (*FEATURES, *MARKET),
        OUTCOME,
        weights=learned.blend_weights,
        refit_every=MONTH,
    ),
)
