"""A player's evening: matches analysed, the answer read, a recommendation taken, a session written down."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import CoachGrant, User
from matches.simulating_replays import simulate_player, simulate_ranked_games
from mlmodels import promotion, runs
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from tests.e2e.browser import PHONE
from tests.e2e.conftest import Visit
from tests.e2e.signing_in import sign_in
from tests.factories import DrillFactory
from training.models import Category, SkillReport, TrainingSession

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def matches(storage: Path, alice: User) -> None:
    """Alice's matches, whose boost is bad, others of her rank, a model, and a drill."""
    simulate_ranked_games(playlists=["ranked-standard"], rank_groups=["gold"], rows=160)
    run, _ = runs.request_run(problem="weakness", algorithm="posterior", selection=Selection(), dispatch=False)
    assert runs.execute(str(run.pk), worker="test") is not None
    promotion.promote(ModelVersion.objects.get(run=run), by=None, reason="a test")
    simulate_player(
        alice,
        matches=12,
        weakness="boost_management",
        rank_group="gold",
        playlist="ranked-standard",
        now=timezone.now(),
        practised_from=None,
    )
    DrillFactory.create(name="Laps over small pads", category=Category.BOOST_MANAGEMENT, sub_skill="small pads")


def test_from_the_first_analysis_to_a_session_done(visit: Visit, alice: User, matches: None) -> None:
    page = visit("/", viewport=PHONE)
    sign_in(page, alice)
    page.goto("/coach/")
    page.get_by_role("button", name="Analyse my matches").click()
    expect(page.get_by_role("heading", name="Boost management", level=2)).to_be_visible()
    expect(page.get_by_text("Compared with simulated players.")).to_be_visible()
    assert SkillReport.objects.get(user=alice).primary_weakness == Category.BOOST_MANAGEMENT

    page.get_by_role("listitem").filter(has_text="Laps over small pads").get_by_role(
        "button", name="Plan for today"
    ).click()
    expect(page.locator("#messages")).to_contain_text("Planned for")
    page.goto("/coach/sessions/")
    page.get_by_label("Minutes").first.fill("25")
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_text("Done: 25 minutes.")).to_be_visible()
    expect(page.get_by_text("1 day", exact=True)).to_be_visible()
    assert TrainingSession.objects.get().minutes == 25


def test_a_coach_sees_what_their_player_sees(visit: Visit, alice: User, bob: User, matches: None) -> None:
    CoachGrant.objects.create(player=alice, coach_email=bob.email, coach=bob, accepted_at=timezone.now())
    page = visit("/")
    sign_in(page, bob)
    page.goto(f"/coach/players/{alice.pk}/")
    expect(page.get_by_role("heading", name="Ready to be analysed")).to_be_visible()
    expect(page.get_by_role("button", name="Analyse my matches")).to_have_count(0)


def test_packs_are_found_and_rated(visit: Visit, alice: User) -> None:
    DrillFactory.create(name="A drill of its own")
    page = visit("/")
    sign_in(page, alice)
    page.goto("/coach/packs/")
    page.get_by_label("Search").fill("A drill of its own")
    card = page.get_by_role("listitem").filter(has_text="A drill of its own")
    expect(page.get_by_text("1 found")).to_be_visible()
    card.get_by_role("button", name="4 of 5 for A drill of its own").click()
    expect(card.locator(".star.on")).to_have_count(4)
