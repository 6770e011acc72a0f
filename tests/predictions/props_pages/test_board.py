"""The board of player props."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from matches.models import Competition, Player
from mlmodels.models import ModelVersion
from predictions.models import Prediction
from tests.predictions.props_pages.conftest import Hoops, a_game, a_line, a_player, priced, reported, said_of

URL = reverse("predictions:props")


def page(client: Client, **query: str) -> str:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def rows(client: Client, **query: str) -> dict[str, int]:
    """How often each player is offered."""
    response = client.get(URL, query)
    found: dict[str, int] = {}
    for day in response.context["board"].days:
        for prop in (prop for game in day.games for prop in game.props):
            found[prop.player.name] = found.get(prop.player.name, 0) + 1
    return found


def test_it_lists_the_next_games_with_our_chance_beside_the_markets(client: Client, hoops: Hoops) -> None:
    html = page(client)
    assert 'Los Angeles Lakers <span class="muted">at</span> Denver Nuggets' in html
    assert "65\u00a0%" in html
    assert "51\u00a0%" in html, "without the margin: 1/1.87 over 1/1.87 + 1/1.97"
    assert "3.0" in html
    assert "0 to 5" in html
    assert set(rows(client)) == {player.name for player in hoops.players}


def test_it_begins_on_the_first_day_that_has_games(client: Client, hoops: Hoops) -> None:
    board = client.get(URL).context["board"]
    assert board.first == hoops.coming[0].date
    assert [game.match for day in board.days for game in day.games] == [hoops.coming[0]]


def test_who_is_out_is_not_offered_and_a_line_says_who_and_why(client: Client, hoops: Hoops) -> None:
    reported(hoops.players[0], hoops.coming[0], "questionable", "rest")
    reported(hoops.players[0], hoops.coming[0], "out", "left ankle")
    reported(hoops.players[1], hoops.coming[0], "questionable", "illness")
    html = page(client)
    assert "Nikola Jokić" not in rows(client)
    assert "(out, left ankle)" in html
    assert "Questionable" in html
    assert rows(client)["Jamal Murray"] == 1


def test_who_was_traded_away_is_not_offered_for_his_old_team(client: Client, hoops: Hoops) -> None:
    elsewhere = a_player("Traded Man", hoops.home)
    said_of(hoops.coming[0], elsewhere, hoops.version)
    assert "Traded Man" in rows(client)
    Player.objects.filter(pk=elsewhere.pk).update(team=None)
    assert "Traded Man" not in rows(client)


def test_a_line_that_somebody_asked_for_is_not_on_the_board(client: Client, hoops: Hoops) -> None:
    said_of(hoops.coming[0], hoops.players[0], hoops.version, line=0.5)
    response = client.get(URL)
    props = [prop for day in response.context["board"].days for game in day.games for prop in game.props]
    assert {prop.statement.line for prop in props} == {2.5}


def test_the_last_word_is_shown(client: Client, hoops: Hoops) -> None:
    later = said_of(
        hoops.coming[0], hoops.players[0], hoops.version, probabilities={"over": 0.77, "push": 0, "under": 0.23}
    )
    said_of(hoops.coming[0], hoops.players[0], hoops.version, is_shadow=True)
    props = [prop for day in client.get(URL).context["board"].days for game in day.games for prop in game.props]
    shown = next(prop for prop in props if prop.player == hoops.players[0])
    assert shown.statement.prediction == later


@pytest.mark.parametrize("who", ["anonymous", "charlie"])
def test_prices_are_for_adults_only(client: Client, hoops: Hoops, charlie: User, who: str) -> None:
    if who == "charlie":
        client.force_login(charlie)
    html = page(client)
    for words in ("Best price", "Fair odds, over", "1.87"):
        assert words not in html
    assert "I am 18 or older" in html


def test_adults_see_prices_with_a_word_of_caution(adult: Client, hoops: Hoops) -> None:
    html = page(adult)
    assert "1.87 · 1.97" in html
    assert "1.54 · 2.86" in html
    assert "gambling responsibly" in html


def test_it_filters_by_statistic_team_and_game(client: Client, hoops: Hoops) -> None:
    other = a_game(hoops.season, hoops.away, hoops.home, hoops.coming[0].kickoff.replace(hour=23))
    said_of(other, hoops.players[0], hoops.version)
    assert rows(client)["Nikola Jokić"] == 2
    assert rows(client, game=str(other.pk)) == {"Nikola Jokić": 1}
    assert rows(client, team=hoops.away.slug, days="3")["LeBron James"] == 2
    assert rows(client, stat="rebounds") == {}


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ({"stat": "pointz"}, "There is no such statistic."),
        ({"team": "nobody"}, "There is no such team."),
        ({"game": "0"}, "There is no such game to come."),
        ({"game": "nonsense"}, "There is no such game to come."),
        ({"since": "9999-01-01"}, "That is too far away"),
    ],
)
def test_it_says_what_is_wrong_with_a_filter(
    client: Client, hoops: Hoops, query: dict[str, str], complaint: str
) -> None:
    html = page(client, **query)
    assert complaint in html
    assert "Nikola Jokić" not in html


def test_an_empty_installation_says_what_to_run(client: Client, db: None) -> None:
    html = page(client)
    assert "manage.py import_games nba-logs" in html
    assert "manage.py simulate_games" in html


def test_without_a_model_it_says_how_to_train_one(client: Client, hoops: Hoops) -> None:
    assert "manage.py train player-props-blocks" in page(client, stat="blocks")
    assert "manage.py train" not in page(client)


def test_days_without_games_lead_to_the_next_that_has(client: Client, hoops: Hoops) -> None:
    html = page(client, since="2026-03-04", days="1")
    assert "No games on these days" in html
    assert "since=2026-03-05" in html


def test_simulated_games_are_labelled(client: Client, hoops: Hoops) -> None:
    assert ">Simulated<" not in page(client)
    Competition.objects.update(is_simulated=True)
    assert ">Simulated<" in page(client)


def test_its_queries_do_not_grow_with_players(
    client: Client, hoops: Hoops, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        one = a_player(f"Bench {number}", hoops.home)
        a_line(hoops.played[0], one, 3)
        said_of(hoops.coming[number % 2], one, hoops.version)
        priced(hoops.coming[number % 2], one)
    with django_assert_max_num_queries(14):
        page(client, days="7")


def test_it_answers_htmx_with_the_board_alone(client: Client, hoops: Hoops) -> None:
    html = client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div id="board"')
    assert "4 props" in html


def test_nothing_is_shown_of_a_problem_that_is_not_in_service(client: Client, hoops: Hoops) -> None:
    ModelVersion.objects.update(role=ModelVersion.Role.ARCHIVED)
    assert Prediction.objects.exists()
    assert "No model of this statistic is in service" in page(client)
