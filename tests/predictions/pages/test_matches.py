"""The page of one match."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from matches.models import Match, Sport
from mlmodels.models import ModelVersion
from tests.factories import CompetitionFactory, MatchFactory, OddsFactory, SeasonFactory
from tests.predictions.pages.conftest import League, a_match, predicted, settled


def page(client: Client, match: Match) -> str:
    response = client.get(match.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_every_market_off_one_matrix(client: Client, league: League) -> None:
    html = page(client, league.coming[0])
    assert "Premier B v Premier A" in html
    assert "50&nbsp;%" in html
    assert html.count('class="heat h') == 49
    for words in ("0.5 goals", "4.5 goals", "Both teams score", "Likeliest scores", "Attack of Premier A"):
        assert words in html


def test_its_totals_agree_with_its_score_matrix(client: Client, league: League) -> None:
    said = client.get(league.coming[0].get_absolute_url()).context["page"].said
    assert all(row.over + row.under == 100 for row in said.totals)
    shown = sum(cell.probability for row in said.heat_map.rows for cell in row)
    assert shown + said.heat_map.beyond == pytest.approx(1)
    over_half = 1 - said.heat_map.rows[0][0].probability
    assert said.totals[0].over == round(100 * over_half)


@pytest.mark.parametrize("who", ["anonymous", "charlie"])
def test_it_shows_the_markets_probabilities_to_all_but_prices_to_adults(
    client: Client, league: League, charlie: User, who: str
) -> None:
    if who == "charlie":
        client.force_login(charlie)
    html = page(client, league.played[3])
    assert "Market, opening" in html
    for words in ("2.13", "Fair odds</th>", "Expected value</th>", "Stake of bankroll"):
        assert words not in html
    assert "I am 18 or older" in html


def test_it_shows_prices_and_stakes_to_adults(adult: Client, league: League) -> None:
    html = page(adult, league.coming[0])
    for words in ("2.13", "2.00", "Expected value", "Stake of bankroll", "+6.5\u00a0%"):
        assert words in html


def test_it_caps_the_stake_at_a_twentieth(adult: Client, league: League) -> None:
    predicted(league.coming[0], league.version, probabilities={"home": 0.98, "draw": 0.01, "away": 0.01})
    assert "5.0\u00a0%" in page(adult, league.coming[0])


def test_it_says_how_a_settled_prediction_did(client: Client, league: League) -> None:
    html = page(client, league.played[1])
    assert "How it turned out" in html
    assert "Log loss" in html
    assert "market 0.800" in html
    assert "What we thought likeliest did not happen." in html


def test_it_says_why_there_is_no_prediction(client: Client, league: League) -> None:
    assert "we never predict afterwards" in page(client, league.played[0])
    far = a_match(league.season, league.teams[0], league.teams[5], timezone.now() + timedelta(days=60), None)
    assert "We predict 14 days ahead" in page(client, far)
    near = a_match(league.season, league.teams[1], league.teams[5], timezone.now() + timedelta(days=3), None)
    assert "next round of predictions" in page(client, near)
    Match.objects.filter(pk=near.pk).update(status=Match.Status.POSTPONED)
    assert "It is postponed" in page(client, near)
    ModelVersion.objects.update(role=ModelVersion.Role.ARCHIVED)
    Match.objects.filter(pk=near.pk).update(status=Match.Status.SCHEDULED)
    assert "No model is in service yet" in page(client, near)


def test_a_prior_is_said_in_words_with_the_teams_names(client: Client, league: League) -> None:
    match = league.coming[0]
    predicted(match, league.version, notes=["prior", f"Few matches are known of {match.home.slug}."])
    html = page(client, match)
    assert "Resting on a prior." in html
    assert "Few matches are known of Premier B." in html


def test_it_shows_form_and_meetings_from_before_the_match_only(client: Client, league: League) -> None:
    match = league.played[4]
    context = client.get(match.get_absolute_url()).context["page"]
    for form in context.forms:
        assert all(outing.match.kickoff < match.kickoff for outing in form.outings)
    assert [o.letter for o in context.forms[0].outings] == ["W", "L", "D", "W"]
    again = a_match(league.season, match.away, match.home, timezone.now() + timedelta(days=5), None)
    assert list(client.get(again.get_absolute_url()).context["page"].meetings) == [match]


def test_it_lists_everything_said_of_it_but_never_a_shadow(client: Client, league: League, charlie: User) -> None:
    match = league.coming[0]
    second = predicted(match, league.version, probabilities={"home": 0.61, "draw": 0.25, "away": 0.14})
    shadow = predicted(match, league.version, is_shadow=True, probabilities={"home": 0.91, "draw": 0.05, "away": 0.04})
    for _ in ("anonymous", "charlie"):
        html = page(client, match)
        assert html.count("50 – 27 – 23") == 1
        assert second.hash[:10] in html
        assert second.get_absolute_url() in html
        assert shadow.get_absolute_url() not in html
        assert "91&nbsp;%" not in html
        assert "91 – 5 – 4" not in html
        client.force_login(charlie)


def test_what_was_said_after_a_match_was_brought_forward_does_not_count(client: Client, league: League) -> None:
    match = league.played[1]
    late = predicted(
        match, league.version, made_at=match.kickoff, probabilities={"home": 0.8, "draw": 0.1, "away": 0.1}
    )
    settled(late)
    Match.objects.filter(pk=match.pk).update(kickoff=match.kickoff - timedelta(hours=3))
    assert "50&nbsp;%" in page(client, match)


def test_unknown_matches_and_other_sports_are_not_found(client: Client, league: League) -> None:
    assert client.get(reverse("predictions:match", args=[10**9])).status_code == 404
    nba = SeasonFactory.create(competition=CompetitionFactory.create(code="NBA", name="NBA", sport=Sport.BASKETBALL))
    assert client.get(MatchFactory.create(season=nba).get_absolute_url()).status_code == 404


def test_a_match_without_a_time_says_so(client: Client, league: League) -> None:
    match = MatchFactory.create(season=league.season, date=timezone.localdate() + timedelta(days=2))
    html = page(client, match)
    assert "time of day not known" in html
    assert "No earlier match is known." in html
    assert "No earlier meeting of the two is known." in html


def test_it_marks_simulated_leagues(client: Client, simulated: League) -> None:
    assert ">Simulated<" in page(client, simulated.coming[0])
    assert ">Simulated<" in page(client, simulated.played[0])


def test_it_asks_the_database_little(
    adult: Client, simulated: League, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for match in (simulated.coming[0], simulated.played[5]):
        with django_assert_max_num_queries(12):
            page(adult, match)


def test_an_entry_of_the_ledger_shows_everything_written(client: Client, league: League) -> None:
    entry = league.played[1].predictions.get()
    html = client.get(entry.get_absolute_url()).content.decode()
    for words in (entry.hash, entry.previous_hash, league.version.version, "Canonical text", "50.00\u00a0%"):
        assert words in html
    assert "The hash does not fit what is written" in html, "the factory's hash is made up"


@pytest.mark.parametrize("who", ["anonymous", "charlie"])
def test_an_entry_shows_profit_to_adults_only(client: Client, league: League, charlie: User, who: str) -> None:
    if who == "charlie":
        client.force_login(charlie)
    html = client.get(league.played[1].predictions.get().get_absolute_url()).content.decode()
    assert "Flat stake" not in html
    assert "Closing-line value" not in html


def test_an_entry_shows_profit_to_adults(adult: Client, league: League) -> None:
    html = adult.get(league.played[1].predictions.get().get_absolute_url()).content.decode()
    assert "Flat stake" in html
    assert "+1.20" in html


def test_a_shadow_entry_is_for_staff(client: Client, league: League, charlie: User, staff: User) -> None:
    shadow = predicted(league.coming[0], league.version, is_shadow=True)
    assert client.get(shadow.get_absolute_url()).status_code == 404
    client.force_login(charlie)
    assert client.get(shadow.get_absolute_url()).status_code == 404
    client.force_login(staff)
    assert "Shadow prediction" in client.get(shadow.get_absolute_url()).content.decode()


def test_an_unknown_entry_is_not_found(client: Client, db: None) -> None:
    assert client.get(reverse("predictions:prediction", args=[uuid4()])).status_code == 404


def test_an_entry_asks_the_database_little(
    adult: Client, league: League, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        adult.get(league.played[1].predictions.get().get_absolute_url())


def test_it_says_where_the_model_and_the_market_differ_most(client: Client, league: League) -> None:
    """The factory's model says 50 – 27 – 23; prices of 2.13, 3.47 and 3.81 mean some 46 – 28 – 26."""
    most = client.get(league.coming[0].get_absolute_url()).context["page"].disagreement
    assert (most.name, most.model) == ("Premier B win", 50)
    assert 2 <= most.points <= 6
    assert "differ most on Premier B win" in page(client, league.coming[0])


