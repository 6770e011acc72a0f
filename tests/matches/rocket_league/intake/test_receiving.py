"""Files coming in: kept once, owned by whoever brought them, never lost and never left behind."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import CoachGrant, User
from matches.errors import FileTooLarge, InvalidReplayState
from matches.models import Replay, ReplayOwner
from matches.rocket_league import processing, replay_files, replays
from tests.matches.rocket_league.intake.conftest import Bring, Reader, replay_bytes


def stored() -> list[str]:
    root = Path(default_storage.location)  # type: ignore[attr-defined]  # a folder in tests
    return sorted(file.name for file in root.rglob("*") if file.is_file())


def test_a_new_file_is_kept_owned_and_waits(bring: Bring, alice: User) -> None:
    received = bring("one")
    replay = Replay.objects.get()
    assert (received.outcome, received.replay, replay.status) == ("new", replay, "queued")
    assert replay.sha256 == hashlib.sha256(replay_bytes("one")).hexdigest()
    assert replay.size == len(replay_bytes("one"))
    assert replay.file.read() == replay_bytes("one")
    assert replay.owners.get().user == alice


def test_it_is_sent_to_a_worker_once_committed(
    alice: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("matches.tasks.process_replay.delay", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        got = replays.receive(BytesIO(replay_bytes()), filename="a.replay", user=alice, source=Replay.Source.API)
        assert sent == []
    assert sent == [str(got.replay.pk)]


def test_the_same_file_again_is_a_duplicate_and_not_sent_again(bring: Bring, alice: User) -> None:
    first, second = bring("one"), bring("one")
    assert (second.outcome, second.replay) == ("duplicate", first.replay)
    assert ReplayOwner.objects.count() == 1
    assert len(stored()) == 1


def test_a_second_person_becomes_an_owner_and_nothing_is_read_again(
    bring: Bring, reader: Reader, bob: User, heard: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    first = bring("one").replay
    replays.process(first.pk)
    with django_capture_on_commit_callbacks(execute=True):
        second = bring("one", user=bob)
    assert (second.outcome, second.replay.status) == ("duplicate", "processed")
    assert set(first.owners.values_list("user__email", flat=True)) == {"alice@example.org", "bob@example.org"}
    assert len(reader.asked) == 1
    assert heard == [first.pk]


def test_a_failed_file_uploaded_again_is_tried_again(bring: Bring, reader: Reader, unreadable: Exception) -> None:
    failed = replays.process(bring("one").replay.pk)
    assert failed is not None
    assert failed.status == "failed"
    again = bring("one")
    assert (again.outcome, again.replay.status, again.replay.reason) == ("duplicate", "queued", "")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"\x89PNG\r\n" + b"\0" * 500, "not_a_replay"), (replay_bytes()[:300], "truncated")],
)
def test_what_is_no_replay_is_a_failed_one_at_once_with_its_reason(bring: Bring, content: bytes, code: str) -> None:
    replay = bring("photo", content=content).replay
    assert (replay.status, replay.reason_code) == ("failed", code)
    assert replay.reason
    assert replay.owners.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read_whole(alice: User, settings: Settings) -> None:
    settings.MAX_REPLAY_BYTES = 2 * 1024**2
    stream = BytesIO(b"x" * 50 * 1024**2)
    with pytest.raises(FileTooLarge):
        replays.receive(stream, filename="a.replay", user=alice, source=Replay.Source.WEB)
    assert stream.tell() <= settings.MAX_REPLAY_BYTES + replay_files.CHUNK_BYTES
    assert not Replay.objects.exists()
    assert stored() == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (r"C:\Users\alice\Demos\final.replay", "final.replay"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\n.replay", "ab.replay"),
        ("", "unnamed.replay"),
        ("x" * 400, "x" * 255),
        ("\udcff.replay", "?.replay"),
    ],
)
def test_names_are_without_folders_and_control_characters(given: str, told: str) -> None:
    assert replays.told_name(given) == told


def test_a_row_that_can_not_be_written_leaves_no_file(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(replays, "_own", fail)
    with pytest.raises(RuntimeError):
        bring("one")
    assert stored() == []
    assert not Replay.objects.exists()


def test_of_two_who_bring_the_same_at_the_same_moment_both_own_one(
    bring: Bring, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's row appears between our look and our own."""
    real, looks = replays._known, []

    def known(*args: Any, **kwargs: Any) -> Any:
        looks.append(1)
        if len(looks) == 1:
            monkeypatch.setattr(replays, "_known", real)
            bring("one", user=bob)
            return None
        return real(*args, **kwargs)

    monkeypatch.setattr(replays, "_known", known)
    received = bring("one")
    assert received.outcome == "duplicate"
    assert received.replay.owners.count() == 2
    assert len(stored()) == 1


