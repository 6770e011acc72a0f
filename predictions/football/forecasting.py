"""From a fitted model's probabilities to forecasts: goal rates, notes and what moved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mlmodels.problem import Forecast
from predictions.football.explaining import drivers
from predictions.football.markets import LABELS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

RHO = -0.05
"""Low-score correction of matrices whose model has none of its own."""

FEW_MATCHES = 4
"""A team with fewer matches in the last 400 days rests on the prior."""

PRIOR = "prior"
NO_PRICES = "no prices"
NOTE_CODES = frozenset({PRIOR, NO_PRICES})
"""Words among a forecast's notes that programs look for; a sentence for people follows each."""

FIXTURE_COLUMNS = ("subject", "event_at", "competition", "season", "home", "away", "date")


def forecasts(estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
    """One forecast a row of featurised fixtures."""
    names = getattr(inner(estimator), "feature_names_in_", None)
    # Once: to walk through a frame's columns takes longer than the trees of a forecast.
    columns: list[str] = frame.columns.tolist()
    place = {name: i for i, name in enumerate(columns)}
    read = frame if names is None else frame.take([place[name] for name in names], axis=1)
    probabilities, moved = estimator.predict_proba(read), drivers(estimator, read)
    prices = {name for name in columns if name.startswith("market_")}
    read_prices = prices & set(() if names is None else names)
    hidden = set(FIXTURE_COLUMNS) | (prices - read_prices)
    # One array of everything: `itertuples` takes 15 times as long for one row of ninety columns.
    table = frame.to_numpy(dtype=object).tolist()
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in table]
    rates, rho = goal_rates(inner(estimator), frame, rows)
    return [
        Forecast(
            probabilities={label: float(p) for label, p in zip(LABELS, probabilities[i], strict=True)},
            distribution={"home_rate": float(rates[i, 0]), "away_rate": float(rates[i, 1]), "rho": float(rho)},
            features=features_of(row, hidden),
            confidence=float(probabilities[i].max()),
            notes=notes(row, read_prices),
            drivers=moved[i],
        )
        for i, row in enumerate(rows)
    ]


def inner(estimator: Any) -> Any:
    """The model inside its calibration."""
    return getattr(estimator, "estimator", estimator)


def goal_rates(model: Any, frame: pd.DataFrame, rows: Sequence[Mapping[str, Any]]) -> tuple[np.ndarray, float]:
    """Expected goals (n, 2) and rho: the model's own where it has them, else those of the weekly strengths.

    rows: those of the frame. A model with rates finds the columns that it reads by their names.
    """
    import numpy as np

    if hasattr(model, "rates"):
        return model.rates(frame), model.rho_
    return np.array([[row["long_home_rate"], row["long_away_rate"]] for row in rows], dtype=float).reshape(-1, 2), RHO


def features_of(row: Mapping[str, Any], hidden: set[str]) -> dict[str, Any]:
    """A row's features as JSON, None where one is not known; `hidden` are columns that are none of this model's."""
    return {
        name: None if isinstance(value, float) and value != value else value
        for name, value in row.items()
        if name not in hidden
    }


def notes(row: Mapping[str, Any], read_prices: set[str]) -> tuple[str, ...]:
    """What the reader must know: "prior" and the teams that rest on it; "no prices" where the model would read some."""
    few = [str(row[side]) for side in ("home", "away") if row[f"{side}_matches"] < FEW_MATCHES]
    found: tuple[str, ...] = ()
    if few:
        found += (PRIOR, f"Few or no earlier matches are known of {' and '.join(few)}: typical strengths stand in.")
    if any(row[name] != row[name] for name in read_prices):
        found += (NO_PRICES, "No opening prices are known: this rests on the models alone.")
    return found
