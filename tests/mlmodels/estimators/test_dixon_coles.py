"""Dixon-Coles finds strengths, agrees with an independent likelihood, and never fails for lack of data."""

import copy
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize
from scipy.stats import poisson
from sklearn.base import clone

from mlmodels.estimators.dixon_coles import DixonColes
from mlmodels.estimators.dixon_coles_likelihood import Layout, PenalisedLikelihood, count_pairs
from tests.mlmodels.estimators.leagues import HOME, RHO, League, simulate


@pytest.fixture(scope="module")
def league() -> League:
    return simulate(seasons=3)


@pytest.fixture(scope="module")
def model(league: League) -> DixonColes:
    return DixonColes().fit(league.X, league.y)


def fixture(home: str, away: str, competition: str = "L1", date: str = "2013-08-10") -> pd.DataFrame:
    return pd.DataFrame(
        {"home": [home], "away": [away], "competition": [competition], "date": pd.to_datetime([date], utc=True)}
    )


def test_it_recovers_strengths_from_ten_seasons() -> None:
    league = simulate(seasons=10)
    model = DixonColes(half_life_days=None).fit(league.X, league.y)
    names = list(league.attack)
    for learned, truth in ((model.attack_["L1"], league.attack), (model.defence_["L1"], league.defence)):
        correlation = np.corrcoef([learned[name] for name in names], [truth[name] for name in names])[0, 1]
        assert correlation >= 0.95
    assert model.home_advantage_["L1"] == pytest.approx(HOME, abs=0.06)
    assert model.rho_ == pytest.approx(RHO, abs=0.05)
    assert np.abs(model.predict_proba(league.X) - league.probabilities).mean() < 0.02


def plain_loss(theta: np.ndarray, home: np.ndarray, away: np.ndarray, goals: np.ndarray, teams: int) -> float:
    """The unpenalised likelihood written out match by match, without any of the estimator's code."""
    attack, defence, (level, advantage, rho) = theta[:teams], theta[teams : 2 * teams], theta[-3:]
    lam = np.exp(level + advantage + attack[home] - defence[away])
    mu = np.exp(level + attack[away] - defence[home])
    x, y = goals.T
    tau = np.select(
        [(x == 0) & (y == 0), (x == 0) & (y == 1), (x == 1) & (y == 0), (x == 1) & (y == 1)],
        [1 - lam * mu * rho, 1 + lam * rho, 1 + mu * rho, np.full_like(lam, 1 - rho)],
        1.0,
    )
    return float(-(poisson.logpmf(x, lam) + poisson.logpmf(y, mu) + np.log(np.maximum(tau, 1e-12))).sum())


def test_without_prior_it_reaches_the_maximum_of_the_plain_likelihood() -> None:
    league = simulate(seasons=2, teams=6)
    names = list(league.attack)
    home, away = (league.X[side].map(names.index).to_numpy() for side in ("home", "away"))
    found = minimize(
        plain_loss, np.full(15, 0.01), args=(home, away, league.y, 6), method="L-BFGS-B", options={"maxfun": 50_000}
    )
    model = DixonColes(prior_sd=None, half_life_days=None, rho_bounds=(-0.9, 0.9)).fit(league.X, league.y)
    attack, defence, (level, advantage, rho) = found.x[:6], found.x[6:12], found.x[-3:]
    theirs = np.exp([level + advantage + attack[home] - defence[away], level + attack[away] - defence[home]]).T
    assert model.rates(league.X) == pytest.approx(theirs, abs=2e-3)
    assert model.rho_ == pytest.approx(rho, abs=2e-3)
    ours = np.array(
        [
            *(model.attack_["L1"][name] for name in names),
            *(model.defence_["L1"][name] for name in names),
            model.level_["L1"],
            model.home_advantage_["L1"],
            model.rho_,
        ]
    )
    assert plain_loss(ours, home, away, league.y, 6) <= found.fun + 1e-6


