"""Inputs that look different from training: named when they do, and only then."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from mlmodels.evaluation import drift
from mlmodels.evaluation.drift import FeatureDrift, benjamini_hochberg, compare, psi

Floats = NDArray[np.float64]
TRAINED_DAYS, WINDOW, A_DAY, NAMES = 1460, 170, 1.5, 16


@dataclass(frozen=True)
class League:
    """Rows whose features are states of teams that wander slowly, and where in the season it is."""

    times: Floats
    features: dict[str, Floats]

    def between(self, first: float, last: float) -> tuple[Floats, dict[str, Floats]]:
        rows = (self.times >= first) & (self.times < last)
        return self.times[rows], {name: values[rows] for name, values in self.features.items()}


def league(seed: int, days: int = TRAINED_DAYS + 3 * 365, teams: int = 20) -> League:
    """States keep between 90 and 99 % from day to day, so that rows near in time are alike."""
    rng = np.random.default_rng(seed)
    keeps = np.linspace(0.90, 0.99, NAMES)
    states = np.empty((days, teams, NAMES))
    states[0] = rng.normal(size=(teams, NAMES))
    for day in range(1, days):
        states[day] = keeps * states[day - 1] + np.sqrt(1 - keeps**2) * rng.normal(size=(teams, NAMES))
    times = np.sort(rng.uniform(0, days, int(days * A_DAY)))
    rows = states[times.astype(int), rng.integers(0, teams, len(times))] + 0.5 * rng.normal(size=(len(times), NAMES))
    features = {f"f{i}": rows[:, i] for i in range(NAMES)}
    return League(times=times, features={**features, "season": times % 365 / 365})


def looked_at(of: League, start: float, shift: Mapping[str, float] | None = None) -> list[FeatureDrift]:
    trained_at, trained = of.between(0, TRAINED_DAYS)
    seen_at, seen = of.between(start, start + WINDOW)
    moved = {name: values + (shift or {}).get(name, 0.0) * trained[name].std() for name, values in seen.items()}
    return compare(trained, trained_at, moved, seen_at)


def test_two_features_moved_by_half_a_standard_deviation_are_named_and_no_other() -> None:
    for seed in range(4):
        found = looked_at(league(seed), TRAINED_DAYS, {"f2": 0.6, "f5": 0.6})
        assert {each.name for each in found if each.drifted} == {"f2", "f5"}


def test_untouched_seasons_hardly_ever_alarm() -> None:
    """Four leagues, three looks each, 17 features: a plain test would fire in most of the looks."""
    looks = [looked_at(league(seed), TRAINED_DAYS + gap) for seed in range(30, 34) for gap in (0, 300, 600)]
    alarms = sum(any(each.drifted for each in look) for look in looks)
    assert alarms <= 1


def test_where_it_is_in_the_season_is_no_drift() -> None:
    [season] = [each for each in looked_at(league(1), TRAINED_DAYS) if each.name == "season"]
    assert season.statistic > 0.4
    assert season.design_effect > 20
    assert not season.drifted


def test_independent_rows_are_judged_as_the_plain_test_does() -> None:
    rng = np.random.default_rng(5)
    training, live = rng.normal(size=4000), rng.normal(0.1, 1, 400)
    [found] = compare({"x": training}, np.linspace(0, 1000, 4000), {"x": live}, np.linspace(1000, 1100, 400))
    plain = ks_2samp(training, live)
    assert found.statistic == pytest.approx(plain.statistic, abs=0.006)
    assert found.design_effect < 1.6
    assert plain.pvalue / 3 < found.p < 12 * plain.pvalue


def categories(rng: np.random.Generator, share: float, n: int) -> list[str]:
    return [str(each) for each in rng.choice(["home", "away"], n, p=[share, 1 - share])]


def test_categories_are_told_apart_by_chi_square() -> None:
    rng = np.random.default_rng(6)
    training = {"ground": categories(rng, 0.5, 3000), "pitch": categories(rng, 0.5, 3000)}
    live = {"ground": categories(rng, 0.75, 400), "pitch": categories(rng, 0.5, 400)}
    found = compare(training, np.linspace(0, 1000, 3000), live, np.linspace(1000, 1130, 400))
    assert [(each.name, each.kind, each.drifted) for each in found] == [
        ("ground", "categories", True),
        ("pitch", "categories", False),
    ]


def test_a_shift_too_small_to_matter_is_no_drift_however_sure_one_is() -> None:
    rng = np.random.default_rng(7)
    training, live = rng.normal(size=50_000), rng.normal(0.08, 1, 50_000)
    [found] = compare({"x": training}, np.linspace(0, 1000, 50_000), {"x": live}, np.linspace(1000, 1100, 50_000))
    assert found.q < 1e-6
    assert found.shift < drift.LEAST_SHIFT
    assert not found.drifted


def test_a_small_window_says_nothing() -> None:
    rng = np.random.default_rng(8)
    few = rng.normal(3, 1, drift.FEWEST - 1)
    assert compare({"x": rng.normal(size=2000)}, np.arange(2000.0), {"x": few}, np.arange(len(few)) + 2000.0) == []


def test_missing_values_are_left_out_and_constant_features_too() -> None:
    rng = np.random.default_rng(8)
    live: list[float | None] = [*rng.normal(size=300).tolist(), None, float("nan")]
    found = compare(
        {"x": [*rng.normal(size=1999).tolist(), None], "same": np.ones(2000)},
        np.arange(2000.0),
        {"x": live, "same": np.ones(302), "new": np.ones(302)},
        np.arange(302) + 2000.0,
    )
    assert [(each.name, each.n) for each in found] == [("x", 300)]


def test_predicted_probabilities_are_compared_as_histograms() -> None:
    rng = np.random.default_rng(9)
    x, at = rng.normal(size=3000), np.linspace(0, 1000, 3000)
    alike = np.array([100, 300, 500, 400, 200])
    moved = np.array([400, 300, 300, 300, 200])
    for live, drifted in ((alike // 2, False), (moved, True)):
        found = compare(
            {"x": x}, at, {"x": x[:400]}, at[:400] + 1000, histograms={"p": drift.Histogram(alike, live, per_event=3)}
        )
        [p] = [each for each in found if each.name == "p"]
        assert (p.kind, p.drifted) == ("histogram", drifted)


def test_benjamini_hochberg_by_hand() -> None:
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=50)
def test_q_values_are_no_smaller_than_p_values_and_keep_their_order(p: list[float]) -> None:
    q = benjamini_hochberg(p)
    assert (q >= np.array(p) - 1e-12).all()
    assert (q <= 1).all()
    assert (np.diff(q[np.argsort(p)]) >= -1e-12).all()


def test_psi_has_no_bias_where_nothing_drifted() -> None:
    """Uncorrected, ten bins of 200 rows against 2,000 have a mean of 9 (1/200 + 1/2000) = 0.05."""
    rng = np.random.default_rng(10)
    found = [psi(rng.multinomial(2000, [0.1] * 10), rng.multinomial(200, [0.1] * 10)) for _ in range(300)]
    assert np.mean(found) < 0.02
    assert psi([500, 500], [900, 100]) == pytest.approx(0.4 * np.log(1.8) - 0.4 * np.log(0.2) - 0.002)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="false discoveries"):
        compare({}, [1.0], {}, [], false_discoveries=0)
    with pytest.raises(ValueError, match="no training rows"):
        compare({}, [], {}, [])


def test_text_that_is_missing_altogether_is_no_category_of_its_own() -> None:
    rng = np.random.default_rng(0)
    days = np.arange(2000.0)
    trained = {"ground": rng.choice(["home", "away"], 2000), "bias": rng.normal(size=2000)}
    gone: dict[str, list[object]] = {"ground": [None] * 300, "bias": list(rng.normal(size=300))}
    assert [each.name for each in compare(trained, days, gone, np.arange(2001.0, 2301.0))] == ["bias"]


def test_text_that_is_often_missing_is_compared_by_what_is_there() -> None:
    rng = np.random.default_rng(0)
    trained = {"ground": rng.choice(["home", "away"], 2000)}
    said = [None if i % 3 == 0 else value for i, value in enumerate(rng.choice(["home", "away"], 600).tolist())]
    [found] = compare(trained, np.arange(2000.0), {"ground": said}, np.arange(2001.0, 2601.0))
    assert (found.kind, found.n, found.drifted) == ("categories", 400, False)
