"""What was found out about players and recommended to them, to look at; and who is who on Discord."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from accounts.evidence import EvidenceAdmin, EvidenceInline
from training.models import DiscordLink, Recommendation, SkillReport


class RecommendationInline(EvidenceInline):
    model = Recommendation
    fields = readonly_fields = ("place", "pack", "drill", "category", "score", "reasoning")


@admin.register(SkillReport)
class SkillReportAdmin(EvidenceAdmin[SkillReport]):
    """What was said of somebody stays as it was said."""

    list_display = ("user", "made_at", "playlist", "rank_group", "rank_source", "primary_weakness", "confidence")
    list_filter = ("playlist", "rank_group", "primary_weakness")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    date_hierarchy = "made_at"
    inlines = (RecommendationInline,)


@admin.register(DiscordLink)
class DiscordLinkAdmin(admin.ModelAdmin[DiscordLink]):
    """Staff may end a link by deleting it; linking is the person's own doing."""

    list_display = ("user", "discord_id", "linked_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "discord_id")
    exclude = ("code_hash",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DiscordLink | None = None) -> bool:
        return False
