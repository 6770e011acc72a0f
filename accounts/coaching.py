"""Who may see a player's play and training: the player, their coaches, and staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accounts.models import CoachGrant, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def may_see(viewer: User | AnonymousUser, player: User) -> bool:
    """Whether somebody may look at a player's replays, analyses and training."""
    if not viewer.is_authenticated:
        return False
    if viewer.pk == player.pk or viewer.is_staff:
        return True
    return CoachGrant.objects.in_force().filter(player=player, coach=viewer).exists()


def players_of(coach: User) -> QuerySet[User]:
    """Those who let a person coach them, by name."""
    granted = CoachGrant.objects.in_force().filter(coach=coach)
    return User.objects.filter(pk__in=granted.values("player")).order_by("display_name", "email")
