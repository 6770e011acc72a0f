"""What was sent of alerts, what waits, and what was given up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mlmodels.views.access import staff_required
from predictions.delivering import sending
from predictions.errors import PredictionError
from predictions.models import AlertDelivery
from predictions.views.alert_forms import DeliveryFilter

PER_PAGE = 25


@never_cache
@staff_required
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """Every message, newest first, filtered by status and channel."""
    form = DeliveryFilter(request.GET)
    found = AlertDelivery.objects.filter(**form.conditions).select_related("channel").defer("body")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "deliveries": page, "filtered": bool(form.conditions)}
    return render(request, "predictions/alerts/deliveries.html", context)


@never_cache
@staff_required
@require_safe
def delivery(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(AlertDelivery.objects.select_related("channel", "alert"), pk=pk)
    return render(request, "predictions/alerts/delivery.html", {"delivery": found, "most": sending.MOST_ATTEMPTS})


@staff_required
@require_POST
def resend(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        sending.resend(get_object_or_404(AlertDelivery, pk=pk))
    except PredictionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Queued again, with all its attempts.")
    return redirect("predictions:alert-delivery", pk)
