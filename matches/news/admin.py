"""News and what was read out of it, for staff to look at: items come from files, signals from providers."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import URLField

from accounts.evidence import EvidenceAdmin
from matches.models import LanguageModelDay, NewsItem, TextSignal


@admin.register(NewsItem)
class NewsItemAdmin(EvidenceAdmin[NewsItem]):
    formfield_overrides: ClassVar = {URLField: {"assume_scheme": "https"}}
    list_display = ("player", "title", "source", "published_at")
    list_filter = ("published_at", "source")
    list_select_related = ("player",)
    search_fields = ("player__name", "title")
    show_full_result_count = False


@admin.register(TextSignal)
class TextSignalAdmin(EvidenceAdmin[TextSignal]):
    list_display = (
        "item", "availability", "injury", "morale", "motivation", "provider", "answered_by", "fallback_reason",
        "scored_at",
    )  # fmt: skip
    list_filter = ("provider", "answered_by", "availability", "scored_at")
    list_select_related = ("item__player",)
    search_fields = ("item__player__name", "item__title")
    show_full_result_count = False


@admin.register(LanguageModelDay)
class LanguageModelDayAdmin(EvidenceAdmin[LanguageModelDay]):
    list_display = ("day", "calls", "tokens")
