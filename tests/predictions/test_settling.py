"""Settling football predictions: by hand, again when a result is corrected, and not at all where none was played."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from math import log
from typing import Any, ClassVar

import pytest
from django.db import connection

from matches.models import Match, Odds
from mlmodels.problem import Result
from predictions import ledger, settling
from predictions.devig import shin
from predictions.models import Settlement
from tests.factories import MatchFactory, ModelVersionFactory, OddsFactory
from tests.mlmodels.coin_toss import CoinToss
from tests.predictions.saying import SAID, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def match() -> Match:
    return MatchFactory.create()


def play(match: Match, home_goals: int, away_goals: int, status: Match.Status = Match.Status.FINISHED) -> None:
    match.status, match.home_goals, match.away_goals = status, home_goals, away_goals
    match.save()


def quote(match: Match, prices: Mapping[str, str], phase: Odds.Phase, book: str = "PS") -> None:
    for outcome, price in prices.items():
        OddsFactory.create(match=match, bookmaker=book, outcome=outcome, phase=phase, price=Decimal(price))


def settle(match: Match) -> int:
    return settling.settle_matches([match.pk])


@pytest.mark.parametrize(
    ("goals", "outcome", "correct", "log_loss", "brier", "rps"),
    [
        ((2, 1), "home", True, -log(0.5), 0.25 + 0.09 + 0.04, (0.25 + 0.04) / 2),
        ((1, 1), "draw", False, -log(0.3), 0.25 + 0.49 + 0.04, (0.25 + 0.04) / 2),
        ((0, 2), "away", False, -log(0.2), 0.25 + 0.09 + 0.64, (0.25 + 0.64) / 2),
    ],
)
def test_the_scores_are_those_worked_out_by_hand(
    match: Match,
    goals: tuple[int, int],
    outcome: str,
    correct: bool,
    log_loss: float,
    brier: float,
    rps: float,
) -> None:
    say(match)
    play(match, *goals)
    assert settle(match) == 1
    settled = Settlement.objects.get()
    assert (settled.outcome, settled.correct, settled.revision) == (outcome, correct, 1)
    assert (settled.log_loss, settled.brier, settled.rps) == pytest.approx((log_loss, brier, rps))


def test_a_result_thought_impossible_costs_much_and_not_endlessly(match: Match) -> None:
    say(match, {"home": 1.0, "draw": 0.0, "away": 0.0})
    play(match, 0, 1)
    settle(match)
    assert Settlement.objects.get().log_loss == pytest.approx(-log(1e-15))


@pytest.mark.parametrize(("goals", "profit"), [((1, 0), "1.200"), ((0, 0), "-1.000")])
def test_the_bet_that_promised_most_is_settled_at_the_opening_and_valued_at_the_close(
    match: Match, goals: tuple[int, int], profit: str
) -> None:
    """Home is worth .5 · 2.2 = 1.1 a unit, the draw .3 · 3.4 = 1.02, the guests .2 · 4 = .8."""
    say(match)
    quote(match, {"H": "2.2", "D": "3.4", "A": "4.0"}, Odds.Phase.OPENING)
    quote(match, {"H": "2.0", "D": "3.5", "A": "4.0"}, Odds.Phase.CLOSING)
    play(match, *goals)
    settle(match)
    settled = Settlement.objects.get()
    closing = shin([2.0, 3.5, 4.0])[0]
    assert settled.flat_profit == Decimal(profit)
    assert settled.closing_line_value == pytest.approx(2.2 * closing[0] - 1)
    assert settled.market_log_loss == pytest.approx(-log(closing[0] if goals == (1, 0) else closing[1]))


def test_nothing_is_staked_where_no_price_promised_a_profit(match: Match) -> None:
    say(match)
    quote(match, {"H": "2.0", "D": "3.3", "A": "5.0"}, Odds.Phase.OPENING)
    play(match, 1, 0)
    settle(match)
    settled = Settlement.objects.get()
    assert (settled.flat_profit, settled.closing_line_value) == (None, None)


def test_the_yardstick_is_what_the_days_before_said(match: Match) -> None:
    for goals in ((1, 0), (1, 0), (0, 0), (0, 1)):
        earlier = MatchFactory.create(season=match.season, date=match.date - timedelta(days=1))
        play(earlier, *goals)
    say(match)
    play(match, 0, 0)
    settle(match)
    assert Settlement.objects.get().baseline_log_loss == pytest.approx(-log(0.25))


def test_a_corrected_score_is_settled_again_in_the_same_row(match: Match) -> None:
    prediction = say(match)
    play(match, 2, 1)
    settle(match)
    first = Settlement.objects.get()
    play(match, 2, 2)
    assert settle(match) == 1
    again = Settlement.objects.get(prediction=prediction)
    assert (again.pk, again.outcome, again.correct, again.revision) == (first.pk, "draw", False, 2)
    assert again.settled_at > first.settled_at
    assert ledger.verify().ok, "what was said stays as it was said"


def test_a_correction_that_decides_nothing_anew_changes_nothing(match: Match) -> None:
    say(match)
    play(match, 2, 1)
    settle(match)
    before = Settlement.objects.get()
    play(match, 3, 1)
    assert settle(match) == 0
    assert Settlement.objects.get().settled_at == before.settled_at


def test_a_closing_price_that_comes_late_is_taken_in(match: Match) -> None:
    say(match)
    play(match, 2, 1)
    settle(match)
    quote(match, {"H": "2.0", "D": "3.5", "A": "4.0"}, Odds.Phase.CLOSING)
    assert settle(match) == 1
    settled = Settlement.objects.get()
    assert settled.revision == 2
    assert settled.market_log_loss is not None


@pytest.mark.parametrize("status", [Match.Status.SCHEDULED, Match.Status.POSTPONED, Match.Status.ABANDONED])
def test_a_match_that_was_not_played_out_settles_nothing(match: Match, status: Match.Status) -> None:
    say(match)
    play(match, 1, 0, status)
    assert settle(match) == 0
    assert settling.settle_due() == 0
    assert not Settlement.objects.exists()


def test_a_result_that_is_taken_back_takes_its_settlement_with_it(match: Match) -> None:
    """A match that was abandoned after all counts neither for nor against the model, until it is played again."""
    say(match)
    other = MatchFactory.create(finished=True, date=match.date - timedelta(days=1))
    say(other)
    play(match, 1, 0)
    settling.settle_matches([match.pk, other.pk])
    play(match, 1, 0, Match.Status.ABANDONED)
    assert settling.settle_matches([match.pk, other.pk]) == 1
    assert [settled.prediction.match for settled in Settlement.objects.all()] == [other]
    play(match, 0, 1)
    assert settle(match) == 1
    assert Settlement.objects.get(prediction__match=match).outcome == "away"


def test_every_prediction_of_a_match_is_settled_shadows_too(match: Match) -> None:
    say(match)
    say(match, {"home": 0.1, "draw": 0.2, "away": 0.7}, is_shadow=True)
    play(match, 0, 3)
    assert settle(match) == 2
    assert sorted(settled.correct for settled in Settlement.objects.all()) == [False, True]


def test_only_the_matches_named_are_settled(match: Match) -> None:
    other = MatchFactory.create(finished=True)
    say(match)
    say(other)
    play(match, 1, 0)
    assert settle(match) == 1
    assert Settlement.objects.get().prediction.match == match


def test_what_is_due_has_begun_and_is_not_settled_yet(match: Match) -> None:
    say(match)
    play(match, 1, 0)
    assert settling.settle_due(match.kickoff) == 0
    assert settling.settle_due(match.kickoff + timedelta(seconds=1)) == 1
    assert settling.settle_due(match.kickoff + timedelta(seconds=1)) == 0


def test_a_correction_that_nobody_sent_is_found_by_what_is_due(match: Match) -> None:
    say(match)
    play(match, 2, 0)
    assert settling.settle_due(match.kickoff + timedelta(hours=2)) == 1
    play(match, 0, 1)
    assert settling.settle_due() == 1
    assert Settlement.objects.get().outcome == "away"
    assert settling.settle_due() == 0


def test_a_pairing_that_no_list_had_is_settled_by_what_was_played(match: Match) -> None:
    reference = {
        "home": match.home.slug,
        "away": match.away.slug,
        "competition": "E0",
        "date": match.date.isoformat(),
    }
    say(match, match_id=None, subject=reference)
    play(match, 1, 0)
    assert settling.settle_due() == 1
    assert Settlement.objects.get().outcome == "home"


def test_many_are_settled_in_batches_and_each_with_its_own_problem(
    coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "BATCH", 2)
    coin = ModelVersionFactory.create(problem="coin-toss")
    for number in range(5):
        match = MatchFactory.create(finished=True)
        say(match)
        coin_toss.outcomes[number] = "heads"
        say(match, {"heads": 0.6, "tails": 0.4}, version=coin, match_id=None, subject={"number": number})
    assert settling.settle_due() == 10
    outcomes = Settlement.objects.values_list("prediction__problem", "outcome").distinct()
    assert set(outcomes) == {("football-outcome", "home"), ("coin-toss", "heads")}


def test_nothing_is_being_read_while_a_batch_is_written(
    match: Match, coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open cursor would bar every write as soon as another process writes: SQLite drops no table beside one."""
    monkeypatch.setattr(settling, "BATCH", 2)
    version = ModelVersionFactory.create(problem="coin-toss")
    for number in range(5):
        coin_toss.outcomes[number] = "heads"
        say(match, {"heads": 0.6, "tails": 0.4}, version=version, match_id=None, subject={"number": number})
    tossed = coin_toss.results

    def results(references: Sequence[Mapping[str, Any]]) -> list[Result | None]:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE beside (id integer)")
            cursor.execute("DROP TABLE beside")
        return tossed(references)

    monkeypatch.setattr(coin_toss, "results", results)
    assert settling.settle_due() == 5


