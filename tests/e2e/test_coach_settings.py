"""A player says who they are on a phone, and a coach accepts at a desk."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer

from accounts import coaching
from accounts.models import User
from matches.models import Playlist, ReplayOwner
from matches.rocket_league import own_rows
from tests.e2e.browser import PHONE
from tests.e2e.conftest import Visit
from tests.e2e.signing_in import sign_in
from tests.factories import ReplayPlayerFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_player_picks_themselves_states_a_rank_and_is_coached(
    live_server: LiveServer, visit: Visit, alice: User, bob: User
) -> None:
    row = ReplayPlayerFactory.create(name="Ally")
    ReplayOwner.objects.create(replay=row.replay, user=alice)
    page = visit("/", viewport=PHONE)
    sign_in(page, alice)
    page.goto("/coach/settings/")
    page.get_by_role("button", name="This is me (Ally)").click()
    page.get_by_text("are yours in every replay").wait_for()
    page.get_by_label("Standard (3v3)").select_option("diamond")
    page.get_by_role("button", name="Save ranks").click()
    page.get_by_text("compared with players of that rank").wait_for()
    page.get_by_label("Your coach's e-mail address").fill(bob.email)
    page.get_by_role("button", name="Let them coach you").click()
    page.get_by_text("not accepted yet").wait_for()
    assert own_rows.rows_of(alice).get() == row
    assert own_rows.rank_of(alice, Playlist.RANKED_STANDARD) == ("diamond", "stated")

    desk = visit("/")
    sign_in(desk, bob)
    desk.goto("/coach/players/")
    desk.get_by_role("button", name="Accept alice").click()
    desk.get_by_text("You coach alice now").wait_for()
    assert coaching.may_see(bob, alice)

    page.reload()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Withdraw from bob@example.org").click()
    page.get_by_text("sees nothing of yours any more").wait_for()
    assert not coaching.may_see(bob, alice)