def test_files_that_a_crash_left_behind_are_swept_and_others_stay(bring: Bring) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        kept = bring("one").replay
    default_storage.save("replays/2026/03/left.replay", BytesIO(b"left"))
    default_storage.save("scenes/2026/03/left.gz", BytesIO(b"left"))
    assert replay_files.sweep() == 0, "they may be about to get a row"
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert replay_files.sweep() == 2
    assert stored() == [Path(kept.file.path).name]


def test_sweeping_nothing_is_fine(db: None) -> None:
    assert replay_files.sweep() == 0


class TestGivingUp:
    def test_the_replay_stays_for_its_other_owner(self, bring: Bring, alice: User, bob: User) -> None:
        replay = bring("one").replay
        bring("one", user=bob)
        replays.remove(replay, alice)
        assert list(replay.owners.values_list("user__email", flat=True)) == ["bob@example.org"]

    def test_the_last_owner_takes_everything_with_them(
        self, bring: Bring, reader: Reader, alice: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        replay = replays.process(bring("one").replay.pk)
        assert replay is not None
        assert len(stored()) == 2
        with django_capture_on_commit_callbacks(execute=True):
            replays.remove(replay, alice)
        assert not Replay.objects.exists()
        assert stored() == []

    def test_somebody_else_takes_nothing_away(self, bring: Bring, charlie: User) -> None:
        replay = bring("one").replay
        replays.remove(replay, charlie)
        assert Replay.objects.filter(pk=replay.pk).exists()

    def test_of_a_deleted_account_nothing_stays_but_what_others_own_too(
        self, bring: Bring, alice: User, bob: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        bring("one")
        shared = bring("two").replay
        bring("two", user=bob)
        nobodys = bring("three", user=None).replay
        Replay.objects.filter(pk=nobodys.pk).update(source=Replay.Source.FOLDER)
        alice.delete()
        with django_capture_on_commit_callbacks(execute=True):
            assert replays.remove_ownerless() == 1
        assert set(Replay.objects.all()) == {shared, nobodys}
        assert len(stored()) == 2


class TestWhoMaySee:
    def test_the_owner_their_coach_and_staff_and_nobody_else(
        self, bring: Bring, alice: User, bob: User, charlie: User, staff: User
    ) -> None:
        replay = bring("one").replay
        CoachGrant.objects.create(player=alice, coach=bob, coach_email=bob.email, accepted_at=timezone.now())
        for viewer in (alice, bob, staff):
            assert list(replays.visible_to(viewer)) == [replay]
        assert not replays.visible_to(charlie).exists()

    def test_each_sees_the_name_they_gave_the_file(self, bring: Bring, alice: User, bob: User, staff: User) -> None:
        bring("one")
        content = replay_bytes("one")
        bring("mine", content=content, user=bob)
        assert replays.visible_to(alice).get().shown_filename == "one.replay"  # type: ignore[attr-defined]
        assert replays.visible_to(bob).get().shown_filename == "mine.replay"  # type: ignore[attr-defined]
        assert replays.brought_by(bob).get().shown_filename == "mine.replay"  # type: ignore[attr-defined]
        assert replays.visible_to(staff).count() == 1


def test_only_a_failed_replay_is_tried_again(bring: Bring, reader: Reader) -> None:
    replay = bring("one").replay
    with pytest.raises(InvalidReplayState):
        replays.retry(replay)
    Replay.objects.update(status="failed", reason="No.", file="")
    replay.refresh_from_db()
    with pytest.raises(InvalidReplayState, match="no file"):
        processing.retry(replay)