@pytest.mark.parametrize("corrected", [True, False])
def test_gradient_and_hessian_are_those_of_finite_differences(*, corrected: bool) -> None:
    rng = np.random.default_rng(1)
    home = rng.integers(0, 4, 60)
    away = (home + rng.integers(1, 4, 60)) % 4
    goals = rng.poisson(1.2, (60, 2)).astype(float)
    layout = Layout(4, 2)
    counts = count_pairs(home, away, (home + away) % 2, goals, rng.uniform(0.2, 1, 60), 4)
    root = rng.normal(size=(layout.size, layout.size))
    objective = PenalisedLikelihood(counts, layout, root @ root.T, rng.normal(size=layout.size), corrected=corrected)
    theta = rng.normal(0, 0.1, layout.size)
    gradient, hessian = objective.derivatives(theta)
    assert gradient == pytest.approx(approx_fprime(theta, objective.value, 1e-7), rel=1e-4, abs=1e-3)
    numeric = np.array(
        [
            (objective.derivatives(theta + step)[0] - objective.derivatives(theta - step)[0]) / 2e-6
            for step in 1e-6 * np.eye(layout.size)
        ]
    )
    assert hessian == pytest.approx(numeric, rel=1e-5, abs=1e-5)


def test_older_matches_weigh_less(league: League) -> None:
    x = league.X.copy()
    goals = league.y.copy()
    star = x["home"].iloc[0]
    recent = x["date"] >= "2012-08-01"
    goals[(x["home"] == star) & recent, 0] += 2
    quick = DixonColes(half_life_days=180, prior_sd=None).fit(x, goals).attack_["L1"][star]
    slow = DixonColes(half_life_days=None, prior_sd=None).fit(x, goals).attack_["L1"][star]
    assert quick > slow + 0.1


def test_halved_weights_equal_a_half_life_of_age() -> None:
    league = simulate(seasons=1, teams=4)
    days = np.array([0.0] * 6 + [100.0] * 6)
    x = league.X.assign(date=days)
    decayed = DixonColes(half_life_days=100).fit(x, league.y)
    weighted = DixonColes(half_life_days=None).fit(x, league.y, sample_weight=np.where(days == 0, 0.5, 1.0))
    assert decayed.rates(x) == pytest.approx(weighted.rates(x), rel=1e-8)


def test_rows_may_come_in_any_order(model: DixonColes, league: League) -> None:
    backwards = DixonColes().fit(league.X[::-1], league.y[::-1])
    assert backwards.predict_proba(league.X) == pytest.approx(model.predict_proba(league.X), abs=1e-7)


def test_an_array_by_position_is_as_good_as_named_columns(model: DixonColes, league: League) -> None:
    by_position = DixonColes().fit(league.X.to_numpy(), league.y)
    assert (by_position.predict_proba(league.X.to_numpy()) == model.predict_proba(league.X)).all()


def test_an_unseen_team_gets_the_newcomers_strength_and_says_so(model: DixonColes) -> None:
    fixtures = pd.concat([fixture("L1 team 01", "L1 team 02"), fixture("L1 team 01", "Never seen")])
    assert model.prior_rows(fixtures).tolist() == [False, True]
    assert model.strength("L1", "Never seen").attack == model.newcomer_[0] < 0
    assert model.predict_proba(fixtures).sum(1) == pytest.approx([1.0, 1.0])


def test_an_unseen_competition_is_played_at_the_average_level(model: DixonColes) -> None:
    unknown = fixture("A", "B", competition="L9")
    assert model.prior_rows(unknown).all()
    assert model.rates(unknown)[0, 0] == pytest.approx(np.exp(model.level_mean_ + model.home_mean_))


@pytest.mark.parametrize(("goals", "sign"), [((0, 3), -1), ((3, 0), 1)])
def test_newcomers_mean_is_learned_from_how_newcomers_fared(goals: tuple[int, int], sign: int) -> None:
    """Each season another club comes up and always ends its matches so; what of the next one, still unseen?"""
    league = simulate(seasons=4, teams=10)
    season = np.arange(len(league.X)) // 90
    x, y = league.X.copy(), league.y.copy()
    for side, name in enumerate(("home", "away")):
        promoted = (x[name] == "L1 team 00").to_numpy() & (season > 0)
        x.loc[promoted, name] = [f"Promoted in {number}" for number in season[promoted]]
        y[promoted, side], y[promoted, 1 - side] = goals
    model = DixonColes().fit(x, y)
    moved = np.array(model.newcomer_) - DixonColes().newcomer_mean
    assert (sign * moved > 0).all()
    assert model.strength("L1", "Promoted next").attack == model.newcomer_[0]


