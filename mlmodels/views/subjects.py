"""What a run measured subject by subject, as a page and as a file."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mlmodels import listing, subject_reports
from mlmodels.models import TrainingRun
from mlmodels.views.access import staff_required


@never_cache
@staff_required
@require_safe
def of_run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The subjects of one run, by name. Raises InvalidReport where it measured none one by one."""
    run = get_object_or_404(TrainingRun.objects.for_lists(), pk=pk)
    lines = subject_reports.lines_of(run)
    context = {"run": run, "line": listing.run_line(run), "lines": lines, "figures": subject_reports.TITLES}
    return render(request, "mlmodels/subjects.html", context)


@never_cache
@staff_required
@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same as one CSV file. Raises InvalidReport."""
    lines = subject_reports.lines_of(get_object_or_404(TrainingRun, pk=pk))
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="subjects-{pk}.csv"'},
    )
    subject_reports.write_csv(lines, answer)
    return answer
