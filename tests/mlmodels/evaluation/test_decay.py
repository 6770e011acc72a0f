"""Becoming worse than on the test rows: found when it happens, not when it doesn't."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from mlmodels.evaluation.decay import THRESHOLD, Reference, bets, detect, e_detector
from tests.mlmodels.evaluation.football_like import forecasts, log_losses, noisy, outcomes, overconfident

Floats = NDArray[np.float64]
SEASON, TEST_ROWS = 1000, 600
TESTED = Reference(loss=1.0, n=2000, sd=0.43)


def course_of(rng: np.random.Generator, said: Floats, truth: Floats, *, test_rows: int = TEST_ROWS) -> Floats:
    """The statistic (runs, n) of as many models, each held to the figure of calibrated test rows of its own."""
    tests = forecasts(rng, len(said), test_rows)
    tested = log_losses(tests, outcomes(rng, tests))
    held = [Reference(loss=row.mean(), n=test_rows, sd=row.std()) for row in tested]
    levels = np.array([[each.loss, each.tolerated] for each in held])
    return e_detector(bets(log_losses(said, outcomes(rng, truth)), entropies(said), levels[:, 0], levels[:, 1]))


def entropies(said: Floats) -> Floats:
    return np.asarray(-(said * np.log(said)).sum(-1))


def rate_of_worsening(worsen: Callable[[Floats, float], Floats], target: float, *, of_the_truth: bool) -> float:
    """How much noise, or sharpening, makes the expected loss so many times as high."""
    truth = forecasts(np.random.default_rng(9), 20_000)
    calm = -(truth * np.log(truth)).sum(-1).mean()
    low, high = (0.0, 1.0) if of_the_truth else (1.0, 6.0)
    for _ in range(30):
        middle = (low + high) / 2
        changed = worsen(truth, middle)
        said, came = (truth, changed) if of_the_truth else (changed, truth)
        too_much = -(came * np.log(said)).sum(-1).mean() > target * calm
        low, high = (low, middle) if too_much else (middle, high)
    return low


def test_nothing_wrong_rings_less_than_once_in_a_season() -> None:
    """The promise is one false alarm a season at most; by simulation it is one in a hundred seasons or fewer."""
    rng = np.random.default_rng(11)
    said = forecasts(rng, 600, SEASON)
    rang = (course_of(rng, said, said) >= THRESHOLD).any(1).mean()
    assert rang <= 0.02


@pytest.mark.parametrize("how", ["labels turned to noise", "forecasts too sure"])
def test_15_per_cent_worse_is_found_within_500_matches_in_nine_cases_of_ten(how: str) -> None:
    rng = np.random.default_rng(12)
    runs, calm_first = 300, 400
    truth = forecasts(rng, runs, calm_first + 500)
    said, came = truth.copy(), truth.copy()
    if how == "labels turned to noise":
        came[:, calm_first:] = noisy(truth[:, calm_first:], rate_of_worsening(noisy, 1.15, of_the_truth=True))
    else:
        power = rate_of_worsening(overconfident, 1.15, of_the_truth=False)
        said[:, calm_first:] = overconfident(truth[:, calm_first:], power)
    course = course_of(rng, said, came)
    calm = ~(course[:, :calm_first] >= THRESHOLD).any(1)
    found = (course[calm, calm_first:] >= THRESHOLD).any(1)
    assert calm.mean() > 0.97
    assert found.mean() >= 0.90


def test_exactly_as_bad_as_is_tolerated_keeps_the_promised_run_length() -> None:
    """On average at least THRESHOLD events to an alarm, so that within n events at most n / THRESHOLD ring."""
    rng = np.random.default_rng(13)
    said = forecasts(rng, 600, SEASON)
    level = entropies(said).mean()
    losses = log_losses(said, outcomes(rng, said))
    rang = (e_detector(bets(losses, entropies(said), np.full(600, level), np.full(600, level))) >= THRESHOLD).any(1)
    assert 0 < rang.mean() <= SEASON / THRESHOLD + 0.04


def test_the_statistic_is_the_mixture_of_bets_begun_at_every_event() -> None:
    losses, promised = np.array([1.2, 0.3, 2.0]), np.array([0.9, 1.0, 0.8])
    excesses = (losses - 1.05, losses - promised - 0.05)
    by_hand = np.mean(
        [
            sum(np.prod([1 + bet / 1.05 * excess for excess in each[start:]]) for start in range(3))
            for each in excesses
            for bet in (0.05, 0.1, 0.2, 0.4, 0.7)
        ]
    )
    assert e_detector(bets(losses, promised, 1.0, 1.05))[-1] == pytest.approx(by_hand)


def test_an_alarm_says_since_when_and_how_much() -> None:
    rng = np.random.default_rng(3)
    losses = np.concatenate([rng.gamma(5.4, 1.0 / 5.4, 400), rng.gamma(5.4, 1.3 / 5.4, 300)])
    found = detect(losses, np.ones(len(losses)), TESTED)
    assert found.rings
    assert found.since is not None
    assert abs(found.since - 400) < 80
    assert 400 < found.alarms[0] < 700
    assert found.low < 0.30 < found.high
    assert found.low < found.worsening < found.high


def test_what_is_as_good_as_tested_does_not_ring() -> None:
    losses = np.random.default_rng(3).gamma(5.4, 1.0 / 5.4, 700)
    found = detect(losses, np.ones(len(losses)), TESTED)
    assert not found.rings
    assert (found.alarms, found.since) == ((), None)
    assert found.worsening == pytest.approx(losses.mean() - 1)


def test_what_recovered_does_not_ring_any_more() -> None:
    rng = np.random.default_rng(4)
    losses = np.concatenate([rng.gamma(5.4, 1.4 / 5.4, 200), rng.gamma(5.4, 0.9 / 5.4, 3000)])
    found = detect(losses, np.ones(len(losses)), TESTED)
    assert found.alarms
    assert not found.rings


def test_a_figure_from_few_test_rows_is_given_more_room() -> None:
    assert Reference(loss=1.0, n=10_000, sd=0.43).tolerated == pytest.approx(1.05)
    assert Reference(loss=1.0, n=57, sd=0.43).tolerated == pytest.approx(1 + 1.644854 * 0.43 / 57**0.5)


@pytest.mark.parametrize("losses", [[], [[1.0]], [1.0, float("nan")], [-0.1]])
def test_what_are_no_losses_is_refused(losses: list[float]) -> None:
    with pytest.raises(ValueError, match="Losses"):
        detect(losses, [1.0], TESTED)


def test_a_test_figure_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="test figure"):
        detect([1.0], [1.0], Reference(loss=0.0, n=10, sd=0.4))