def test_the_prior_shrinks_teams_with_few_matches(league: League) -> None:
    few = league.X.iloc[:20], league.y[:20]
    shrunk = DixonColes().fit(*few).attack_["L1"]
    free = DixonColes(prior_sd=None).fit(*few).attack_["L1"]
    assert np.std(list(shrunk.values())) < 0.5 * np.std(list(free.values()))


def test_one_match_is_enough() -> None:
    model = DixonColes().fit(fixture("A", "B"), [[3, 1]])
    rates = model.rates(fixture("A", "B"))
    assert (rates > 0.5).all()
    assert (rates < 3).all()
    assert model.prior_rows(fixture("A", "B")).all()


def test_a_team_that_never_scores_keeps_a_finite_strength_without_prior() -> None:
    x = pd.concat([fixture("A", "B"), fixture("B", "A"), fixture("A", "C"), fixture("C", "B")])
    model = DixonColes(prior_sd=None).fit(x, [[1, 0], [0, 2], [1, 1], [2, 0]])
    assert np.isfinite(model.predict_proba(x)).all()


def test_competitions_pool_rho_but_keep_their_own_level() -> None:
    first, second = simulate(seasons=2, competition="L1"), simulate(seasons=2, competition="L2", seed=8)
    goals = np.vstack([first.y, second.y + 1])
    model = DixonColes().fit(pd.concat([first.X, second.X]), goals)
    assert model.level_["L2"] > model.level_["L1"] + 0.3
    assert set(model.strengths_) == {"L1", "L2"}


def test_fractions_of_goals_are_learned_from_without_the_correction(league: League) -> None:
    model = DixonColes(low_score_correction=False).fit(league.X, league.y + 0.25)
    assert model.rho_ == 0.0
    with pytest.raises(ValueError, match="whole goals"):
        DixonColes().fit(league.X, league.y + 0.25)


def test_a_warm_start_reaches_the_same_place_sooner(model: DixonColes, league: League) -> None:
    again = DixonColes().fit(league.X, league.y, start=model)
    assert again.n_iter_ < model.n_iter_
    assert again.predict_proba(league.X) == pytest.approx(model.predict_proba(league.X), abs=1e-7)
    kept = copy.deepcopy(model).set_params(warm_start=True).fit(league.X, league.y)
    assert kept.n_iter_ < model.n_iter_


def test_a_warm_start_whose_rho_forbids_what_happened_is_no_hindrance(model: DixonColes, league: League) -> None:
    absurd = model.to_weights() | {"rho": 0.3}
    absurd["competitions"]["L1"]["level"] = 2.0
    again = DixonColes().fit(league.X, league.y, start=DixonColes.from_weights(absurd))
    assert again.predict_proba(league.X) == pytest.approx(model.predict_proba(league.X), abs=1e-6)


def test_a_warm_start_from_a_strength_that_ran_off_is_no_hindrance(model: DixonColes, league: League) -> None:
    """Without a prior a team may have no finite strength yet, and each fit leaves it further off."""
    far = model.to_weights()
    far["competitions"]["L1"]["teams"]["L1 team 01"][0] = 800.0
    plain = DixonColes(prior_sd=None).fit(league.X, league.y)
    again = DixonColes(prior_sd=None).fit(league.X, league.y, start=DixonColes.from_weights(far))
    assert again.predict_proba(league.X) == pytest.approx(plain.predict_proba(league.X), abs=1e-6)


