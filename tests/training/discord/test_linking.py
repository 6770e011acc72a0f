"""A code leads one Discord account to one person, once, soon, and nobody else anywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests.training.discord.conftest import OF_ALICE, OF_CHARLIE
from training.discord import linking
from training.discord.errors import AlreadyLinked, InvalidLinkCode, NotLinked, TooOften
from training.models import DiscordLink

pytestmark = pytest.mark.django_db
SETTINGS = "/coach/settings/"


def test_a_code_links_who_sends_it_to_who_was_shown_it(alice: User) -> None:
    code = linking.offer_code(alice)
    assert linking.link_of(alice) is None
    assert linking.redeem(code, discord_id=OF_ALICE) == alice
    assert linking.linked_to(OF_ALICE) == alice
    with pytest.raises(NotLinked):
        linking.linked_to(OF_CHARLIE)


def test_a_code_is_understood_however_it_is_typed(alice: User) -> None:
    code = linking.offer_code(alice)
    assert linking.redeem(f" {code.lower().replace('-', ' ')} ", discord_id=OF_ALICE) == alice


def test_only_a_hash_of_a_code_is_kept_and_that_not_for_longer_than_needed(alice: User) -> None:
    code = linking.offer_code(alice)
    row = DiscordLink.objects.values().get()
    assert not [value for value in row.values() if code in str(value) or code.replace("-", "") in str(value)]
    linking.redeem(code, discord_id=OF_ALICE)
    assert DiscordLink.objects.get().code_hash == ""


def test_a_code_works_once(alice: User) -> None:
    code = linking.offer_code(alice)
    linking.redeem(code, discord_id=OF_ALICE)
    with pytest.raises(InvalidLinkCode):
        linking.redeem(code, discord_id=OF_CHARLIE)
    assert linking.linked_to(OF_ALICE) == alice


def test_a_new_code_ends_the_one_before(alice: User) -> None:
    first = linking.offer_code(alice)
    linking.offer_code(alice)
    with pytest.raises(InvalidLinkCode):
        linking.redeem(first, discord_id=OF_ALICE)


def test_a_code_lasts_15_minutes(alice: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = linking.offer_code(alice)
        clock.shift(timedelta(minutes=15))
        with pytest.raises(InvalidLinkCode):
            linking.redeem(code, discord_id=OF_ALICE)
        code = linking.offer_code(alice)
        clock.shift(timedelta(minutes=14, seconds=59))
        assert linking.redeem(code, discord_id=OF_ALICE) == alice


def test_codes_are_not_to_be_guessed(alice: User) -> None:
    code = linking.offer_code(alice)
    for _ in range(linking.MOST_TRIES):
        with pytest.raises(InvalidLinkCode):
            linking.redeem("22222-22222", discord_id=OF_CHARLIE)
    with pytest.raises(TooOften):
        linking.redeem(code, discord_id=OF_CHARLIE)
    assert linking.redeem(code, discord_id=OF_ALICE) == alice


@pytest.mark.parametrize("code", ["", " ", "-", "x" * 5000])
def test_what_is_no_code_links_nobody(alice: User, code: str) -> None:
    DiscordLink.objects.create(user=alice)
    with pytest.raises(InvalidLinkCode):
        linking.redeem(code, discord_id=OF_CHARLIE)


def test_a_discord_account_is_one_persons(alice: User, charlie: User, linked: DiscordLink) -> None:
    code = linking.offer_code(charlie)
    with pytest.raises(AlreadyLinked):
        linking.redeem(code, discord_id=OF_ALICE)
    assert linking.linked_to(OF_ALICE) == alice
    assert linking.redeem(code, discord_id=OF_CHARLIE) == charlie


def test_a_person_has_one_discord_account(alice: User, linked: DiscordLink) -> None:
    with pytest.raises(AlreadyLinked):
        linking.offer_code(alice)


def test_who_may_not_sign_in_is_not_answered(alice: User, charlie: User, linked: DiscordLink) -> None:
    code = linking.offer_code(charlie)
    User.objects.update(is_active=False)
    with pytest.raises(NotLinked):
        linking.linked_to(OF_ALICE)
    with pytest.raises(InvalidLinkCode):
        linking.redeem(code, discord_id=OF_CHARLIE)


def test_unlinking_ends_it_from_either_side(alice: User, linked: DiscordLink) -> None:
    assert linking.unlink(alice)
    assert not linking.unlink(alice)
    linking.redeem(linking.offer_code(alice), discord_id=OF_ALICE)
    linking.unlink_account(OF_ALICE)
    with pytest.raises(NotLinked):
        linking.unlink_account(OF_ALICE)


@pytest.fixture
def as_alice(client: Client, alice: User, settings: Settings) -> Client:
    settings.DISCORD_BOT_TOKEN = "a-token"
    client.force_login(alice)
    return client


def test_the_page_shows_a_code_once(as_alice: Client, alice: User) -> None:
    answer = as_alice.post(reverse("training:link-discord"))
    code = answer.context["discord_code"]
    assert code in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert code not in as_alice.get(SETTINGS).content.decode()
    assert as_alice.get(reverse("training:link-discord")).headers["Location"] == SETTINGS
    linking.redeem(code, discord_id=OF_ALICE)
    page = as_alice.get(SETTINGS).content.decode()
    assert str(OF_ALICE) in page
    assert "Make a code" not in page


def test_the_page_unlinks(as_alice: Client, linked: DiscordLink) -> None:
    assert as_alice.post(reverse("training:link-discord"), follow=True).context["discord_code"] == ""
    as_alice.post(reverse("training:unlink-discord"))
    assert not DiscordLink.objects.exists()
    assert "Make a code" in as_alice.get(SETTINGS).content.decode()


def test_codes_are_made_now_and_then_only(as_alice: Client) -> None:
    for _ in range(linking.MOST_CODES):
        as_alice.post(reverse("training:link-discord"))
    page = as_alice.post(reverse("training:link-discord"), follow=True).content.decode()
    assert "try again later" in page


def test_without_a_bot_the_page_says_nothing_of_it_unless_there_is_a_link(
    as_alice: Client, settings: Settings, alice: User
) -> None:
    settings.DISCORD_BOT_TOKEN = ""
    assert "Discord" not in as_alice.get(SETTINGS).content.decode()
    DiscordLink.objects.create(user=alice, discord_id=str(OF_ALICE), linked_at=timezone.now())
    assert "switched off" in as_alice.get(SETTINGS).content.decode()


def test_a_stranger_sees_and_ends_nothing_of_somebody_elses(
    as_alice: Client, charlie: User, linked: DiscordLink
) -> None:
    as_alice.force_login(charlie)
    assert str(OF_ALICE) not in as_alice.get(SETTINGS).content.decode()
    as_alice.post(reverse("training:unlink-discord"))
    linked.refresh_from_db()
    for name in ("training:link-discord", "training:unlink-discord"):
        assert Client().post(reverse(name)).headers["Location"].startswith("/accounts/login/")
