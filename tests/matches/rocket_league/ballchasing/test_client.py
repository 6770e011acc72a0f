"""Asking ballchasing.com: in its words, within its limits, patiently, and with a key that nobody else sees."""

from __future__ import annotations

import logging
import random

import pytest
from pytest_django import Settings

from matches.errors import DownloadFailed, FileTooLarge
from matches.rocket_league.ballchasing.allowance import BUCKETS, Allowance, Kind
from matches.rocket_league.ballchasing.client import Ballchasing
from matches.rocket_league.ballchasing.errors import AllowanceSpent, KeyRefused, NotThere
from tests.matches.rocket_league.ballchasing.fake_site import KEY, LIMITS, Clock, FakeSite

pytestmark = pytest.mark.django_db


def test_it_says_whom_a_key_belongs_to(site: FakeSite) -> None:
    assert site.visitor().ping() == "Ally"
    assert site.asked == ["/api/"]


def test_it_lists_uploads_page_by_page(site: FakeSite) -> None:
    site.page_size = 2
    for n in range(3):
        site.hold(f"r{n}", created=f"2026-03-0{n + 1}T10:00:00.5Z", rocket_league_id="abc1")
    visitor = site.visitor()
    first = visitor.page(visitor.first_page())
    second = visitor.page(first.next)
    assert [[listed.id for listed in page.replays] for page in (first, second)] == [["r2", "r1"], ["r0"]]
    assert second.next == ""
    assert first.replays[0].guid == "ABC1"
    assert str(first.replays[0].created) == "2026-03-03 10:00:00.500000+00:00"


def test_it_fetches_a_replay_and_its_file(site: FakeSite) -> None:
    site.hold("r1", created="2026-03-01T10:00:00Z", content=b"the file")
    assert site.visitor().replay("r1")["replay_title"] == "Match r1"
    with site.visitor().file("r1") as file:
        assert file.read() == b"the file"


@pytest.mark.parametrize("wrong", ["gone", "../replays", "", "a/b"])
def test_what_is_not_there_is_told_apart_and_no_id_leads_elsewhere(site: FakeSite, wrong: str) -> None:
    with pytest.raises(NotThere):
        site.visitor().replay(wrong)
    assert site.asked in ([], ["/api/replays/gone"])


def test_a_key_that_is_refused_is_not_tried_again(site: FakeSite) -> None:
    with pytest.raises(KeyRefused, match="refuses this key"):
        Ballchasing("x" * 40, site=site.address, sleep=site.clock.sleep).ping()
    assert len(site.asked) == 1


@pytest.mark.parametrize("key", ["", "short", "k" * 40 + "\r\nX-Evil: 1", "Bearer " + "k" * 40])
def test_what_can_be_no_key_is_never_sent(site: FakeSite, key: str) -> None:
    with pytest.raises(KeyRefused) as refused:
        Ballchasing(key, site=site.address)
    assert "Evil" not in str(refused.value)


def test_while_the_site_is_unwell_it_is_asked_again_after_growing_pauses(site: FakeSite) -> None:
    site.statuses = [(500, {}), (503, {}), (429, {"Retry-After": "7"})]
    assert site.visitor().ping() == "Ally"
    assert len(site.asked) == 4
    assert 7.0 in site.clock.slept
    drawn = [pause for pause in site.clock.slept if pause not in (7.0, pytest.approx(0.6))]
    assert all(pause <= 1.5 * 2 for pause in drawn)


def test_in_the_end_it_gives_up_in_words(site: FakeSite) -> None:
    site.statuses = [(502, {})] * 9
    with pytest.raises(DownloadFailed, match="it answered 502"):
        site.visitor().ping()
    assert len(site.asked) == 4


def test_a_limit_that_lasts_is_no_failure_but_says_when_to_go_on(site: FakeSite) -> None:
    site.statuses = [(429, {"Retry-After": "900"})]
    with pytest.raises(AllowanceSpent) as spent:
        site.visitor().ping()
    assert (spent.value.seconds, len(site.asked)) == (900, 1)
    site.statuses = [(429, {})] * 9
    with pytest.raises(AllowanceSpent):
        site.visitor().ping()
    assert len(site.asked) == 5


