"""Which statements are compared: the last of each before the event, since both are what they are."""

from datetime import timedelta

import pytest
import time_machine

from mlmodels import promotion
from predictions import ledger, settling
from predictions.challenging.pairs import Pair, losses, paired
from predictions.challenging.reigns import Match, matched
from predictions.models import Settlement
from tests.factories import ModelVersionFactory
from tests.predictions.challenging.duel import APART, BEGAN, Duel, draft, trained


def match_of(duel: Duel) -> Match:
    [match] = matched(duel.champion, [duel.challenger])
    return match


def test_settled_events_that_both_forecast_are_pairs_in_their_order(duel: Duel) -> None:
    duel.hold([0.5, 0.6], [0.7, 0.2], ["heads", "tails"])
    first, second = paired(match_of(duel))
    assert first.champion == pytest.approx((0.5, 0.5))
    assert first.challenger == pytest.approx((0.7, 0.3))
    assert second.challenger == pytest.approx((0.2, 0.8))
    assert (first.outcome, second.outcome) == (0, 1)
    assert first.event_at < second.event_at


def test_what_is_not_settled_or_forecast_by_one_only_is_no_pair(duel: Duel) -> None:
    at = BEGAN + APART
    duel.coin_toss.outcomes[1] = "heads"
    ledger.append(
        [
            draft(duel.champion, 0, at, 0.5),
            draft(duel.challenger, 0, at, 0.5, is_shadow=True),
            draft(duel.champion, 1, at, 0.5),
        ]
    )
    settling.settle_due(now=at + APART)
    assert paired(match_of(duel)) == []


def test_the_last_statement_of_each_counts(duel: Duel) -> None:
    at = BEGAN + timedelta(days=2)
    early = {"made_at": at - timedelta(hours=5)}
    duel.coin_toss.outcomes[0] = "heads"
    ledger.append(
        [
            draft(duel.champion, 0, at, 0.1, **early),
            draft(duel.challenger, 0, at, 0.2, is_shadow=True, **early),
            draft(duel.champion, 0, at, 0.6),
            draft(duel.challenger, 0, at, 0.7, is_shadow=True),
        ]
    )
    settling.settle_due(now=at + APART)
    [pair] = paired(match_of(duel))
    assert (pair.champion[0], pair.challenger[0]) == (0.6, 0.7)


def test_a_shadow_of_the_champion_and_a_shown_statement_of_the_challenger_do_not_count(duel: Duel) -> None:
    at = BEGAN + APART
    duel.coin_toss.outcomes[0] = "heads"
    ledger.append([draft(duel.champion, 0, at, 0.5, is_shadow=True), draft(duel.challenger, 0, at, 0.6)])
    settling.settle_due(now=at + APART)
    assert paired(match_of(duel)) == []


def test_events_and_shadows_before_the_challenge_do_not_count(duel: Duel) -> None:
    before, soon = BEGAN - APART, BEGAN + timedelta(minutes=30)
    duel.coin_toss.outcomes.update({0: "heads", 1: "heads"})
    ledger.append(
        [
            draft(duel.champion, 0, before, 0.5),
            draft(duel.challenger, 0, before, 0.6, is_shadow=True),
            draft(duel.champion, 1, soon, 0.5),
            draft(duel.challenger, 1, soon, 0.6, is_shadow=True),
        ]
    )
    settling.settle_due(now=BEGAN + APART)
    assert paired(match_of(duel)) == []


def test_what_the_champion_said_before_the_challenge_and_stands_by_counts(duel: Duel) -> None:
    at = BEGAN + APART
    duel.coin_toss.outcomes[0] = "heads"
    ledger.append(
        [
            draft(duel.champion, 0, at, 0.5, made_at=BEGAN - APART),
            draft(duel.challenger, 0, at, 0.6, is_shadow=True),
        ]
    )
    settling.settle_due(now=at + APART)
    assert len(paired(match_of(duel))) == 1


def test_two_settled_by_different_results_are_not_compared(duel: Duel) -> None:
    duel.hold([0.5, 0.5], [0.7, 0.7], ["heads", "tails"])
    Settlement.objects.filter(prediction=duel.said[1]).update(outcome="tails")
    assert [pair.outcome for pair in paired(match_of(duel))] == [1]


