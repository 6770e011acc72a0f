"""The rules that raise alerts, for staff to edit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mlmodels.views.access import staff_required
from predictions.models import AlertRule
from predictions.reading.alerts import rule_line
from predictions.views.alert_forms import RuleForm

EDITING = ["GET", "HEAD", "POST"]


@never_cache
@staff_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    lines = [rule_line(rule) for rule in AlertRule.objects.all()]
    return render(request, "predictions/alerts/rules.html", {"lines": lines})


@never_cache
@staff_required
@require_http_methods(EDITING)
def new(request: HttpRequest) -> HttpResponse:
    return _edited(request, AlertRule())


@never_cache
@staff_required
@require_http_methods(EDITING)
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    return _edited(request, get_object_or_404(AlertRule, pk=pk))


@staff_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(AlertRule, pk=pk)
    found.delete()
    messages.success(request, f"The rule {found.name} is gone. Alerts that it raised stay.")
    return redirect("predictions:alert-rules")


def _edited(request: HttpRequest, found: AlertRule) -> HttpResponse:
    form = RuleForm(request.POST or None, instance=found)
    if request.method != "POST":
        return render(request, "predictions/alerts/rule.html", {"form": form, "rule": found})
    if not form.is_valid():
        return render(request, "predictions/alerts/rule.html", {"form": form, "rule": found}, status=422)
    form.save()
    messages.success(request, "Saved: it counts from the next daily look at the figures.")
    return redirect("predictions:alert-rules")
