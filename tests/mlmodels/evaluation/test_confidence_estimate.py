"""What to expect before results are in."""

import numpy as np
import pytest

from mlmodels.evaluation.confidence_estimate import FEWEST_SETTLED, estimate, trust
from mlmodels.evaluation.metrics import accuracy, brier, log_loss
from tests.mlmodels.evaluation.football_like import forecasts, outcomes, overconfident


def test_figures_by_hand() -> None:
    found = estimate([[0.5, 0.3, 0.2], [0.8, 0.1, 0.1]])
    assert found.n == 2
    assert found.accuracy.value == pytest.approx(0.65)
    entropies = [-sum(p * np.log(p) for p in row) for row in ([0.5, 0.3, 0.2], [0.8, 0.1, 0.1])]
    assert found.log_loss.value == pytest.approx(np.mean(entropies))
    assert found.brier.value == pytest.approx(((1 - 0.38) + (1 - 0.66)) / 2)


def test_it_tracks_the_truth_of_calibrated_forecasts() -> None:
    """95 % of what comes lies within the intervals; 400 rounds of 200 matches."""
    rng = np.random.default_rng(21)
    inside = {"accuracy": 0, "log_loss": 0, "brier": 0}
    rounds = 400
    for _ in range(rounds):
        said = forecasts(rng, 200)
        came = outcomes(rng, said)
        expected = estimate(said)
        seen = {"accuracy": accuracy(said, came), "log_loss": log_loss(said, came), "brier": brier(said, came)}
        for name, value in seen.items():
            inside[name] += getattr(expected, name).low <= value <= getattr(expected, name).high
    assert all(0.92 <= count / rounds <= 0.98 for count in inside.values()), inside


def test_harder_events_are_expected_to_go_worse() -> None:
    easy, hard = estimate([[0.8, 0.1, 0.1]] * 50), estimate([[0.4, 0.3, 0.3]] * 50)
    assert easy.accuracy.low > hard.accuracy.value
    assert easy.log_loss.value < hard.log_loss.value


def test_a_calibrated_model_is_trusted() -> None:
    """At three standard errors; of two tests in a hundred rounds none may fail by more than chance."""
    rng = np.random.default_rng(22)
    trusted = 0
    for _ in range(200):
        said = forecasts(rng, 300)
        trusted += trust(said, outcomes(rng, said)).trusted
    assert trusted >= 196


def test_a_model_too_sure_of_itself_is_not_trusted_and_the_reason_says_so() -> None:
    rng = np.random.default_rng(23)
    truth = forecasts(rng, 800)
    found = trust(overconfident(truth, 2.0), outcomes(rng, truth))
    assert not found.trusted
    assert found.z is not None
    assert found.z > 3
    assert "cost more than their probabilities promised" in found.reason


def test_too_few_settled_events_can_not_bear_it_out() -> None:
    said = forecasts(np.random.default_rng(1), FEWEST_SETTLED - 1)
    found = trust(said, np.zeros(len(said), dtype=int))
    assert (found.trusted, found.z) == (False, None)
    assert "Only 99 events" in found.reason


@pytest.mark.parametrize("probabilities", [[], [[0.5, 0.6]], [0.5, 0.5], [[0.5, float("nan")]]])
def test_what_are_no_probabilities_is_refused(probabilities: list[float]) -> None:
    with pytest.raises(ValueError, match=r"[Pp]robabilities|no rows"):
        estimate(probabilities)
