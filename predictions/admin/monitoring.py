"""What watching found, for staff to look up, and the policy of retraining, for them to change."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from accounts.evidence import EvidenceAdmin
from predictions.models import DriftEvent, MonitorReport, QualityReport, RetrainingPolicy


@admin.register(MonitorReport)
class MonitorReportAdmin(EvidenceAdmin[MonitorReport]):
    list_display = (
        "day",
        "version",
        "predicted",
        "settled",
        "window_settled",
        "window_log_loss",
        "window_accuracy",
        "window_ece",
        "window_roi",
    )
    list_filter = ("problem", "day")
    list_select_related = ("version",)
    search_fields = ("version__version",)
    date_hierarchy = "day"


@admin.register(DriftEvent)
class DriftEventAdmin(EvidenceAdmin[DriftEvent]):
    list_display = ("day", "version", "rows", "sentence", "run")
    list_filter = ("problem", "day")
    list_select_related = ("version", "run")
    search_fields = ("version__version", "sentence")
    date_hierarchy = "day"


@admin.register(QualityReport)
class QualityReportAdmin(EvidenceAdmin[QualityReport]):
    list_display = ("day", "problem", "is_stale", "overdue", "batches", "failed_batches", "last_news_at")
    list_filter = ("problem", "is_stale")
    date_hierarchy = "day"


@admin.register(RetrainingPolicy)
class RetrainingPolicyAdmin(admin.ModelAdmin[RetrainingPolicy]):
    """The form checks what the verb and the database check. A problem has a row once its policy was changed."""

    list_display = ("problem", "enabled", "on_schedule", "on_decay", "on_drift", "cool_down_days", "yields")
    readonly_fields = ("last_asked_at", "last_cause", "last_run")

    def get_readonly_fields(self, request: HttpRequest, obj: RetrainingPolicy | None = None) -> tuple[str, ...]:
        return ("problem", *self.readonly_fields) if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: RetrainingPolicy | None = None) -> bool:
        return False
