"""Packs and drills, which staff curate, and what people did with them, which staff only look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.evidence import EvidenceAdmin
from training.models import Drill, PackFeedback, TrainingPack, TrainingSession
from training.recommending import catalogue
from training.recommending.catalogue import LEVELS
from training.recommending.statistics import feature_named


class RankWindowForm(forms.ModelForm[Any]):
    """Refuses a window that no rank is in, and a difficulty outside it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        easiest, hardest = LEVELS.get(cleaned.get("easiest_rank", "")), LEVELS.get(cleaned.get("hardest_rank", ""))
        difficulty = cleaned.get("difficulty")
        if easiest is None or hardest is None or difficulty is None:
            return cleaned
        if easiest > hardest:
            self.add_error("hardest_rank", "The hardest rank is below the easiest: swap the two.")
        elif not easiest <= difficulty <= hardest:
            self.add_error("difficulty", f"These ranks are {easiest} to {hardest}: the difficulty lies among them.")
        return cleaned


class DrillForm(RankWindowForm):
    def clean_steps(self) -> list[str]:
        steps = self.cleaned_data["steps"]
        if not isinstance(steps, list) or not all(isinstance(step, str) and step.strip() for step in steps):
            raise ValidationError('Write the steps as a list of sentences: ["First …", "Then …"].')
        return steps

    def clean_moves_statistic(self) -> str:
        name: str = self.cleaned_data["moves_statistic"]
        if feature_named(name) is None:
            raise ValidationError(f"There is no feature {name}: docs/models/skill.md lists them.")
        return name


class CuratedAdmin(admin.ModelAdmin[Any]):
    """What is retired is offered no more; sessions keep what they were of."""

    actions = ("offer", "retire")

    @admin.action(description="Offer the chosen ones", permissions=["change"])
    def offer(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._set(request, queryset, is_active=True, done="{} offered.")

    @admin.action(description="Retire the chosen ones", permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._set(request, queryset, is_active=False, done="{} retired.")

    def _set(self, request: HttpRequest, rows: QuerySet[Any], *, is_active: bool, done: str) -> None:
        count = rows.exclude(is_active=is_active).update(is_active=is_active)
        catalogue.forget()
        self.message_user(request, done.format(count))


@admin.register(TrainingPack)
class TrainingPackAdmin(CuratedAdmin):
    form = RankWindowForm
    list_display = (
        "code", "name", "creator", "category", "sub_skill", "difficulty", "easiest_rank", "hardest_rank", "is_active",
    )  # fmt: skip
    list_filter = ("is_active", "category", "difficulty", "easiest_rank", "hardest_rank")
    search_fields = ("code", "name", "creator", "sub_skill")


@admin.register(Drill)
class DrillAdmin(CuratedAdmin):
    form = DrillForm
    list_display = (
        "name", "kind", "category", "sub_skill", "minutes", "moves_statistic", "difficulty", "needs_team", "is_active",
    )  # fmt: skip
    list_filter = ("is_active", "kind", "category", "difficulty", "needs_team")
    search_fields = ("slug", "name", "sub_skill", "moves_statistic")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 - as Django declares it


@admin.register(TrainingSession)
class TrainingSessionAdmin(EvidenceAdmin[TrainingSession]):
    """What somebody did is theirs to write."""

    list_display = ("user", "category", "pack", "drill", "status", "planned_for", "minutes", "self_rating")
    list_filter = ("status", "category")
    list_select_related = ("user", "pack", "drill")
    search_fields = ("user__email", "pack__name", "pack__code", "drill__name")
    date_hierarchy = "planned_for"


@admin.register(PackFeedback)
class PackFeedbackAdmin(EvidenceAdmin[PackFeedback]):
    """What somebody thinks is theirs to say."""

    list_display = ("user", "pack", "drill", "rating", "given_at")
    list_filter = ("rating",)
    list_select_related = ("user", "pack", "drill")
    search_fields = ("user__email", "pack__name", "pack__code", "drill__name")
