"""Leagues and teams."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from matches.models import Match, Sport
from predictions.reading.league_page import home_advantage
from predictions.reading.league_table import league_table
from predictions.reading.strengths import elo_history, month_labels
from tests.factories import CompetitionFactory, MatchFactory, SeasonFactory, TeamFactory
from tests.predictions.pages.conftest import League, a_match, outcome_of, predicted, priced

LEAGUES = reverse("predictions:leagues")


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def text(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def test_leagues_are_listed_by_country_with_what_is_known(client: Client, simulated: League) -> None:
    html = text(client, LEAGUES)
    assert "England" in html
    assert "1 season, 15 matches played, 3 to come" in html
    assert html.count(">Simulated<") == 1


def test_no_leagues_says_what_to_do(client: Client, db: None, staff: User) -> None:
    assert "No leagues yet" in text(client, LEAGUES)
    client.force_login(staff)
    assert "import_matches" in text(client, LEAGUES)


def test_leagues_ask_the_database_little(
    client: Client, simulated: League, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(2):
        text(client, LEAGUES)


def test_the_table_is_made_of_results(league: League) -> None:
    table = league_table(league.season)
    assert [row.played for row in table] == [5] * 6
    assert [row.points for row in table] == sorted((row.points for row in table), reverse=True)
    assert sum(row.scored for row in table) == sum(row.conceded for row in table)
    first = next(row for row in table if row.team == league.teams[0])
    assert (first.won, first.drawn, first.lost, first.scored, first.conceded) == (2, 2, 1, 8, 5)
    assert first.form == ["W", "D", "L", "W", "D"]


def test_equal_points_are_told_apart_by_goals(db: None) -> None:
    season = SeasonFactory.create()
    better, worse, third = (TeamFactory.create(name=name) for name in ("Zeta", "Alpha", "Mid"))
    for home, goals in ((better, (5, 0)), (worse, (1, 0))):
        a_match(season, home, third, timezone.now(), goals)
    assert [row.team for row in league_table(season)] == [better, worse, third]


def test_a_league_shows_table_strengths_and_fixtures(client: Client, league: League) -> None:
    html = text(client, league.competition.get_absolute_url())
    for words in ("Strengths over time", "Home advantage", "Next fixtures", "Latest results", "Elo points"):
        assert words in html
    assert html.count('class="c-line s') >= 6


def test_a_league_can_show_another_season(client: Client, league: League) -> None:
    SeasonFactory.create(
        competition=league.competition,
        code="old",
        name="Long ago",
        starts_on=date(2001, 7, 1),
        ends_on=date(2002, 6, 1),
    )
    url = league.competition.get_absolute_url()
    assert "No results yet" in text(client, url, season="old")
    assert "This season" in text(client, url)


def test_an_unknown_season_is_said_at_the_switcher(client: Client, league: League) -> None:
    html = text(client, league.competition.get_absolute_url(), season="9999")
    assert "This league has no such season." in html
    assert "No such season" in html


def test_a_league_without_seasons_says_so(client: Client, db: None) -> None:
    assert "No season yet" in text(client, CompetitionFactory.create(code="NEW").get_absolute_url())


def test_unknown_leagues_and_other_sports_are_not_found(client: Client, db: None) -> None:
    assert client.get(reverse("predictions:league", args=["XX"])).status_code == 404
    nba = CompetitionFactory.create(code="NBA", sport=Sport.BASKETBALL)
    assert client.get(nba.get_absolute_url()).status_code == 404


def test_a_simulated_league_says_that_nothing_of_it_is_real(client: Client, simulated: League) -> None:
    html = text(client, simulated.competition.get_absolute_url())
    assert ">Simulated<" in html
    assert "not real" in html


def test_a_league_asks_the_database_little(
    adult: Client, simulated: League, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for match in simulated.coming:
        priced(match)
    with django_assert_max_num_queries(13):
        text(adult, simulated.competition.get_absolute_url())


def test_ratings_are_walked_again_only_when_results_change(league: League) -> None:
    before = elo_history(league.competition)
    assert {len(points) for points in before["now"].values()} == {5}
    assert sum(points[-1][1] for points in before["now"].values()) == pytest.approx(6 * 1500), "Elo is zero-sum"
    Match.objects.filter(pk=league.played[-1].pk).update(home_goals=9, updated_at=timezone.now() + timedelta(seconds=1))
    assert elo_history(league.competition) != before


def test_home_advantage_counts_outcomes_by_season(league: League) -> None:
    (season,) = home_advantage(league.competition)
    assert season.matches == 15
    assert season.home + season.draw + season.away == pytest.approx(1)
    assert season.home == pytest.approx(5 / 15)


@pytest.mark.parametrize("who", ["anonymous", "charlie"])
def test_leagues_and_teams_hide_odds_and_shadows(client: Client, league: League, charlie: User, who: str) -> None:
    predicted(
        league.coming[0], league.version, is_shadow=True, probabilities={"home": 0.91, "draw": 0.05, "away": 0.04}
    )
    if who == "charlie":
        client.force_login(charlie)
    for url in (league.competition.get_absolute_url(), reverse("predictions:team", args=[league.teams[1].slug])):
        html = text(client, url)
        assert "50&nbsp;%" in html
        assert "91&nbsp;%" not in html
        assert "Fair odds" not in html
        assert "Best price" not in html


def test_leagues_and_teams_show_fair_odds_to_adults(adult: Client, league: League) -> None:
    for url in (league.competition.get_absolute_url(), reverse("predictions:team", args=[league.teams[1].slug])):
        assert "<dt>Fair odds</dt>" in text(adult, url)


def test_a_team_shows_form_results_and_fixtures(client: Client, league: League) -> None:
    html = text(client, reverse("predictions:team", args=[league.teams[0].slug]))
    for words in (
        "Premier A",
        "Next fixtures",
        "Strength over time",
        "Results",
        "8 points and goals 8–5 in the last 5.",
    ):
        assert words in html


def test_a_team_without_matches_says_so(client: Client, db: None) -> None:
    team = TeamFactory.create()
    assert "No matches yet" in text(client, reverse("predictions:team", args=[team.slug]))


def test_a_team_that_has_not_played_shows_its_fixture(client: Client, db: None) -> None:
    match = MatchFactory.create(date=timezone.localdate() + timedelta(days=2))
    assert match.away.name in text(client, reverse("predictions:team", args=[match.home.slug]))


def test_unknown_teams_and_other_sports_are_not_found(client: Client, db: None) -> None:
    assert client.get(reverse("predictions:team", args=["nobody"])).status_code == 404
    other = TeamFactory.create(sport=Sport.BASKETBALL)
    assert client.get(reverse("predictions:team", args=[other.slug])).status_code == 404


def test_a_team_asks_the_database_little(
    adult: Client, league: League, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        text(adult, reverse("predictions:team", args=[league.teams[0].slug]))


def test_charts_are_told_in_words(client: Client, league: League) -> None:
    html = text(client, league.competition.get_absolute_url())
    page = client.get(league.competition.get_absolute_url()).context["page"]
    assert f"<strong>{page.strongest.standing.team.name}</strong> is rated highest" in html
    assert all(rating.now <= page.strongest.now for rating in page.ratings)
    assert f"{page.strongest.standing.team.name}: from " in html
    assert "Home sides won" in html


def test_home_wins_over_all_seasons_are_weighed_by_matches(client: Client, league: League) -> None:
    older = SeasonFactory.create(
        competition=league.competition,
        code="old",
        name="Last season",
        starts_on=league.season.starts_on - timedelta(days=365),
        ends_on=league.season.starts_on - timedelta(days=100),
    )
    a_match(older, league.teams[0], league.teams[1], timezone.now() - timedelta(days=400), (1, 0))
    page = client.get(league.competition.get_absolute_url()).context["page"]
    wins = [outcome_of(match) for match in league.played].count("home")
    assert page.home_over_all == pytest.approx((wins + 1) / (len(league.played) + 1))


def test_an_axis_over_many_seasons_is_marked_by_years() -> None:
    first = date(2019, 8, 1).toordinal()
    assert [words for _, words in month_labels([first, first + 90])] == ["Sep 2019", "Oct 2019"]
    assert [words for _, words in month_labels([first, first + 1000])] == ["2020", "2021", "2022"]
