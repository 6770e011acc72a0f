"""`/api/replays/`: bringing in, following, reading, giving up; and a stranger gets nothing of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import CoachGrant, User
from matches.models import Replay, ReplayOwner
from matches.rocket_league import replays
from tests.factories import ReplayFactory, ReplayPlayerFactory
from tests.matches.rocket_league.intake.conftest import Bring, replay_bytes

URL = "/api/replays/"


def as_(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def upload(user: User, *contents: bytes) -> Any:
    files = [SimpleUploadedFile(f"{number}.replay", content) for number, content in enumerate(contents)]
    return as_(user).post(URL, {"file": files}, format="multipart")


@pytest.fixture
def coach(alice: User, bob: User) -> User:
    CoachGrant.objects.create(player=alice, coach=bob, coach_email=bob.email, accepted_at=timezone.now())
    return bob


@pytest.fixture
def of_alice(alice: User) -> Replay:
    replay = ReplayFactory.create()
    ReplayOwner.objects.create(replay=replay, user=alice, filename="hers.replay")
    ReplayPlayerFactory.create(replay=replay, name="Alice", statistics={"core_goals": 2.0})
    return replay


class TestBringingIn:
    def test_each_file_is_told_of(self, alice: User) -> None:
        answer = upload(alice, replay_bytes("a"), replay_bytes("b"), replay_bytes("a"), b"")
        assert answer.status_code == 202
        told = answer.json()
        assert [(row["filename"], row["status"], row["outcome"]) for row in told] == [
            ("0.replay", "queued", "new"),
            ("1.replay", "queued", "new"),
            ("2.replay", "queued", "duplicate"),
            ("3.replay", "failed", "new"),
        ]
        assert told[0]["id"] == told[2]["id"]
        assert "empty" in told[3]["reason"]
        assert Replay.objects.filter(source="api", owners__user=alice).count() == 3

    def test_a_second_person_gets_the_same_replay(self, alice: User, bob: User) -> None:
        first, second = (upload(user, replay_bytes("a")).json()[0] for user in (alice, bob))
        assert (second["id"], second["outcome"]) == (first["id"], "duplicate")

    def test_no_file_is_said(self, alice: User) -> None:
        answer = as_(alice).post(URL, {}, format="multipart")
        assert answer.status_code == 400
        assert "file" in answer.json()["detail"]

    def test_a_file_that_is_too_large_is_refused_with_a_code(self, alice: User, settings: Settings) -> None:
        settings.MAX_REPLAY_BYTES = 1000
        answer = upload(alice, b"x" * 2000)
        assert answer.status_code == 413
        assert answer.json()["code"] == "file_too_large"
        assert not Replay.objects.exists()

    def test_so_many_an_hour(self, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            SimpleRateThrottle, "THROTTLE_RATES", {"replays": "1/hour", "user": "9/min", "anon": "9/min"}
        )
        assert upload(alice, replay_bytes("a")).status_code == 202
        assert upload(alice, replay_bytes("b")).status_code == 429
        assert as_(alice).get(URL).status_code == 200


class TestReading:
    def test_the_list_is_ones_own(self, alice: User, of_alice: Replay, bob: User) -> None:
        ReplayFactory.create()
        found = as_(alice).get(URL).json()["results"]
        assert [(row["id"], row["filename"], row["status"]) for row in found] == [
            (str(of_alice.pk), "hers.replay", "processed")
        ]
        assert as_(bob).get(URL).json()["results"] == []

    @pytest.mark.parametrize(("query", "count"), [("status=failed", 0), ("playlist=ranked-standard", 1)])
    def test_it_can_be_narrowed(self, alice: User, of_alice: Replay, query: str, count: int) -> None:
        assert len(as_(alice).get(f"{URL}?{query}").json()["results"]) == count

    def test_what_is_no_playlist_is_refused(self, alice: User) -> None:
        assert as_(alice).get(f"{URL}?playlist=chess").status_code == 400

    def test_a_replay_has_its_players(self, alice: User, of_alice: Replay) -> None:
        told = as_(alice).get(f"{URL}{of_alice.pk}/").json()
        assert (told["filename"], told["playlist"]) == ("hers.replay", "ranked-standard")
        assert told["players"][0]["statistics"] == {"core_goals": 2.0}

    def test_the_list_asks_the_database_little(
        self, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for replay in ReplayFactory.create_batch(20):
            ReplayOwner.objects.create(replay=replay, user=alice)
        client = as_(alice)
        with django_assert_max_num_queries(2):
            assert len(client.get(URL).json()["results"]) == 20


class TestWhoMay:
    def test_a_coach_in_force_and_staff_see_a_players(
        self, alice: User, coach: User, staff: User, of_alice: Replay
    ) -> None:
        for viewer in (coach, staff):
            client = as_(viewer)
            assert len(client.get(f"{URL}?user={alice.pk}").json()["results"]) == 1
            assert client.get(f"{URL}{of_alice.pk}/").status_code == 200
        CoachGrant.objects.update(withdrawn_at=timezone.now())
        assert as_(coach).get(f"{URL}?user={alice.pk}").status_code == 404
        assert as_(coach).get(f"{URL}{of_alice.pk}/").status_code == 404

    def test_a_stranger_sees_nothing(self, alice: User, charlie: User, of_alice: Replay) -> None:
        client, path = as_(charlie), f"{URL}{of_alice.pk}/"
        assert client.get(f"{URL}?user={alice.pk}").status_code == 404
        assert client.get(path).status_code == 404
        assert client.delete(path).status_code == 404
        assert client.post(f"{path}retry/").status_code == 404
        assert of_alice.owners.count() == 1

    @pytest.mark.parametrize("asked", ["x", "0", "-1", "9" * 40])
    def test_nobody_has_such_a_number(self, alice: User, asked: str) -> None:
        assert as_(alice).get(f"{URL}?user={asked}").status_code == 404

    def test_who_is_not_signed_in_is_told_to(self, of_alice: Replay) -> None:
        client, path = APIClient(), f"{URL}{of_alice.pk}/"
        answers = [
            client.get(URL),
            client.post(URL),
            client.get(path),
            client.delete(path),
            client.post(f"{path}retry/"),
        ]
        assert {answer.status_code for answer in answers} == {401}

    def test_a_coach_takes_nothing_away(self, coach: User, of_alice: Replay) -> None:
        assert as_(coach).delete(f"{URL}{of_alice.pk}/").status_code == 404


class TestGivingUpAndTryingAgain:
    def test_given_up_it_is_gone(self, alice: User, of_alice: Replay) -> None:
        assert as_(alice).delete(f"{URL}{of_alice.pk}/").status_code == 204
        assert not Replay.objects.exists()

    def test_somebody_elses_share_stays(self, alice: User, bob: User, of_alice: Replay) -> None:
        ReplayOwner.objects.create(replay=of_alice, user=bob)
        assert as_(alice).delete(f"{URL}{of_alice.pk}/").status_code == 204
        assert as_(alice).get(f"{URL}{of_alice.pk}/").status_code == 404
        assert as_(bob).get(f"{URL}{of_alice.pk}/").status_code == 200

    def test_a_failed_one_is_tried_again(self, alice: User, bring: Bring, unreadable: Exception) -> None:
        replay = replays.process(bring().replay.pk)
        assert replay is not None
        answer = as_(alice).post(f"{URL}{replay.pk}/retry/")
        assert (answer.status_code, answer.json()["status"]) == (202, "queued")
        again = as_(alice).post(f"{URL}{replay.pk}/retry/")
        assert (again.status_code, again.json()["code"]) == (409, "invalid_state")
