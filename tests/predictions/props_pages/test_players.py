"""Finding players, and their pages."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from matches.models import Match, Player
from mlmodels.models import ModelVersion
from tests.predictions.props_pages.conftest import Hoops, a_line, a_player, reported, said_of, settle

SEARCH = reverse("predictions:players")


def found(client: Client, **query: str) -> list[str]:
    response = client.get(SEARCH, query)
    assert response.status_code == 200
    return [one.player.name for one in response.context["search"].found]


def page_of(client: Client, player: Player, **query: str) -> str:
    response = client.get(reverse("predictions:player", args=[player.slug]), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("query", ["jokic", "Jokić", "JOKI", "nikola jok"])
def test_a_name_is_found_without_accents_and_by_its_beginning(client: Client, hoops: Hoops, query: str) -> None:
    assert found(client, q=query)[0] == "Nikola Jokić"


def test_a_whole_name_leads_to_its_player(client: Client, hoops: Hoops) -> None:
    response = client.get(SEARCH, {"q": "nikola jokic"})
    assert response.headers["Location"] == reverse("predictions:player", args=["nikola-jokic"])


def test_namesakes_are_listed_and_nobody_is_guessed(client: Client, hoops: Hoops) -> None:
    a_player("Jamal Murray Jr.", hoops.away, slug="jamal-murray-2")
    assert sorted(found(client, q="jamal murray")) == ["Jamal Murray", "Jamal Murray Jr."]
    assert "2 players are called so" in client.get(SEARCH, {"q": "jamal murray"}).content.decode()
    assert found(client, q="jamal", team=hoops.away.slug) == ["Jamal Murray Jr."]


def test_a_team_lists_its_players(client: Client, hoops: Hoops) -> None:
    assert found(client, team=hoops.away.slug) == ["Austin Reaves", "LeBron James"]


@pytest.mark.parametrize(
    ("query", "words"),
    [({"q": "zzzzqq"}, "Nobody found"), ({"team": "nobody"}, "There is no such team."), ({}, "Write a name")],
)
def test_it_says_when_there_is_nothing_to_list(client: Client, hoops: Hoops, query: dict[str, str], words: str) -> None:
    assert words in client.get(SEARCH, query).content.decode()


def test_a_query_is_written_back_harmlessly(client: Client, hoops: Hoops) -> None:
    assert "<script>alert" not in client.get(SEARCH, {"q": "<script>alert(1)</script>"}).content.decode()


def test_an_empty_installation_says_what_to_run(client: Client, db: None) -> None:
    assert "manage.py simulate_games" in client.get(SEARCH).content.decode()


def test_a_page_says_in_a_sentence_what_the_distribution_means(client: Client, hoops: Hoops) -> None:
    html = page_of(client, hoops.players[0])
    assert "65</strong> of 100 such games Nikola Jokić would score more than 2.5 points" in html
    for words in (
        "Last games",
        "What speaks for over",
        "What we said before",
        "Los Angeles Lakers",
        "moves over from 50.0",
    ):
        assert words in html


def test_the_bars_are_those_of_the_distribution(client: Client, hoops: Hoops) -> None:
    response = client.get(reverse("predictions:player", args=["nikola-jokic"]))
    chart = response.context["page"].told.chart
    assert [bar.count for bar in chart.bars] == list(range(7))
    assert sum(bar.probability for bar in chart.bars if bar.side == "over") == pytest.approx(0.65)
    assert chart.bars[0].at_least == pytest.approx(1.0)


def test_means_and_the_share_over_the_line_are_those_of_the_games(client: Client, hoops: Hoops) -> None:
    response = client.get(reverse("predictions:player", args=["nikola-jokic"]))
    page = response.context["page"]
    counts = [line.points for line in hoops.players[0].games.order_by("-match__date")]
    assert page.means.last == pytest.approx(sum(counts[:10]) / 10)
    assert page.means.season == pytest.approx(sum(counts) / 12)
    assert page.chart.over == sum(count > 2.5 for count in counts)
    assert page.rows[0].mean == pytest.approx(sum(counts[:10]) / 10)
    assert page.rows[-1].mean is None, "a mean of one game is not drawn"


def test_the_opponents_rank_is_by_what_they_give_away(client: Client, hoops: Hoops) -> None:
    allowed = client.get(reverse("predictions:player", args=["nikola-jokic"])).context["page"].next_game.allowed
    given_away = [sum(line.points for line in match.player_games.filter(team=hoops.home)) for match in hoops.played]
    assert (allowed.team, allowed.games, allowed.teams) == (hoops.away, 12, 2)
    assert allowed.per_game == pytest.approx(sum(given_away) / 12)


def test_another_statistic_has_its_own_figures_and_says_why_nothing_is_said(client: Client, hoops: Hoops) -> None:
    html = page_of(client, hoops.players[0], stat="pra")
    assert "No model of this statistic is in service yet" in html
    assert "points, rebounds and assists" in html
    assert "Mean of the last 10" in html


def test_a_strange_statistic_is_said_and_points_are_shown(client: Client, hoops: Hoops) -> None:
    html = page_of(client, hoops.players[0], stat="pointz")
    assert "There is no such statistic." in html
    assert "would score more than" in html


def test_of_who_is_out_no_prop_is_offered(client: Client, hoops: Hoops) -> None:
    reported(hoops.players[0], hoops.coming[0], "out", "knee")
    html = page_of(client, hoops.players[0])
    assert "no prop of him is offered" in html
    assert "Reported out: knee" in html
    assert "would score more" not in html
    assert "knee" in page_of(client, hoops.players[1]), "his team-mates' pages say who is missing"


def test_a_player_of_two_games_has_a_page(client: Client, hoops: Hoops) -> None:
    rookie = a_player("Green Rookie", hoops.home)
    for match in hoops.played[-2:]:
        a_line(match, rookie, 1)
    html = page_of(client, rookie)
    assert "Nothing is predicted for his next game" in html
    assert "Mean of the last 2" in html


def test_a_player_without_team_or_games_has_a_page(client: Client, hoops: Hoops) -> None:
    free = Player.objects.create(name="Free Agent", slug="free-agent")
    html = page_of(client, free)
    assert "No team of this player is known" in html
    assert "No game of this player is known" in html


def test_without_a_schedule_the_page_says_so(client: Client, hoops: Hoops) -> None:
    Match.objects.filter(pk__in=[match.pk for match in hoops.coming]).update(status=Match.Status.POSTPONED)
    assert "is on the schedule" in page_of(client, hoops.players[0])


@pytest.mark.parametrize("who", ["anonymous", "charlie"])
def test_prices_and_advice_are_for_adults_only(client: Client, hoops: Hoops, charlie: User, who: str) -> None:
    if who == "charlie":
        client.force_login(charlie)
    html = page_of(client, hoops.players[0])
    for words in ("Best prices", "1.87", "Advice", "bankroll"):
        assert words not in html
    assert "I am 18 or older" in html


def test_adults_see_advice_with_its_reason(adult: Client, hoops: Hoops) -> None:
    html = page_of(adult, hoops.players[0])
    assert "<dt>Advice</dt><dd><strong>Pass</strong>" in html
    assert "After the pull to the market" in html
    assert "1.87" in html


def test_nobody_of_another_sport_and_no_unknown_slug_has_a_page(client: Client, hoops: Hoops) -> None:
    Player.objects.create(name="Striker", slug="striker", sport="football")
    for slug in ("striker", "nobody"):
        assert client.get(reverse("predictions:player", args=[slug])).status_code == 404


def test_what_was_said_in_the_shadow_shows_nowhere(client: Client, hoops: Hoops) -> None:
    loud = {"over": 0.99, "push": 0.0, "under": 0.01}
    said_of(hoops.coming[0], hoops.players[0], hoops.version, probabilities=loud, is_shadow=True)
    settle(said_of(hoops.played[0], hoops.players[0], hoops.version, probabilities=loud, is_shadow=True), "over")
    assert "99\u00a0%" not in page_of(client, hoops.players[0])


def test_its_queries_do_not_grow_with_games(
    client: Client, hoops: Hoops, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(17):
        page_of(client, hoops.players[0], games="40")


def test_an_entry_of_the_ledger_tells_the_prop_in_words(client: Client, hoops: Hoops, staff: User) -> None:
    html = client.get(hoops.said[0].get_absolute_url()).content.decode()
    assert "Nikola Jokić, points, line 2.5" in html
    assert "Home win" not in html
    assert f'href="{hoops.coming[0].get_absolute_url()}"' not in html, "games of basketball have no page of their own"
    client.force_login(staff)
    assert "Nikola Jokić, points, line 2.5" in client.get("/admin/predictions/prediction/").content.decode()
    assert "points, line 2.5" in client.get("/admin/predictions/settlement/").content.decode()


def test_a_retired_model_still_has_its_settled_words(client: Client, hoops: Hoops) -> None:
    ModelVersion.objects.update(role=ModelVersion.Role.ARCHIVED)
    assert "He had" in page_of(client, hoops.players[0])


@pytest.mark.parametrize("path", ["/props/", "/players/nikola-jokic/"])
def test_adults_who_have_not_signed_in_see_prices(client: Client, hoops: Hoops, path: str) -> None:
    client.post(reverse("accounts:age-gate"), {"next": path})
    assert "1.87" in client.get(path).content.decode()


def test_an_entry_of_a_supposed_game_can_be_read_and_is_on_no_page(client: Client, hoops: Hoops, staff: User) -> None:
    player, soon = hoops.players[0], hoops.coming[0].kickoff
    subject = {"player": player.pk, "line": 2.5, "opponent": None, "home": True, "date": "2026-03-09"}
    supposed = said_of(
        hoops.coming[0], player, hoops.version, match_id=None, event_at=soon, subject=subject,
        probabilities={"over": 0.97, "push": 0.0, "under": 0.03},
    )  # fmt: skip
    supposed.refresh_from_db()
    assert supposed.match is None
    client.force_login(staff)
    assert "Nikola Jokić, points, line 2.5" in client.get(supposed.get_absolute_url()).content.decode()
    assert "97\u00a0%" not in page_of(client, player)
    assert "97\u00a0%" not in client.get(reverse("predictions:props")).content.decode()
    assert "Nikola Jokić, points, line 2.5" in client.get("/admin/predictions/prediction/").content.decode()
