"""What staff can do to runs and versions in the admin."""

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mlmodels import promotion
from mlmodels.models import ModelVersion, Promotion, TrainingRun
from tests.factories import ModelVersionFactory, TrainingRunFactory

pytestmark = pytest.mark.django_db
Status = TrainingRun.Status
Role = ModelVersion.Role


def act(client: Client, action: str, *rows: Model) -> str:
    """Choose rows of a list, ask for an action, and read the page it leads to."""
    url = reverse(f"admin:mlmodels_{rows[0]._meta.model_name}_changelist")
    answer = client.post(url, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_version_is_promoted(page: Client, staff: User, trained: Callable[[], ModelVersion]) -> None:
    version = trained()
    assert "Promoted." in act(page, "promote", version)
    version.refresh_from_db()
    assert version.role == Role.CHAMPION
    assert Promotion.objects.get().decided_by == staff


def test_two_versions_are_not_promoted_at_once(page: Client) -> None:
    assert "exactly one" in act(page, "promote", ModelVersionFactory.create(), ModelVersionFactory.create())
    assert not Promotion.objects.exists()


def test_a_version_whose_file_is_gone_is_refused_in_words(page: Client) -> None:
    shown = act(page, "promote", ModelVersionFactory.create())
    assert '<li class="error">' in shown
    assert not Promotion.objects.exists()


@pytest.mark.parametrize(("action", "role"), [("make_challenger", Role.CHALLENGER), ("archive", Role.ARCHIVED)])
def test_several_versions_change_role_and_those_that_can_not_are_told(
    page: Client, action: str, role: ModelVersion.Role
) -> None:
    able, unable = ModelVersionFactory.create(), ModelVersionFactory.create(role=Role.CHAMPION)
    shown = act(page, action, able, unable)
    assert "1 " in shown
    assert '<li class="error">' in shown
    able.refresh_from_db()
    assert able.role == role


def test_rolling_back_starts_at_the_champion(page: Client, trained: Callable[[], ModelVersion]) -> None:
    first, second = trained(), trained()
    promotion.promote(first, by=None)
    promotion.promote(second, by=None)
    assert "is not champion" in act(page, "roll_back", first)
    assert "Rolled back." in act(page, "roll_back", second)
    first.refresh_from_db()
    assert first.role == Role.CHAMPION


def test_only_the_notes_of_a_version_are_written_here(page: Client) -> None:
    version = ModelVersionFactory.create()
    url = reverse("admin:mlmodels_modelversion_change", args=[version.pk])
    forms = {"promotions-TOTAL_FORMS": 0, "promotions-INITIAL_FORMS": 0}
    page.post(url, {"notes": "Mind the gap", "role": Role.CHAMPION, **forms})
    version.refresh_from_db()
    assert (version.notes, version.role) == ("Mind the gap", Role.EXPERIMENTAL)


def test_runs_are_cancelled_and_those_that_ended_are_told(page: Client) -> None:
    queued, done = TrainingRunFactory.create(), TrainingRunFactory.create(status=Status.COMPLETED)
    shown = act(page, "cancel", queued, done)
    assert "1 cancelled" in shown
    assert "nothing to cancel" in shown


def test_runs_are_retried(page: Client, staff: User) -> None:
    failed = TrainingRunFactory.create(problem="coin-toss", algorithm="logit", status=Status.FAILED)
    assert "1 queued again" in act(page, "retry", failed)
    assert TrainingRun.objects.get(status=Status.QUEUED).requested_by == staff


def test_a_run_of_a_problem_that_is_gone_is_refused_in_words(page: Client) -> None:
    gone = TrainingRunFactory.create(problem="tarot", status=Status.FAILED)
    assert "no problem" in act(page, "retry", gone)


def test_staff_without_the_right_are_offered_no_action(client: Client, bob: User) -> None:
    from django.contrib.auth.models import Permission

    bob.is_staff = True
    bob.save()
    bob.user_permissions.add(Permission.objects.get(codename="view_trainingrun"))
    client.force_login(bob)
    run = TrainingRunFactory.create()
    act(client, "cancel", run)
    run.refresh_from_db()
    assert run.status == Status.QUEUED
