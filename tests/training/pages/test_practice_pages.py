"""Planning, doing, skipping and rating, on pages; each finds only their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.factories import DrillFactory, TrainingPackFactory
from training.models import Category, Drill, PackFeedback, Recommendation, TrainingPack, TrainingSession

pytestmark = pytest.mark.django_db
HERE = "/coach/sessions/"


@pytest.fixture
def planned(alice: User) -> TrainingSession:
    return TrainingSession.objects.create(
        user=alice, drill=DrillFactory.create(), category=Category.ROTATION, planned_for=timezone.now().date()
    )


def test_a_recommendation_is_planned_from_the_dashboard(as_alice: Client, recommendation: Recommendation) -> None:
    told = {"recommendation": recommendation.pk, "on": timezone.now().date().isoformat(), "next": "/coach/"}
    answer = as_alice.post(reverse("training:session-plan"), told)
    assert answer.headers["Location"] == "/coach/"
    assert TrainingSession.objects.get().drill == recommendation.drill


def test_another_site_is_never_gone_to(as_alice: Client, recommendation: Recommendation) -> None:
    told = {
        "recommendation": recommendation.pk,
        "on": timezone.now().date().isoformat(),
        "next": "https://evil.example/",
    }
    assert as_alice.post(reverse("training:session-plan"), told).headers["Location"] == HERE


def test_a_day_in_the_past_is_refused_in_words(as_alice: Client) -> None:
    yesterday = timezone.now().date() - timedelta(days=2)
    answer = as_alice.post(reverse("training:session-plan"), {"category": "rotation", "on": yesterday.isoformat()})
    assert answer.status_code == 422
    assert "A session is planned for today" in answer.content.decode()
    assert not TrainingSession.objects.exists()


def test_a_planned_session_is_done(as_alice: Client, planned: TrainingSession) -> None:
    as_alice.post(reverse("training:session-complete", args=[planned.pk]), {"minutes": 25, "self_rating": 4})
    planned.refresh_from_db()
    assert (planned.status, planned.minutes, planned.self_rating) == ("done", 25, 4)
    assert "25 min" in as_alice.get(HERE).content.decode()


def test_minutes_that_none_can_be_are_refused_beside_the_field(as_alice: Client, planned: TrainingSession) -> None:
    answer = as_alice.post(reverse("training:session-complete", args=[planned.pk]), {"minutes": 0})
    assert answer.status_code == 422
    assert "greater than or equal to 1" in answer.content.decode()


def test_a_session_is_skipped_without_telling_minutes(as_alice: Client, planned: TrainingSession) -> None:
    as_alice.post(reverse("training:session-skip", args=[planned.pk]), {"minutes": ""})
    planned.refresh_from_db()
    assert planned.status == "skipped"


def test_what_was_done_is_written_down(as_alice: Client) -> None:
    as_alice.post(reverse("training:session-log"), {"category": "shooting", "minutes": 30})
    assert TrainingSession.objects.get().minutes == 30


def test_something_must_be_named(as_alice: Client) -> None:
    answer = as_alice.post(reverse("training:session-log"), {"minutes": 30})
    assert answer.status_code == 422
    assert "Say what you practise" in answer.content.decode()


def test_a_session_is_removed(as_alice: Client, planned: TrainingSession) -> None:
    as_alice.post(reverse("training:session-remove", args=[planned.pk]))
    assert not TrainingSession.objects.exists()


@pytest.mark.parametrize("name", ["session-complete", "session-skip", "session-remove"])
def test_charlie_can_do_nothing_with_hers(as_charlie: Client, planned: TrainingSession, name: str) -> None:
    assert as_charlie.post(reverse(f"training:{name}", args=[planned.pk]), {"minutes": 5}).status_code == 404
    planned.refresh_from_db()
    assert planned.status == "planned"


def test_charlie_can_not_plan_what_was_recommended_to_her(as_charlie: Client, recommendation: Recommendation) -> None:
    told = {"recommendation": recommendation.pk, "on": timezone.now().date().isoformat()}
    assert as_charlie.post(reverse("training:session-plan"), told).status_code == 422
    assert not TrainingSession.objects.exists()


def test_not_even_a_coach_writes_for_their_player(as_bob: Client, planned: TrainingSession) -> None:
    assert as_bob.post(reverse("training:session-skip", args=[planned.pk])).status_code == 404


def test_the_page_asks_as_much_of_many_sessions_as_of_few(
    as_alice: Client, alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    for n in range(12):
        TrainingSession.objects.create(
            user=alice, drill=DrillFactory.create(), category="rotation", status="done", minutes=10,
            done_at=now - timedelta(days=n), planned_for=(now - timedelta(days=n)).date(),
        )  # fmt: skip
    with django_assert_max_num_queries(14):
        as_alice.get(HERE)


@pytest.fixture
def shelf() -> None:
    Drill.objects.all().delete()
    TrainingPack.objects.all().delete()
    TrainingPackFactory.create(
        name="Double taps", sub_skill="double touch", easiest_rank="champion", hardest_rank="champion"
    )
    DrillFactory.create(name="Back post", category=Category.POSITIONING)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"Double taps", "Back post"}),
        ("kind=pack", {"Double taps"}),
        ("kind=drill", {"Back post"}),
        ("category=positioning", {"Back post"}),
        ("rank=bronze", {"Back post"}),
        ("search=double", {"Double taps"}),
        ("search=nothing+like+it", set()),
        ("category=nonsense", {"Double taps", "Back post"}),
    ],
)
def test_packs_and_drills_are_narrowed(as_alice: Client, shelf: None, asked: str, found: set[str]) -> None:
    page = as_alice.get(f"/coach/packs/?{asked}").content.decode()
    assert {name for name in ("Double taps", "Back post") if name in page} == found


def test_a_pack_is_rated_and_rated_again(as_alice: Client, alice: User) -> None:
    pack = TrainingPackFactory.create()
    for rating in (2, 5):
        as_alice.post(reverse("training:practice-rate", args=["pack", pack.pk]), {"rating": rating})
    assert PackFeedback.objects.get(user=alice).rating == 5


def test_htmx_gets_the_stars_alone(as_alice: Client) -> None:
    drill = DrillFactory.create()
    path = reverse("training:practice-rate", args=["drill", drill.pk])
    answer = as_alice.post(path, {"rating": 4}, headers={"HX-Request": "true"})
    assert answer.content.decode().count("star on") == 4
    assert as_alice.post(path, {"rating": 9}, headers={"HX-Request": "true"}).status_code == 422


def test_what_there_is_not_can_not_be_rated(as_alice: Client) -> None:
    assert as_alice.post("/coach/packs/song/1/rate/", {"rating": 3}).status_code == 404
    assert as_alice.post("/coach/packs/pack/999999/rate/", {"rating": 3}).status_code == 404
