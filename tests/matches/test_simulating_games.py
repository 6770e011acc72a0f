"""The simulated basketball league in the database: labelled, landed once, carried on when its time comes."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import F, Sum
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from matches import simulating
from matches.errors import InvalidSimulation
from matches.models import (
    Availability,
    Competition,
    GameLine,
    ImportBatch,
    Match,
    Player,
    PlayerAlias,
    PlayerGame,
    PropLine,
    Season,
    SimulatedLeague,
    Team,
)
from matches.signals import results_changed
from matches.simulating_games import bring_games_forward, end_games, play_due_games, simulate_games
from matches.simulation.basketball.names import CODE
from matches.simulation.basketball.rows import EARLIEST, GAME_LASTS, place_of, reported_at
from matches.tasks import play_simulated
from tests.factories import CompetitionFactory

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
TABLES = (Competition, Season, Team, Player, PlayerAlias, Match, PlayerGame, PropLine, GameLine, Availability)


@pytest.fixture
def league(db: None) -> SimulatedLeague:
    """A league of four teams, in the last days of its first season."""
    with time_machine.travel(NOW, tick=False):
        simulate_games(history=1, teams=4)
    return SimulatedLeague.objects.get()


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in (*TABLES, ImportBatch)}


def next_game() -> Match:
    return Match.objects.filter(status=Match.Status.SCHEDULED).earliest("kickoff")


def season_end() -> datetime:
    """Noon of the last day of the last season."""
    ends = Season.objects.latest("starts_on").ends_on
    return datetime(ends.year, ends.month, ends.day, 12, tzinfo=UTC)


class TestLanding:
    def test_everything_simulated_says_so(self, league: SimulatedLeague) -> None:
        assert league.competition.code == CODE
        assert league.competition.is_simulated
        assert league.competition.sport == "basketball"
        assert not Team.objects.filter(is_simulated=False).exists()
        assert not Player.objects.filter(is_simulated=False).exists()
        assert set(Team.objects.values_list("sport", flat=True)) == {"basketball"}

    def test_played_games_have_box_scores_that_add_up_to_the_result(self, league: SimulatedLeague) -> None:
        played = Match.objects.finished()
        assert played.filter(kickoff__gt=NOW - GAME_LASTS).count() == 0
        for side, of_home in (("home", True), ("away", False)):
            scored = PlayerGame.objects.filter(is_home=of_home).values("match").annotate(scored=Sum("points"))
            found = {row["match"]: row["scored"] for row in scored}
            assert found == dict(played.values_list("pk", f"{side}_goals"))
        assert not PlayerGame.objects.exclude(
            points=2 * F("field_goals_made") + F("threes_made") + F("free_throws_made")
        )
        assert not PlayerGame.objects.exclude(rebounds=F("offensive_rebounds") + F("defensive_rebounds"))
        assert not PlayerGame.objects.exclude(match__status=Match.Status.FINISHED)

    def test_nothing_is_said_before_its_time(self, league: SimulatedLeague) -> None:
        assert PropLine.objects.filter(match__kickoff__gt=NOW).exists()
        assert not PropLine.objects.filter(quoted_at__gt=NOW).exists()
        assert not Availability.objects.filter(reported_at__gt=NOW).exists()
        assert not GameLine.objects.filter(match__kickoff__gt=NOW + EARLIEST).exists()

    def test_games_of_the_next_days_have_lines(self, league: SimulatedLeague) -> None:
        coming = Match.objects.upcoming(NOW).filter(kickoff__lte=NOW + EARLIEST)
        assert coming.exists()
        assert not coming.filter(prop_lines__isnull=True).exists()
        assert not coming.filter(game_lines__isnull=True).exists()

    def test_lines_are_quoted_before_the_tip_off_with_two_prices(self, league: SimulatedLeague) -> None:
        assert not PropLine.objects.filter(quoted_at__gte=F("match__kickoff")).exists()
        assert not PropLine.objects.filter(over_price__isnull=True).exists()
        assert set(PropLine.objects.values_list("statistic", flat=True)) == {"points", "rebounds", "assists", "pra"}

    def test_players_can_be_found_by_name_and_stand_in_their_teams(self, league: SimulatedLeague) -> None:
        player = Player.objects.filter(team__isnull=False).earliest("pk")
        assert list(player.aliases.values_list("key", flat=True)) == [player.name.lower()]
        assert set(Team.objects.values_list("players__team", flat=True)) == set(
            Team.objects.values_list("pk", flat=True)
        )
        assert Player.objects.filter(team__isnull=False).count() == 4 * 13

    def test_simulating_again_changes_nothing(self, league: SimulatedLeague) -> None:
        before = counts()
        with time_machine.travel(NOW, tick=False):
            assert simulate_games(history=1, teams=4) == []
            assert play_due_games() == 0
        assert counts() == before

    def test_it_is_carried_on_from_its_own_first_season(self, league: SimulatedLeague) -> None:
        with time_machine.travel(NOW + timedelta(days=1), tick=False):
            simulate_games(history=5, teams=4)
        assert league.competition.seasons.count() == 1

    def test_it_refuses_to_write_over_a_league_of_other_rules(self, league: SimulatedLeague) -> None:
        with pytest.raises(InvalidSimulation, match="seed 1 and 4 teams"):
            simulate_games(seed=2, teams=4)

    def test_it_refuses_to_write_into_a_real_competition(self, db: None) -> None:
        CompetitionFactory.create(code=CODE, sport="basketball")
        with pytest.raises(InvalidSimulation, match="another competition"):
            simulate_games(teams=4)
        assert not Match.objects.exists()

    @pytest.mark.parametrize("wish", [{"history": 0}, {"teams": 5}, {"seed": -1}])
    def test_it_refuses_what_cannot_be_simulated(self, db: None, wish: dict[str, Any]) -> None:
        with pytest.raises(InvalidSimulation):
            simulate_games(**wish)
        assert not Competition.objects.exists()

    def test_a_batch_tells_what_landed(self, league: SimulatedLeague) -> None:
        batch = ImportBatch.objects.get()
        assert (batch.source, batch.filename, batch.status) == ("simulator", CODE, ImportBatch.Status.COMPLETED)
        assert batch.created == Match.objects.count()
        assert batch.report == {
            "player_games": PlayerGame.objects.count(),
            "prop_lines": PropLine.objects.count(),
            "game_lines": GameLine.objects.count(),
            "reports": Availability.objects.count(),
        }


class TestGoingOn:
    def test_a_game_has_its_box_score_when_it_is_over(self, league: SimulatedLeague) -> None:
        game = next_game()
        over = game.kickoff + GAME_LASTS
        due = Match.objects.filter(status=Match.Status.SCHEDULED, kickoff__lte=game.kickoff).count()
        assert play_due_games(over - timedelta(seconds=1)) == 0
        assert not PlayerGame.objects.filter(match=game).exists()
        assert play_due_games(over) == due
        game.refresh_from_db()
        assert game.is_finished
        assert PlayerGame.objects.filter(match=game).count() >= 16

    def test_going_on_twice_changes_nothing(self, league: SimulatedLeague) -> None:
        later = NOW + timedelta(days=3)
        assert play_due_games(later) > 0
        before = counts()
        assert play_due_games(later) == 0
        assert counts() == before

    def test_small_steps_lead_where_a_leap_leads(self, league: SimulatedLeague) -> None:
        later = NOW + timedelta(days=5)
        for hours in range(0, 5 * 24 + 1, 6):
            play_due_games(NOW + timedelta(hours=hours))
        stepped = self._told()
        ImportBatch.objects.all().delete()
        for model in (PlayerGame, PropLine, GameLine, Availability, Match, Season, PlayerAlias, Player):
            model._default_manager.all().delete()
        play_due_games(later)
        assert self._told() == stepped

    @staticmethod
    def _told() -> list[list[Any]]:
        return [
            sorted(Match.objects.values_list("external_id", "status", "home_goals", "away_goals")),
            sorted(
                PlayerGame.objects.values_list("match__external_id", "player__name", "minutes", "points", "assists")
            ),
            sorted(
                PropLine.objects.values_list(
                    "match__external_id", "player__name", "statistic", "bookmaker", "line", "over_price", "quoted_at"
                )
            ),
            sorted(GameLine.objects.values_list("match__external_id", "bookmaker", "spread_home", "total")),
            sorted(Availability.objects.values_list("player__name", "date", "status", "reported_at")),
        ]

    def test_lines_come_out_once_their_time_has_come(self, league: SimulatedLeague) -> None:
        play_due_games(season_end())
        game = Match.objects.filter(status=Match.Status.SCHEDULED, game_lines__isnull=True).earliest("kickoff")
        play_due_games(game.kickoff - EARLIEST - timedelta(seconds=1))
        assert not game.prop_lines.exists()
        play_due_games(game.kickoff - EARLIEST)
        assert game.prop_lines.values("bookmaker").distinct().count() == 1
        play_due_games(game.kickoff - timedelta(hours=4))
        assert game.prop_lines.values("bookmaker").distinct().count() == 2

    def test_the_eves_reports_are_of_the_next_day(self, league: SimulatedLeague) -> None:
        game = next_game()
        eve = reported_at("eve", game.kickoff + timedelta(days=2))
        play_due_games(eve)
        reported = Availability.objects.filter(reported_at=eve)
        assert set(reported.values_list("date", flat=True)) <= {eve.date() + timedelta(days=1)}

    def test_results_are_announced_to_whoever_settles(
        self, league: SimulatedLeague, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        over = next_game().kickoff + GAME_LASTS
        told: list[int] = []
        hear = patch.object(results_changed, "send", side_effect=lambda **sent: told.extend(sent["match_ids"]))
        with hear, django_capture_on_commit_callbacks(execute=True):
            play_due_games(over)
        played = Match.objects.finished().filter(kickoff__gt=NOW - GAME_LASTS, kickoff__lte=over)
        assert sorted(told) == sorted(played.values_list("pk", flat=True))

    def test_the_next_season_is_announced_when_one_is_over(self, league: SimulatedLeague) -> None:
        end = season_end()
        play_due_games(end - timedelta(days=4))
        assert league.competition.seasons.count() == 1
        play_due_games(end)
        assert league.competition.seasons.count() == 2
        assert not Match.objects.filter(season__starts_on__lte=end.date(), status=Match.Status.SCHEDULED).exists()
        assert Player.objects.filter(team__isnull=False).count() == 4 * 13

    def test_the_seasons_last_games_are_brought_forward_with_their_lines(self, league: SimulatedLeague) -> None:
        start = season_end() + timedelta(days=2)
        soon = start + timedelta(minutes=5)
        with time_machine.travel(start, tick=False):
            play_due_games()
            brought = bring_games_forward(soon)
        moved = Match.objects.filter(kickoff=soon)
        assert brought == moved.count() >= 1
        assert len({*moved.values_list("home", flat=True), *moved.values_list("away", flat=True)}) == 2 * brought
        assert not moved.filter(prop_lines__isnull=True).exists()
        assert play_due_games(soon + GAME_LASTS) >= brought
        assert not moved.exclude(status=Match.Status.FINISHED).exists()

    def test_games_that_have_begun_can_be_ended_at_once_and_no_others(self, league: SimulatedLeague) -> None:
        start = season_end() + timedelta(days=2)
        with time_machine.travel(start, tick=False):
            play_due_games()
            brought = bring_games_forward(start + timedelta(minutes=5))
        played = Match.objects.finished().count()
        assert end_games(start + timedelta(minutes=4)) == 0
        assert end_games(start + timedelta(minutes=5)) == brought
        assert Match.objects.finished().count() == played + brought
        assert end_games(start + timedelta(minutes=5)) == 0

    def test_a_game_added_by_hand_is_left_alone(self, league: SimulatedLeague) -> None:
        game = next_game()
        Match.objects.filter(pk=game.pk).update(external_id="")
        play_due_games(game.kickoff + GAME_LASTS)
        game.refresh_from_db()
        assert not game.is_finished

    def test_nothing_is_drawn_where_nothing_is_due(
        self, league: SimulatedLeague, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with patch("matches.simulation.basketball.landing.seasons") as drawing, django_assert_max_num_queries(7):
            assert play_due_games(NOW) == 0
        drawing.assert_not_called()

    def test_football_leaves_the_league_alone(self, league: SimulatedLeague) -> None:
        assert simulating.play_due(NOW + timedelta(days=30)) == 0
        assert simulating.bring_forward(NOW + timedelta(days=30)) == 0

    def test_the_clock_plays_what_is_over(self, league: SimulatedLeague) -> None:
        game = next_game()
        with time_machine.travel(game.kickoff + GAME_LASTS, tick=False):
            assert play_simulated() > 0
            assert play_simulated() == 0
        game.refresh_from_db()
        assert game.is_finished


class TestCommand:
    def test_it_reports_in_json(self, db: None) -> None:
        out = StringIO()
        call_command("simulate_games", seasons=1, teams=4, json=True, stdout=out)
        told = json.loads(out.getvalue())
        assert told["landed"][CODE]["games"] == Match.objects.count() == 24
        assert told["landed"][CODE]["player_games"] == PlayerGame.objects.count()

    def test_it_says_when_there_is_nothing_to_add(self, league: SimulatedLeague) -> None:
        out = StringIO()
        with time_machine.travel(NOW, tick=False):
            call_command("simulate_games", teams=4, stdout=out)
        assert "nothing to add" in out.getvalue()

    def test_it_stops_at_a_day(self, db: None) -> None:
        call_command("simulate_games", "--until", "2026-03-02", "--teams", "4", "--seasons", "1", stdout=StringIO())
        assert Match.objects.finished().latest("kickoff").date <= date(2026, 3, 2)
        assert Match.objects.filter(status=Match.Status.SCHEDULED, kickoff__date=date(2026, 3, 3)).exists()

    @pytest.mark.parametrize("wish", [["--teams", "5"], ["--until", "soon"], ["--seasons", "0"]])
    def test_it_fails_in_words(self, db: None, wish: list[str]) -> None:
        with pytest.raises(CommandError):
            call_command("simulate_games", *wish, stdout=StringIO())

    def test_it_carries_on_what_there_is(self, league: SimulatedLeague) -> None:
        out = StringIO()
        with time_machine.travel(NOW + timedelta(days=2), tick=False):
            call_command("simulate_games", play_due=True, json=True, stdout=out)
        assert json.loads(out.getvalue())["played"] > 0


def test_ids_lead_back_to_their_games() -> None:
    assert place_of(f"{CODE}-3-41") == (3, 41)
    assert place_of("0022300061") is None
    assert place_of("") is None
    assert place_of(f"{CODE}-x-1") is None
