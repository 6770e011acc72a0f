"""The shapes of `/api/replays/`."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from matches.models import Playlist, RankGroup, Replay, ReplayPlayer
from matches.rocket_league.replays import Received


class UploadSerializer(serializers.Serializer[Any]):
    """Files as multipart form data: `file`, once for each."""

    file = serializers.ListField(child=serializers.FileField(), help_text="One or several `.replay` files.")


class ReceivedSerializer(serializers.Serializer[Received]):
    """What became of a file that was sent."""

    id = serializers.UUIDField(source="replay.pk", help_text="A duplicate's is the replay's that is here already.")
    filename = serializers.CharField(help_text="As it was sent.")
    status = serializers.ChoiceField(source="replay.status", choices=Replay.Status.choices)
    outcome = serializers.ChoiceField(
        choices=["new", "duplicate"], help_text="`duplicate`: this very file is here already, and is not read again."
    )
    reason = serializers.CharField(source="replay.reason", help_text="Why it can't be read; empty where it may.")


class ReplaySerializer(serializers.ModelSerializer[Replay]):
    """A replay as it is getting on, and the match in it. What is not known before it was read is empty, 0 or null."""

    filename = serializers.CharField(source="shown_filename")
    status = serializers.ChoiceField(choices=Replay.Status.choices)
    playlist = serializers.ChoiceField(choices=Playlist.choices, allow_blank=True)
    duration = serializers.FloatField(help_text="Seconds of play.")

    class Meta:
        model = Replay
        fields: tuple[str, ...] = (
            "id",
            "filename",
            "status",
            "reason_code",
            "reason",
            "source",
            "is_simulated",
            "received_at",
            "processed_at",
            "played_at",
            "playlist",
            "team_size",
            "map_code",
            "duration",
            "is_overtime",
            "blue_goals",
            "orange_goals",
        )


class ReplayPlayerSerializer(serializers.ModelSerializer[ReplayPlayer]):
    """Somebody who played in the match."""

    side = serializers.ChoiceField(choices=ReplayPlayer.Side.choices)
    rank_group = serializers.ChoiceField(
        choices=RankGroup.choices, allow_blank=True, help_text="A replay does not tell it: from ballchasing.com, or ''."
    )
    seconds = serializers.FloatField(help_text="For how long they were tracked.")
    statistics = serializers.DictField(
        child=serializers.FloatField(),
        help_text="By ballchasing.com's names: seconds, uu, uu/s, boost and percentages 0..100.",
    )

    class Meta:
        model = ReplayPlayer
        fields = (
            "side",
            "name",
            "platform",
            "platform_id",
            "is_bot",
            "is_short",
            "seconds",
            "won",
            "rank_group",
            "rank_tier",
            "statistics",
        )


class ReplayDetailSerializer(ReplaySerializer):
    """A replay with its players, blue first."""

    parse_seconds = serializers.FloatField(allow_null=True, help_text="Wall time of reading and counting.")
    players = ReplayPlayerSerializer(many=True)

    class Meta(ReplaySerializer.Meta):
        fields = (*ReplaySerializer.Meta.fields, "extraction_version", "parse_seconds", "players")
