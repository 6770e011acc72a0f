"""Keys to ballchasing.com and stated ranks, for staff to look at: people change their own."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.evidence import EvidenceAdmin
from matches.models import BallchasingAccount, StatedRank
from matches.rocket_league.ballchasing import syncing


@admin.register(BallchasingAccount)
class BallchasingAccountAdmin(EvidenceAdmin[BallchasingAccount]):
    """The key itself is shown to nobody."""

    list_display = ("user", "name", "is_active", "status", "synced_until", "last_synced_at", "last_error")
    list_filter = ("is_active", "sync__status")
    list_select_related = ("user", "sync")
    search_fields = ("user__email", "name")
    exclude = ("encrypted_key", "resume_url")
    actions = ("sync_now",)

    @admin.display(description="round")
    def status(self, account: BallchasingAccount) -> str:
        return account.sync.get_status_display() if hasattr(account, "sync") else "None yet"

    @admin.action(description="Fetch new replays of the chosen accounts now", permissions=["act"])
    def sync_now(self, request: HttpRequest, queryset: QuerySet[BallchasingAccount]) -> None:
        asked = sum(syncing.ask(account) for account in queryset)
        self.message_user(request, f"{asked} queued; the others are at it, or have a key that is refused.")


@admin.register(StatedRank)
class StatedRankAdmin(EvidenceAdmin[StatedRank]):
    list_display = ("user", "playlist", "rank_group", "stated_at")
    list_filter = ("playlist", "rank_group")
    list_select_related = ("user",)
    search_fields: ClassVar = ("user__email",)