def test_a_batch_costs_few_queries(match: Match, django_assert_max_num_queries: Any) -> None:
    version = say(match).model_version
    play(match, 1, 0)
    for _ in range(20):
        say(match, SAID, version=version)
    with django_assert_max_num_queries(9):
        assert settle(match) == 21


class Line(CoinToss):
    labels: ClassVar[tuple[str, ...]] = ("over", "push", "under")
    refunds: ClassVar[tuple[str, ...]] = ("push",)


@pytest.mark.parametrize(
    ("outcome", "profit"), [("over", Decimal("0.9")), ("push", Decimal("0")), ("under", Decimal("-1"))]
)
def test_a_stake_comes_back_where_the_line_is_hit_exactly(outcome: str, profit: Decimal) -> None:
    said = {"over": 0.5, "push": 0.1, "under": 0.4}
    result = Result(
        outcome=outcome,
        market_probabilities={"over": 0.48, "push": 0.1, "under": 0.42},
        best_prices={"over": 1.9, "under": 1.95},
    )
    scores = settling.score(Line(), said, result)
    assert scores["flat_profit"] == profit, "over is worth .5 · 1.9 + .1 = 1.05 a unit"
    assert scores["closing_line_value"] == pytest.approx(0.48 * 1.9 + 0.1 - 1)