def test_a_match_without_prices_says_that_the_model_stands_alone(client: Client, league: League) -> None:
    league.coming[0].odds.all().delete()
    html = page(client, league.coming[0])
    assert "our model stands alone" in html
    assert "Market, opening" not in html


def test_it_sets_the_market_beside_our_totals_at_the_line_it_quotes(client: Client, league: League) -> None:
    match = league.coming[0]
    for phase, over, under in (("open", "2.50", "1.50"), ("close", "1.90", "1.90")):
        for outcome, price in (("O", over), ("U", under)):
            OddsFactory.create(
                match=match,
                market="totals",
                line=Decimal("2.5"),
                bookmaker="PS",
                phase=phase,
                outcome=outcome,
                price=Decimal(price),
            )
    said = client.get(match.get_absolute_url()).context["page"].said
    assert [row.market for row in said.totals] == [None, None, 50, None, None]
    assert "Market over" in page(client, match)
    assert "Market over" not in page(client, league.coming[1])


def test_the_score_map_frames_how_the_match_ended(client: Client, league: League) -> None:
    final = client.get(league.played[1].get_absolute_url()).context["page"].said.heat_map.final
    assert (final.home, final.away) == (league.played[1].home_goals, league.played[1].away_goals)
    assert "heat-final" in page(client, league.played[1])
    assert "heat-final" not in page(client, league.coming[0])


