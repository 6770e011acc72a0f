"""What football forecasts are judged by."""

import numpy as np
import pytest

from predictions.football.metrics import METRICS

DRAW_ACCURACY = next(metric for metric in METRICS if metric.name == "draw_accuracy")
CALLED, NOT_CALLED = [0.3, 0.4, 0.3], [0.5, 0.3, 0.2]


def test_draw_accuracy_is_the_share_of_draws_that_were_called() -> None:
    probabilities = np.array([CALLED, NOT_CALLED, NOT_CALLED, CALLED])
    assert DRAW_ACCURACY.compute(probabilities, np.array([1, 1, 1, 0])) == pytest.approx(1 / 3)
    assert not DRAW_ACCURACY.lower_is_better


def test_draw_accuracy_is_not_defined_without_a_draw() -> None:
    assert np.isnan(DRAW_ACCURACY.compute(np.array([CALLED, NOT_CALLED]), np.array([0, 2])))
