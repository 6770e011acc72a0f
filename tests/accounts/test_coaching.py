"""A player lets a coach see their play: offered by address, accepted by whoever verified it, ended by either."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings
from rest_framework.test import APIClient

from accounts import coaching
from accounts.errors import InvalidCoachGrant, NoSuchThing
from accounts.models import CoachGrant, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_in_production(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def verified(user: User, address: str | None = None) -> User:
    EmailAddress.objects.create(user=user, email=address or user.email, verified=True)
    return user


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_a_coach_sees_a_player_from_acceptance_until_it_is_withdrawn(
    alice: User, bob: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    grant = coaching.offer(alice, coach_email=" Bob@Example.org ")
    verified(bob)
    assert not coaching.may_see(bob, alice)
    coaching.accept(bob, grant.pk)
    with django_assert_num_queries(1):
        assert coaching.may_see(bob, alice)
    assert not coaching.may_see(alice, bob)
    assert list(coaching.players_of(bob)) == [alice]
    coaching.withdraw(alice, grant.pk)
    assert not coaching.may_see(bob, alice)
    assert not coaching.players_of(bob).exists()
    assert CoachGrant.objects.get().withdrawn_at is not None


def test_only_a_verified_address_may_accept(alice: User, bob: User, charlie: User) -> None:
    grant = coaching.offer(alice, coach_email=bob.email)
    EmailAddress.objects.create(user=bob, email=bob.email, verified=False)
    verified(charlie)
    for person in (bob, charlie, alice):
        assert not coaching.offers_to(person).exists()
        with pytest.raises(NoSuchThing):
            coaching.accept(person, grant.pk)


def test_where_addresses_need_not_be_verified_the_one_signed_in_with_counts(
    alice: User, bob: User, settings: Settings
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    assert coaching.accept(bob, coaching.offer(alice, coach_email=bob.email).pk).coach == bob


def test_a_second_address_of_a_coach_counts_too_in_any_case(alice: User, bob: User) -> None:
    verified(bob, "Robert@Example.org")
    grant = coaching.offer(alice, coach_email="robert@EXAMPLE.org")
    assert list(coaching.offers_to(bob)) == [grant]


def test_an_offer_that_was_taken_back_or_accepted_is_gone(alice: User, bob: User) -> None:
    verified(bob)
    taken_back = coaching.offer(alice, coach_email=bob.email)
    coaching.withdraw(alice, taken_back.pk)
    with pytest.raises(NoSuchThing):
        coaching.accept(bob, taken_back.pk)
    again = coaching.offer(alice, coach_email=bob.email)
    assert again.pk != taken_back.pk
    coaching.accept(bob, again.pk)
    with pytest.raises(NoSuchThing):
        coaching.accept(bob, again.pk)


def test_whom_it_was_offered_to_may_decline_and_the_coach_may_end_it(alice: User, bob: User, charlie: User) -> None:
    verified(bob)
    verified(charlie)
    declined = coaching.offer(alice, coach_email=bob.email)
    with pytest.raises(NoSuchThing):
        coaching.withdraw(charlie, declined.pk)
    coaching.withdraw(bob, declined.pk)
    ended = coaching.offer(alice, coach_email=bob.email)
    coaching.accept(bob, ended.pk)
    coaching.withdraw(bob, ended.pk)
    with pytest.raises(NoSuchThing):
        coaching.withdraw(alice, ended.pk)
    assert not coaching.may_see(bob, alice)


def test_nobody_coaches_themselves(alice: User) -> None:
    verified(alice, "other@example.org")
    for address in (alice.email, "Other@example.org"):
        with pytest.raises(InvalidCoachGrant, match="your own address"):
            coaching.offer(alice, coach_email=address)


def test_an_offer_is_told_once_and_in_the_same_words_whoever_has_the_address(
    alice: User, bob: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for address in (bob.email, bob.email, "nobody@example.org"):
            coaching.offer(alice, coach_email=address)
    assert [message.to for message in mail.outbox] == [["bob@example.org"], ["nobody@example.org"]]
    bodies = {message.body.replace(message.to[0], "…") for message in mail.outbox}
    assert len(bodies) == 1
    assert "alice (alice@example.org)" in bodies.pop()


def test_an_offer_stands_though_the_mail_server_is_away(
    alice: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def refuse(*_: object) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        coaching.offer(alice, coach_email="nobody@example.org")
    assert CoachGrant.objects.count() == 1


def test_a_day_has_so_many_offers(alice: User) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-03-01T12:00:00+00:00"), tick=False) as clock:
        for n in range(coaching.MOST_OFFERS_A_DAY):
            grant = coaching.offer(alice, coach_email=f"coach{n}@example.org")
            coaching.withdraw(alice, grant.pk)
        with pytest.raises(InvalidCoachGrant, match="tomorrow"):
            coaching.offer(alice, coach_email="one-more@example.org")
        clock.shift(timedelta(days=1, seconds=1))
        coaching.offer(alice, coach_email="one-more@example.org")


def test_the_api_offers_accepts_and_withdraws(alice: User, bob: User) -> None:
    verified(bob)
    offered = client_of(alice).post("/api/coach-grants/", {"coach_email": bob.email})
    assert (offered.status_code, offered.json()["status"], offered.json()["coach"]) == (201, "offered", None)
    (waiting,) = client_of(bob).get("/api/coach-grants/").json()["results"]
    assert (waiting["role"], waiting["player_email"]) == ("invited", alice.email)
    path = f"/api/coach-grants/{waiting['id']}/"
    assert client_of(bob).post(f"{path}accept/").json()["role"] == "coach"
    (seen,) = client_of(alice).get("/api/coach-grants/").json()["results"]
    assert (seen["role"], seen["status"], seen["coach"]) == ("player", "accepted", "bob")
    assert client_of(alice).delete(path).json()["status"] == "withdrawn"
    assert client_of(bob).get("/api/coach-grants/").json()["results"] == []
    assert client_of(alice).delete(path).status_code == 404


def test_the_api_answers_the_same_whether_or_not_the_address_is_known(alice: User, bob: User) -> None:
    told = [
        client_of(alice).post("/api/coach-grants/", {"coach_email": address}).json()
        for address in (bob.email, "nobody@example.org")
    ]
    varying = {"id", "coach_email", "granted_at"}
    first, second = ({name: value for name, value in answer.items() if name not in varying} for answer in told)
    assert first == second


def test_a_stranger_finds_and_moves_nothing(alice: User, bob: User, charlie: User) -> None:
    verified(charlie)
    grant = coaching.offer(alice, coach_email=bob.email)
    client = client_of(charlie)
    assert client.get("/api/coach-grants/").json()["results"] == []
    assert client.delete(f"/api/coach-grants/{grant.pk}/").status_code == 404
    assert client.post(f"/api/coach-grants/{grant.pk}/accept/").status_code == 404
    assert APIClient().get("/api/coach-grants/").status_code == 401


def test_the_api_lists_many_grants_in_few_queries(bob: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    verified(bob)
    for player in UserFactory.create_batch(5):
        coaching.accept(bob, coaching.offer(player, coach_email=bob.email).pk)
    with django_assert_num_queries(2):
        assert len(client_of(bob).get("/api/coach-grants/").json()["results"]) == 5
