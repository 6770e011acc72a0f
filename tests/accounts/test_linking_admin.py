"""Staff look at who is who and who coaches whom, end grants, and never see a key."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts import coaching, platforms
from accounts.models import User
from matches.models import BallchasingAccount, BallchasingSync, Playlist, StatedRank

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_staff(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def test_every_table_opens_and_its_rows_too(as_staff: Client, alice: User) -> None:
    account = BallchasingAccount.objects.create(user=alice, encrypted_key="gAAAA-secret")
    BallchasingSync.objects.create(account=account)
    rows = (
        platforms.state(alice, platform="xbox", platform_id="ally"),
        coaching.offer(alice, coach_email="bob@example.org"),
        account,
        StatedRank.objects.create(user=alice, playlist=Playlist.RANKED_DUELS, rank_group="gold"),
    )
    for row in rows:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        for path in (reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[row.pk])):
            page = as_staff.get(path)
            assert page.status_code == 200, path
            assert "gAAAA-secret" not in page.content.decode()
        assert as_staff.get(reverse(f"{name}_add")).status_code == 403


def test_staff_end_a_grant(as_staff: Client, alice: User, bob: User) -> None:
    grant = coaching.accept(bob, coaching.offer(alice, coach_email=bob.email).pk)
    chosen = {"action": "withdraw", "_selected_action": [grant.pk]}
    answer = as_staff.post(reverse("admin:accounts_coachgrant_changelist"), chosen, follow=True)
    assert "1 withdrawn." in answer.content.decode()
    assert not coaching.may_see(bob, alice)


def test_staff_fetch_for_a_player(as_staff: Client, alice: User) -> None:
    account = BallchasingAccount.objects.create(user=alice, encrypted_key="…")
    chosen = {"action": "sync_now", "_selected_action": [account.pk]}
    answer = as_staff.post(reverse("admin:matches_ballchasingaccount_changelist"), chosen, follow=True)
    assert "1 queued" in answer.content.decode()
