"""Alerts, rules, channels and messages, for staff. Every action is a verb."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.evidence import EvidenceAdmin
from predictions import alerting
from predictions.delivering import channels, sending
from predictions.errors import PredictionError
from predictions.models import Alert, AlertChannel, AlertDelivery, AlertRule

if TYPE_CHECKING:
    from accounts.models import User


@admin.register(Alert)
class AlertAdmin(EvidenceAdmin[Alert]):
    list_display = ("title", "severity", "kind", "status", "count", "problem", "last_at", "acknowledged_by")
    list_filter = ("status", "severity", "kind", "problem")
    list_select_related = ("acknowledged_by",)
    search_fields = ("title", "key", "message")
    date_hierarchy = "last_at"
    actions = ("acknowledge", "resolve")

    @admin.action(description="Acknowledge the chosen alerts", permissions=["act"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        _each(self, request, queryset, partial(alerting.acknowledge, by=_who(request)), "{} acknowledged.")

    @admin.action(description="Resolve the chosen alerts", permissions=["act"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        _each(self, request, queryset, partial(alerting.resolve_alert, by=_who(request)), "{} resolved.")


@admin.register(AlertRule)
class AlertRuleAdmin(admin.ModelAdmin[AlertRule]):
    list_display = (
        "name",
        "problem",
        "metric",
        "comparison",
        "threshold",
        "days",
        "minimum_events",
        "severity",
        "enabled",
    )
    list_filter = ("enabled", "metric", "severity", "problem")
    search_fields = ("name", "description")


@admin.register(AlertChannel)
class AlertChannelAdmin(admin.ModelAdmin[AlertChannel]):
    list_display = ("name", "kind", "target", "minimum_severity", "enabled", "note", "created_at")
    list_filter = ("kind", "enabled", "minimum_severity")
    search_fields = ("name", "url", "email")
    actions = ("send_test",)

    def get_readonly_fields(self, request: HttpRequest, obj: AlertChannel | None = None) -> tuple[str, ...]:
        return ("kind", "note", "created_at")

    def save_model(self, request: HttpRequest, obj: AlertChannel, form: Any, change: bool) -> None:
        channels.change(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are made on the channels page, which shows a webhook's secret once."""
        return False

    @admin.action(description="Send a test message to the chosen channels", permissions=["change"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[AlertChannel]) -> None:
        _each(self, request, queryset, channels.send_test, "{} test messages queued.")


@admin.register(AlertDelivery)
class AlertDeliveryAdmin(EvidenceAdmin[AlertDelivery]):
    list_display = (
        "__str__",
        "channel",
        "status",
        "attempts",
        "response_status",
        "error",
        "next_attempt_at",
        "created_at",
    )
    list_filter = ("status", "channel", "alert_kind", "severity")
    list_select_related = ("channel",)
    search_fields = ("id", "subject", "error")
    exclude = ("claim",)
    date_hierarchy = "created_at"
    actions = ("resend",)

    @admin.action(description="Send again what was given up", permissions=["act"])
    def resend(self, request: HttpRequest, queryset: QuerySet[AlertDelivery]) -> None:
        _each(self, request, queryset, sending.resend, "{} queued again.")


def _who(request: HttpRequest) -> User:
    return cast("User", request.user)


def _each(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    verb: Callable[[Any], Any],
    done: str,
) -> None:
    """Do it to each row; what a verb refuses is said in its words, and the others go on."""
    count = 0
    for row in rows:
        try:
            verb(row)
        except PredictionError as error:
            model_admin.message_user(request, str(error), messages.ERROR)
        else:
            count += 1
    if count:
        model_admin.message_user(request, done.format(count), messages.SUCCESS)
