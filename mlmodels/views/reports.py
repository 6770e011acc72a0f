"""The training report as a page and as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlmodels import listing, reporting
from mlmodels.errors import InvalidReport, ModelError
from mlmodels.models import TrainingRun
from mlmodels.problem import all_problems, get_problem
from mlmodels.views.access import staff_required

OFFERED = 30


@never_cache
@staff_required
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Runs to choose from, and the figures of those that were chosen by `?run=`."""
    problem = _problem(request)
    chosen = request.GET.getlist("run")
    context: dict[str, Any] = {"problem": problem, "problems": all_problems(), "chosen": chosen}
    status = 200
    if chosen:
        try:
            context["report"] = reporting.report(_runs(chosen))
        except ModelError as error:
            context["refused"], status = str(error), error.status
    offered = TrainingRun.objects.for_problem(problem).filter(status=TrainingRun.Status.COMPLETED).for_reports()
    context["lines"] = listing.run_lines(offered[:OFFERED])
    return render(request, "mlmodels/report.html", context, status=status)


@never_cache
@staff_required
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Several runs as one CSV file. Raises InvalidReport."""
    return csv_answer(reporting.report(_runs(request.GET.getlist("run"))), name="training-report.csv")


@never_cache
@staff_required
@require_safe
def of_run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One run as a CSV file. Raises InvalidReport where it measured nothing."""
    run = get_object_or_404(TrainingRun.objects.select_related("model_version"), pk=pk)
    return csv_answer(reporting.report([run]), name=f"training-report-{pk}.csv")


def csv_answer(found: reporting.Report, *, name: str) -> HttpResponse:
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
    reporting.write_csv(found, answer)  # type: ignore[arg-type]  # a response is written to like a file
    return answer


def _runs(pks: list[str]) -> list[TrainingRun]:
    try:
        return reporting.completed([UUID(pk) for pk in pks])
    except ValueError:
        raise InvalidReport("A run is named by its id, such as 6a1f3c58-0c1e-4b8f-9a55-0d4f2f2a7a11.") from None


def _problem(request: HttpRequest) -> str:
    """The slug that was chosen, else the first there is; empty where there is none."""
    if slug := request.GET.get("problem"):
        return get_problem(slug).slug
    return next((problem.slug for problem in all_problems()), "")
