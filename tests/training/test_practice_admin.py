"""Packs and drills in the admin are curated; what people did is only looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import DrillFactory, TrainingPackFactory, UserFactory
from tests.training.recommending.reporting import report_of
from training.models import PackFeedback, TrainingPack, TrainingSession
from training.recommending import recommend

pytestmark = pytest.mark.django_db
CURATED = ("trainingpack", "drill")
DAY = date(2026, 3, 1)
EVIDENCE = ("trainingsession", "packfeedback")


@pytest.fixture
def office(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def rows() -> dict[str, Any]:
    drill = DrillFactory.create()
    for user in UserFactory.create_batch(5):
        session = TrainingSession.objects.create(
            user=user, drill=drill, category="rotation", planned_for=date(2026, 3, 1)
        )
        feedback = PackFeedback.objects.create(user=user, drill=drill, rating=4)
    return {
        "trainingpack": TrainingPackFactory.create(),
        "drill": drill,
        "trainingsession": session,
        "packfeedback": feedback,
    }


@pytest.mark.parametrize("model", [*CURATED, *EVIDENCE])
def test_each_list_and_row_opens(
    office: Client, rows: dict[str, Any], model: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        assert office.get(reverse(f"admin:training_{model}_changelist"), {"q": "a"}).status_code == 200
    assert office.get(reverse(f"admin:training_{model}_change", args=[rows[model].pk])).status_code == 200


@pytest.mark.parametrize("model", EVIDENCE)
def test_what_people_did_is_not_touched(office: Client, rows: dict[str, Any], model: str) -> None:
    assert office.get(reverse(f"admin:training_{model}_add")).status_code == 403
    at = reverse(f"admin:training_{model}_delete", args=[rows[model].pk])
    assert office.post(at, {"post": "yes"}).status_code == 403


def test_staff_retire_packs_and_offer_them_again(office: Client, alice: User) -> None:
    report, at = report_of(alice, weak="shooting"), reverse("admin:training_trainingpack_changelist")
    packs = list(TrainingPack.objects.values_list("pk", flat=True))
    office.post(at, {"action": "retire", "_selected_action": packs})
    assert not [row for row in recommend(report, max_recommendations=20).recommendations if row.pack]
    answer = office.post(at, {"action": "offer", "_selected_action": packs}, follow=True)
    assert f"{len(packs)} offered." in answer.content.decode()
    assert [row for row in recommend(report, max_recommendations=20).recommendations if row.pack]
