from pathlib import Path

import pytest
from pytest_django import Settings

from matches.downloading import FootballData
from matches.errors import DownloadFailed, FileTooLarge, RowRefused, UnknownCompetition
from tests.matches.conftest import Answer, Site

PATH = "/mmz4281/2425/E0.csv"
CSV = b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\nE0,16/08/2024,Man United,Fulham,1,0,H\n"


def test_it_keeps_the_file_under_its_season(site: Site) -> None:
    site.answers[PATH] = [Answer(body=CSV)]
    path = site.visitor().season("E0", "2024/25")
    assert path.read_bytes() == CSV
    assert path.parts[-2:] == ("2425", "E0.csv")


def test_it_asks_again_while_the_site_is_unwell(site: Site) -> None:
    site.answers[PATH] = [Answer(503), Answer(429, headers={"Retry-After": "0"}), Answer(body=CSV)]
    assert site.visitor().season("E0", "2425").read_bytes() == CSV
    assert len(site.asked) == 3


def test_it_gives_up_in_words(site: Site) -> None:
    site.answers[PATH] = [Answer(503)]
    with pytest.raises(DownloadFailed, match="503"):
        site.visitor().season("E0", "2425")
    assert len(site.asked) == 5


def test_an_unchanged_file_is_not_sent_again(site: Site) -> None:
    site.answers[PATH] = [Answer(body=CSV, headers={"ETag": '"1"'})]
    visitor = site.visitor()
    first = visitor.season("E0", "2425")
    assert visitor.season("E0", "2425") == first
    assert [headers.get("If-None-Match") for _, headers in site.asked] == [None, '"1"']
    assert first.read_bytes() == CSV


def test_a_changed_file_replaces_the_one_kept(site: Site) -> None:
    more = CSV + b"E0,17/08/2024,Arsenal,Wolves,2,0,H\n"
    site.answers[PATH] = [Answer(body=CSV, headers={"ETag": '"1"'}), Answer(body=more, headers={"ETag": '"2"'})]
    visitor = site.visitor()
    visitor.season("E0", "2425")
    assert visitor.season("E0", "2425").read_bytes() == more


def test_a_file_that_was_deleted_here_is_fetched_whole(site: Site) -> None:
    site.answers[PATH] = [Answer(body=CSV, headers={"ETag": '"1"'})]
    site.visitor().season("E0", "2425").unlink()
    assert site.visitor().season("E0", "2425").read_bytes() == CSV


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(404), "has no file"),
        (Answer(403), "403"),
        (Answer(302, headers={"Location": "http://elsewhere.example/E0.csv"}), "302"),
        (Answer(body=b"<!doctype html><title>Sorry</title>"), "not a CSV"),
        (Answer(body=b""), "is empty"),
        (Answer(body=CSV, headers={"Content-Length": "100000"}), "could not be fetched"),
    ],
)
def test_what_is_no_file_is_refused_and_the_old_one_stays(site: Site, answer: Answer, words: str) -> None:
    site.answers[PATH] = [Answer(body=CSV), answer]
    visitor = site.visitor()
    path = visitor.season("E0", "2425")
    with pytest.raises(DownloadFailed, match=words):
        visitor.season("E0", "2425")
    assert path.read_bytes() == CSV


def test_a_huge_body_is_refused_before_it_is_kept(site: Site, settings: Settings, tmp_path: Path) -> None:
    settings.MAX_IMPORT_BYTES = 1000
    site.answers[PATH] = [Answer(body=CSV + b" " * 200_000)]
    with pytest.raises(FileTooLarge):
        site.visitor().season("E0", "2425")
    assert not list((tmp_path / "data").rglob("*.csv"))


def test_no_connection_is_said_so() -> None:
    with pytest.raises(DownloadFailed, match="no connection"):
        FootballData(site="http://127.0.0.1:9", pause=0, retries=0).season("E0", "2425")


def test_nothing_is_fetched_without_https() -> None:
    with pytest.raises(DownloadFailed, match="https"):
        FootballData(site="http://football-data.example")


def test_it_refuses_a_competition_the_site_does_not_have(site: Site) -> None:
    with pytest.raises(UnknownCompetition, match=r"'\.\./E0'"):
        site.visitor().season("../E0", "2425")
    assert not site.asked


def test_it_refuses_what_is_no_season(site: Site) -> None:
    with pytest.raises(RowRefused, match="not a season"):
        site.visitor().season("E0", "../..")
    assert not site.asked


def test_requests_keep_their_distance(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("matches.downloading.time.sleep", slept.append)
    site.answers[PATH] = [Answer(body=CSV)]
    visitor = FootballData(site=site.address, pause=60)
    visitor.season("E0", "2425")
    visitor.season("E0", "2425")
    assert len(slept) == 1
    assert 50 < slept[0] <= 60
