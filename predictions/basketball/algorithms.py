"""The ways to forecast a player's count, from the simplest up.

No Django here: processes that walk models side by side import what builds them by its name.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from mlmodels.problem import Algorithm
from mlmodels.tuning.spaces import real, whole
from predictions.basketball.feature_names import FEATURES

MONTH = timedelta(days=28)

COUNT = ("count",)
SIMPLE = {
    "season-average": ("Season average", "season_mean"),
    "last-10": ("Last ten games", "last_10"),
    "ema": ("Moving average", "ema"),
}
"""Forecasts whose mean is one column; what every model must beat."""

PER_PLAYER = {
    "per-player": ("An ensemble a player, voting", "voting"),
    "per-player-stacked": ("An ensemble a player, stacked", "stacking"),
}
"""Random forest .4, boosting .4 and elastic net .2 of each player's own games, or what a ridge makes of the three."""

_BOOSTING_SPACE = (
    whole("rounds", 100, 1500, usual=400, log=True),
    real("learning_rate", 0.01, 0.1, usual=0.03, log=True),
    whole("depth", 3, 8, usual=5),
    real("rows", 0.3, 1.0, usual=0.6),
    real("columns", 0.1, 1.0, usual=0.3),
    real("least_weight", 10.0, 500.0, usual=100.0, log=True),
    real("l2", 1.0, 100.0, usual=10.0, log=True),
)


def _given(*, column: str, **parameters: Any) -> Any:
    from mlmodels.estimators.count_forecaster import CountForecaster
    from mlmodels.estimators.given_mean import GivenMean

    return CountForecaster(GivenMean(column), **parameters)


def _global(**parameters: Any) -> Any:
    """Boosting of all players at once, and a negative binomial around its mean."""
    from mlmodels.estimators.count_boosting import CountBoosting
    from mlmodels.estimators.count_forecaster import CountForecaster

    return CountForecaster(CountBoosting(**parameters))


def _per_player(*, combine: str, rounds: int = 400, **parameters: Any) -> Any:
    """An ensemble a player; the model of all players (of so many rounds) answers for those with too few games."""
    from mlmodels.estimators.per_subject import PerSubject

    return PerSubject(
        subject="player",
        history="games",
        global_model=_global(rounds=rounds),
        global_columns=(*FEATURES, "line"),
        combine=combine,
        **parameters,
    )


def _with_market(**parameters: Any) -> Any:
    """The model of all players beside the bookmakers' consensus."""
    from mlmodels.estimators.market_blend import MarketBlend

    return MarketBlend(_global(**parameters))


def _blended(blend: Any) -> dict[str, Any]:
    """What the market, the model and a constant weigh, and on how many rows that was learned."""
    weights = dict(zip(("market", "model", "constant"), blend.weights_.tolist(), strict=True))
    return {**_importances(blend.model_), "weights": weights, "rows": list(blend.rows_)}


def _importances(forecaster: Any) -> dict[str, Any]:
    """Each feature's share of what the trees gained, largest first."""
    shares = zip(forecaster.feature_names_in_.tolist(), forecaster.importances_.tolist(), strict=True)
    return {"importances": dict(sorted(shares, key=lambda pair: -pair[1]))}


def algorithms_of(statistic: str) -> tuple[Algorithm, ...]:
    """The same for every statistic; with the market where there are lines."""
    return (
        *(
            Algorithm(
                name=name,
                title=title,
                build=partial(_given, column=column),
                columns=(column, "line"),
                target=COUNT,
                refit_every=MONTH,
                compared_every=None,
            )
            for name, (title, column) in SIMPLE.items()
        ),
        Algorithm(
            name="global",
            title="One model of all players",
            build=_global,
            columns=(*FEATURES, "line"),
            target=COUNT,
            compared_every=MONTH,
            weights=_importances,
            space=_BOOSTING_SPACE,
        ),
        *(
            Algorithm(
                name=name,
                title=title,
                build=partial(_per_player, combine=combine),
                columns=("player", *FEATURES, "line"),
                target=COUNT,
                compared_every=None,
            )
            for name, (title, combine) in PER_PLAYER.items()
        ),
        *((_WITH_MARKET,) if statistic in WITH_LINES else ()),
    )


WITH_LINES = ("pra",)
"""Statistics that bookmakers' lines were imported of."""

_WITH_MARKET = Algorithm(
    name="global-market",
    title="One model of all players, with the market",
    build=_with_market,
    columns=(*FEATURES, "line", "market_over", "market_under"),
    target=COUNT,
    compared_every=MONTH,
    calibrates=False,
    weights=_blended,
)
