"""Parts of fits that are under way, and reports by subject, to look at."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse

from accounts.evidence import EvidenceAdmin
from mlmodels.models import FitPart, SubjectReport


@admin.register(FitPart)
class FitPartAdmin(EvidenceAdmin[FitPart]):
    """Who works on which part of a fit. A run that has ended has none."""

    list_display = ("__str__", "run", "status", "attempt", "worker", "heartbeat_at", "message")
    list_filter = ("status", "run__problem")
    list_select_related = ("run",)
    search_fields = ("id", "run__id", "worker", "error_message")


@admin.register(SubjectReport)
class SubjectReportAdmin(EvidenceAdmin[SubjectReport]):
    list_display = ("__str__", "run")
    list_filter = ("run__problem",)
    list_select_related = ("run",)
    search_fields = ("run__id",)

    def view_on_site(self, obj: SubjectReport) -> str:
        return reverse("mlmodels:run-subjects", args=[obj.run_id])
