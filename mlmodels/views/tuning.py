"""Searches for hyper-parameters: the list, and one with its trials."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlmodels.models import TuningStudy
from mlmodels.tuning import reading
from mlmodels.views.access import staff_required

PER_PAGE = 25


@never_cache
@staff_required
@require_safe
def studies(request: HttpRequest) -> HttpResponse:
    """Every search, newest first."""
    page = Paginator(TuningStudy.objects.with_counts().order_by("-created_at"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    lines = reading.study_lines(list(page))
    return render(request, "mlmodels/tuning/studies.html", {"page": page, "lines": lines})


@never_cache
@staff_required
@require_safe
def study(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(TuningStudy.objects.select_related("dataset"), pk=pk)
    runs = found.runs.select_related("model_version").order_by("-created_at")[:PER_PAGE]
    return render(request, "mlmodels/tuning/study.html", {"shown": reading.study_shown(found), "runs": runs})
