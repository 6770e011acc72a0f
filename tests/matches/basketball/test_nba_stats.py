"""Asking NBA Stats: a server of this test stands in for it, with its limit, its blocks and its moods."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django import Settings

from matches.basketball.ingesting import ingest_nba
from matches.basketball.nba_stats import NbaStats, NbaStatsBlocked
from matches.basketball.token_bucket import TokenBucket
from matches.errors import DownloadFailed, FileTooLarge
from matches.models import ImportBatch, Match
from matches.tasks import ingest_nba as task
from tests.matches.basketball.answers import LOG, answer, log, scoreboard, team_log

DAY = date(2023, 10, 24)
NOTHING = answer("LeagueGameLog", LOG, [], PlayerOrTeam="P")
NO_GAMES = answer("GameHeader", ["GAME_ID"], [])


@dataclass
class FakeStats:
    """Answers `statuses` first, then by endpoint; a call within `limit` seconds of the last is answered 429."""

    address: str = ""
    statuses: list[int] = field(default_factory=list)
    answers: dict[str, Callable[[dict[str, str]], str]] = field(default_factory=dict)
    hang: threading.Event | None = None
    limit: float = 0.0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    last: float = 0.0

    def reply(self, path: str) -> tuple[int, str]:
        parts = urlsplit(path)
        told = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append((parts.path, told))
        now = time.monotonic()
        too_soon, self.last = now - self.last < self.limit, now
        if self.hang is not None:
            self.hang.wait(5)
        if too_soon:
            return 429, "slower"
        if self.statuses:
            status = self.statuses.pop(0)
            if status != 200:
                return status, "<html>Access Denied</html>"
        body = self.answers.get(parts.path)
        return (200, body(told)) if body else (404, "")


@pytest.fixture
def stats() -> Iterator[FakeStats]:
    fake = FakeStats()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.agents.add(self.headers.get("User-Agent", ""))
            status, body = fake.reply(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield fake
        if fake.hang is not None:
            fake.hang.set()
        server.shutdown()


def visitor(
    stats: FakeStats, *, slept: list[float] | None = None, read_seconds: float = 5, pause: float = 0
) -> NbaStats:
    pauses = slept if slept is not None else []
    return NbaStats(site=stats.address, pause=pause, read_seconds=read_seconds, sleep=pauses.append)


def season_day(stats: FakeStats) -> None:
    """A regular-season day with one game, which is on yesterday's scoreboard too."""
    stats.answers = {
        "/stats/leaguegamelog": lambda told: log() if told["SeasonType"] == "Regular Season" else NOTHING,
        "/stats/scoreboardv2": lambda told: (
            scoreboard(("2023-10-24", "0022300061", "7:30 pm ET")) if told["GameDate"] == "2023-10-24" else NO_GAMES
        ),
    }


def test_a_log_is_asked_for_in_player_mode_for_one_day_and_kept_as_it_came(stats: FakeStats) -> None:
    season_day(stats)
    path = visitor(stats).game_log(DAY, "Regular Season")
    assert path is not None
    assert path.read_text() == log()
    (where, told) = stats.asked[0]
    assert where == "/stats/leaguegamelog"
    assert (told["PlayerOrTeam"], told["Season"]) == ("P", "2023-24")
    assert (told["DateFrom"], told["DateTo"]) == ("10/24/2023", "10/24/2023")
    assert all("Mozilla" in agent for agent in stats.agents)


def test_a_day_without_games_gives_no_file(stats: FakeStats) -> None:
    season_day(stats)
    assert visitor(stats).game_log(DAY, "Playoffs") is None


def test_while_the_site_is_unwell_it_is_asked_again_after_growing_pauses(stats: FakeStats) -> None:
    season_day(stats)
    stats.statuses = [429, 503, 500]
    slept: list[float] = []
    assert visitor(stats, slept=slept).game_log(DAY, "Regular Season") is not None
    assert len(stats.asked) == 4
    assert all(0.5 * 2 * 2**n <= pause <= 1.5 * 2 * 2**n for n, pause in enumerate(slept))


def test_in_the_end_it_gives_up_in_words(stats: FakeStats) -> None:
    stats.statuses = [503] * 10
    with pytest.raises(DownloadFailed, match="it answered 503 Service Unavailable"):
        visitor(stats).game_log(DAY, "Regular Season")
    assert len(stats.asked) == 5


def test_a_site_that_hangs_is_given_up_in_words(stats: FakeStats) -> None:
    stats.hang = threading.Event()
    site = visitor(stats, read_seconds=0.05)
    site.retries = 1
    with pytest.raises(DownloadFailed, match="it did not answer in time"):
        site.game_log(DAY, "Regular Season")
    assert len(stats.asked) == 2


def test_a_blocked_address_is_told_why_and_not_tried_again(stats: FakeStats) -> None:
    stats.statuses = [403] * 10
    with pytest.raises(NbaStatsBlocked, match="refuses the addresses of cloud providers"):
        visitor(stats).game_log(DAY, "Regular Season")
    assert len(stats.asked) == 1


