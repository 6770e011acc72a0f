"""Alerts for staff: the list, one of them, and what people do about it."""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from mlmodels.views.access import staff_required
from predictions import alerting
from predictions.errors import PredictionError
from predictions.models import Alert, AlertChannel, AlertDelivery
from predictions.reading.alerts import problem_title, timeline
from predictions.views.alert_forms import AcknowledgeForm, AlertFilter

PER_PAGE = 25
MOST_DELIVERIES = 20


@never_cache
@staff_required
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Every alert, the latest first, filtered by status, kind, severity and problem."""
    form = AlertFilter(request.GET)
    page = Paginator(Alert.objects.filter(**form.conditions).defer("evidence"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page": page,
        "filtered": bool(form.conditions),
        "reaches_nobody": not AlertChannel.objects.enabled().exists(),
    }
    return render(request, "predictions/alerts/alerts.html", context)


@never_cache
@staff_required
@require_safe
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert with its evidence, what became of it, and who was told."""
    return render(request, "predictions/alerts/alert.html", _described(pk, AcknowledgeForm()))


@staff_required
@require_POST
def acknowledge(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Alert, pk=pk)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return render(request, "predictions/alerts/alert.html", _described(pk, form), status=422)
    try:
        alerting.acknowledge(found, by=request.user, comment=form.cleaned_data["comment"])
    except PredictionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Acknowledged: it is counted on in silence until it is resolved.")
    return redirect("predictions:alert", pk)


@staff_required
@require_POST
def resolve(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        alerting.resolve_alert(get_object_or_404(Alert, pk=pk), by=request.user)
    except PredictionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Resolved. Should it happen again, a new alert opens.")
    return redirect("predictions:alert", pk)


def _described(pk: int, form: AcknowledgeForm) -> dict[str, object]:
    found = get_object_or_404(Alert.objects.select_related("acknowledged_by", "resolved_by"), pk=pk)
    deliveries = list(AlertDelivery.objects.told_of(found).select_related("channel")[:MOST_DELIVERIES])
    return {
        "alert": found,
        "form": form,
        "problem": problem_title(found.problem),
        "evidence": json.dumps(found.evidence, indent=2, ensure_ascii=False) if found.evidence else "",
        "timeline": timeline(found),
        "deliveries": deliveries,
    }
