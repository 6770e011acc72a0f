"""Who is told of alerts, for staff to decide.

A webhook's secret is shown in the answer to the request that made it, and never again.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from mlmodels.views.access import staff_required
from predictions.delivering import channels as verbs
from predictions.errors import PredictionError
from predictions.models import AlertChannel, AlertDelivery
from predictions.views.alert_forms import ChannelForm, EditChannelForm

EDITING = ["GET", "HEAD", "POST"]
RECENT = 10


@never_cache
@staff_required
@require_http_methods(EDITING)
def channels(request: SignedInRequest) -> HttpResponse:
    """Every channel, and a form for another one."""
    form = ChannelForm(request.POST or None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        made, secret = verbs.add(form.save(commit=False))
        form = ChannelForm()
    context = {"form": form, "made": made, "secret": secret, "channels": AlertChannel.objects.all()}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "predictions/alerts/channels.html", context, status=status)


@never_cache
@staff_required
@require_http_methods(EDITING)
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """One channel: what it hears, and what it was sent last."""
    found = get_object_or_404(AlertChannel, pk=pk)
    form = EditChannelForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        verbs.change(form.save(commit=False))
        messages.success(request, "Saved.")
        return redirect("predictions:alert-channel", pk)
    status = 422 if form.is_bound else 200
    return render(request, "predictions/alerts/channel.html", _described(pk, form), status=status)


@never_cache
@staff_required
@require_POST
def replace_secret(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(AlertChannel, pk=pk)
    try:
        secret = verbs.replace_secret(found)
    except PredictionError as error:
        messages.error(request, str(error))
        return redirect("predictions:alert-channel", pk)
    context = _described(pk, EditChannelForm(instance=found)) | {"secret": secret}
    return render(request, "predictions/alerts/channel.html", context)


@staff_required
@require_POST
def send_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a test, and go to its page, which tells how it went."""
    delivery = verbs.send_test(get_object_or_404(AlertChannel, pk=pk))
    messages.success(request, "Queued: reload this page in a moment to see how it went.")
    return redirect("predictions:alert-delivery", delivery.pk)


@staff_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(AlertChannel, pk=pk)
    found.delete()
    messages.success(request, f"The channel {found.name} is gone, with its messages.")
    return redirect("predictions:alert-channels")


def _described(pk: int, form: EditChannelForm) -> dict[str, Any]:
    """The row as it is stored: a form that was refused has changed its own copy."""
    return {
        "channel": get_object_or_404(AlertChannel, pk=pk),
        "form": form,
        "deliveries": AlertDelivery.objects.filter(channel=pk).select_related("channel")[:RECENT],
    }