def test_an_entry_says_its_parameters_and_notes_for_people(client: Client, league: League) -> None:
    entry = predicted(league.coming[0], league.version, notes=["prior", "Few matches are known."])
    html = client.get(entry.get_absolute_url()).content.decode()
    for words in ("Goal rate, home</dt>", "1.6000", "−0.0500", "Few matches are known."):
        assert words in html
    assert "<dd>prior</dd>" not in html


def test_it_says_that_a_match_under_way_awaits_its_result(client: Client, league: League) -> None:
    match = league.coming[0]
    assert "awaiting its result" not in page(client, match)
    with time_machine.travel(match.kickoff + timedelta(minutes=1), tick=False):
        assert "awaiting its result" in page(client, match)


def test_it_says_why_what_came_after_kick_off_does_not_count(client: Client, league: League) -> None:
    match = a_match(league.season, league.teams[0], league.teams[5], timezone.now() - timedelta(hours=1), None)
    said = predicted(match, league.version)
    Match.objects.filter(pk=match.pk).update(kickoff=said.made_at - timedelta(minutes=1))
    html = page(client, match)
    assert "came too late and does not count" in html
    assert "we never predict afterwards" not in html


def test_it_draws_how_our_view_moved_once_there_are_three_entries(client: Client, league: League) -> None:
    match = league.coming[2]
    first = match.predictions.get()
    views = ((0.55, 0.25, 0.2), (0.7, 0.2, 0.1))
    for number, (home, draw, away) in enumerate(views, start=1):
        assert "movement-chart" not in page(client, match)
        predicted(
            match,
            league.version,
            made_at=first.made_at + timedelta(minutes=20 * number),
            probabilities={"home": home, "draw": draw, "away": away},
        )
    html = page(client, match)
    assert "Home win: from 50 to 70." in html
    chart = client.get(match.get_absolute_url()).context["page"].movement
    assert [len(line.dots) for line in chart.lines] == [3, 3, 3]
    assert [tick.text for tick in chart.x_ticks] == [f"{first.made_at:%-d %b}"], "all of one day"
