"""What is measured of a player in a match: features in eight categories, made of ballchasing's statistics.

The same code serves users and those they are compared with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from training.models import Category
from training.rocket_league.features_columns import Columns
from training.rocket_league.features_kind import Feature
from training.rocket_league.features_of_ball import FEATURES_OF_BALL
from training.rocket_league.features_of_car import FEATURES_OF_CAR
from training.rocket_league.features_of_place import FEATURES_OF_PLACE

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BY_NAME", "FEATURES", "NAMES", "Feature", "feature_table", "features_of"]

FEATURES: tuple[Feature, ...] = tuple(
    sorted(
        (*FEATURES_OF_CAR, *FEATURES_OF_PLACE, *FEATURES_OF_BALL),
        key=lambda feature: list(Category).index(feature.category),
    )
)
NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
BY_NAME: Mapping[str, Feature] = {feature.name: feature for feature in FEATURES}


def features_of(category: Category, *, scored: bool = True) -> tuple[Feature, ...]:
    """The features of a category; without `scored` also those that only give context."""
    return tuple(f for f in FEATURES if f.category == category and (f.direction or not scored))


def feature_table(rows: Sequence[Mapping[str, float]]) -> pd.DataFrame:
    """Features (n, k) of n player-matches, named as in `FEATURES`, in their units, NaN where they can't be told.

    rows: statistics under ballchasing's names. Values beyond what can be are pulled back to the bounds.
    """
    import numpy as np
    import pandas as pd

    columns = Columns(rows)
    made = {feature.name: np.clip(feature.compute(columns), *feature.bounds) for feature in FEATURES}
    return pd.DataFrame(made, index=pd.RangeIndex(len(rows)), columns=list(NAMES), dtype=float)
