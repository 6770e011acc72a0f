"""One reading of each replay, by one worker of many, kept as a whole; a lost worker is noticed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from matches.models import Replay, ReplayPlayer
from matches.rocket_league import processing, replay_files, replays
from matches.rocket_league.reading import EXTRACTION_VERSION, UnreadableReplay
from matches.tasks import process_replay, reap_replays, sweep_replays
from tests.matches.rocket_league.intake.conftest import Bring, Reader, read_player, read_replay


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """What was sent to workers."""
    ids: list[UUID] = []
    monkeypatch.setattr(processing, "send", ids.append)
    return ids


def process(replay: Replay) -> Replay:
    done = replays.process(replay.pk)
    assert done is not None
    return done


def test_what_the_file_tells_is_kept(bring: Bring, reader: Reader) -> None:
    reader.says = read_replay(guid="A" * 32)
    replay = process(bring().replay)
    assert (replay.status, replay.extraction_version, replay.parse_seconds) == ("processed", EXTRACTION_VERSION, 4.1)
    assert (replay.guid, replay.playlist, replay.blue_goals) == ("A" * 32, "ranked-doubles", 3)
    assert (replay.attempt, replay.heartbeat_at) == (1, None)
    assert replay.scenes.read() == b"scenes"
    assert replay.players.count() == 4
    first = replay.players.get(name="Player 1")
    assert (first.platform, first.side, first.won) == ("steam", "blue", True)
    assert first.statistics == {"core_goals": 1.0, "boost_bpm": 380.5}


def test_a_match_without_scenes_has_no_file_of_them(bring: Bring, reader: Reader) -> None:
    reader.says = read_replay(scenes=b"")
    assert not process(bring().replay).scenes


def test_it_is_announced_once_committed(
    bring: Bring, heard: list[UUID], django_capture_on_commit_callbacks: Any
) -> None:
    replay = bring().replay
    with django_capture_on_commit_callbacks(execute=True):
        process(replay)
        assert heard == []
    assert heard == [replay.pk]


def test_a_file_that_can_not_be_read_is_failed_in_words(bring: Bring, unreadable: UnreadableReplay) -> None:
    replay = process(bring().replay)
    assert (replay.status, replay.reason_code, replay.reason) == ("failed", "damaged", str(unreadable))
    assert not replay.players.exists()


def test_what_nobody_foresaw_fails_the_replay_and_not_the_worker(bring: Bring, reader: Reader) -> None:
    reader.says = ZeroDivisionError()
    replay = process(bring().replay)
    assert (replay.status, replay.reason_code) == ("failed", "server_error")


def test_a_file_that_is_gone_is_failed_in_words(bring: Bring) -> None:
    replay = bring().replay
    replay_files.discard(replay.file.name)
    assert process(replay).reason_code == "file_missing"


def test_names_with_control_characters_and_figures_that_are_none_are_cleaned(bring: Bring, reader: Reader) -> None:
    odd = read_player("blue", 1, name="a\x00b\n", statistics={"core_goals": 1.0, "boost_bpm": float("nan")})
    reader.says = read_replay(players=(odd,))
    player = process(bring().replay).players.get()
    assert (player.name, player.statistics) == ("ab", {"core_goals": 1.0})


class TestOnce:
    def test_delivered_twice_it_is_read_once(self, bring: Bring, reader: Reader) -> None:
        replay = bring().replay
        for _ in range(3):
            process_replay(str(replay.pk))
        assert len(reader.asked) == 1
        assert ReplayPlayer.objects.count() == 4

    def test_of_two_workers_one_gets_it(self, bring: Bring) -> None:
        replay = bring().replay
        assert processing.claim(replay.pk) is not None
        assert processing.claim(replay.pk) is None

    def test_a_replay_that_is_gone_is_no_error(self, db: None) -> None:
        assert replays.process(uuid4()) is None

    def test_a_worker_that_was_replaced_writes_nothing(self, bring: Bring, reader: Reader) -> None:
        """It was thought dead, and the replay was read by another, who found something else."""
        replay = bring().replay
        slow = processing.claim(replay.pk)
        assert slow is not None
        with time_machine.travel(timezone.now() + processing.LEASE + timedelta(seconds=1)):
            processing.reap()
            process(replay)
        stands = processing.finish(slow, read_replay(map_code="other", scenes=b"late"))
        assert stands is not None
        assert (stands.map_code, stands.scenes.read()) == ("cs_p", b"scenes")
        assert processing.finish(slow, UnreadableReplay("damaged")) == stands
        assert Replay.objects.get().status == "processed"
        folder = Path(default_storage.location) / "scenes"  # type: ignore[attr-defined]  # a folder in tests
        assert len([file for file in folder.rglob("*") if file.is_file()]) == 1

    def test_one_that_was_removed_while_it_was_read_stays_removed(self, bring: Bring, alice: User) -> None:
        replay = bring().replay
        claimed = processing.claim(replay.pk)
        assert claimed is not None
        replays.remove(replay, alice)
        assert processing.finish(claimed, read_replay()) is None
        assert not ReplayPlayer.objects.exists()

    def test_a_crash_while_storing_leaves_nothing_behind(self, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
        def die(*args: object) -> None:
            raise KeyboardInterrupt

        replay = bring().replay
        monkeypatch.setattr(processing, "_replace_players", die)
        with pytest.raises(KeyboardInterrupt):
            process(replay)
        replay.refresh_from_db()
        assert (replay.status, replay.guid, replay.players.count()) == ("processing", "", 0)
        folder = Path(default_storage.location) / "scenes"  # type: ignore[attr-defined]  # a folder in tests
        assert not [file for file in folder.rglob("*") if file.is_file()]


class TestTwoRecordingsOfOneMatch:
    def test_the_newer_is_merged_into_the_older(
        self, bring: Bring, reader: Reader, bob: User, django_capture_on_commit_callbacks: Any, heard: list[UUID]
    ) -> None:
        reader.says = read_replay(guid="A" * 32)
        older = process(bring("one").replay)
        newer = bring("two", user=bob).replay
        Replay.objects.filter(pk=newer.pk).update(ballchasing_id="abc")
        with django_capture_on_commit_callbacks(execute=True):
            assert process(newer) == older
        assert Replay.objects.get().ballchasing_id == "abc"
        assert {owner.user.email: owner.filename for owner in older.owners.all()} == {
            "alice@example.org": "one.replay",
            "bob@example.org": "two.replay",
        }
        assert ReplayPlayer.objects.count() == 4
        assert not Path(newer.file.path).exists()
        assert heard == [older.pk]

    def test_also_where_both_are_read_at_the_same_moment(
        self, bring: Bring, reader: Reader, bob: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reader.says = read_replay(guid="A" * 32)
        one = process(bring("one").replay)
        two = bring("two", user=bob).replay
        real, looks = processing._twin, []

        def twin(*args: Any) -> Replay | None:
            looks.append(1)
            return None if len(looks) == 1 else real(*args)

        monkeypatch.setattr(processing, "_twin", twin)
        assert process(two) == one
        assert one.owners.count() == 2
        assert Replay.objects.count() == 1

    def test_recordings_without_an_id_are_never_taken_for_one(self, bring: Bring) -> None:
        process(bring("one").replay)
        process(bring("two").replay)
        assert Replay.objects.processed().count() == 2


class TestLostWorkers:
    def test_the_replay_waits_again_and_fails_after_three_attempts(self, bring: Bring, sent: list[UUID]) -> None:
        replay = bring().replay
        now = timezone.now()
        for attempt in range(1, processing.MAX_ATTEMPTS + 1):
            with time_machine.travel(now + attempt * (processing.LEASE + timedelta(seconds=5))) as clock:
                assert processing.claim(replay.pk) is not None
                assert processing.reap() == [], "it is alive"
                clock.shift(processing.LEASE + timedelta(seconds=1))
                assert reap_replays() == 1
        replay.refresh_from_db()
        assert (replay.status, replay.reason_code, replay.attempt) == ("failed", "worker_lost", 3)
        assert sent == [replay.pk] * 2

    def test_tried_again_by_hand_it_has_three_attempts_more(self, bring: Bring, sent: list[UUID]) -> None:
        replay = bring().replay
        Replay.objects.update(status="failed", reason="It was lost.", reason_code="worker_lost", attempt=3)
        assert replays.retry(replay).attempt == 0
        assert sent == [replay.pk]

    def test_what_waits_unsent_for_a_lease_is_sent_again_once_a_lease(self, bring: Bring, sent: list[UUID]) -> None:
        replay = bring().replay
        assert processing.reap() == []
        assert sent == []
        with time_machine.travel(timezone.now() + processing.LEASE + timedelta(seconds=1)):
            processing.reap()
            processing.reap()
        assert sent == [replay.pk]


class TestReadAnew:
    @pytest.fixture
    def old(self, bring: Bring) -> Replay:
        replay = process(bring().replay)
        Replay.objects.update(extraction_version=0)
        replay.refresh_from_db()
        return replay

    def test_statistics_change_as_a_whole_and_ranks_stay(
        self, old: Replay, reader: Reader, django_capture_on_commit_callbacks: Any
    ) -> None:
        old.players.filter(name="Player 1").update(rank_group="gold", rank_tier="gold-2")
        reader.says = read_replay(players=(read_player("blue", 1, statistics={"core_goals": 9.0}),), scenes=b"new")
        with django_capture_on_commit_callbacks(execute=True):
            new = process(old)
        player = new.players.get()
        assert (player.statistics, player.rank_group, player.rank_tier) == ({"core_goals": 9.0}, "gold", "gold-2")
        assert (new.extraction_version, new.scenes.read()) == (EXTRACTION_VERSION, b"new")
        assert not Path(old.scenes.path).exists()

    def test_it_stays_ready_meanwhile_and_one_worker_reads_it(self, old: Replay) -> None:
        assert processing.claim(old.pk) is not None
        assert processing.claim(old.pk) is None
        assert Replay.objects.get().status == "processed"

    def test_what_can_not_be_read_any_more_keeps_what_was_found(self, old: Replay, reader: Reader) -> None:
        reader.says = UnreadableReplay("not_understood")
        stays = process(old)
        assert (stays.status, stays.players.count(), stays.heartbeat_at) == ("processed", 4, None)

    def test_a_lost_worker_leaves_it_ready(self, old: Replay, sent: list[UUID]) -> None:
        Replay.objects.update(attempt=processing.MAX_ATTEMPTS - 2)
        for expected in ([old.pk], [old.pk]):
            assert processing.claim(old.pk) is not None
            with time_machine.travel(timezone.now() + processing.LEASE + timedelta(seconds=1)):
                processing.reap()
            assert sent == expected
        old.refresh_from_db()
        assert (old.status, old.heartbeat_at) == ("processed", None)

    def test_chosen_ones_are_read_again_whatever_read_them(
        self, bring: Bring, reader: Reader, sent: list[UUID]
    ) -> None:
        ready, waits = process(bring("one").replay), bring("two").replay
        reader.says = UnreadableReplay("damaged")
        failed = process(bring("three").replay)
        assert processing.mark_outdated(Replay.objects.all()) == 2
        assert set(sent) == {ready.pk, failed.pk}
        assert processing.claim(ready.pk) is not None
        assert waits.status == "queued"


def test_sweeping_is_a_task(db: None) -> None:
    assert sweep_replays() == 0
