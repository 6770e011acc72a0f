"""A result corrected by hand is audited and told on, as one corrected by a file is."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from matches.correcting import save_corrected
from matches.models import Match, ScoreCorrection
from matches.signals import results_changed
from tests.factories import MatchFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[int]]:
    matches: list[int] = []

    def listen(match_ids: list[int], **_: Any) -> None:
        matches.extend(match_ids)

    results_changed.connect(listen)
    yield matches
    results_changed.disconnect(listen)


def save(match: Match, capture: DjangoCaptureOnCommitCallbacks, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(match, name, value)
    with capture(execute=True):
        save_corrected(match)


def test_another_score_is_kept_on_record_and_told(
    told: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    match = MatchFactory.create(finished=True)
    save(match, django_capture_on_commit_callbacks, away_goals=2)
    correction = ScoreCorrection.objects.get()
    assert (str(correction), correction.match, correction.batch) == ("2–1 → 2–2", match, None)
    assert told == [match.pk]


def test_a_first_result_is_told_and_corrects_nothing(
    told: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    match = MatchFactory.create()
    save(match, django_capture_on_commit_callbacks, home_goals=0, away_goals=0, status=Match.Status.FINISHED)
    assert told == [match.pk]
    assert not ScoreCorrection.objects.exists()


def test_another_kick_off_is_no_result(
    told: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    match = MatchFactory.create(finished=True)
    save(match, django_capture_on_commit_callbacks, kickoff_is_exact=True)
    match.refresh_from_db()
    assert match.kickoff_is_exact
    assert told == []
    assert not ScoreCorrection.objects.exists()
