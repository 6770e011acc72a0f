"""A box score that staff correct."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from matches.basketball.correcting import save_corrected_line
from matches.importing import import_file
from matches.models import Match, PlayerGame, ScoreCorrection
from matches.signals import results_changed
from tests.matches.basketball.logs import HEADER, game
from tests.matches.conftest import WriteFile

pytestmark = pytest.mark.django_db


def test_the_score_follows_and_whoever_settles_is_told(
    write: WriteFile, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    import_file(write("log.csv", HEADER + "".join(game("0022300061"))), source="nba-logs")
    line = PlayerGame.objects.get(player__name="Den Able")
    told: list[list[int]] = []

    def listen(match_ids: list[int], **_: Any) -> None:
        told.append(match_ids)

    results_changed.connect(listen)
    line.points += 2
    with django_capture_on_commit_callbacks(execute=True):
        save_corrected_line(line)
    match = Match.objects.get()
    assert (match.home_goals, match.away_goals) == (107, 100)
    correction = ScoreCorrection.objects.get()
    assert (correction.old_home_goals, correction.new_home_goals) == (105, 107)
    line.assists += 1
    with django_capture_on_commit_callbacks(execute=True):
        save_corrected_line(line)
    assert ScoreCorrection.objects.count() == 1
    assert told == [[match.pk], [match.pk]]
