"""The command and the admin pages: other callers of the same verbs."""

import json
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mlmodels import policies, promotion
from mlmodels.models import ModelVersion, Promotion, PromotionPolicy
from predictions.challenging.deciding import decide
from tests.predictions.challenging.duel import Duel, trained

pytestmark = pytest.mark.django_db
POLICY = {
    "problem": "coin-toss",
    "scope": "global",
    "enabled": "on",
    "minimum_pairs": "250",
    "minimum_days": "14",
    "minimum_improvement": "0.05",
    "alpha": "0.01",
    "require_approval": "on",
    "loss": "log_loss",
}


@pytest.fixture
def admin(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("challengers", *arguments)
    return capsys.readouterr().out


def proposed(duel: Duel) -> Promotion:
    duel.hold_many(150, better=True)
    with time_machine.travel(duel.now, tick=False):
        return decide(duel.challenger)


# ---- The command ----


def test_it_lists_how_challengers_stand(duel: Duel, capsys: pytest.CaptureFixture[str]) -> None:
    duel.hold_many(20, better=True)
    shown = told(capsys, "list")
    assert f"{duel.challenger.version:40}     20 pairs" in shown
    assert "Waiting. Not yet: pairs 20 of at least 100" in shown
    [row] = json.loads(told(capsys, "list", "--json", "--problem", "coin-toss"))
    assert (row["version"], row["evidence"]["n"]) == (duel.challenger.version, 20)


def test_without_challengers_it_says_so(coin_toss: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert "No challenger runs" in told(capsys)
    assert "nothing to decide" in told(capsys, "decide")


def test_it_decides_about_all_or_one(duel: Duel, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"{duel.challenger}: Keep waiting." in told(capsys, "decide")
    [made] = json.loads(told(capsys, "decide", duel.challenger.version, "--json"))
    assert made["decision"] == "keep-waiting"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["decide", "nobody"], "There is no version 'nobody'"),
        (["list", "--problem", "weather"], "There is no problem 'weather'"),
        (["decide", "--problem", "weather"], "There is no problem 'weather'"),
    ],
)
def test_what_is_unknown_is_refused(duel: Duel, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("challengers", *arguments)


def test_a_challenger_of_another_problem_is_refused(duel: Duel) -> None:
    with pytest.raises(CommandError, match="is a model of coin-toss, not of football-outcome"):
        call_command("challengers", "decide", duel.challenger.version, "--problem", "football-outcome")
    with pytest.raises(CommandError, match="is champion, not a challenger"):
        call_command("challengers", "decide", duel.champion.version)


# ---- The admin ----


def acted(admin: Client, action: str, *keys: int) -> str:
    answer = admin.post(
        reverse("admin:predictions_proposal_changelist"), {"action": action, "_selected_action": keys}, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def test_proposals_wait_in_the_admin_and_are_approved_there(admin: Client, duel: Duel, staff: User) -> None:
    made = proposed(duel)
    shown = admin.get(reverse("admin:predictions_proposal_changelist")).content.decode()
    assert duel.challenger.version in shown
    assert f"{duel.challenger} is champion." in acted(admin, "approve", made.pk)
    audit = Promotion.objects.first()
    assert audit is not None
    assert (audit.decision, audit.decided_by) == (Promotion.Decision.PROMOTE, staff)
    assert duel.challenger.version not in admin.get(reverse("admin:predictions_proposal_changelist")).content.decode()


def test_proposals_are_rejected_in_the_admin(admin: Client, duel: Duel) -> None:
    made = proposed(duel)
    assert "is rejected and archived" in acted(admin, "reject", made.pk)
    assert not Promotion.objects.waiting().exists()


def test_a_proposal_against_a_champion_that_was_replaced_does_not_wait(admin: Client, duel: Duel) -> None:
    made = proposed(duel)
    promotion.promote(trained(), by=None)
    assert duel.challenger.version not in admin.get(reverse("admin:predictions_proposal_changelist")).content.decode()
    acted(admin, "approve", made.pk)
    duel.challenger.refresh_from_db()
    assert duel.challenger.role == ModelVersion.Role.CHALLENGER


def test_a_policy_is_made_and_changed_in_the_admin(admin: Client, coin_toss: object, staff: User) -> None:
    added = admin.post(reverse("admin:mlmodels_promotionpolicy_add"), POLICY)
    assert added.status_code == 302
    policy = policies.policy_of("coin-toss")
    assert (policy.minimum_pairs, policy.alpha, policy.loss, policy.updated_by) == (250, 0.01, "log_loss", staff)
    url = reverse("admin:mlmodels_promotionpolicy_change", args=[policy.pk])
    assert admin.get(url).status_code == 200
    admin.post(url, {**POLICY, "minimum_pairs": "300", "problem": "football-outcome"})
    assert policies.policy_of("coin-toss").minimum_pairs == 300
    assert PromotionPolicy.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"minimum_pairs": "0"}, "At least one pair"),
        ({"alpha": "2"}, "between 0 and 1"),
        ({"minimum_improvement": "-0.03"}, "be negative"),
        ({"problem": "weather"}, "Select a valid choice"),
    ],
)
def test_the_admin_refuses_impossible_policies(
    admin: Client, coin_toss: object, changed: dict[str, Any], words: str
) -> None:
    answer = admin.post(reverse("admin:mlmodels_promotionpolicy_add"), {**POLICY, **changed})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not PromotionPolicy.objects.exists()


def test_the_admins_list_of_policies_is_shown(admin: Client, coin_toss: object) -> None:
    policies.kept("coin-toss")
    assert "coin-toss" in admin.get(reverse("admin:mlmodels_promotionpolicy_changelist")).content.decode()


@pytest.mark.parametrize("name", ["predictions_proposal", "mlmodels_promotionpolicy"])
def test_strangers_see_none_of_it(client: Client, charlie: User, name: str) -> None:
    client.force_login(charlie)
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 302
