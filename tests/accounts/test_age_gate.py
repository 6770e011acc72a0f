"""18 or older: asked before odds and stakes, kept as a consent, taken back at will."""

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from django.views import View
from pytest_django import DjangoAssertNumQueries

from accounts import consents
from accounts.adults import AdultRequiredMixin, adult_required, safe_next_url
from accounts.models import Consent, User

GATE = "/accounts/age/"


@adult_required
def odds(request: HttpRequest) -> HttpResponse:
    return HttpResponse("2.50")


class Stakes(AdultRequiredMixin, View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("10.00")


def request_of(user: User, path: str = "/match/1/?tab=odds") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    return request


def test_a_confirmed_person_is_an_adult(alice: User) -> None:
    consents.grant(alice, Consent.Kind.ADULT)
    assert alice.is_adult_confirmed
    assert consents.has_consented(alice, Consent.Kind.ADULT)


def test_nobody_is_an_adult_by_default(alice: User) -> None:
    assert not alice.is_adult_confirmed


def test_another_consent_does_not_make_an_adult(alice: User) -> None:
    consents.grant(alice, Consent.Kind.LLM)
    assert not alice.is_adult_confirmed


def test_granting_twice_keeps_one_row(alice: User) -> None:
    assert consents.grant(alice, Consent.Kind.ADULT) == consents.grant(alice, Consent.Kind.ADULT)
    assert alice.consents.count() == 1


def test_the_database_keeps_one_active_consent_of_a_kind(alice: User) -> None:
    consents.grant(alice, Consent.Kind.ADULT)
    with pytest.raises(IntegrityError), transaction.atomic():
        alice.consents.create(kind=Consent.Kind.ADULT, granted_at=timezone.now())


def test_withdrawing_counts_at_once_and_keeps_the_evidence(alice: User) -> None:
    consents.grant(alice, Consent.Kind.ADULT)
    assert consents.is_adult_confirmed(request_of(alice))
    assert consents.withdraw(alice, Consent.Kind.ADULT)
    assert not alice.is_adult_confirmed
    assert alice.consents.get().withdrawn_at is not None
    assert not consents.withdraw(alice, Consent.Kind.ADULT)


def test_consent_can_be_given_again_after_withdrawing(alice: User) -> None:
    consents.grant(alice, Consent.Kind.ADULT)
    consents.withdraw(alice, Consent.Kind.ADULT)
    consents.grant(alice, Consent.Kind.ADULT)
    assert alice.is_adult_confirmed
    assert alice.consents.count() == 2


def test_the_database_is_asked_once_a_request(alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert [alice.is_adult_confirmed for _ in range(3)] == [False] * 3


def test_the_gate_sends_back_to_the_page(client: Client, alice: User) -> None:
    client.force_login(alice)
    answer = client.post(GATE, {"next": "/match/1/?tab=odds"})
    assert answer.headers["Location"] == "/match/1/?tab=odds"
    assert User.objects.get(pk=alice.pk).is_adult_confirmed


def test_an_anonymous_visitor_confirms_for_the_session(client: Client, db: None) -> None:
    assert not client.get(GATE).context["adult_confirmed"]
    client.post(GATE)
    assert client.get(GATE).context["adult_confirmed"]
    assert not Client().get(GATE).context["adult_confirmed"]
    assert not Consent.objects.exists()


def test_looking_at_the_gate_confirms_nothing(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.get(GATE)
    assert not alice.is_adult_confirmed


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_the_gate_leads_nowhere_else(client: Client, db: None, elsewhere: str) -> None:
    assert client.post(GATE, {"next": elsewhere}).headers["Location"] == "/"


def test_a_safe_next_url_may_come_with_the_link(db: None) -> None:
    assert safe_next_url(RequestFactory().get(GATE, {"next": "/league/E0/"})) == "/league/E0/"


@pytest.mark.parametrize("view", [odds, Stakes.as_view()])
def test_a_gated_view_sends_a_minor_to_the_gate(alice: User, view) -> None:  # type: ignore[no-untyped-def]
    answer = view(request_of(alice))
    assert answer.headers["Location"] == "/accounts/age/?next=%2Fmatch%2F1%2F%3Ftab%3Dodds"


@pytest.mark.parametrize("view", [odds, Stakes.as_view()])
def test_a_gated_view_opens_to_an_adult(alice: User, view) -> None:  # type: ignore[no-untyped-def]
    consents.grant(alice, Consent.Kind.ADULT)
    assert view(request_of(alice)).status_code == 200


def test_a_person_withdraws_in_their_settings(client: Client, alice: User) -> None:
    consents.grant(alice, Consent.Kind.ADULT)
    client.force_login(alice)
    assert b"18 or older" in client.get("/accounts/settings/").content
    client.post("/accounts/settings/consents/adult/withdraw/")
    assert not User.objects.get(pk=alice.pk).is_adult_confirmed


def test_withdrawing_what_does_not_exist_changes_nothing(client: Client, alice: User) -> None:
    consents.grant(alice, Consent.Kind.ADULT)
    client.force_login(alice)
    client.post("/accounts/settings/consents/nonsense/withdraw/")
    assert User.objects.get(pk=alice.pk).is_adult_confirmed
