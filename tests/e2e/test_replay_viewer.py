"""Watching a match in the viewer, in Chromium: by button, key and touch, and when there is nothing to fetch."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from matches.models import Replay, ReplayOwner
from matches.rocket_league import scenes
from matches.rocket_league.tracks import ORANGE, Demolition, Goal
from tests.e2e.browser import PHONE
from tests.e2e.conftest import Visit
from tests.e2e.signing_in import sign_in
from tests.e2e.test_football import beyond_the_edge
from tests.factories import ReplayFactory, ReplayPlayerFactory
from tests.matches.rocket_league.test_scenes import FRAMES, TIMES, player, tracks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def replay(alice: User, storage: Path) -> Replay:
    """Ten seconds, in play from the third on; a goal at eight, a demolition at five."""
    found = ReplayFactory.create()
    ReplayOwner.objects.create(replay=found, user=alice, filename="mine.replay")
    ReplayPlayerFactory.create(replay=found, name="Alice")
    ReplayPlayerFactory.create(replay=found, name="Bert", side="orange", won=False)
    gone = player().position.copy()
    gone[150:240] = np.nan
    bert = player(name="Bert", side=ORANGE, position=np.add(gone, (1500, 0, 400)))
    match = tracks(
        player(),
        bert,
        goals=(Goal(frame=240, side="blue", scorer=0),),
        demolitions=(Demolition(frame=150, attacker=0, victim=1),),
    )
    found.scenes.save("match.scenes", ContentFile(scenes.encode(match)))
    return found


def watched(visit: Visit, alice: User, replay: Replay, **look: Any) -> Page:
    page = visit("/accounts/login/", **look)
    sign_in(page, alice)
    page.goto(f"/coach/replays/{replay.pk}/")
    expect(slider(page)).to_be_visible()
    return page


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment of the match")


def expect_moment(page: Page, picture: int) -> None:
    """The slider follows with the next frame that is drawn."""
    expect(slider(page)).to_have_value(str(picture))


def colour_at(page: Page, picture: float, across: str, x: float, y: float) -> list[int]:
    """The colour on the canvas at a place in uu once that picture is drawn, by how the field lies."""
    script = """([picture, x, y]) => {
        const { painter } = document.querySelector("[data-viewer]").viewer;
        painter.draw(picture);
        const view = painter.whole;
        return [...painter.context.getImageData(Math.round(view.atX(x, y)), Math.round(view.atY(x, y)), 1, 1).data];
    }"""
    assert page.evaluate("document.querySelector('[data-viewer]').viewer.painter.whole.portrait") is (across == "short")
    return list(page.evaluate(script, [picture, x, y]))


def test_it_waits_at_the_kick_off_and_plays_to_the_end(visit: Visit, alice: User, replay: Replay) -> None:
    page = watched(visit, alice, replay)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect_moment(page, 30)  # the first picture with the ball in play
    page.get_by_label("Speed").select_option("4")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("[data-part=goal]")).to_have_text("Goal: Alice")
    expect(page.locator("[data-part=blue]")).to_have_text("1")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect_moment(page, FRAMES // 3)
    expect(page.locator("[data-part=live]")).to_contain_text("blue 1, orange 0")


def test_keys_move_in_time(visit: Visit, alice: User, replay: Replay) -> None:
    page = watched(visit, alice, replay)
    page.get_by_role("img", name="The match from above").focus()
    for key, expected in (
        ("Home", 0),
        ("ArrowRight", 50),
        (".", 51),
        (",", 50),
        ("ArrowLeft", 0),
        ("n", 40),
        ("End", 100),
        ("p", 40),
    ):
        page.keyboard.press(key)
        expect(slider(page)).to_have_value(str(expected))
    page.keyboard.press("2")
    expect(page.get_by_label("Speed")).to_have_value("0.5")
    page.keyboard.press("f")
    expect(page.get_by_label("Follow")).to_have_value("0")
    page.keyboard.press("t")
    expect(page.get_by_label("Trails")).not_to_be_checked()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_goals_can_be_jumped_to_and_the_slider_says_when_it_is(visit: Visit, alice: User, replay: Replay) -> None:
    page = watched(visit, alice, replay)
    page.get_by_role("button", name="Jump to the goal").click()
    expect_moment(page, 40)  # four seconds before it
    expect(slider(page)).to_have_attribute("aria-valuetext", "Clock 4:56, blue 0, orange 0")
    assert page.locator(".viewer-marks rect.blue").count() == 1


def test_cars_and_ball_are_where_they_were(visit: Visit, alice: User, replay: Replay) -> None:
    page = watched(visit, alice, replay)
    y = 1000 * (TIMES[120] - 10)
    drawn = colour_at(page, 40, "long", -30, y - 60)
    assert drawn[2] > drawn[0] + 60, f"a blue car, not {drawn}"
    ball = colour_at(page, 40, "long", 2000 * np.sin(TIMES[120]), 0)
    assert min(ball[:3]) > 240
    assert colour_at(page, 40, "long", -3000, 3000) == colour_at(page, 70, "long", -3000, 3000)


def test_between_two_pictures_it_is_drawn_between_them(visit: Visit, alice: User, replay: Replay) -> None:
    page = watched(visit, alice, replay)
    y = 1000 * (TIMES[120] - 10) + 50
    middle = page.evaluate(
        """async () => {
            const { placeAt } = await import("/static/js/replay-viewer/scenes.js");
            return placeAt(document.querySelector("[data-viewer]").viewer.scenes.players[0], 40.5, {}).y;
        }"""
    )
    assert middle == pytest.approx(y, abs=1)


def test_a_phone_has_the_field_upright_and_nothing_sticks_out(visit: Visit, alice: User, replay: Replay) -> None:
    page = watched(visit, alice, replay, viewport=PHONE, device_scale_factor=2, has_touch=True, theme="dark")
    y = 1000 * (TIMES[120] - 10)
    drawn = colour_at(page, 40, "short", -30, y - 60)
    assert drawn[2] > drawn[0] + 60, f"a blue car, not {drawn}"
    page.get_by_role("img", name="The match from above").tap()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert beyond_the_edge(page, f"/coach/replays/{replay.pk}/") == []


def test_another_theme_has_other_colours(visit: Visit, alice: User, replay: Replay) -> None:
    page = watched(visit, alice, replay)
    light = colour_at(page, 40, "long", -3000, 0)
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function("document.querySelector('[data-viewer]').viewer.painter.colours.field !== ''")
    dark = colour_at(page, 40, "long", -3000, 0)
    assert sum(dark[:3]) < sum(light[:3]) / 3


def test_who_wants_less_motion_gets_no_trails(visit: Visit, alice: User, replay: Replay) -> None:
    page = watched(visit, alice, replay, reduced_motion="reduce")
    expect(page.get_by_label("Trails")).not_to_be_checked()


def test_what_can_not_be_fetched_is_said_and_can_be_tried_again(visit: Visit, alice: User, replay: Replay) -> None:
    page = visit("/accounts/login/")
    sign_in(page, alice)
    page.route("**/scenes", lambda route: route.fulfill(status=200, body=b"nothing of the kind"))
    page.goto(f"/coach/replays/{replay.pk}/")
    expect(page.get_by_text("written by another version")).to_be_visible()
    page.unroute("**/scenes")
    page.get_by_role("button", name="Try again").click()
    expect(slider(page)).to_be_visible()
