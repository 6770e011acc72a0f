"""Making one team of two that are the same club under two names."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from matches.errors import TeamsDiffer
from matches.models import Match, Team, TeamAlias


@transaction.atomic
def merge_teams(merged: Team, *, into: Team) -> int:
    """Give `into` every match and alias of `merged`, and its name as an alias; returns how many matches moved.

    Models trained before know the old name still: train again. Raises TeamsDiffer where the two can't be one club: of
    two countries or sports, simulated and real, once opponents, or both with a match of the same day against the same
    opponent (then one of these matches is a duplicate, to be deleted first).
    """
    teams = Team.objects.select_for_update().in_bulk([merged.pk, into.pk])
    if len(teams) != 2:
        raise TeamsDiffer("Choose two teams that are there still.")
    _refuse_strangers(merged, into)
    _refuse_clashes(merged, into)
    now = timezone.now()
    moved = Match.objects.filter(home=merged).update(home=into, updated_at=now)
    moved += Match.objects.filter(away=merged).update(away=into, updated_at=now)
    merged.aliases.update(team=into)
    TeamAlias.objects.update_or_create(
        sport=into.sport, country=into.country, alias=merged.name, defaults={"team": into}
    )
    merged.delete()
    return moved


def _refuse_strangers(merged: Team, into: Team) -> None:
    if (merged.sport, merged.country, merged.is_simulated) != (into.sport, into.country, into.is_simulated):
        raise TeamsDiffer(f"{merged} and {into} are of different countries, sports or worlds: they can't be one club.")
    if Match.objects.filter(Q(home=merged, away=into) | Q(home=into, away=merged)).exists():
        raise TeamsDiffer(f"{merged} and {into} have played each other: they can't be one club.")


def _refuse_clashes(merged: Team, into: Team) -> None:
    for side, other in (("home", "away"), ("away", "home")):
        theirs = Match.objects.filter(**{side: into}).values_list("season", other, "date")
        for match in Match.objects.filter(**{side: merged}).with_names():
            if (match.season_id, getattr(match, f"{other}_id"), match.date) in set(theirs):
                raise TeamsDiffer(f"{into} has {match} too: delete one of the two matches first.")
