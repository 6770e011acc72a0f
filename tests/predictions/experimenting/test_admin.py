"""The admin: experiments are looked up, started and stopped; policies are edited."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mlmodels.models import ModelVersion
from predictions.models import Experiment, ReinforcementPolicy
from tests.predictions.experimenting.conftest import Make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def act(admin: Client, model: str, action: str, pk: int) -> str:
    at = reverse(f"admin:predictions_{model}_changelist")
    return admin.post(at, {"action": action, "_selected_action": [pk]}, follow=True).content.decode()


def test_an_experiment_is_started_and_stopped_and_never_edited(admin: Client, make: Make) -> None:
    experiment = make()
    at = reverse("admin:predictions_experiment_change", args=[experiment.pk])
    shown = admin.get(at).content.decode()
    assert experiment.salt not in shown
    assert "rival" in shown
    assert admin.post(at, {"name": "Another"}).status_code == 403
    assert "1 started" in act(admin, "experiment", "start", experiment.pk)
    assert "Refused: A toss-up is running: only a draft is started" in act(admin, "experiment", "start", experiment.pk)
    assert "1 stopped" in act(admin, "experiment", "stop", experiment.pk)
    experiment.refresh_from_db()
    assert (experiment.status, experiment.name) == (Experiment.Status.STOPPED, "A toss-up")


def test_a_policy_is_edited_within_reason(admin: Client, champion: ModelVersion) -> None:
    policy = ReinforcementPolicy.objects.create(problem="coin-toss")
    at = reverse("admin:predictions_reinforcementpolicy_change", args=[policy.pk])
    fields = {
        "problem": "coin-toss", "is_enabled": "on", "confidence": "0.6", "days": "7", "minimum": "10",
        "method": "weights", "weight": "3", "cool_down_days": "7",
    }  # fmt: skip
    admin.post(at, fields)
    policy.refresh_from_db()
    assert policy.confidence == 0.6
    refused = admin.post(at, {**fields, "confidence": "1.7"}).content.decode()
    assert "Confidence is a probability between 0 and 1" in refused
    assert "coin-toss: 0 wrong predictions" in act(admin, "reinforcementpolicy", "look", policy.pk)
