"""What there is to practise with: packs and drills, to look through, copy and rate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from predictions.views.swapping import page_or_part
from training.forms import PlanForm, PracticeFilter, RatingForm
from training.models import Drill, TrainingPack
from training.reading.shelf import shelf
from training.recommending.rating import rate as rate_item

KINDS: dict[str, Any] = {"pack": TrainingPack, "drill": Drill}


@login_required
@require_safe
def packs(request: SignedInRequest) -> HttpResponse:
    """Packs and drills, narrowed to what is asked for."""
    form = PracticeFilter(request.GET)
    form.is_valid()
    context = {
        "form": form,
        "shelf": shelf(request.user, form.cleaned_data, page=request.GET.get("page", "1")),
        "plan_form": PlanForm(player=request.user),
    }
    return page_or_part(request, "training/packs/packs.html", "training/packs/_shelf.html", context)


@login_required
@require_POST
def rate(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """Say what one thinks of a pack or a drill, 1 to 5."""
    if kind not in KINDS:
        raise Http404
    item = get_object_or_404(KINDS[kind], pk=pk, is_active=True)
    form = RatingForm(request.POST)
    if form.is_valid():
        rate_item(request.user, item, form.cleaned_data["rating"])
        told = f"You gave {item.name} {form.cleaned_data['rating']} of 5."
    else:
        told = ""
        messages.error(request, "Rate it from 1 to 5.")
    if getattr(request, "htmx", None):
        context = {"kind": kind, "item": item, "own": form.cleaned_data.get("rating"), "told": told}
        return render(request, "training/packs/_rating.html", context, status=200 if told else 422)
    if told:
        messages.success(request, told)
    return redirect("training:packs")
