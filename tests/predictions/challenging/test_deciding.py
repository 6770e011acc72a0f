"""From evidence to decisions: wait, reject, propose, promote, each recorded once, and what staff answer."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import User
from mlmodels import policies, promotion, registry
from mlmodels.errors import InvalidState
from mlmodels.models import ModelVersion, Promotion, PromotionPolicy
from predictions import settling, tasks
from predictions.challenging import deciding
from predictions.challenging.deciding import approve, decide, decide_all, reject, stand
from predictions.models import Alert
from tests.factories import ModelVersionFactory
from tests.predictions.challenging.duel import Duel, trained

pytestmark = pytest.mark.django_db
Decision = Promotion.Decision
Role = ModelVersion.Role


def role(version: ModelVersion) -> str:
    version.refresh_from_db()
    return version.role


def decided(duel: Duel) -> Promotion:
    with time_machine.travel(duel.now, tick=False):
        return decide(duel.challenger)


def proposed(duel: Duel) -> Promotion:
    duel.hold_many(150, better=True)
    made = decided(duel)
    assert made.decision == Decision.PROPOSE
    return made


# ---- What the policy decides ----


def test_with_too_little_it_waits_and_says_what_is_missing(duel: Duel) -> None:
    duel.hold_many(20, better=True)
    made = decided(duel)
    assert made.decision == Decision.KEEP_WAITING
    assert made.reason.startswith("Not yet: pairs 20 of at least 100; days 1 of at least 7")
    assert (role(duel.challenger), made.decided_by) == (Role.CHALLENGER, None)


def test_before_the_first_pair_it_waits(duel: Duel) -> None:
    made = decided(duel)
    assert made.evidence["n"] == 0
    assert made.evidence["e_value"] == 1
    assert made.evidence["relative_improvement"] is None
    assert made.evidence["low"] is None


def test_the_evidence_is_kept_with_the_decision(duel: Duel) -> None:
    made = proposed(duel)
    found = made.evidence
    assert (found["n"], found["days"], found["loss"], found["champion"]) == (150, 12, "brier", str(duel.champion))
    assert found["champion_loss"] == pytest.approx(0.5)
    assert found["difference"] == pytest.approx(found["champion_loss"] - found["challenger_loss"])
    assert found["relative_improvement"] == pytest.approx(found["difference"] / found["champion_loss"])
    assert found["low"] < found["difference"] < found["high"]
    assert found["e_value"] >= found["threshold"] == pytest.approx(40)
    assert found["policy"]["minimum_pairs"] == 100


def test_what_has_proved_itself_is_proposed_once_and_staff_are_told(duel: Duel) -> None:
    made = proposed(duel)
    assert decided(duel) == made
    duel.hold_many(30, better=True, seed=5)
    assert decided(duel) == made
    assert Promotion.objects.filter(decision=Decision.PROPOSE).count() == 1
    assert Alert.objects.unresolved().get().title == f"Challenger {duel.challenger} is proposed as champion"
    assert (role(duel.challenger), role(duel.champion)) == (Role.CHALLENGER, Role.CHAMPION)


def test_without_approval_required_it_is_promoted_with_its_evidence(duel: Duel) -> None:
    policies.change("coin-toss", {"require_approval": False}, by=None)
    duel.hold_many(150, better=True)
    made = decided(duel)
    assert (made.decision, made.previous_champion, made.decided_by) == (Decision.PROMOTE, duel.champion, None)
    assert made.evidence["n"] == 150
    assert (role(duel.challenger), role(duel.champion)) == (Role.CHAMPION, Role.ARCHIVED)


def test_what_can_not_be_as_much_better_as_asked_is_put_away(duel: Duel) -> None:
    duel.hold_many(250, better=False)
    made = decided(duel)
    assert (made.decision, role(duel.challenger)) == (Decision.REJECT, Role.ARCHIVED)
    assert made.evidence["relative_high"] < 0.03
    assert "the 3.0 % asked for can be ruled out" in made.reason


def test_a_challenger_that_says_the_same_is_put_away_only_after_enough_pairs(duel: Duel) -> None:
    duel.hold([0.6] * 40, [0.6] * 40, ["heads"] * 40)
    assert decided(duel).decision == Decision.KEEP_WAITING
    duel.hold([0.6] * 70, [0.6] * 70, ["heads"] * 70)
    assert decided(duel).decision == Decision.REJECT


def test_an_improvement_smaller_than_asked_for_waits_however_sure(duel: Duel) -> None:
    policies.change("coin-toss", {"minimum_improvement": 0.8}, by=None)
    duel.hold_many(120, better=True)
    standing = stand(duel.challenger)
    assert standing.evidence.e_value > standing.evidence.threshold
    assert [condition.title for condition in standing.verdict.conditions if not condition.is_met] == ["Improvement"]


def test_the_loss_of_the_policy_is_what_is_compared(duel: Duel) -> None:
    policies.change("coin-toss", {"loss": "log_loss"}, by=None)
    duel.hold([0.5], [0.8], ["heads"])
    evidence = stand(duel.challenger).evidence
    assert evidence.loss == "log_loss"
    assert evidence.difference == pytest.approx(0.47, abs=0.001)


def test_later_challengers_of_the_same_champion_need_more(duel: Duel) -> None:
    third = trained()
    for version in (trained(), third):
        promotion.make_challenger(version, by=None)
    third.refresh_from_db()
    assert stand(duel.challenger).evidence.threshold == pytest.approx(40)
    assert stand(third).evidence.threshold == pytest.approx(3 * 4 / 0.05)


def test_a_policy_that_is_switched_off_decides_nothing(duel: Duel) -> None:
    policies.change("coin-toss", {"enabled": False}, by=None)
    duel.hold_many(150, better=True)
    with pytest.raises(InvalidState, match="switched off"):
        decide(duel.challenger)
    assert decide_all() == []
    assert role(duel.challenger) == Role.CHALLENGER


def test_the_policy_it_decides_by_is_written_down(duel: Duel) -> None:
    decide(duel.challenger)
    assert PromotionPolicy.objects.get().problem == "coin-toss"


# ---- Once a day, however often it is delivered ----


def test_that_it_waits_is_noted_once_a_day(duel: Duel) -> None:
    duel.hold_many(3, better=True)
    first = decided(duel)
    duel.hold_many(2, better=True, seed=3)
    assert decided(duel) == first


def test_the_next_day_it_is_noted_where_something_changed(duel: Duel) -> None:
    duel.hold_many(5, better=True)
    first = decided(duel)
    with time_machine.travel(duel.now + timedelta(days=1), tick=False):
        assert decide(duel.challenger) == first
    duel.hold_many(12, better=True, seed=3)
    second = decided(duel)
    assert second != first
    assert second.evidence["n"] == 17


def test_the_task_delivered_twice_decides_once(duel: Duel) -> None:
    duel.hold_many(150, better=True)
    with time_machine.travel(duel.now, tick=False):
        assert tasks.decide_challengers() == 1
        before = Promotion.objects.count()
        tasks.decide_challengers()
    assert Promotion.objects.count() == before


def test_a_corrected_result_changes_the_next_look(duel: Duel) -> None:
    duel.hold_many(150, better=True)
    before = stand(duel.challenger).evidence
    for number in range(60):
        duel.coin_toss.outcomes[number] = "tails" if duel.coin_toss.outcomes[number] == "heads" else "heads"
    settling._settle(type(duel.said[0]).objects.all())
    after = stand(duel.challenger).evidence
    assert after.n == before.n
    assert after.e_value < before.e_value / 100
    assert decided(duel).decision == Decision.KEEP_WAITING


# ---- All of them ----


def test_one_that_can_not_be_promoted_hinders_no_other(duel: Duel) -> None:
    policies.change("coin-toss", {"require_approval": False}, by=None)
    duel.hold_many(150, better=True)
    ModelVersion.objects.filter(pk=duel.challenger.pk).update(artifact_path="gone.model")
    registry._loaded.clear()
    other = trained()
    promotion.make_challenger(other, by=None)
    [made] = decide_all()
    assert made.version == other
    assert role(duel.champion) == Role.CHAMPION
    alert = Alert.objects.unresolved().get()
    assert (alert.kind, alert.key) == (Alert.Kind.CHALLENGER, f"decision/{duel.challenger}")


def test_those_of_one_problem_are_decided_about_by_name(duel: Duel) -> None:
    assert decide_all("football-outcome") == []
    assert len(decide_all("coin-toss")) == 1


def test_without_a_champion_there_is_nothing_to_decide(duel: Duel) -> None:
    orphan = ModelVersionFactory.create(problem="football-outcome", role=Role.CHALLENGER)
    assert [made.version for made in decide_all()] == [duel.challenger]
    with pytest.raises(InvalidState, match="nothing to compare"):
        stand(orphan)


def test_a_version_gone_meanwhile_is_passed_over(duel: Duel) -> None:
    gone = ModelVersionFactory.create(problem="coin-toss", role=Role.CHALLENGER)
    kept = ModelVersion.objects.get(pk=gone.pk)
    gone.delete()
    assert deciding._decided(kept, None) is None


def test_who_is_no_challenger_is_not_decided_about(duel: Duel) -> None:
    with pytest.raises(InvalidState, match="is champion, not a challenger"):
        decide(duel.champion)
    with pytest.raises(InvalidState, match="is champion, not a challenger"):
        stand(duel.champion)


# ---- What staff answer ----


def test_an_approved_proposal_is_promoted_with_both_looks(duel: Duel, staff: User) -> None:
    made = proposed(duel)
    duel.hold_many(10, better=True, seed=9)
    audit = approve(duel.challenger, by=staff)
    assert (audit.decision, audit.decided_by, audit.previous_champion) == (Decision.PROMOTE, staff, duel.champion)
    assert audit.reason == made.reason
    assert (audit.evidence["n"], audit.evidence["proposed_with"]["n"]) == (160, 150)
    assert registry.champion("coin-toss") == duel.challenger
    assert not Alert.objects.unresolved().exists()
    promotion.roll_back("coin-toss", by=staff)
    assert registry.champion("coin-toss") == duel.champion


def test_what_is_not_proposed_is_not_approved(duel: Duel, staff: User) -> None:
    duel.hold_many(10, better=True)
    decided(duel)
    with pytest.raises(InvalidState, match="is not proposed"):
        approve(duel.challenger, by=staff)
    with pytest.raises(InvalidState, match="not a challenger"):
        approve(duel.champion, by=staff)
    assert role(duel.champion) == Role.CHAMPION


def test_it_is_approved_once(duel: Duel, staff: User) -> None:
    proposed(duel)
    approve(duel.challenger, by=staff)
    with pytest.raises(InvalidState, match="is champion, not a challenger"):
        approve(duel.challenger, by=staff)


def test_a_proposal_against_a_champion_that_was_replaced_is_void(duel: Duel, staff: User) -> None:
    proposed(duel)
    with time_machine.travel(duel.now + timedelta(days=1), tick=False):
        promotion.promote(trained(), by=staff)
    with pytest.raises(InvalidState, match="is not proposed"):
        approve(duel.challenger, by=staff)


def test_a_rejected_challenger_is_put_away_with_reason_and_evidence(duel: Duel, staff: User) -> None:
    proposed(duel)
    audit = reject(duel.challenger, by=staff, reason="  Too slow in production ")
    assert (audit.decision, audit.reason, audit.decided_by) == (Decision.REJECT, "Too slow in production", staff)
    assert audit.evidence["n"] == 150
    assert role(duel.challenger) == Role.ARCHIVED
    assert not Alert.objects.unresolved().exists()


def test_without_a_reason_nothing_is_rejected(duel: Duel, staff: User) -> None:
    with pytest.raises(InvalidState, match="Say why"):
        reject(duel.challenger, by=staff, reason="  ")
    assert role(duel.challenger) == Role.CHALLENGER


def test_a_challenger_without_a_champion_can_be_rejected(staff: User) -> None:
    orphan = ModelVersionFactory.create(problem="football-outcome", role=Role.CHALLENGER)
    assert reject(orphan, by=staff, reason="Never trained well").evidence == {}


def test_to_make_a_version_challenger_proposes_nothing(duel: Duel) -> None:
    audit = Promotion.objects.get(version=duel.challenger)
    assert (audit.decision, audit.get_decision_display()) == (Decision.CHALLENGE, "Made challenger")


def test_a_look_writes_nothing(duel: Duel, django_assert_max_num_queries: Any) -> None:
    duel.hold_many(30, better=True)
    before = Promotion.objects.count()
    with django_assert_max_num_queries(5):
        stand(duel.challenger)
    assert (Promotion.objects.count(), PromotionPolicy.objects.count()) == (before, 0)