@given(
    attack=st.floats(-3, 3), defence=st.floats(-3, 3), level=st.floats(-2, 2), rho=st.floats(*DixonColes().rho_bounds)
)
def test_no_score_is_negative_at_any_parameters_in_bounds(
    model: DixonColes, attack: float, defence: float, level: float, rho: float
) -> None:
    weights = model.to_weights() | {"rho": rho, "newcomer": [attack, defence]}
    weights["competitions"]["L1"]["level"] = level
    extreme = DixonColes.from_weights(weights)
    fixtures = pd.concat([fixture("New", "Newer"), fixture("L1 team 01", "New"), fixture("A", "B", "L9")])
    for matrix, p in zip(extreme.score_matrices(fixtures), extreme.predict_proba(fixtures), strict=True):
        assert (matrix.probabilities >= 0).all()
        assert matrix.probabilities.sum() == pytest.approx(1.0)
        assert p == pytest.approx(matrix.outcome, abs=1e-9)


def test_rho_stays_inside_its_bounds(league: League) -> None:
    draws = np.repeat(league.y.min(axis=1)[:, None], 2, axis=1)
    model = DixonColes(rho_bounds=(-0.02, 0.02)).fit(league.X, draws)
    assert -0.02 <= model.rho_ <= 0.02


def test_weights_give_the_same_model_back(model: DixonColes, league: League) -> None:
    stored = json.loads(json.dumps(model.to_weights()))
    restored = DixonColes.from_weights(stored)
    fixtures = pd.concat([league.X, fixture("L1 team 01", "Never seen"), fixture("A", "B", "L9")])
    assert (restored.predict_proba(fixtures) == model.predict_proba(fixtures)).all()
    assert (restored.prior_rows(fixtures) == model.prior_rows(fixtures)).all()
    assert restored.to_weights() == model.to_weights()
    with pytest.raises(ValueError, match="'elo'"):
        DixonColes.from_weights({"type": "elo"})


def test_matrices_agree_with_probabilities(model: DixonColes, league: League) -> None:
    rows = league.X.iloc[:5]
    assert np.array([m.outcome for m in model.score_matrices(rows)]) == pytest.approx(model.predict_proba(rows))


def test_it_clones(model: DixonColes) -> None:
    assert not hasattr(clone(model), "rho_")
    assert clone(DixonColes(prior_sd=0.1)).prior_sd == 0.1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"y": [[1.0, np.nan], [1, 1]]}, "no result"),
        ({"y": [[1, -1], [1, 1]]}, "not negative"),
        ({"y": [1, 1]}, "home and away goals"),
        ({"sample_weight": [0, 0]}, "no match to learn from"),
        ({"sample_weight": [1, -1]}, "not negative"),
        ({"X": pd.DataFrame({"home": ["A", "A"], "away": ["A", "B"]})}, "both home and away"),
        ({"X": pd.DataFrame({"home": ["A", None], "away": ["B", "B"]})}, "lacks a team"),
        ({"X": pd.DataFrame({"home": ["A", "B"]})}, "Missing column: away"),
        ({"X": pd.DataFrame({"home": ["A", "B"], "away": ["B", "A"], "date": ["2020-01-01", "soon"]})}, "date"),
        ({"X": pd.DataFrame({"home": ["A", "B"], "away": ["B", "A"], "date": [pd.NaT, pd.NaT]})}, "no date"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_words(change: dict[str, Any], words: str) -> None:
    given = {"X": pd.concat([fixture("A", "B"), fixture("B", "A")]), "y": [[1, 0], [2, 2]], **change}
    with pytest.raises(ValueError, match=words):
        DixonColes().fit(given["X"], given["y"], given.get("sample_weight"))


def test_no_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        DixonColes().fit(fixture("A", "B").iloc[:0], np.empty((0, 2)))


@pytest.mark.parametrize(
    "parameters",
    [
        {"half_life_days": 0},
        {"prior_sd": -1.0},
        {"prior_correlation": 1.0},
        {"newcomer_sd": 0.0},
        {"newcomer_half_life_days": -1.0},
        {"rho_bounds": (0.3, -0.3)},
        {"rho_bounds": (-2.0, 0.3)},
        {"max_goals": 0},
    ],
)
def test_impossible_parameters_are_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(parameters))):
        DixonColes(**parameters).fit(fixture("A", "B"), [[1, 0]])
