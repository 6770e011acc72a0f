"""openfootball's football.json, in its two generations and broken in every way."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from matches.errors import UnreadableFile
from matches.models import Match
from matches.sources.openfootball import read
from matches.sources.rows import Refusal, Row
from tests.matches.conftest import WriteFile

GAME: dict[str, Any] = {
    "round": "Matchday 1",
    "date": "2023-08-18",
    "time": "20:30",
    "team1": "Werder Bremen",
    "team2": "FC Bayern München",
    "score": {"ht": [0, 1], "ft": [0, 4]},
}


def rows(write: WriteFile, *matches: Any, name: str = "Bundesliga 2023/24") -> list[Row | Refusal]:
    return list(read(write("2023-24/de.1.json", json.dumps({"name": name, "matches": matches}))))


def test_it_reads_a_result(write: WriteFile) -> None:
    (row,) = rows(write, GAME)
    assert isinstance(row, Row)
    assert (row.competition, row.season, row.date) == ("D1", "2324", date(2023, 8, 18))
    assert (row.home, row.away, row.home_goals, row.away_goals) == ("Werder Bremen", "FC Bayern München", 0, 4)
    assert row.stats == {"home_goals_half_time": 0, "away_goals_half_time": 1}


def test_its_times_are_local(write: WriteFile) -> None:
    (row,) = rows(write, GAME)
    assert isinstance(row, Row)
    assert row.kickoff is not None
    assert row.kickoff.astimezone(UTC) == datetime(2023, 8, 18, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize("score", [None, {}, {"ft": None}, {"ft": [None, None]}])
def test_a_match_without_a_score_is_to_be_played(write: WriteFile, score: Any) -> None:
    (row,) = rows(write, GAME | {"score": score})
    assert isinstance(row, Row)
    assert (row.status, row.home_goals, row.kickoff is not None) == (Match.Status.SCHEDULED, None, True)


def test_it_reads_the_generation_of_rounds(write: WriteFile) -> None:
    played = {"date": "2019-08-24", "team1": {"name": "Parma"}, "team2": {"name": "Juventus"}, "score1": 0, "score2": 1}
    coming = played | {"date": "2020-07-20", "score1": None, "score2": None}
    document = {"name": "Serie A 2019/20", "rounds": [{"matches": [played]}, {"matches": [coming]}]}
    first, second = read(write("2019-20/it.1.json", json.dumps(document)))
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.season, first.home, first.away, first.home_goals, first.away_goals) == (
        "1920",
        "Parma",
        "Juventus",
        0,
        1,
    )
    assert (second.season, second.status) == ("1920", Match.Status.SCHEDULED)


def test_the_season_may_stand_in_the_folders_name(write: WriteFile) -> None:
    (row,) = rows(write, GAME, name="Bundesliga")
    assert row.season == "2324" if isinstance(row, Row) else pytest.fail(str(row))


@pytest.mark.parametrize(
    ("match", "code"),
    [
        ("not a match", "missing_cell"),
        (None, "missing_cell"),
        ({"date": "2023-08-18"}, "missing_cell"),
        (GAME | {"team1": None}, "missing_cell"),
        (GAME | {"team1": {"key": "bremen"}}, "bad_team"),
        (GAME | {"team1": 4}, "bad_team"),
        (GAME | {"team1": "Werder\x00Bremen"}, "bad_team"),
        (GAME | {"team1": "Werder\ud800Bremen"}, "bad_team"),
        (GAME | {"date": "2023-02-30"}, "bad_date"),
        (GAME | {"date": "2024-09-01"}, "bad_season"),
        (GAME | {"time": "25:99"}, "bad_time"),
        (GAME | {"score": 5}, "half_a_score"),
        (GAME | {"score": {"ft": [1]}}, "half_a_score"),
        (GAME | {"score": {"ft": [1, None]}}, "half_a_score"),
        (GAME | {"score": {"ft": [1, "x"]}}, "bad_number"),
        (GAME | {"score": {"ft": [1, -1]}}, "bad_number"),
        (GAME | {"score1": 1}, "half_a_score"),
    ],
)
def test_it_refuses_a_match_that_can_not_stand_and_keeps_the_others(write: WriteFile, match: Any, code: str) -> None:
    good, refused = rows(write, GAME, match)
    assert isinstance(good, Row)
    assert isinstance(refused, Refusal)
    assert (refused.line, refused.code, refused.competition) == (2, code, "D1")
    assert refused.raw["match"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b'{"name": "Bundesliga 2023/24",\n "matches": [{"date": "2023', "broken at line 2.*cut off"),
        (b"[]", "no list of matches"),
        (b"5", "no list of matches"),
        (b"null", "no list of matches"),
        (b'{"name": "x"}', "no list of matches"),
        (b'{"matches": 7}', "no list of matches"),
        (b'{"matches": {"a": 1}}', "no list of matches"),
        (b'{"matches": "abc"}', "no list of matches"),
        (b'{"rounds": [5]}', "no list of matches"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(write: WriteFile, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        list(read(write("2023-24/de.1.json", content)))


def test_it_refuses_a_competition_it_does_not_know(write: WriteFile) -> None:
    with pytest.raises(UnreadableFile, match=r"xx\.1\.json is not a competition known here"):
        list(read(write("2023-24/xx.1.json", "{}")))
