"""Training runs: the list, one of them as it goes, and what can be done about it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from mlmodels import listing, tables
from mlmodels import runs as verbs
from mlmodels.errors import ModelError
from mlmodels.forms import RunFilter
from mlmodels.models import TrainingRun
from mlmodels.portrait import portrait
from mlmodels.problem import get_problem
from mlmodels.tuning import reading
from mlmodels.tuning.asking import Budget, FeatureSelection
from mlmodels.views.access import staff_required

PER_PAGE = 25


@never_cache
@staff_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Every run, newest first, filtered by problem, status and algorithm."""
    form = RunFilter(request.GET)
    runs = TrainingRun.objects.filter(**form.conditions).for_lists()
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lines": listing.run_lines(page), "filtered": bool(form.conditions)}
    return render(request, "mlmodels/history.html", context)


@never_cache
@staff_required
@require_safe
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "mlmodels/run.html", _described(pk))


@never_cache
@staff_required
@require_safe
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of a run's page that changes; while the run is in flight it asks for itself again."""
    return render(request, "mlmodels/_run.html", _described(pk))


@staff_required
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    run = get_object_or_404(TrainingRun, pk=pk)
    try:
        cancelled = verbs.cancel(run)
    except ModelError as error:
        messages.error(request, str(error))
    else:
        words = "Asked to stop: it ends at its next step." if cancelled.is_in_flight else "Cancelled."
        messages.success(request, words)
    return redirect("mlmodels:run", pk)


@staff_required
@require_POST
def retry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask for the same again, and go to the new run."""
    run = get_object_or_404(TrainingRun, pk=pk)
    try:
        again = verbs.retry(run, requested_by=request.user)
    except ModelError as error:
        messages.error(request, str(error))
        return redirect("mlmodels:run", pk)
    messages.success(request, "Queued again as a new run: this is it.")
    return redirect("mlmodels:run", again.pk)


def _described(pk: UUID) -> dict[str, Any]:
    run = get_object_or_404(
        TrainingRun.objects.select_related("requested_by", "dataset", "model_version", "study", "subject_report").defer(
            "subject_report__lines"
        ),
        pk=pk,
    )
    problem = get_problem(run.problem)
    return {
        "run": run,
        "line": listing.run_line(run),
        "problem": problem,
        "selection_json": json.dumps(run.selection, indent=2, ensure_ascii=False),
        "verdict": tables.verdict(problem, run.metrics),
        "headline": tables.headline(problem, run.metrics),
        "table": tables.splits(problem, run.metrics),
        "shown": reading.study_of(run),
        "step": FeatureSelection.from_json(run.feature_selection),
        "budget": Budget.from_json(run.tuning),
        "portrait": portrait(problem, run.metrics),
    }
