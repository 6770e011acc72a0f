"""The statistics: unbiased where arms have different events, and honest to whoever looks every day."""

from typing import Any

import numpy as np
import pytest

from mlmodels.evaluation import sequential
from mlmodels.evaluation.metrics import brier_each, rps_each
from predictions.experimenting.comparing import ALPHA, Differences, paired, running_interval, weighted
from predictions.experimenting.report import Verdict, verdict_of

YEARS, MATCHES = 200, 1000


def forecasts(random: np.random.Generator, truth: Any, noise: float) -> Any:
    """The truth, seen with noise on the log scale."""
    seen = np.log(truth) + random.normal(scale=noise, size=truth.shape)
    raised = np.exp(seen)
    return raised / raised.sum(-1, keepdims=True)


def season(seed: int, *, noise: float, other_noise: float, years: int = YEARS, matches: int = MATCHES) -> Any:
    """(RPS of two forecasters (years, matches), and by label (…, 3)) of football-like matches."""
    random = np.random.default_rng(seed)
    truth = random.dirichlet([7.0, 4.5, 5.0], size=(years, matches))
    came = (random.uniform(size=(years, matches, 1)) > truth.cumsum(-1)[..., :-1]).sum(-1)
    flat = came.ravel()
    found = []
    for scale in (noise, other_noise):
        said = forecasts(random, truth, scale).reshape(-1, 3)
        by_label = np.stack([rps_each(said, np.full(len(flat), label)) for label in range(3)], axis=-1)
        losses = by_label[np.arange(len(flat)), flat]
        found += [losses.reshape(years, matches), by_label.reshape(years, matches, 3)]
    return found


def ever_settled(values: Any, bounds: Any) -> float:
    """In which share of the years a daily look (three matches a day) would have named a winner, either way."""
    low, high = sequential.confidence_sequence(values, bounds, ALPHA)
    looks = slice(2, None, 3)
    return float(((low[:, looks] > 0) | (high[:, looks] < 0)).any(axis=1).mean())


def by_event(random: np.random.Generator, a: Any, b: Any, shares: tuple[float, ...] = (0.5, 0.5)) -> list[Differences]:
    """Each year's events given to one arm by chance."""
    found = []
    for one, other in zip(a, b, strict=True):
        arms = random.choice(2, size=len(one), p=shares)
        losses = np.where(arms == 0, one, other)
        found.append(weighted(losses, arms, control=0, arm=1, shares=shares, most=1.0, usual=0.22))
    return found


def test_two_equal_arms_looked_at_daily_for_a_year_are_told_apart_in_at_most_a_twentieth_of_years() -> None:
    a, a_by, b, b_by = season(11, noise=0.2, other_noise=0.2)
    pairs = [paired(*year) for year in zip(a, b, a_by, b_by, strict=True)]
    assert ever_settled(np.array([p.values for p in pairs]), np.array([p.bounds for p in pairs])) <= ALPHA
    events = by_event(np.random.default_rng(12), a, b)
    assert ever_settled(np.array([e.values for e in events]), np.array([e.bounds for e in events])) <= ALPHA


def test_looking_daily_with_an_ordinary_interval_would_name_winners_among_equals() -> None:
    """Why the interval is what it is: the usual 95 % interval, looked at daily, fails far more often than 5 %."""
    a, _, b, _ = season(11, noise=0.2, other_noise=0.2)
    d = a - b
    n = np.arange(1, MATCHES + 1)
    mean = d.cumsum(1) / n
    error = np.sqrt(np.maximum((d**2).cumsum(1) / n - mean**2, 1e-12) / n)
    ever = (np.abs(mean) > 1.96 * error)[:, 29::3].any(axis=1).mean()
    assert ever > 0.2


def test_a_clearly_better_arm_is_found_sooner_where_everybody_forecasts_everything() -> None:
    a, a_by, b, b_by = season(21, noise=0.6, other_noise=0.1, years=40)
    pairs = [running_interval(paired(*year), alpha=ALPHA) for year in zip(a, b, a_by, b_by, strict=True)]
    assert np.mean([year.low[-1] > 0 for year in pairs]) > 0.95
    events = [running_interval(e, alpha=ALPHA) for e in by_event(np.random.default_rng(22), a, b)]
    assert np.mean([e.high[-1] - e.low[-1] for e in events]) > 2 * np.mean([p.high[-1] - p.low[-1] for p in pairs])


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.9, 0.1)])
def test_weighting_estimates_the_mean_difference_without_bias(shares: tuple[float, ...]) -> None:
    """Over many draws of the arms the mean is the difference that both would have had on all of the events."""
    a, _, b, _ = season(31, noise=0.1, other_noise=0.8, years=1, matches=300)
    random = np.random.default_rng(32)
    draws = np.array([by_event(random, a, b, shares)[0].values.mean() for _ in range(3000)])
    error = draws.std() / np.sqrt(len(draws))
    assert abs(draws.mean() - (a - b).mean()) < 4 * error


def test_a_centre_that_knows_the_arm_would_be_biased() -> None:
    """Why the arm's own expected loss is no baseline: an arm that expects too little of itself would look better."""
    random = np.random.default_rng(41)
    draws = []
    for _ in range(2000):
        arms = random.integers(0, 2, 200)
        losses = random.uniform(0.2, 0.3, 200)
        expected = np.where(arms == 0, 0.25, 0.15)
        draws.append(((losses - expected) * np.where(arms == 0, 2.0, -2.0)).mean())
    assert np.mean(draws) < -0.09


def test_weighting_by_hand() -> None:
    """b before the first event is the usual 0.2; before the second (10 x 0.2 + 0.3) / 11."""
    found = weighted([0.3, 0.1, 0.5], [0, 1, 2], control=0, arm=1, shares=[0.5, 0.3, 0.2], most=1.0, usual=0.2)
    second = (10 * 0.2 + 0.3) / 11
    assert found.values.tolist() == pytest.approx([(0.3 - 0.2) / 0.5, -(0.1 - second) / 0.3, 0.0])
    assert found.bounds.tolist()[0] == pytest.approx(0.8 / 0.3)
    assert (np.abs(found.values) <= found.bounds).all()


def test_pairing_by_hand() -> None:
    """Brier scores of (.8, .2) and (.6, .4): .08 and .32 where heads came, 1.28 and .72 had tails come."""
    control, arm = np.array([[0.8, 0.2]]), np.array([[0.6, 0.4]])
    by_label = [np.stack([brier_each(p, [label]) for label in (0, 1)], axis=1) for p in (control, arm)]
    found = paired(by_label[0][:, 0], by_label[1][:, 0], *by_label)
    assert found.values.tolist() == pytest.approx([0.08 - 0.32])
    assert found.bounds.tolist() == pytest.approx([1.28 - 0.72])


def test_only_an_interval_without_zero_settles_anything() -> None:
    assert verdict_of(0.001, 0.2) == Verdict.BETTER
    assert verdict_of(-0.2, -0.001) == Verdict.WORSE
    assert verdict_of(-0.001, 0.2) == verdict_of(0.0, 0.2) == verdict_of(-0.1, 0.0) == Verdict.OPEN
