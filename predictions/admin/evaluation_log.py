"""The days of the evaluation log, for staff: to look at, and to have written again."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.evidence import EvidenceAdmin
from predictions.evaluation_log.writing import write_day
from predictions.models import LoggedDay


@admin.register(LoggedDay)
class LoggedDayAdmin(EvidenceAdmin[LoggedDay]):
    list_display = ("day", "state", "rows", "size", "written_at")
    list_filter = ("state", "day")
    date_hierarchy = "day"
    actions = ("write_again",)

    @admin.action(description="Write again from the ledger", permissions=["act"])
    def write_again(self, request: HttpRequest, queryset: QuerySet[LoggedDay]) -> None:
        days = list(queryset.values_list("day", flat=True))
        for day in days:
            write_day(day, anew=True)
        self.message_user(request, f"{len(days)} days written again; the files they had are kept.", messages.SUCCESS)
