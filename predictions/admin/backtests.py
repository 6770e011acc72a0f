"""Backtests, for staff: to look up, to cancel and to retry. They are asked for on their own pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.evidence import EvidenceAdmin
from mlmodels import listing
from mlmodels.errors import ModelError
from predictions.backtesting import asking
from predictions.errors import PredictionError
from predictions.models import Backtest

if TYPE_CHECKING:
    from accounts.models import User


@admin.register(Backtest)
class BacktestAdmin(EvidenceAdmin[Backtest]):
    list_display = ("__str__", "problem", "status", "progressed", "message", "requested_by", "created_at", "took")
    list_filter = ("status", "problem", "algorithm")
    list_select_related = ("requested_by",)
    search_fields = ("id", "algorithm", "version", "error_message", "requested_by__email")
    date_hierarchy = "created_at"
    # Figures are for adults; the page that shows them asks for the age.
    exclude = ("figures",)
    actions = ("cancel", "retry")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Backtest]:
        return super().get_queryset(request).defer("figures", "logs")

    def view_on_site(self, obj: Backtest) -> str:
        return reverse("predictions:backtest", args=[obj.pk])

    @admin.display(description="progress", ordering="progress")
    def progressed(self, backtest: Backtest) -> str:
        return f"{backtest.progress} %"

    @admin.display(description="took")
    def took(self, backtest: Backtest) -> str:
        return listing.duration(backtest) or "–"

    @admin.action(description="Cancel the chosen backtests", permissions=["act"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Backtest]) -> None:
        self._each(request, queryset, asking.cancel, "{} cancelled, or asked to stop.")

    @admin.action(description="Run the chosen backtests again", permissions=["act"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Backtest]) -> None:
        self._each(
            request, queryset, partial(asking.retry, requested_by=cast("User", request.user)), "{} queued again."
        )

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Backtest], verb: Callable[[Backtest], Any], done: str
    ) -> None:
        """Do it to each; what the verb refuses is said in its words, and the others go on."""
        count = 0
        for backtest in queryset:
            try:
                verb(backtest)
            except (ModelError, PredictionError) as error:
                self.message_user(request, f"Refused: {error}", messages.ERROR)
            else:
                count += 1
        if count:
            self.message_user(request, done.format(count), messages.SUCCESS)
