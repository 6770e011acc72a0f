"""What NBA Stats answers, taken in from files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from matches.importing import import_file
from matches.models import ImportBatch, Match, Player, PlayerGame
from tests.matches.basketball.answers import COUNTS, DENVER, PLAYERS, answer, log, scoreboard, team_log
from tests.matches.basketball.logs import HEADER, HOME_COUNTS, game
from tests.matches.conftest import WriteFile

pytestmark = pytest.mark.django_db


def take_in(write: WriteFile, content: str, name: str = "answer.json") -> ImportBatch:
    return import_file(write(name, content), source="nba-stats")


def test_a_game_log_of_players_lands_like_a_csv_log(write: WriteFile) -> None:
    assert take_in(write, log()).created == 10
    match = Match.objects.get()
    assert (match.home_goals, match.away_goals, match.status) == (105, 100, "finished")


def test_a_record_of_an_answer_is_read_too(write: WriteFile) -> None:
    assert take_in(write, f'{{"_uri": "x", "body": {log()}}}').created == 10


def test_lines_of_teams_where_players_are_expected_are_refused_in_words(write: WriteFile) -> None:
    batch = take_in(write, team_log())
    assert batch.status == "failed"
    assert "holds lines of teams where those of players are expected" in batch.error_message
    assert "PlayerOrTeam=P" in batch.error_message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<html>Access Denied</html>", "is not JSON"),
        ("[1]", "is not an answer of NBA Stats"),
        ("{}", "holds nothing known here"),
        ('{"boxScoreAdvanced": {}}', "holds boxScoreAdvanced"),
        (answer("LeagueGameLog", [], [], PlayerOrTeam="P"), "holds no box scores"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_what_is_no_such_answer_fails_in_words(write: WriteFile, content: str, words: str) -> None:
    batch = take_in(write, content)
    assert batch.status == "failed"
    assert words in batch.error_message


def test_a_scoreboard_gives_games_to_be_played_with_their_tip_off(write: WriteFile) -> None:
    batch = take_in(
        write,
        scoreboard(
            ("2024-01-10", "0022300500", "9:30 pm ET"),
            ("2024-01-10", "0022300500", "9:30 pm ET"),
            ("2024-01-12", "0022300501", "PPD"),
            ("2024-02-18", "0032300001", "8:00 pm ET"),
        ),
    )
    assert (batch.created, [row.code for row in batch.quarantined_rows.all()]) == (2, ["other_game"])
    match = Match.objects.get(external_id="0022300500")
    assert (match.status, match.date, match.kickoff_is_exact) == ("scheduled", date(2024, 1, 10), True)
    assert match.kickoff == datetime(2024, 1, 11, 2, 30, tzinfo=UTC)
    assert Match.objects.get(external_id="0022300501").status == "postponed"


def test_a_game_keeps_its_tip_off_when_its_box_score_comes(write: WriteFile) -> None:
    take_in(write, scoreboard(("2023-10-24", "0022300061", "7:30 pm ET")))
    take_in(write, log(), "later.json")
    match = Match.objects.get()
    assert match.is_finished
    assert match.kickoff_is_exact
    assert match.kickoff == datetime(2023, 10, 24, 23, 30, tzinfo=UTC)
    assert take_in(write, scoreboard(("2023-10-24", "0022300061", "Final")), "final.json").unchanged == 1
    assert Match.objects.get().is_finished


def test_a_game_moved_to_another_day_is_the_same_game(write: WriteFile) -> None:
    take_in(write, scoreboard(("2023-10-24", "0022300061", "7:30 pm ET")))
    assert take_in(write, scoreboard(("2023-11-02", "0022300061", "TBD")), "moved.json").updated == 1
    match = Match.objects.get()
    assert (match.date, match.kickoff_is_exact) == (date(2023, 11, 2), False)
    take_in(write, log(day="2023-11-03"), "played.json")
    assert Match.objects.get().date == date(2023, 11, 3)


def test_the_index_gives_positions_and_players_who_never_played(write: WriteFile) -> None:
    take_in(write, log())
    rows = [[4300, "Numbera", "Den", DENVER, "C"], [999, "Rookie", "New", DENVER, "G-F"], [998, "Free", "Man", 0, ""]]
    batch = take_in(write, answer("PlayerIndex", PLAYERS, rows), "index.json")
    assert (batch.created, batch.updated) == (2, 1)
    assert Player.objects.get(external_id="4300").position == "C"
    rookie = Player.objects.get(external_id="999")
    assert (rookie.name, rookie.position, str(rookie.team)) == ("New Rookie", "G-F", "Denver Nuggets")
    assert take_in(write, answer("PlayerIndex", PLAYERS, rows), "again.json").updated == 0


def test_the_log_of_one_player_needs_the_player_and_gives_games_no_result(write: WriteFile) -> None:
    headers = ["SEASON_ID", "Player_ID", "Game_ID", "GAME_DATE", "MATCHUP", "WL", "MIN", *COUNTS]
    who = ["22023", 4300, "0022300061", "Oct 24, 2023", "DEN vs. LAL", "W", 34]
    row = [*who, *map(int, HOME_COUNTS.split(",")[:-1])]
    told = answer("PlayerGameLog", headers, [row])
    assert "No player has the id 4300" in take_in(write, told).error_message
    take_in(write, answer("PlayerIndex", PLAYERS, [[4300, "Numbera", "Den", DENVER, "C"]]), "index.json")
    assert take_in(write, told).created == 1
    assert not Match.objects.get().is_finished
    assert PlayerGame.objects.get().plus_minus is None


@pytest.mark.real_data
def test_real_samples_are_taken_in(real_basketball: Path, write: WriteFile) -> None:
    samples = real_basketball / "nba_api_samples"
    index = import_file(samples / "PlayerIndex.json", source="nba-stats")
    assert (index.created, index.quarantined) == (557, 0)
    assert import_file(samples / "PlayerGameLog.json", source="nba-stats").created == 53
    board = import_file(samples / "ScoreboardV2.json", source="nba-stats")
    assert (board.created, board.quarantined) == (11, 0)
    assert import_file(samples / "LeagueGameLog.json", source="nba-stats").status == "failed"
    unknown = import_file(samples / "BoxScoreTraditionalV3.json", source="nba-stats")
    assert "is not here, and this file does not tell its day" in unknown.error_message


def test_minutes_to_the_second_are_not_rounded_again(write: WriteFile) -> None:
    lines = game("0022300061")
    import_file(write("log.csv", HEADER + "".join(lines)), source="nba-logs")
    finer = import_file(
        write("b.csv", HEADER + lines[0].replace(",48,", ",47:40,") + "".join(lines[1:])), source="nba-logs"
    )
    assert finer.updated == 1
    assert import_file(write("c.csv", HEADER + "".join(lines)), source="nba-logs").updated == 0
    assert PlayerGame.objects.filter(minutes__lt=48).count() == 1
