"""Following a person's replays at ballchasing.com: each once, and going on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from matches import tasks
from matches.models import BallchasingAccount, BallchasingSync, RankGroup, Replay, ReplayOwner
from matches.rocket_league.ballchasing import accounts, ranks, syncing
from matches.rocket_league.ballchasing.errors import AllowanceSpent, KeyRefused
from matches.signals import replay_processed
from tests.factories import ReplayFactory, ReplayPlayerFactory
from tests.matches.rocket_league.ballchasing.fake_site import KEY, FakeSite

pytestmark = pytest.mark.django_db
Sent = list[tuple[str, object]]


@pytest.fixture
def run(
    site: FakeSite,
    account: BallchasingAccount,
    sent: Sent,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[], BallchasingSync | None]:
    """Ask for a round and work on it once."""

    def work() -> BallchasingSync | None:
        with django_capture_on_commit_callbacks(execute=True):
            syncing.ask(account)
            return syncing.run(account.pk, site=site.visitor())

    return work


def hold(site: FakeSite, count: int, *, first: int = 0) -> None:
    for n in range(first, first + count):
        created = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=n)
        site.hold(f"r{n}", created=created.isoformat(), rocket_league_id=f"guid{n}")


Run = Callable[[], BallchasingSync | None]


def test_every_replay_comes_in_once_and_the_next_round_asks_for_newer_ones(
    site: FakeSite, run: Run, alice: User
) -> None:
    site.page_size = 2
    hold(site, 5)
    sync = run()
    assert sync is not None
    assert (sync.status, sync.found, sync.taken, sync.known) == ("done", 5, 5, 0)
    mine = Replay.objects.filter(owners__user=alice)
    assert set(mine.values_list("ballchasing_id", flat=True)) == {f"r{n}" for n in range(5)}
    assert set(mine.values_list("source", flat=True)) == {"ballchasing"}
    hold(site, 2, first=5)
    again = run()
    assert again is not None
    assert (again.found, again.taken) == (2, 2)
    assert sum("/file" in path for path in site.asked) == 7
    assert site.violations == []
    kept = BallchasingAccount.objects.get()
    assert (kept.resume_url, kept.last_error) == ("", "")
    assert kept.synced_until == datetime(2026, 3, 1, 0, 6, tzinfo=UTC)
    assert kept.last_synced_at is not None


def test_a_replay_that_the_person_has_already_is_not_fetched(site: FakeSite, run: Run, alice: User) -> None:
    hold(site, 2)
    here = ReplayFactory.create(guid="GUID1")
    ReplayOwner.objects.create(replay=here, user=alice)
    sync = run()
    assert sync is not None
    assert (sync.taken, sync.known) == (1, 1)
    here.refresh_from_db()
    assert here.ballchasing_id == "r1"


def test_somebody_elses_replay_is_fetched_and_shared(site: FakeSite, run: Run, alice: User, bob: User) -> None:
    hold(site, 1)
    with site.visitor().file("r0") as file:
        from matches.rocket_league import replays

        theirs = replays.receive(file, filename="his", user=bob, source=Replay.Source.WEB).replay
    sync = run()
    assert sync is not None
    assert (sync.taken, sync.known) == (0, 1)
    assert set(theirs.owners.values_list("user", flat=True)) == {alice.pk, bob.pk}


def test_when_the_allowance_is_spent_it_pauses_and_goes_on_where_it_stopped(
    site: FakeSite, run: Run, account: BallchasingAccount, sent: Sent
) -> None:
    hold(site, 60)
    sync = run()
    assert sync is not None
    assert (sync.status, sync.taken) == ("paused", 51)
    assert sync.resume_at is not None
    assert ("sync", syncing.PAUSE.total_seconds()) in sent
    assert BallchasingAccount.objects.get().resume_url.startswith(site.address)
    site.clock.now += 600
    ended = syncing.run(account.pk, site=site.visitor())
    assert ended is not None
    assert (ended.status, ended.found, ended.taken) == ("done", 60, 60)
    assert sum("/file" in path for path in site.asked) == 60, "no file is fetched twice"
    assert site.violations == []


def test_a_round_that_lasts_too_long_lets_others_have_their_turn(
    site: FakeSite, run: Run, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "LONGEST_ROUND", -1.0)
    hold(site, 1)
    sync = run()
    assert sync is not None
    assert sync.status == "paused"
    assert sent[-1] == ("sync", 0.0)


def test_a_key_that_is_refused_stops_the_account_until_a_new_one_is_given(
    site: FakeSite, run: Run, account: BallchasingAccount
) -> None:
    site.statuses = [(401, {})]
    sync = run()
    assert sync is not None
    assert sync.status == "failed"
    kept = BallchasingAccount.objects.get()
    assert not kept.is_active
    assert "refuses this key" in kept.last_error
    assert not syncing.ask(kept)
    assert syncing.ask_all() == 0
    accounts.connect(account.user, key=KEY)
    assert syncing.ask_all() == 1


def test_a_site_that_is_down_is_told_and_tried_again_the_next_day(site: FakeSite, run: Run) -> None:
    site.statuses = [(503, {})] * 4
    sync = run()
    assert sync is not None
    assert (sync.status, BallchasingAccount.objects.get().is_active) == ("failed", True)
    assert "503" in BallchasingAccount.objects.get().last_error


def test_a_replay_that_is_gone_there_hinders_no_other(site: FakeSite, run: Run) -> None:
    hold(site, 3)
    site.statuses = [(200, {}), (404, {})]
    sync = run()
    assert sync is not None
    assert (sync.status, sync.refused, sync.taken) == ("done", 1, 2)


def test_one_round_at_a_time(site: FakeSite, account: BallchasingAccount, sent: Sent) -> None:
    assert syncing.ask(account)
    assert not syncing.ask(account)
    BallchasingSync.objects.update(status="running", attempt=1, heartbeat_at=timezone.now())
    assert syncing.run(account.pk, site=site.visitor()) is None
    assert not syncing.ask(account)


def test_a_round_whose_worker_died_is_taken_over(site: FakeSite, account: BallchasingAccount, sent: Sent) -> None:
    syncing.ask(account)
    died = timezone.now() - syncing.LEASE - timedelta(seconds=1)
    BallchasingSync.objects.update(status="running", attempt=1, heartbeat_at=died)
    sync = syncing.run(account.pk, site=site.visitor())
    assert sync is not None
    assert (sync.status, sync.attempt) == ("done", 2)


def test_a_worker_that_was_replaced_writes_no_more(site: FakeSite, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(site, 2)
    take_in = syncing._take_in

    def replaced(*told: object) -> str:
        BallchasingSync.objects.update(attempt=99)
        return take_in(*told)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(syncing, "_take_in", replaced)
    assert run() is None
    assert BallchasingSync.objects.get().taken == 0


def test_a_task_delivered_twice_does_nothing_the_second_time(
    site: FakeSite, run: Run, account: BallchasingAccount
) -> None:
    run()
    asked = len(site.asked)
    tasks.sync_ballchasing(account.pk)
    tasks.sync_ballchasing(account.pk + 1)
    assert len(site.asked) == asked


def test_a_key_is_kept_encrypted_and_forgotten_with_the_account(site: FakeSite, alice: User) -> None:
    kept = accounts.connect(alice, key=f" {KEY}\n")
    assert KEY not in kept.encrypted_key
    assert kept.name == "Ally"
    assert accounts.site_of(kept).key == KEY
    assert accounts.disconnect(alice)
    assert not accounts.disconnect(alice)


def test_a_key_that_ballchasing_does_not_know_is_not_kept(site: FakeSite, alice: User) -> None:
    with pytest.raises(KeyRefused):
        accounts.connect(alice, key="x" * 40)
    assert not BallchasingAccount.objects.exists()


def test_a_key_that_can_not_be_read_any_more_is_asked_for_again(account: BallchasingAccount) -> None:
    account.encrypted_key = "gAAAAA-of-another-secret"
    with pytest.raises(KeyRefused, match="give it again"):
        accounts.site_of(account)


# ---- Ranks ----
PLAYERS = [
    {"name": "Ally", "id": {"platform": "steam", "id": "1"}, "rank": {"id": "grand-champion-1"}},
    {"name": "Mate", "id": {"platform": "ps4", "id": "other"}, "rank": {"id": "diamond-2"}},
    {"name": "New", "id": {"platform": "epic", "id": "3"}},
]


@pytest.fixture
def read(site: FakeSite, account: BallchasingAccount) -> Replay:
    """A replay that was read, of which ballchasing.com knows ranks."""
    site.hold("r1", created="2026-03-01T10:00:00Z", blue={"players": PLAYERS}, orange={})
    replay: Replay = ReplayFactory.create(ballchasing_id="r1")
    ReplayOwner.objects.create(replay=replay, user=account.user)
    for name, platform, platform_id in (("Ally <3", "steam", "1"), ("Mate", "ps4", "2"), ("New", "epic", "3")):
        ReplayPlayerFactory.create(replay=replay, name=name, platform=platform, platform_id=platform_id)
    return replay


def test_ranks_are_found_by_account_and_else_by_side_and_name(site: FakeSite, read: Replay) -> None:
    assert ranks.take(read.pk, site=site.visitor()) == 2
    told = {player.name: (player.rank_group, player.rank_tier) for player in read.players.all()}
    assert told == {
        "Ally <3": (RankGroup.GRAND_CHAMPION, "grand-champion-1"),
        "Mate": (RankGroup.DIAMOND, "diamond-2"),
        "New": ("", ""),
    }
    assert ranks.take(read.pk, site=site.visitor()) == 0
    assert len(site.asked) == 1, "what is known is not asked for again"


def test_ranks_are_asked_for_once_a_replay_is_read(
    read: Replay, sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        replay_processed.send(sender=Replay, replay_id=read.pk)
        replay_processed.send(sender=Replay, replay_id=ReplayFactory.create().pk)
    assert sent == [("ranks", str(read.pk))]


def test_whoever_listens_is_told_of_ranks_and_they_are_not_asked_for_again(
    site: FakeSite, read: Replay, sent: Sent, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    told: list[object] = []

    def listen(*, replay_id: object, **_: object) -> None:
        told.append(replay_id)

    replay_processed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            ranks.take(read.pk, site=site.visitor())
    finally:
        replay_processed.disconnect(listen)
    assert told == [read.pk]
    assert sent == []


def test_ranks_are_not_asked_for_with_a_strangers_key(site: FakeSite, read: Replay, charlie: User) -> None:
    BallchasingAccount.objects.update(user=charlie)
    assert ranks.take(read.pk, site=site.visitor()) == 0
    assert site.asked == []


@pytest.mark.parametrize("told", [{"blue": None}, {"blue": {"players": [{"rank": {"id": "wood-1"}, "name": "Mate"}]}}])
def test_what_is_no_rank_is_left_out(site: FakeSite, read: Replay, told: dict[str, object]) -> None:
    site.replays["r1"] = {"id": "r1", **told}
    assert ranks.take(read.pk, site=site.visitor()) == 0


def test_a_task_waits_for_the_allowance_and_forgives_a_refused_key(
    read: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def retry(*, exc: Exception, countdown: float) -> Exception:
        waits.append(countdown)
        return exc

    def spent(*_: object) -> int:
        raise AllowanceSpent(42)

    def refused(*_: object) -> int:
        raise KeyRefused("no")

    monkeypatch.setattr(tasks.take_ballchasing_ranks, "retry", retry)
    monkeypatch.setattr(ranks, "take", spent)
    with pytest.raises(AllowanceSpent):
        tasks.take_ballchasing_ranks(str(read.pk))
    assert waits == [42]
    monkeypatch.setattr(ranks, "take", refused)
    assert tasks.take_ballchasing_ranks(str(read.pk)) == 0


def test_a_round_is_asked_for_every_day() -> None:
    from django_celery_beat.models import PeriodicTask

    planned = PeriodicTask.objects.select_related("crontab").get(task="matches.tasks.sync_all_ballchasing")
    assert (planned.crontab.hour, planned.crontab.minute) == ("3", "20")


def test_a_round_that_got_lost_is_queued_again_the_next_day(account: BallchasingAccount, sent: Sent) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 3, tzinfo=UTC), tick=False):
        syncing.ask(account)
    with time_machine.travel(datetime(2026, 3, 2, 3, tzinfo=UTC), tick=False):
        assert syncing.ask_all() == 1
