"""The coach's first page: the answer first, one next step where there is none, and nothing for strangers."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import CoachGrant, User
from matches.models import Replay, ReplayOwner
from tests.factories import ReplayFactory, ReplayPlayerFactory
from tests.training.pages.conftest import brought_in
from training.errors import InsufficientData
from training.models import Recommendation, SkillReport

pytestmark = pytest.mark.django_db
HERE = "/coach/"


def words(client: Client, path: str = HERE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    answer = client.get(HERE)
    assert answer.status_code == 302
    assert "/login/" in answer.headers["Location"]


def test_a_new_player_is_asked_for_replays(as_alice: Client) -> None:
    assert "Bring your first replays" in words(as_alice)


def test_who_has_replays_that_wait_is_told_so(as_alice: Client, alice: User) -> None:
    ReplayOwner.objects.create(replay=ReplayFactory.create(status=Replay.Status.QUEUED), user=alice)
    assert "Being read" in words(as_alice)


def test_who_is_in_no_replay_is_asked_who_they_are(as_alice: Client, alice: User) -> None:
    ReplayOwner.objects.create(replay=ReplayPlayerFactory.create().replay, user=alice)
    assert "Which of the players are you?" in words(as_alice)


def test_who_has_too_few_matches_is_told_how_many_more(as_alice: Client, alice: User, settings: Settings) -> None:
    settings.MIN_MATCHES_FOR_ANALYSIS = 3
    brought_in(alice, 2)
    assert "Upload 1 more ranked replay" in words(as_alice)


def test_casual_matches_are_not_analysed(as_alice: Client, alice: User) -> None:
    brought_in(alice, 2, playlist="unranked-standard")
    assert "Only ranked matches can be compared" in words(as_alice)


def test_who_has_enough_matches_may_have_them_analysed(as_alice: Client, alice: User, settings: Settings) -> None:
    settings.MIN_MATCHES_FOR_ANALYSIS = 3
    brought_in(alice, 3)
    assert "Analyse my matches" in words(as_alice)


def test_the_answer_comes_first(as_alice: Client, recommendation: Recommendation) -> None:
    page = words(as_alice)
    assert '<h2 id="verdict-title" class="verdict-headline">Rotation</h2>' in page
    assert "High confidence: about 8 of 10 such verdicts are right" in page
    assert "4th percentile of Gold players" in page
    assert "Third man back" in page
    assert "surely below in rotation and surely above in shooting" in page


def test_an_unsure_verdict_says_what_would_make_it_surer(as_alice: Client, report: SkillReport) -> None:
    SkillReport.objects.update(confidence=0.3)
    page = words(as_alice)
    assert "We can&#x27;t tell yet; perhaps rotation" in page
    assert "Upload about 5 more replays" in page


def test_nothing_that_stands_out_is_said_so(as_alice: Client, report: SkillReport) -> None:
    SkillReport.objects.update(primary_weakness="", confidence=0.1)
    assert "Nothing stands out" in words(as_alice)


def test_simulated_players_are_named_so(as_alice: Client, report: SkillReport) -> None:
    SkillReport.objects.update(benchmark={**report.benchmark, "is_simulated": True})
    page = words(as_alice)
    assert "Compared with simulated players." in page
    assert "simulated Gold players" in page


def test_matches_that_came_since_are_offered(as_alice: Client, alice: User, report: SkillReport) -> None:
    brought_in(alice, 2, processed_at=timezone.now())
    assert "Analyse with 2 new matches" in words(as_alice)


def test_the_code_of_a_pack_can_be_copied(as_alice: Client, pack_recommended: Recommendation) -> None:
    assert 'data-copy="0123-4567-89AB-CDEF"' in words(as_alice)


def test_an_analysis_is_asked_for_and_followed(as_alice: Client, alice: User, report: SkillReport) -> None:
    with patch("training.views.dashboard.advise", return_value=report) as advise:
        answer = as_alice.post(reverse("training:analyse"), {"playlist": "ranked-standard"})
    advise.assert_called_once_with(alice, playlist="ranked-standard")
    assert answer.headers["Location"] == "/coach/?playlist=ranked-standard"


def test_what_stands_in_the_way_of_an_analysis_is_said(as_alice: Client) -> None:
    with patch("training.views.dashboard.advise", side_effect=InsufficientData("Upload 2 more.", have=1, need=3)):
        answer = as_alice.post(reverse("training:analyse"), follow=True)
    assert "Upload 2 more." in answer.content.decode()


def test_a_coach_reads_and_does_nothing(as_bob: Client, alice: User, recommendation: Recommendation) -> None:
    page = words(as_bob, reverse("training:player", args=[alice.pk]))
    assert "Rotation" in page
    assert "Plan for today" not in page
    assert reverse("training:analyse") not in page


def test_a_coach_whose_grant_was_withdrawn_gets_nothing(as_bob: Client, alice: User) -> None:
    CoachGrant.objects.update(withdrawn_at=timezone.now())
    assert as_bob.get(reverse("training:player", args=[alice.pk])).status_code == 404


def test_charlie_gets_nothing_of_hers(as_charlie: Client, alice: User, recommendation: Recommendation) -> None:
    assert as_charlie.get(reverse("training:player", args=[alice.pk])).status_code == 404
    assert "Third man back" not in words(as_charlie)


def test_a_full_page_asks_few_questions(
    as_alice: Client, recommendation: Recommendation, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    words(as_alice)
    with django_assert_max_num_queries(25):
        words(as_alice)
