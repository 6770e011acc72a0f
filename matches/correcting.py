"""Results that a person corrects by hand."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from matches.models import Match, ScoreCorrection
from matches.signals import results_changed


@transaction.atomic
def save_corrected(match: Match) -> None:
    """Save a match that a person edited; a result that is new or another is audited and, once committed, told on."""
    before = Match.objects.select_for_update().filter(pk=match.pk).first()
    match.save()
    if before is None or _result(before) == _result(match):
        return
    if before.is_finished and match.is_finished:
        old = {"old_home_goals": before.home_goals, "old_away_goals": before.away_goals}
        new = {"new_home_goals": match.home_goals, "new_away_goals": match.away_goals}
        ScoreCorrection.objects.create(match=match, batch=None, **old, **new)
    transaction.on_commit(partial(results_changed.send, sender=Match, match_ids=[match.pk]))


def _result(match: Match) -> tuple[str, int | None, int | None]:
    return match.status, match.home_goals, match.away_goals
