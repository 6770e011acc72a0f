"""The football problem from rows to forecasts."""

from datetime import date

import numpy as np
import pytest

from matches.models import Match
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
from predictions.errors import UnknownSubject
from predictions.football import serving_state
from predictions.problems.football_outcome import FootballOutcome

SLUG = "football-outcome"


@pytest.fixture(autouse=True)
def forgetful() -> None:
    serving_state._kept.clear()


@pytest.fixture
def problem() -> FootballOutcome:
    return get_problem(SLUG)  # type: ignore[return-value]  # registered under this slug


def test_it_loads_one_row_a_finished_match_in_time_order(problem: FootballOutcome, league: list[Match]) -> None:
    frame = problem.load(Selection()).frame
    finished = [match for match in league if match.is_finished]
    assert frame["subject"].tolist() == [match.pk for match in finished]
    assert frame["event_at"].is_monotonic_increasing
    expected = [0 if m.home_goals > m.away_goals else 2 if m.home_goals < m.away_goals else 1 for m in finished]  # type: ignore[operator]  # finished: both known
    assert frame["outcome"].tolist() == expected


def test_a_selection_chooses_examples_but_earlier_matches_still_feed_them(
    problem: FootballOutcome, league: list[Match]
) -> None:
    everything = problem.load(Selection()).frame
    last = problem.load(Selection(seasons=("2324",))).frame
    same = everything[everything["season"] == "2324"].reset_index(drop=True)
    assert len(last) == len(same) > 0
    assert last.equals(same)
    assert (
        problem.chosen(everything, Selection(seasons=("2324",))).sum()
        == len(last)
        == problem.count(Selection(seasons=("2324",)))
    )


def test_a_fixture_featurised_at_serving_equals_its_row_in_load(problem: FootballOutcome, league: list[Match]) -> None:
    """A state stored a month earlier is brought up to date with the results since."""
    row = league[-TEAMS_TO_COME - 1]
    frame = problem.load(Selection()).frame
    stored = problem.load(Selection(date_to=date(2023, 11, 1))).state
    Match.objects.filter(pk=row.pk).update(status=Match.Status.SCHEDULED)
    Match.objects.filter(date=row.date).update(status=Match.Status.SCHEDULED)
    served = problem.featurise([problem.subject({"match": row.pk})], state=stored, state_key="k")
    expected = frame[frame["subject"] == row.pk]
    names = [
        name for name in served if name not in ("subject", "event_at") and not str(name).startswith("market_close")
    ]
    for name in names:
        if served[name].dtype.kind == "f":
            np.testing.assert_allclose(served[name], expected[name], rtol=1e-7, err_msg=name)
        else:
            assert served[name].tolist() == expected[name].tolist()


TEAMS_TO_COME = 3


def test_every_algorithm_forecasts_upcoming_fixtures(problem: FootballOutcome, league: list[Match]) -> None:
    loaded = problem.load(Selection())
    fixtures = [problem.subject({"match": match.pk}) for match in league[-TEAMS_TO_COME:]]
    frame = problem.featurise(fixtures, state=loaded.state, state_key="k")
    for algorithm in problem.algorithms:
        estimator = algorithm.build(**algorithm.defaults)
        y = loaded.frame[list(algorithm.target)].to_numpy()
        estimator.fit(loaded.frame[list(algorithm.columns)], y[:, 0] if y.shape[1] == 1 else y)
        for forecast in problem.forecast(estimator, frame):
            assert sum(forecast.probabilities.values()) == pytest.approx(1)
            assert forecast.confidence == max(forecast.probabilities.values())
            assert set(forecast.distribution) == {"home_rate", "away_rate", "rho"}


def test_a_team_nobody_knows_rests_on_the_prior_and_says_so(problem: FootballOutcome, league: list[Match]) -> None:
    loaded = problem.load(Selection())
    fixture = problem.subject({"home": "Team 1", "away": "Nobody Rovers", "competition": "E0", "date": "2024-05-01"})
    frame = problem.featurise([fixture], state=loaded.state, state_key="k")
    algorithm = problem.algorithm("dixon-coles")
    estimator = algorithm.build().fit(
        loaded.frame[list(algorithm.columns)], loaded.frame[list(algorithm.target)].to_numpy()
    )
    (forecast,) = problem.forecast(estimator, frame)
    assert "prior" in forecast.notes
    assert any("nobody-rovers" in note for note in forecast.notes)


def test_a_pairing_without_a_date_is_refused_in_words(problem: FootballOutcome, league: list[Match]) -> None:
    with pytest.raises(UnknownSubject, match="date is missing"):
        problem.subject({"home": "Team 1", "away": "Team 2"})


def test_a_blend_with_the_market_says_when_it_has_no_prices(problem: FootballOutcome, league: list[Match]) -> None:
    loaded = problem.load(Selection())
    algorithm = problem.algorithm("blend-market")
    estimator = algorithm.build().fit(
        loaded.frame[list(algorithm.columns)], loaded.frame[list(algorithm.target)].to_numpy()[:, 0]
    )
    priced = problem.subject({"match": league[-1].pk})
    pairing = problem.subject({"home": "Team 1", "away": "Team 2", "competition": "E0", "date": "2024-05-01"})
    frame = problem.featurise([priced, pairing], state=loaded.state, state_key="k")
    with_prices, without = problem.forecast(estimator, frame)
    assert "no prices" not in with_prices.notes
    assert "no prices" in without.notes
