"""Game logs on their way in: what lands, what is refused, what is corrected."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from matches.importing import import_file, import_paths
from matches.models import Competition, ImportBatch, Match, Player, PlayerAlias, PlayerGame, ScoreCorrection, Season
from matches.signals import results_changed
from tests.matches.basketball.logs import HEADER, game, line
from tests.matches.conftest import WriteFile

pytestmark = pytest.mark.django_db


def take_in(write: WriteFile, *lines: str, name: str = "log.csv", force: bool = False) -> ImportBatch:
    return import_file(write(name, HEADER + "".join(lines)), source="nba-logs", force=force)


def test_a_game_comes_of_its_players_lines(write: WriteFile) -> None:
    batch = take_in(write, *game("0022300061", home="DEN", away="LAL", day="2023-10-24"))
    assert (batch.status, batch.created, batch.quarantined) == ("completed", 10, 0)
    match = Match.objects.get()
    assert (match.home.name, match.away.name) == ("Denver Nuggets", "Los Angeles Lakers")
    assert (match.home_goals, match.away_goals, match.status) == (105, 100, "finished")
    assert (match.date, match.external_id, match.is_playoff) == (date(2023, 10, 24), "0022300061", False)
    assert match.kickoff == datetime(2023, 10, 24, 23, tzinfo=UTC)
    assert not match.kickoff_is_exact
    assert (match.home.abbreviation, match.home.external_id) == ("DEN", "1610612743")
    assert Competition.objects.get().sport == "basketball"
    assert Season.objects.get().code == "2023-24"


def test_a_gzipped_file_reads_like_a_plain_one(write: WriteFile) -> None:
    content = (HEADER + "".join(game("0022300061"))).encode()
    batch = import_file(write("log.csv.gz", gzip.compress(content)), source="nba-logs")
    assert batch.created == 10


def test_a_broken_gzip_file_fails_in_words(write: WriteFile) -> None:
    packed = gzip.compress((HEADER + "".join(game("0022300061"))).encode())
    batch = import_file(write("log.csv.gz", packed[: len(packed) // 2]), source="nba-logs")
    assert batch.error_message == "log.csv.gz is a broken gzip file: fetch it again."


def test_the_same_file_twice_changes_nothing_even_when_it_is_read_again(write: WriteFile) -> None:
    lines = game("0022300061")
    take_in(write, *lines)
    again = take_in(write, *lines)
    assert (again.created, again.unchanged) == (0, 10)
    assert "same_as" in again.report
    forced = take_in(write, *lines, force=True)
    assert (forced.created, forced.updated, forced.unchanged) == (0, 0, 10)


def test_a_corrected_box_score_is_counted_and_corrects_the_score(
    write: WriteFile, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    lines = game("0022300061")
    take_in(write, *lines)
    told: list[list[int]] = []

    def listen(match_ids: list[int], **_: Any) -> None:
        told.append(match_ids)

    results_changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        batch = take_in(write, lines[0].replace("21,8,16,0,2,5,5", "22,8,16,1,2,5,5"), *lines[1:], name="later.csv")
    assert (batch.updated, batch.unchanged, batch.report["corrected_box_scores"]) == (1, 9, 1)
    correction = ScoreCorrection.objects.get()
    assert (correction.old_home_goals, correction.new_home_goals) == (105, 106)
    assert told == [[Match.objects.get().pk]]


def test_a_line_that_contradicts_itself_is_refused_and_its_game_gets_no_result(write: WriteFile) -> None:
    lines = game("0022300061")
    batch = take_in(write, lines[0].replace("21,8,16,0,2,5,5", "30,8,16,0,2,5,5"), *lines[1:])
    refused = batch.quarantined_rows.get()
    assert (refused.line, refused.code) == (2, "contradiction")
    assert refused.reason == "PTS is 30, and the shots made add up to 21."
    assert batch.created == 9
    assert Match.objects.get().status == "scheduled"
    assert "1 games are left without a result" in batch.report["warnings"][0]


def test_a_file_cut_off_in_a_game_gives_it_no_result_and_a_later_one_does(write: WriteFile) -> None:
    lines = game("0022300061")
    take_in(write, *lines[:7], name="part.csv")
    assert not Match.objects.get().is_finished
    take_in(write, *lines[7:], name="rest.csv")
    assert Match.objects.get().is_finished
    assert PlayerGame.objects.count() == 10


@pytest.mark.parametrize(
    ("found", "instead", "code"),
    [
        ("DEN vs. LAL", "DEN vs. XYZ", "unknown_team"),
        ("DEN vs. LAL", "DEN - LAL", "bad_matchup"),
        ("0022300061", "0012300061", "other_game"),
        ("0022300061", "61x", "bad_game_id"),
        ("2023-10-24", "2023-13-24", "bad_date"),
        ("2023-24,", "2022-23,", "bad_season"),
        (",48,21,", ",-3,21,", "bad_number"),
        (",21,8,16,", ",21,18,16,", "contradiction"),
        (",4,5,9,", ",4,5,10,", "contradiction"),
        ("1610612743", "1610612747", "bad_team"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(write: WriteFile, found: str, instead: str, code: str) -> None:
    good, *others = game("0022300061")
    batch = take_in(write, good.replace(found, instead), *others)
    assert [row.code for row in batch.quarantined_rows.all()] == [code]


def test_a_line_told_twice_stands_once_and_another_telling_is_refused(write: WriteFile) -> None:
    lines = game("0022300061")
    batch = take_in(write, *lines, lines[0], lines[0].replace("21,8,16,0,2,5,5", "22,8,16,1,2,5,5"))
    assert (batch.created, batch.unchanged) == (10, 1)
    assert [row.code for row in batch.quarantined_rows.all()] == ["duplicate_line"]
    assert Match.objects.get().home_goals == 105


def test_a_traded_player_keeps_one_identity_and_has_the_latest_team(write: WriteFile) -> None:
    first = line("0022300100", "2023-11-01", 77, "Traded Man", "DEN", "LAL")
    later = line("0022300900", "2024-03-01", 77, "Traded Man Jr.", "BOS", "LAL")
    take_in(write, later, name="later.csv")
    take_in(write, first, name="first.csv")
    player = Player.objects.get(external_id="77")
    assert player.team is not None
    assert player.team.abbreviation == "BOS"
    assert {game.team.abbreviation for game in player.games.all()} == {"DEN", "BOS"}
    assert set(PlayerAlias.objects.values_list("alias", "key")) == {
        ("Traded Man", "traded man"),
        ("Traded Man Jr.", "traded man"),
    }


def test_two_players_of_one_name_are_two(write: WriteFile) -> None:
    take_in(
        write,
        line("0022300100", "2023-11-01", 77, "Jaylin Williams", "DEN", "LAL"),
        line("0022300100", "2023-11-01", 78, "Jaylin Williams", "LAL", "DEN"),
    )
    assert set(Player.objects.values_list("slug", flat=True)) == {"jaylin-williams", "jaylin-williams-78"}


def test_ids_tell_playoffs_and_the_play_in_is_none(write: WriteFile) -> None:
    take_in(write, *game("0042300101", day="2024-04-20"), *game("0052300101", day="2024-04-16"))
    assert dict(Match.objects.values_list("external_id", "is_playoff")) == {"0042300101": True, "0052300101": False}


def test_a_file_of_other_columns_fails_in_words(write: WriteFile) -> None:
    batch = import_file(write("x.csv", "a,b\n1,2\n"), source="nba-logs")
    assert batch.status == "failed"
    assert "has no column GAME_ID" in batch.error_message


def test_tables_of_other_sources_in_a_folder_are_passed_over_and_told(write: WriteFile) -> None:
    logs = write("log.csv", HEADER + "".join(game("0022300061")))
    write("odds.csv", "date,home,away\n2023-10-24,den,lal\n")
    first, other = import_paths([logs.parent], source="nba-logs")
    assert (first.created, first.status) == (10, "completed")
    assert (other.status, other.rows) == ("completed", 0)
    assert other.report["warnings"][0].startswith("Passed over. odds.csv has no column GAME_ID")
    named = import_file(logs.parent / "odds.csv", source="nba-logs")
    assert named.status == "failed"


def test_a_folder_of_nothing_but_other_sources_fails(write: WriteFile) -> None:
    odds = write("odds.csv", "date,home,away\n2023-10-24,den,lal\n")
    [batch] = import_paths([odds.parent], source="nba-logs")
    assert batch.status == "failed"
