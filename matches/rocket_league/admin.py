"""Replays, whose they are and who played in them, for staff."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from accounts.evidence import EvidenceAdmin, EvidenceInline
from matches.models import RankedGame, Replay, ReplayOwner, ReplayPlayer
from matches.rocket_league import processing


class ReplayOwnerInline(EvidenceInline):
    model = ReplayOwner
    fields = ("user", "filename", "added_at")
    readonly_fields = fields


class ReplayPlayerInline(EvidenceInline):
    model = ReplayPlayer
    fields = ("name", "side", "platform", "platform_id", "is_bot", "is_short", "seconds", "won", "rank_tier")
    readonly_fields = fields


@admin.register(Replay)
class ReplayAdmin(EvidenceAdmin[Replay]):
    """What was read is never edited: a later extractor reads it anew. Deleting takes the statistics with it."""

    list_display = ("filename", "status", "playlist", "played_at", "source", "owned_by", "extraction_version", "reason")
    list_filter = ("status", "source", "playlist", "reason_code", "extraction_version", "is_simulated")
    search_fields = ("filename", "guid", "sha256", "ballchasing_id", "owners__user__email", "players__platform_id")
    search_help_text = "File, id of the recording, fingerprint, e-mail of an owner or a player's id on their platform"
    date_hierarchy = "received_at"
    show_full_result_count = False
    inlines = (ReplayOwnerInline, ReplayPlayerInline)
    actions = ("read_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Replay]:
        return super().get_queryset(request).annotate(owner_count=Count("owners", distinct=True))

    def has_delete_permission(self, request: HttpRequest, obj: Replay | None = None) -> bool:
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    @admin.display(description="owners", ordering="owner_count")
    def owned_by(self, replay: Any) -> int:
        return int(replay.owner_count)

    @admin.action(description="Read the chosen replays again", permissions=["act"])
    def read_again(self, request: HttpRequest, queryset: QuerySet[Replay]) -> None:
        queued = processing.mark_outdated(Replay.objects.filter(pk__in=queryset.values("pk")))
        self.message_user(
            request, f"{queued} queued. Those that wait or are being read are left as they are.", messages.SUCCESS
        )


@admin.register(RankedGame)
class RankedGameAdmin(EvidenceAdmin[RankedGame]):
    """Whom players are compared with; rows come and change by `import_ranked_games`."""

    list_display = ("source", "key", "playlist", "rank_group", "rank_tier", "is_simulated", "imported_at")
    list_filter = ("playlist", "rank_group", "is_simulated", "source")
    search_fields = ("source", "key", "match_key")
    show_full_result_count = False
