"""Experiments and policies of reinforcement, for staff. Every action is a verb."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.evidence import EvidenceAdmin
from mlmodels.errors import ModelError
from predictions import reinforcing
from predictions.errors import PredictionError
from predictions.experimenting import changing
from predictions.models import Experiment, ExperimentArm, ReinforcementPolicy

REASON = "Stopped in the admin"


class ArmInline(admin.TabularInline[ExperimentArm, Experiment]):
    model = ExperimentArm
    extra = 0
    can_delete = False
    fields = ("position", "name", "version", "share", "is_control")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExperimentArm]:
        return super().get_queryset(request).select_related("version", "experiment")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Experiment)
class ExperimentAdmin(EvidenceAdmin[Experiment]):
    """Drafted on the staff's pages; looked up, started and stopped here."""

    list_display = ("name", "problem", "unit", "status", "starts_at", "ends_at", "stopped_at", "created_by")
    list_filter = ("status", "problem", "unit")
    list_select_related = ("created_by",)
    search_fields = ("name", "arms__name", "arms__version__version")
    inlines = (ArmInline,)
    actions = ("start", "stop")

    @admin.action(description="Start the chosen drafts", permissions=["act"])
    def start(self, request: HttpRequest, queryset: QuerySet[Experiment]) -> None:
        self._each(request, queryset, changing.start, "{} started.")

    @admin.action(description="Stop the chosen experiments", permissions=["act"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Experiment]) -> None:
        self._each(request, queryset, partial(changing.stop, reason=REASON), "{} stopped.")

    def _each(
        self, request: HttpRequest, rows: QuerySet[Experiment], verb: Callable[[Experiment], Any], done: str
    ) -> None:
        count = 0
        for row in rows:
            try:
                verb(row)
            except (PredictionError, ModelError) as error:
                self.message_user(request, f"Refused: {error}", messages.ERROR)
            else:
                count += 1
        if count:
            self.message_user(request, done.format(count), messages.SUCCESS)


@admin.register(ReinforcementPolicy)
class ReinforcementPolicyAdmin(admin.ModelAdmin[ReinforcementPolicy]):
    """Thresholds are edited; the database refuses impossible ones in the same words as the form."""

    list_display = (
        "problem", "is_enabled", "confidence", "days", "minimum", "method", "weight", "cool_down_days", "last_run_at",
    )  # fmt: skip
    readonly_fields = ("last_run_at",)
    actions = ("look",)

    @admin.action(description="Look now for confident mistakes", permissions=["change"])
    def look(self, request: HttpRequest, queryset: QuerySet[ReinforcementPolicy]) -> None:
        for policy in queryset:
            finding = reinforcing.reinforce(policy.problem)
            level = messages.SUCCESS if finding.run else messages.INFO
            self.message_user(request, f"Looked at {policy.problem}: {finding.words}", level)
