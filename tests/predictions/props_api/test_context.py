"""What was known of players before a day, alone and in batches."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from matches.models import Availability, Match, Player, PlayerGame
from predictions.basketball.context import contexts
from tests.predictions.props_api.conftest import api, somebody

LATER = "2040-01-01T00:00:00Z"


def ask(user: User | None, **told: Any) -> Any:
    return api(user).get("/api/player_context", {"stat_type": "points", **told})


def ask_many(user: User | None, players: list[str], **told: Any) -> Any:
    return api(user).post("/api/batch_player_context", {"players": players, "stat_type": "points", **told})


def lines_of(player: Player, before: date) -> list[PlayerGame]:
    return list(PlayerGame.objects.filter(player=player, match__date__lt=before).order_by("match__date"))


@pytest.mark.parametrize("path", ["/api/player_context?player_name=x&stat_type=points", "/api/team_advanced"])
def test_a_stranger_gets_nothing(path: str, game: Match) -> None:
    assert api().get(path).status_code == 401
    assert ask_many(None, ["x"]).status_code == 401


def test_means_are_those_of_the_games_before(game: Match, charlie: User) -> None:
    player = somebody(game)
    told = ask(charlie, player_name=player.name, game_date=game.date.isoformat()).json()
    lines = lines_of(player, game.date)
    counts = [line.points for line in lines]
    season = [line.points for line in lines if line.match.season_id == game.season_id]
    assert told["games_known"] == len(lines)
    assert [row["value"] for row in told["recent_games"]] == counts[::-1][:10]
    assert told["recent_games"][0]["date"] == lines[-1].match.date.isoformat()
    assert told["season_average"]["mean"] == pytest.approx(np.mean(season), abs=1e-3)
    assert told["season_average"]["games"] == len(season)
    assert told["previous_season_average"]["season"] == "2020-21"
    assert told["rolling_averages"]["last_5"] == pytest.approx(np.mean(counts[-5:]), abs=1e-3)
    assert told["rolling_minutes"]["last_3"] == pytest.approx(np.mean([line.minutes for line in lines[-3:]]), abs=1e-3)
    assert told["game"] == {"match": game.pk, "tip_off": "2022-02-12T00:00:00Z", "home": True, "season": "2021-22"}


def test_the_opponent_and_the_circumstances_are_told(game: Match, charlie: User) -> None:
    player = somebody(game)
    told = ask(charlie, player_name=player.name).json()
    assert told["game_date"] == game.date.isoformat(), "the next game is meant where no day is told"
    opponent = told["opponent_info"]
    assert opponent["abbreviation"] == game.away.abbreviation
    assert 1 <= opponent["ratings"]["defensive_rank"] <= 6
    met = [line for line in lines_of(player, game.date) if game.away_id in (line.match.home_id, line.match.away_id)]
    assert opponent["against"]["games"] == len(met)
    assert told["contextual_factors"]["is_home"] is True
    assert told["contextual_factors"]["rest_days"] >= 1
    assert 0 < told["advanced_metrics"]["usage"] < 1


def test_nothing_of_the_day_or_later_is_known(game: Match, charlie: User) -> None:
    """Everything from a day on is replaced, and nothing that is said of that day moves."""
    day = Match.objects.filter(status="finished").order_by("-date")[6].date
    player = PlayerGame.objects.filter(match__date=day).earliest("pk").player
    before = ask(charlie, player_name=str(player.pk), game_date=day.isoformat()).json()
    later = PlayerGame.objects.filter(match__date__gte=day)
    assert later.update(points=60, minutes=47.0, assists=20, field_goals_made=0, threes_made=0) > 10
    Match.objects.filter(date__gte=day).update(updated_at=LATER)
    assert ask(charlie, player_name=str(player.pk), game_date=day.isoformat()).json() == before


def test_a_day_without_a_game_is_told_without_an_opponent(game: Match, charlie: User) -> None:
    day = (game.date + timedelta(days=1)).isoformat()
    told = ask(charlie, player_name=somebody(game).name, game_date=day).json()
    assert (told["game"], told["opponent_info"]) == (None, None)
    assert told["contextual_factors"]["is_home"] is None
    assert "no game on this day" in told["notes"][0]


def test_a_traded_player_is_told_of_with_the_team_of_that_day(game: Match, charlie: User) -> None:
    first = PlayerGame.objects.filter(player=1100).earliest("match__date")
    told = ask(charlie, player_name="Nikola Jokić", game_date=first.match.date.isoformat()).json()
    assert told["player"]["team"] == "Team BOS"
    assert told["games_known"] == 0
    assert told["notes"] == ["No game of this player before this day is known."]
    assert ask(charlie, player_name="nikola jokic").json()["player"]["team"] == "Team DEN"


def test_availability_is_the_latest_before_the_game_whatever_was_kept(game: Match, charlie: User) -> None:
    player = somebody(game)
    assert ask(charlie, player_name=player.name).json()["availability"] is None
    for hours, status in ((6, "questionable"), (-6, "out")):
        reported_at = game.kickoff - timedelta(hours=hours)
        Availability.objects.create(player=player, date=game.date, status=status, reported_at=reported_at)
    assert ask(charlie, player_name=player.name).json()["availability"] is None, "a report after tip-off is none"
    Availability.objects.filter(status="out").delete()
    assert ask(charlie, player_name=player.name).json()["availability"]["status"] == "questionable"


def test_it_is_kept(game: Match, charlie: User) -> None:
    first = ask(charlie, player_name=somebody(game).name)
    with CaptureQueriesContext(connection) as queries:
        assert ask(charlie, player_name=somebody(game).name).json() == first.json()
    assert not any("matches_gameline" in query["sql"] for query in queries)


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"player_name": "Nikola Jokik"}, 404, "unknown_player"),
        ({"player_name": "Jalen Williams"}, 409, "ambiguous_player"),
        ({"player_name": "999999"}, 404, "unknown_subject"),
        ({"player_name": ""}, 400, "invalid"),
        ({"stat_type": "pointz"}, 422, "unknown_statistic"),
        ({"game_date": "tomorrow"}, 400, "invalid"),
        ({"game_date": "9999-12-31"}, 422, "invalid_day"),
        ({"when": "2024-01-01"}, 400, "invalid"),
    ],
)
def test_what_can_not_be_told_is_refused(wrong: Any, status: int, code: str, game: Match, charlie: User) -> None:
    answer = ask(charlie, **{"player_name": "Nikola Jokić", **wrong})
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()


def test_of_many_each_is_told_or_refused(game: Match, charlie: User) -> None:
    told = ask_many(charlie, ["Nikola Jokić", "Nikola Jokik", "Jalen Williams", "nikola jokic"]).json()
    assert (told["succeeded"], told["failed"]) == (2, 2)
    assert [row.get("error", {}).get("code") for row in told["results"]] == [
        None,
        "unknown_player",
        "ambiguous_player",
        None,
    ]
    assert told["results"][0] == told["results"][3]
    assert told["results"][1]["player_name"] == "Nikola Jokik"


def test_a_batch_says_what_one_by_one_says(game: Match, charlie: User) -> None:
    names = [str(pk) for pk in Player.objects.order_by("pk").values_list("pk", flat=True)]
    together = contexts(names, "rebounds", game.date)
    cache.clear()
    assert together == [contexts([name], "rebounds", game.date)[0] for name in names]


def test_fifty_take_no_more_queries_than_two(
    game: Match, charlie: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    names = list(Player.objects.exclude(name="Jalen Williams").order_by("pk").values_list("name", flat=True))
    playing = Player.objects.filter(team__in=(game.home, game.away)).exclude(name="Jalen Williams")
    ask_many(charlie, names[:1], game_date="2022-01-01")
    day = game.date.isoformat()
    with CaptureQueriesContext(connection) as few:
        ask_many(charlie, [player.name for player in playing[:2]], game_date=day)
    cache.clear()
    with django_assert_max_num_queries(len(few)):
        assert ask_many(charlie, names[:50], game_date=day).json()["failed"] == 0


def test_at_most_fifty(game: Match, charlie: User) -> None:
    assert ask_many(charlie, ["Nikola Jokić"] * 50).status_code == 200
    answer = ask_many(charlie, ["Nikola Jokić"] * 51)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many")
    assert ask_many(charlie, []).status_code == 400


def test_teams_are_told_by_rank_or_by_name(game: Match, charlie: User) -> None:
    told = api(charlie).get("/api/team_advanced").json()
    assert [team["net_rank"] for team in told["teams"]] == [1, 2, 3, 4, 5, 6]
    assert told["competition"] == "HOOP"
    [one] = api(charlie).get("/api/team_advanced", {"team": "lal", "date": game.date.isoformat()}).json()["teams"]
    assert one["abbreviation"] == "LAL"
    assert one["net_rating"] == pytest.approx(one["offensive_rating"] - one["defensive_rating"], abs=2e-3)


@pytest.mark.parametrize("wrong", [{"team": "XYZ"}, {"date": "1999-01-01"}, {"competition": "NBA"}])
def test_teams_that_nobody_knows_are_refused(wrong: Any, game: Match, charlie: User) -> None:
    answer = api(charlie).get("/api/team_advanced", wrong)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_subject")
