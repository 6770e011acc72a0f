"""What predictions do when results arrive in the apps below."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock, patch

import pytest
from django.db import transaction

from matches.correcting import save_corrected
from matches.models import Match
from matches.signals import results_changed
from predictions import receivers
from predictions.models import Settlement
from predictions.tasks import settle_due, settle_matches
from tests.factories import MatchFactory
from tests.predictions.saying import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> Iterator[Mock]:
    """The messages to workers."""
    with patch.object(settle_matches, "delay") as delay:
        yield delay


def changed(*matches: Match, capture: Any) -> None:
    with capture(execute=True):
        results_changed.send(sender=Match, match_ids=[match.pk for match in matches])


def test_a_corrected_result_is_sent_to_be_settled_once_committed(
    sent: Mock, django_capture_on_commit_callbacks: Any
) -> None:
    match = MatchFactory.create(finished=True)
    say(match)
    match.home_goals = 7
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        save_corrected(match)
        assert not sent.called
    sent.assert_called_once_with([match.pk])
    assert settle_matches(*sent.call_args.args) == 1
    assert Settlement.objects.get().prediction.match == match


def test_matches_that_nobody_predicted_are_not_sent(sent: Mock, django_capture_on_commit_callbacks: Any) -> None:
    predicted, other = MatchFactory.create_batch(2, finished=True)
    say(predicted)
    say(predicted)
    changed(predicted, other, capture=django_capture_on_commit_callbacks)
    sent.assert_called_once_with([predicted.pk])
    changed(other, capture=django_capture_on_commit_callbacks)
    assert sent.call_count == 1


def test_many_matches_are_sent_in_bounded_messages(
    sent: Mock, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receivers, "BATCH", 2)
    matches = MatchFactory.create_batch(5, finished=True)
    for match in matches:
        say(match)
    changed(*matches, capture=django_capture_on_commit_callbacks)
    messages = [call.args[0] for call in sent.call_args_list]
    assert sorted(map(len, messages)) == [1, 2, 2]
    assert sorted(pk for message in messages for pk in message) == [match.pk for match in matches]


def test_a_broker_that_does_not_answer_fails_no_import(sent: Mock, django_capture_on_commit_callbacks: Any) -> None:
    """The result is in; the clock settles it within the hour."""
    match = MatchFactory.create(finished=True)
    say(match)
    sent.side_effect = OSError("Connection refused")
    changed(match, capture=django_capture_on_commit_callbacks)
    assert sent.called
    assert settle_due() == 1


def test_a_task_delivered_twice_settles_once() -> None:
    match = MatchFactory.create(finished=True)
    say(match)
    assert settle_matches([match.pk]) == 1
    assert settle_matches([match.pk]) == 0
    assert settle_matches([987654]) == 0
