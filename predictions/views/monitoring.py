"""How champions do, for staff: the dashboard, one champion, and the policy of retraining."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.adults import age_gate_url
from mlmodels.models import ModelVersion
from mlmodels.views.access import staff_required
from predictions.errors import InvalidPolicy
from predictions.models import RetrainingPolicy
from predictions.monitoring.policies import EDITABLE, change_policy
from predictions.reading import monitoring as reading


class PolicyForm(forms.ModelForm[RetrainingPolicy]):
    """What is possible is said by the verb; here is only what may be filled in."""

    class Meta:
        model = RetrainingPolicy
        fields = EDITABLE


@never_cache
@staff_required
@require_safe
def monitoring(request: HttpRequest) -> HttpResponse:
    return _dashboard(request)


@never_cache
@staff_required
@require_safe
def champion(request: HttpRequest, version: str) -> HttpResponse:
    """Everything that is known of one version's life in service."""
    found = get_object_or_404(ModelVersion.objects.without_weights(), version=version)
    context = {
        "card": reading.champion_card(found),
        "volume": reading.volume_chart(found),
        "calibration": reading.calibration_chart(found),
        "events": reading.drift_events(found),
        "age_gate_url": age_gate_url(request.get_full_path()),
    }
    return render(request, "predictions/monitoring/champion.html", context)


@staff_required
@require_POST
def policy(request: HttpRequest, problem: str) -> HttpResponse:
    """Change when a problem's champions are trained again."""
    form = PolicyForm(request.POST, instance=RetrainingPolicy(problem=problem), prefix=problem)
    if form.is_valid():
        try:
            change_policy(problem, **form.cleaned_data)
        except InvalidPolicy as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The retraining policy is saved: it counts from now on.")
            return redirect("predictions:monitoring")
    return _dashboard(request, refused=form, status=422)


@staff_required
@require_POST
def watch_now(request: HttpRequest) -> HttpResponse:
    """Have a worker do the daily round now."""
    from predictions.tasks import monitor

    transaction.on_commit(lambda: monitor.delay(), robust=True)
    messages.success(request, "A worker looks at every champion now: reload in a moment.")
    return redirect("predictions:monitoring")


def _dashboard(request: HttpRequest, *, refused: PolicyForm | None = None, status: int = 200) -> HttpResponse:
    cards = reading.champion_cards()
    context = {
        "cards": cards,
        "quality": reading.quality_lines(),
        "alerts": reading.recent_alerts(),
        "policies": _policy_forms([card.version.problem for card in cards], refused),
        "age_gate_url": age_gate_url(request.get_full_path()),
    }
    return render(request, "predictions/monitoring/dashboard.html", context, status=status)


def _policy_forms(problems: list[str], refused: PolicyForm | None) -> list[dict[str, Any]]:
    """One a problem; the one that was refused as it was filled in."""
    stored = reading.policies(list(dict.fromkeys(problems)))
    forms_by_problem = {slug: PolicyForm(instance=each, prefix=slug) for slug, each in stored.items()}
    if refused is not None:
        forms_by_problem[str(refused.prefix)] = refused
    return [
        {
            "problem": slug,
            "title": reading.problem_title(slug),
            "form": form,
            "policy": stored.get(slug),
            "refused": form is refused,
        }
        for slug, form in forms_by_problem.items()
    ]
