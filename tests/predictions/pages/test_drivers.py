"""What speaks for whom, on a match's page, on an entry of the ledger, and over the API."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from predictions.models import Prediction
from tests.factories import PredictionFactory
from tests.predictions.pages.conftest import League

EXPLAINED = [
    ["An average match here, home advantage included", 0.45, "baseline", {}, {}],
    [
        "Form of the last matches: for the home side",
        0.3,
        "form",
        {"home_points_5": 0.35, "streak_difference": -0.05},
        {"home": 0.43, "draw": 0.29, "away": 0.28},
    ],
    [
        "Attack of the away side: for the away side",
        -0.2,
        "away_attack",
        {"away_attack": -0.2},
        {"home": 0.54, "draw": 0.26, "away": 0.2},
    ],
]


@pytest.fixture
def explained(league: League) -> Prediction:
    return PredictionFactory.create(
        match=league.coming[0],
        model_version=league.version,
        drivers=EXPLAINED,
        features={"home_points_5": 2.4, "streak_difference": None},
    )


def pages(client: Client, prediction: Prediction) -> list[str]:
    """The match's page and the ledger's entry."""
    assert prediction.match
    found = [client.get(page.get_absolute_url()) for page in (prediction.match, prediction)]
    assert [answer.status_code for answer in found] == [200, 200]
    return [answer.content.decode() for answer in found]


def test_each_driver_says_in_points_what_it_does(client: Client, explained: Prediction) -> None:
    for html in pages(client, explained):
        assert "moves Premier B from 43.0\u00a0% to 50.0\u00a0%" in html
        assert "moves Premier A from 20.0\u00a0% to 23.0\u00a0%" in html, "told for the side it speaks for"
        assert "Attack of Premier A" in html, "sides have their teams' names"
        assert "a home win is 1.6 times as likely as an away win" in html


def test_every_feature_is_there_with_what_it_was(client: Client, explained: Prediction) -> None:
    for html in pages(client, explained):
        assert '<td>Points a match, last 5: hosts</td><td class="num">2.4</td><td class="num">+0.350</td>' in html
        assert '<td class="num">not known</td><td class="num">−0.050</td>' in html
        assert "All of them sum to +0.550" in html


def test_a_side_that_loses_to_the_draw_is_not_said_to_be_helped(client: Client, league: League) -> None:
    """The log-odds speak for the hosts, and yet they win less often: the guests win less often still."""
    drivers = [EXPLAINED[0], ["Form: for the home side", 0.1, "form", {}, {"home": 0.51, "draw": 0.23, "away": 0.26}]]
    odd = PredictionFactory.create(match=league.coming[0], model_version=league.version, drivers=drivers)
    for html in pages(client, odd):
        assert "moves Premier A from 26.0\u00a0% to 23.0\u00a0%" in html
        assert "from 51.0" not in html


def test_a_row_from_before_is_shown_as_it_was(client: Client, league: League) -> None:
    old = Prediction.objects.filter(match=league.coming[1]).get()
    for html in pages(client, old):
        assert "Home advantage" in html
        assert "Every feature, in numbers" not in html
        assert "would be said without" not in html


def test_where_nothing_is_written_nothing_is_shown(client: Client, league: League) -> None:
    silent = PredictionFactory.create(match=league.coming[2], model_version=league.version, drivers=[])
    for html in pages(client, silent):
        assert "What speaks for whom" not in html


def test_bars_go_to_the_side_they_speak_for(client: Client, explained: Prediction) -> None:
    assert explained.match
    drivers = client.get(explained.match.get_absolute_url()).context["page"].said.drivers
    assert [row.bar.side for row in drivers.rows] == ["home", "home", "away"]
    assert drivers.rows[0].bar.width == 100.0, "the strongest fills its half"


def test_the_api_tells_both_shapes_alike(client: Client, explained: Prediction, charlie: User) -> None:
    client.force_login(charlie)
    told = client.get(reverse("api:prediction", args=[explained.pk])).json()["drivers"]
    assert told[1] == {
        "words": "Form of the last matches: for the home side",
        "effect": 0.3,
        "group": "form",
        "features": {"home_points_5": 0.35, "streak_difference": -0.05},
        "without": {"home": 0.43, "draw": 0.29, "away": 0.28},
    }
    old = Prediction.objects.exclude(pk=explained.pk).filter(is_shadow=False).latest("sequence")
    told = client.get(reverse("api:prediction", args=[old.pk])).json()["drivers"]
    assert told[0] == {"words": "Home advantage", "effect": 0.3, "group": "", "features": {}, "without": {}}