def test_labels_that_the_problem_no_longer_has_are_left_out(duel: Duel) -> None:
    duel.hold([0.5], [0.7], ["heads"])
    at = BEGAN + 3 * APART
    duel.coin_toss.outcomes[9] = "heads"
    edge = {"probabilities": {"heads": 0.5, "tails": 0.4, "edge": 0.1}}
    ledger.append(
        [draft(duel.champion, 9, at, 0.5, **edge), draft(duel.challenger, 9, at, 0.5, is_shadow=True, **edge)]
    )
    settling.settle_due(now=at + APART)
    assert len(paired(match_of(duel))) == 1


def pair(number: int, group: str, champion: float, challenger: float, outcome: int = 0) -> Pair:
    return Pair(
        event_at=BEGAN + number * APART,
        group=group,
        outcome=outcome,
        champion=(champion, 1 - champion),
        challenger=(challenger, 1 - challenger),
    )


def test_losses_by_hand() -> None:
    """Brier of .5 is .5 either way, of .8 it is .08 if right and 1.28 if wrong: at most .78 apart."""
    found = losses([pair(0, "a", 0.5, 0.8), pair(1, "b", 0.5, 0.8, outcome=1)], "brier")
    assert found.differences == pytest.approx([0.42, -0.78])
    assert found.bounds == pytest.approx([0.78, 0.78])
    assert found.champion == pytest.approx([0.5, 0.5])
    assert found.challenger == pytest.approx([0.08, 1.28])


def test_events_of_one_match_are_one_observation() -> None:
    found = losses([pair(0, "a", 0.5, 0.8), pair(1, "a", 0.5, 0.8, outcome=1), pair(2, "b", 0.5, 0.8)], "brier")
    assert found.differences == pytest.approx([-0.18, 0.42])


def test_without_pairs_there_are_no_losses() -> None:
    assert losses([], "rps").differences.size == 0


def test_pairs_are_read_in_one_query(duel: Duel, django_assert_num_queries: object) -> None:
    duel.hold([0.5] * 20, [0.6] * 20, ["heads"] * 20)
    match = match_of(duel)
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        assert len(paired(match)) == 20


# ---- Who ran against whom, since when ----


def test_challengers_of_one_champion_are_counted_in_the_order_in_which_they_began(duel: Duel) -> None:
    second, third = trained(), trained()
    with time_machine.travel(BEGAN + timedelta(days=1), tick=False):
        promotion.make_challenger(second, by=None)
        promotion.archive(duel.challenger, by=None)
        promotion.make_challenger(third, by=None)
    numbers = [match.number for match in matched(duel.champion, [second, third])]
    assert numbers == [2, 3]
    with time_machine.travel(BEGAN + timedelta(days=2), tick=False):
        promotion.make_challenger(duel.challenger, by=None)
    [again] = matched(duel.champion, [duel.challenger])
    assert (again.number, again.since) == (4, BEGAN + timedelta(days=2))


def test_a_new_champion_begins_a_new_count(duel: Duel) -> None:
    later, other = BEGAN + timedelta(days=3), trained()
    with time_machine.travel(later, tick=False):
        promotion.promote(other, by=None)
    [match] = matched(other, [duel.challenger])
    assert (match.number, match.since) == (1, later)


def test_one_put_away_before_this_champion_served_does_not_count(duel: Duel) -> None:
    newcomer, other = trained(), trained()
    with time_machine.travel(BEGAN + timedelta(days=1), tick=False):
        promotion.archive(duel.challenger, by=None)
    with time_machine.travel(BEGAN + timedelta(days=2), tick=False):
        promotion.promote(other, by=None)
        promotion.make_challenger(newcomer, by=None)
    [match] = matched(other, [newcomer])
    assert match.number == 1


def test_roles_without_an_audit_count_from_when_the_version_was_made(db: None) -> None:
    champion = ModelVersionFactory.create(problem="coin-toss", role="champion")
    challenger = ModelVersionFactory.create(problem="coin-toss", role="challenger")
    [match] = matched(champion, [challenger])
    assert (match.number, match.since) == (1, challenger.created_at)
