"""Champions and challengers for staff: who is how far, one of them, answers to proposals, and the policy."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import SignedInRequest
from mlmodels import listing, policies, registry
from mlmodels.errors import InvalidPolicy, InvalidState, ModelError
from mlmodels.forms import LONGEST_REASON, ReasonForm
from mlmodels.models import ModelVersion, Promotion, PromotionPolicy
from mlmodels.problem import get_problem
from mlmodels.views.access import staff_required
from predictions.challenging import deciding
from predictions.reading import challenger_page, challengers
from predictions.reading.simulated import learned_from_simulation


class ApprovalForm(forms.Form):
    """Why a proposal is approved; left empty, the proposal's own reason is kept."""

    reason = forms.CharField(max_length=LONGEST_REASON, required=False)


class PolicyForm(forms.ModelForm[PromotionPolicy]):
    class Meta:
        model = PromotionPolicy
        fields = policies.CHANGEABLE
        labels = policies.LABELS


@never_cache
@staff_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every problem with its champion and its challengers."""
    return render(request, "predictions/challengers/overview.html", {"boards": challengers.boards()})


@never_cache
@staff_required
@require_safe
def challenger(request: HttpRequest, version: str) -> HttpResponse:
    """Both models side by side on the same events, and every decision so far."""
    found = get_object_or_404(ModelVersion.objects.without_weights(), version=version)
    problem = get_problem(found.problem)
    context: dict[str, Any] = {
        "version": found,
        "problem": problem,
        "line": listing.version_line(found),
        "decisions": challenger_page.decisions(found),
        "is_simulated": bool(learned_from_simulation([found])),
        "champion": registry.champion(found.problem, found.scope),
    }
    if found.role == ModelVersion.Role.CHALLENGER and context["champion"] is not None:
        standing = deciding.stand(found)
        context |= {
            "standing": standing,
            "row": challengers.row(standing),
            "words": challengers.in_words(standing),
            "compared": challengers.side_by_side(problem, standing.pairs),
            "chart": challenger_page.difference_chart(standing),
            "calibration": challenger_page.calibration(standing.pairs),
        }
    return render(request, "predictions/challengers/challenger.html", context)


@staff_required
@require_POST
def approve(request: SignedInRequest, version: str) -> HttpResponse:
    return _answer(request, version, deciding.approve, ApprovalForm(request.POST), "{} is champion.")


@staff_required
@require_POST
def reject(request: SignedInRequest, version: str) -> HttpResponse:
    return _answer(request, version, deciding.reject, ReasonForm(request.POST), "{} is rejected and archived.")


@staff_required
@require_POST
def decide(request: SignedInRequest, version: str) -> HttpResponse:
    """The daily look, now."""
    found = get_object_or_404(ModelVersion, version=version)
    try:
        decision = deciding.decide(found)
    except ModelError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{decision.get_decision_display()}. {decision.reason}")
    return redirect("predictions:challenger", version)


def _answer(
    request: SignedInRequest, name: str, verb: Callable[..., Promotion], form: forms.Form, done: str
) -> HttpResponse:
    found = get_object_or_404(ModelVersion, version=name)
    try:
        if not form.is_valid():
            raise InvalidState(" ".join(map(str, form.errors["reason"])))
        answered = partial(verb, found, by=request.user)(reason=form.cleaned_data["reason"])
    except ModelError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done.format(answered.version))
    return redirect("predictions:challenger", name)


@never_cache
@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: SignedInRequest, problem: str) -> HttpResponse:
    """By which rule challengers of a problem are decided about."""
    declared = get_problem(problem)
    current = policies.policy_of(declared.slug)
    form = PolicyForm(request.POST or None, instance=current)
    if form.is_bound and form.is_valid():
        try:
            policies.change(declared.slug, form.cleaned_data, by=request.user)
        except InvalidPolicy as error:
            for field, words in error.fields.items():
                form.add_error(field if field in form.fields else None, list(words))
        else:
            messages.success(request, f"The policy of {declared.title} is changed; the next look goes by it.")
            return redirect("predictions:challengers")
    context = {"form": form, "problem": declared, "policy": current, "by": current.updated_by if current.pk else None}
    return render(request, "predictions/challengers/policy.html", context, status=422 if form.errors else 200)
