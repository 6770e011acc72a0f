"""Searches for hyper-parameters, to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.evidence import EvidenceAdmin
from mlmodels.models import TuningStudy, TuningTrial


class TrialInline(admin.TabularInline[TuningTrial, TuningStudy]):
    model = TuningTrial
    extra = 0
    can_delete = False
    fields = ("number", "state", "value", "parameters", "blocks", "seconds", "note")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(TuningStudy)
class TuningStudyAdmin(EvidenceAdmin[TuningStudy]):
    """Searches are asked for with a training; the journal itself is for the search alone."""

    list_display = ("__str__", "problem", "algorithm", "metric", "trials", "best_value", "created_at")
    list_filter = ("problem", "algorithm")
    search_fields = ("id", "key", "algorithm")
    date_hierarchy = "created_at"
    inlines = (TrialInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TuningStudy]:
        return TuningStudy.objects.with_counts()

    @admin.display(description="trials", ordering="finished")
    def trials(self, study: Any) -> int:
        return int(study.finished)

    def view_on_site(self, obj: TuningStudy) -> str:
        return reverse("mlmodels:study", args=[obj.pk])
