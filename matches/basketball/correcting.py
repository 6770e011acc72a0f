"""Box scores that a person corrects by hand."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import Q, Sum

from matches.models import Match, PlayerGame, ScoreCorrection
from matches.signals import results_changed


@transaction.atomic
def save_corrected_line(line: PlayerGame) -> None:
    """Save a line that a person edited.

    The score of a finished game follows its lines; once committed, whoever settles is told.
    """
    line.save()
    match = Match.objects.select_for_update().get(pk=line.match_id)
    if not match.is_finished:
        return
    points = match.player_games.aggregate(
        home=Sum("points", filter=Q(is_home=True)), away=Sum("points", filter=Q(is_home=False))
    )
    before = match.home_goals, match.away_goals
    after = points["home"], points["away"]
    if None not in after and before != after:
        old = {"old_home_goals": before[0], "old_away_goals": before[1]}
        new = {"new_home_goals": after[0], "new_away_goals": after[1]}
        ScoreCorrection.objects.create(match=match, batch=None, **old, **new)
        match.home_goals, match.away_goals = after
        match.save()
    transaction.on_commit(partial(results_changed.send, sender=PlayerGame, match_ids=[match.pk]))
