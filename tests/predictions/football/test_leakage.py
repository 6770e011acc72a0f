"""Time is sacred: nothing that happens on a day or after it moves a feature of that day's matches by a bit."""

from datetime import date
from random import Random

import pandas as pd
import pytest

from matches.models import Match, Odds
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
from predictions.problems.football_outcome import FootballOutcome

SPLIT = date(2023, 1, 1)
KNOWN_LATER = {"home_goals", "away_goals", "outcome", "market_close_home", "market_close_draw", "market_close_away"}
RESULT_FIELDS = [
    f"{side}_{name}"
    for side in ("home", "away")
    for name in ("goals", "shots", "shots_on_target", "corners", "red_cards")
]
OPENING = {"market_open_home", "market_open_draw", "market_open_away"}


@pytest.fixture
def problem() -> FootballOutcome:
    return get_problem("football-outcome")  # type: ignore[return-value]  # registered under this slug


def features(problem: FootballOutcome, until: date) -> pd.DataFrame:
    frame = problem.load(Selection(date_to=until)).frame
    return frame.drop(columns=list(KNOWN_LATER))


def replace_results(matches: list[Match]) -> None:
    """Other goals, shots, corners and cards, and other closing prices, for all of these matches."""
    random = Random(11)
    for match in matches:
        for field in RESULT_FIELDS:
            setattr(match, field, random.randint(0, 9))
    Match.objects.bulk_update(matches, RESULT_FIELDS)
    Odds.objects.filter(match__in=matches, phase=Odds.Phase.CLOSING).update(price="9.99")


def test_another_future_leaves_every_feature_as_it_was(problem: FootballOutcome, league: list[Match]) -> None:
    days = sorted({match.date for match in league if match.date >= SPLIT})
    day = days[0]
    before = features(problem, day)
    replace_results([match for match in league if match.date >= day and match.is_finished])
    after = features(problem, day)
    assert (before["event_at"].dt.date == day).sum() > 0
    pd.testing.assert_frame_equal(before, after, check_exact=True)


def test_the_replaced_results_would_have_been_noticed(problem: FootballOutcome, league: list[Match]) -> None:
    """The guard can fail: results of a day do move the features of the days after it."""
    days = sorted({match.date for match in league if match.date >= SPLIT})
    before = features(problem, days[1])
    replace_results([match for match in league if match.date == days[0]])
    assert not before.equals(features(problem, days[1]))


def test_a_match_is_not_known_to_another_of_the_same_day(problem: FootballOutcome, league: list[Match]) -> None:
    day = max(match.date for match in league if match.is_finished)
    first, *others = [match for match in league if match.date == day]
    before = features(problem, day)
    replace_results([first])
    after = features(problem, day)
    same_day = before["subject"].isin([match.pk for match in others])
    pd.testing.assert_frame_equal(before[same_day], after[same_day], check_exact=True)


def test_no_model_reads_what_is_known_only_afterwards(problem: FootballOutcome) -> None:
    for algorithm in problem.algorithms:
        assert not KNOWN_LATER & set(algorithm.columns), algorithm.name


def test_only_the_blend_with_the_market_reads_prices(problem: FootballOutcome) -> None:
    readers = {algorithm.name for algorithm in problem.algorithms if OPENING & set(algorithm.columns)}
    assert readers == {"blend-market"}