def test_a_site_that_is_not_there_is_told_in_words() -> None:
    visitor = Ballchasing(KEY, site="http://127.0.0.1:9/api", retries=0, sleep=lambda _: None)
    with pytest.raises(DownloadFailed, match="there is no connection to it"):
        visitor.ping()


def test_a_next_page_elsewhere_is_not_followed(site: FakeSite) -> None:
    site.page_size, site.next_site = 1, "https://evil.example.org/api"
    for n in range(2):
        site.hold(f"r{n}", created=f"2026-03-0{n + 1}T10:00:00Z")
    visitor = site.visitor()
    with pytest.raises(DownloadFailed, match="another site"):
        visitor.page(visitor.first_page())
    with pytest.raises(DownloadFailed, match="another site"):
        visitor.page("https://evil.example.org/api/replays")


def test_only_https_is_asked() -> None:
    with pytest.raises(DownloadFailed, match="not an https address"):
        Ballchasing(KEY, site="http://ballchasing.com/api")


def test_a_file_that_is_too_large_is_not_taken(site: FakeSite, settings: Settings) -> None:
    settings.MAX_REPLAY_BYTES = 1000
    site.hold("r1", created="2026-03-01T10:00:00Z", content=b"x" * 2000)
    with pytest.raises(FileTooLarge):
        site.visitor().file("r1")


def test_the_key_is_in_no_log_and_no_repr(site: FakeSite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.statuses = [(500, {})]
    visitor = site.visitor()
    visitor.ping()
    with pytest.raises(NotThere):
        visitor.replay("gone")
    assert KEY not in caplog.text
    assert KEY not in repr(visitor)
    assert KEY not in repr(visitor.allowance)


def test_a_long_list_of_files_breaks_no_limit(site: FakeSite) -> None:
    site.hold("r1", created="2026-03-01T10:00:00Z")
    visitor = site.visitor(patience=3600)
    for _ in range(205):
        visitor.file("r1").close()
    assert site.violations == []
    assert site.clock.now - 1_000_000 > 3600, "205 files take more than an hour"


def test_processes_share_one_allowance(site: FakeSite) -> None:
    one, two = site.visitor(), site.visitor()
    for _ in range(3):
        one.ping()
        two.ping()
    assert site.violations == []
    assert site.clock.slept == [pytest.approx(0.6)] * 5


def test_a_wait_that_is_too_long_is_left_to_the_caller() -> None:
    clock = Clock()
    allowance = Allowance(KEY, patience=3.0, clock=clock, sleep=clock.sleep)
    for _ in range(int(BUCKETS["file"].capacity) + 1):
        # What the calls' own pace lets refill meanwhile is one more.
        allowance.take("file")
    with pytest.raises(AllowanceSpent) as spent:
        allowance.take("file")
    assert 3 < spent.value.seconds <= 24
    assert max(clock.slept) <= 3


@pytest.mark.parametrize("name", sorted(BUCKETS))
def test_no_bucket_gives_more_in_any_window_than_the_site_allows(name: str) -> None:
    bucket, (most, seconds) = BUCKETS[name], LIMITS[name]
    # Of what refills during a window, a token that is only complete at its very end belongs to the next one.
    assert bucket.capacity + bucket.per_second * seconds < most + 1


def test_whatever_is_asked_for_when_no_limit_is_broken() -> None:
    clock, fake, drawn = Clock(), FakeSite(), random.Random(7)
    fake.clock = clock
    allowance = Allowance(KEY, patience=1e9, clock=clock, sleep=clock.sleep)
    kinds: tuple[Kind, ...] = ("ping", "list", "get", "file")
    for _ in range(200):
        clock.now += drawn.choice((0.0, 0.0, 0.1, 0.7, 9.0))
        kind = drawn.choice(kinds)
        allowance.take(kind)
        fake._is_too_much(kind)
    assert fake.violations == []
