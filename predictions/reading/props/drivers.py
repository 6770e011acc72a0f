"""What speaks for over and what for under, as on the pages of matches."""

from __future__ import annotations

from predictions.basketball.explaining import feature_in_words
from predictions.models import Prediction
from predictions.reading.driver_rows import DriverRows, Sides, rows_between

SIDES = Sides(
    labels=("over", "under"), names=("over", "under"), wins=("over", "under"), feature_in_words=feature_in_words
)


def prop_drivers(prediction: Prediction) -> DriverRows | None:
    """None where nothing was written down."""
    return rows_between(prediction, SIDES)
