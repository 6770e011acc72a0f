"""The front page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from matches.models import Match
from tests.factories import MatchFactory, OddsFactory
from tests.predictions.pages.conftest import League, a_league, a_match, predicted, priced

URL = reverse("predictions:fixtures")


def page(client: Client, **query: str) -> str:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def test_it_lists_fixtures_with_percentages_that_sum_to_100(client: Client, league: League) -> None:
    html = page(client)
    assert "Premier B" in html
    for figure in ("50&nbsp;%", "27&nbsp;%", "23&nbsp;%"):
        assert figure in html
    assert "Dixon–Coles" in html
    assert "Expected goals" in html


def test_it_says_what_to_do_when_there_is_nothing(client: Client, db: None) -> None:
    html = page(client)
    assert "No fixtures on these days" in html
    assert "No results yet" in html
    assert "manage.py import_matches" in html


def test_it_leads_on_to_the_next_fixtures_when_these_days_have_none(client: Client, league: League) -> None:
    Match.objects.filter(status="scheduled").update(kickoff=timezone.now() + timedelta(days=40))
    html = page(client)
    assert "The next ones are on" in html
    later = (timezone.now() + timedelta(days=40)).date()
    assert f"since={later:%Y-%m-%d}" in html
    assert "Premier B" in page(client, since=f"{later:%Y-%m-%d}")


@pytest.mark.parametrize("who", ["anonymous", "charlie"])
def test_it_hides_odds_from_whoever_has_not_said_to_be_an_adult(
    client: Client, league: League, charlie: User, who: str
) -> None:
    if who == "charlie":
        client.force_login(charlie)
    html = page(client)
    assert "Fair odds <" not in html
    assert "Best price" not in html
    assert "2.13" not in html
    assert "I am 18 or older" in html


def test_it_shows_odds_to_adults(adult: Client, league: League) -> None:
    html = page(adult)
    assert "<dt>Fair odds</dt>" in html
    assert "2.13 · 3.47 · 3.81" in html
    assert "I am 18 or older" not in html
    assert "gambling responsibly</a>" in html


def test_it_takes_the_best_price_of_those_who_take_bets(adult: Client, league: League) -> None:
    for outcome in "HDA":
        for bookmaker, price in (("AVG", "9.99"), ("B365", "4.44")):
            OddsFactory.create(
                match=league.coming[0], bookmaker=bookmaker, outcome=outcome, phase="open", price=Decimal(price)
            )
    assert "4.44 · 4.44 · 4.44" in page(adult)


def test_it_never_shows_a_shadow_prediction(client: Client, league: League) -> None:
    predicted(
        league.coming[0], league.version, is_shadow=True, probabilities={"home": 0.91, "draw": 0.05, "away": 0.04}
    )
    assert "91&nbsp;%" not in page(client)


def test_it_shows_the_latest_prediction(client: Client, league: League) -> None:
    predicted(league.coming[0], league.version, probabilities={"home": 0.61, "draw": 0.25, "away": 0.14})
    html = page(client)
    assert "61&nbsp;%" in html
    assert html.count("50&nbsp;%") == len(league.coming) - 1


def test_it_marks_simulated_leagues(client: Client, simulated: League) -> None:
    assert "Simulated" in page(client, league="SIM")
    assert ">Simulated<" not in page(client, league="E0")


def test_it_filters_by_league_and_days(client: Client, simulated: League) -> None:
    html = page(client, league="SIM", days="3")
    assert "Cloud B" in html
    assert "Premier B" not in html


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ({"league": "nonsense"}, "There is no such league."),
        ({"since": "2026-13-45"}, "Enter a valid date."),
        ({"days": "9000"}, "Select a valid choice"),
        ({"since": "0001-01-01"}, "That is too far away"),
        ({"since": "9999-12-31"}, "That is too far away"),
    ],
)
def test_it_says_what_is_wrong_with_a_filter(
    client: Client, league: League, query: dict[str, str], complaint: str
) -> None:
    assert complaint in page(client, **query)


def test_it_answers_htmx_with_the_list_alone(client: Client, league: League) -> None:
    html = client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div id="fixtures"')
    assert "3 fixtures from 4 March to 10 March 2026." in html
    whole = client.get(URL, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()
    assert "hx-swap-oob" not in whole.content.decode()
    assert "HX-Request" in whole["Vary"]


def test_it_says_when_a_match_awaits_its_result(client: Client, league: League) -> None:
    a_match(league.season, league.teams[5], league.teams[0], timezone.now() - timedelta(hours=1), None)
    assert "awaiting its result" in page(client)


def test_it_lists_a_match_without_a_time_under_its_day(client: Client, league: League) -> None:
    day = timezone.localdate() + timedelta(days=2)
    MatchFactory.create(season=league.season, date=day)
    html = page(client)
    assert "Time to come" in html
    assert "Not predicted yet." in html


def test_it_asks_the_database_little(
    adult: Client, simulated: League, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for match in simulated.coming:
        priced(match)
    with django_assert_max_num_queries(12):
        page(adult)


def test_results_that_we_said_nothing_of_make_no_empty_columns(client: Client, league: League) -> None:
    a_league("E1", "Championship", version=league.version)
    assert "We said, home" in page(client, league="E0")
    html = page(client, league="E1")
    assert "We said, home" not in html
    assert "We said nothing of these" in html


def test_adults_who_have_not_signed_in_see_prices(client: Client, league: League) -> None:
    there = league.coming[0].get_absolute_url()
    for path in (reverse("predictions:fixtures"), there):
        client.post(reverse("accounts:age-gate"), {"next": path})
        html = client.get(path).content.decode()
        assert "Fair odds" in html
        assert "2.13" in html