def test_a_web_page_for_an_answer_is_refused_in_words(stats: FakeStats) -> None:
    stats.answers["/stats/leaguegamelog"] = lambda told: "<html>Access Denied</html>"
    with pytest.raises(DownloadFailed, match="did not answer in the JSON of NBA Stats"):
        visitor(stats).game_log(DAY, "Regular Season")


def test_an_answer_that_is_too_large_is_not_taken(stats: FakeStats, settings: Settings) -> None:
    season_day(stats)
    settings.MAX_IMPORT_BYTES = 1000
    with pytest.raises(FileTooLarge):
        visitor(stats).game_log(DAY, "Regular Season")


def test_no_proxy_of_the_environment_is_used(stats: FakeStats, monkeypatch: pytest.MonkeyPatch) -> None:
    season_day(stats)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    assert visitor(stats).game_log(DAY, "Regular Season") is not None


def test_only_https_is_asked() -> None:
    with pytest.raises(DownloadFailed, match="not an https address"):
        NbaStats(site="http://stats.nba.com")


@pytest.mark.django_db
def test_the_limit_of_the_site_is_kept(stats: FakeStats) -> None:
    season_day(stats)
    stats.limit = 0.02
    site = NbaStats(site=stats.address, pause=0.03, retries=0)
    batches = ingest_nba(now=datetime(2023, 10, 25, 10, tzinfo=UTC), site=site)
    assert [batch.status for batch in batches] == ["completed", "completed"]
    assert len(stats.asked) == 6


def test_a_bucket_gives_what_it_holds_at_once_and_then_one_by_one() -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 6))
        now[0] += seconds

    bucket = TokenBucket(0.6, capacity=2, clock=lambda: now[0], sleep=sleep)
    for _ in range(4):
        bucket.take()
    assert slept == [0.6, 0.6]
    now[0] += 100
    for _ in range(3):
        bucket.take()
    assert slept == [0.6, 0.6, 0.6]


@pytest.mark.django_db
def test_the_daily_round_brings_yesterdays_box_scores(stats: FakeStats) -> None:
    season_day(stats)
    batches = ingest_nba(now=datetime(2023, 10, 25, 10, tzinfo=UTC), site=visitor(stats))
    assert [(batch.filename, batch.created) for batch in batches] == [
        ("2023-10-24-scoreboard.json", 1),
        ("2023-10-24-log-Regular-Season.json", 10),
    ]
    match = Match.objects.get()
    assert match.is_finished
    assert match.kickoff == datetime(2023, 10, 24, 23, 30, tzinfo=UTC)
    assert [told["GameDate"] for where, told in stats.asked if "scoreboard" in where] == [
        "2023-10-24",
        "2023-10-25",
        "2023-10-26",
    ]


@pytest.mark.django_db
def test_before_the_day_breaks_in_new_york_yesterday_is_the_day_before(stats: FakeStats) -> None:
    season_day(stats)
    ingest_nba(now=datetime(2023, 10, 26, 3, tzinfo=UTC), site=visitor(stats))
    assert {told["DateFrom"] for where, told in stats.asked if "log" in where} == {"10/24/2023"}


@pytest.mark.django_db
def test_what_can_not_be_fetched_is_a_failed_batch_and_stops_no_other(stats: FakeStats) -> None:
    season_day(stats)
    del stats.answers["/stats/scoreboardv2"]
    batches = ingest_nba(now=datetime(2023, 10, 25, 10, tzinfo=UTC), site=visitor(stats))
    assert [batch.status for batch in batches] == ["failed", "failed", "failed", "completed"]
    assert "answered 404" in batches[0].error_message


@pytest.mark.django_db
def test_a_blocked_address_leaves_one_failed_batch_in_words(stats: FakeStats) -> None:
    stats.statuses = [403] * 10
    (batch,) = ingest_nba(now=datetime(2023, 10, 25, 10, tzinfo=UTC), site=visitor(stats))
    assert "cloud providers" in batch.error_message
    assert ImportBatch.objects.get().status == "failed"
    assert len(stats.asked) == 1


@pytest.mark.django_db
def test_rows_of_teams_for_players_are_a_failed_batch_in_words(stats: FakeStats) -> None:
    season_day(stats)
    stats.answers["/stats/leaguegamelog"] = lambda told: team_log()
    batches = ingest_nba(now=datetime(2023, 10, 25, 10, tzinfo=UTC), site=visitor(stats))
    assert "holds lines of teams" in batches[-1].error_message


@pytest.mark.django_db
def test_the_task_asks_nobody_unless_it_is_switched_on(
    settings: Settings, stats: FakeStats, monkeypatch: pytest.MonkeyPatch
) -> None:
    season_day(stats)
    monkeypatch.setattr("matches.basketball.ingesting.NbaStats", lambda: visitor(stats))
    assert task() == 0
    assert stats.asked == []
    settings.NBA_STATS_ENABLED = True
    task()
    assert len(stats.asked) == 6


@pytest.mark.django_db
def test_the_daily_round_is_scheduled_for_six_in_new_york() -> None:
    from django_celery_beat.models import PeriodicTask

    planned = PeriodicTask.objects.select_related("crontab").get(task="matches.tasks.ingest_nba")
    assert (planned.crontab.hour, planned.crontab.minute, str(planned.crontab.timezone)) == (
        "6",
        "0",
        "America/New_York",
    )
