"""The shapes of `/api/coach-grants/` and `/api/platform-accounts/`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.strict import KnownFieldsMixin
from accounts.models import CoachGrant, PlatformAccount, User


class CoachGrantSerializer(serializers.ModelSerializer[CoachGrant]):
    """A player's word that a coach may see their play and training, as the person who asks sees it."""

    role = serializers.SerializerMethodField(help_text="Yours in it: player, coach, or invited (you may accept it).")
    status = serializers.SerializerMethodField(help_text="offered, accepted or withdrawn.")
    player = serializers.CharField(source="player.shown_name")
    player_email = serializers.EmailField(source="player.email")
    coach = serializers.CharField(
        source="coach.shown_name", allow_null=True, default=None, help_text="Null until it was accepted."
    )

    class Meta:
        model = CoachGrant
        fields = (
            "id",
            "role",
            "status",
            "player",
            "player_email",
            "coach_email",
            "coach",
            "granted_at",
            "accepted_at",
            "withdrawn_at",
        )

    def get_role(self, grant: CoachGrant) -> str:
        asks: User = self.context["request"].user
        if grant.player_id == asks.pk:
            return "player"
        return "coach" if grant.coach_id == asks.pk else "invited"

    def get_status(self, grant: CoachGrant) -> str:
        if grant.withdrawn_at is not None:
            return "withdrawn"
        return "offered" if grant.coach_id is None else "accepted"


class OfferSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """Whom you let coach you."""

    coach_email = serializers.EmailField(help_text="They accept while signed in with this address.")


class PlatformAccountSerializer(serializers.ModelSerializer[PlatformAccount]):
    """Who you are on a gaming platform."""

    class Meta:
        model = PlatformAccount
        fields = ("id", "platform", "platform_id", "name", "is_verified", "linked_at")


class StatedAccountSerializer(KnownFieldsMixin, serializers.Serializer[Any]):
    """An account that you say is yours."""

    platform = serializers.ChoiceField(PlatformAccount.Platform.choices)
    platform_id = serializers.CharField(
        max_length=200, help_text="As replays have it; of Steam, the profile's address too."
    )
    name = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
