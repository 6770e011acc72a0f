"""Backtests, for staff who confirmed their age: the list, a new one, one of them, several side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.adults import adult_required
from accounts.requests import SignedInRequest
from mlmodels.errors import ModelError
from mlmodels.problem import Problem, all_problems, get_problem
from mlmodels.views.access import staff_required
from predictions.backtesting import asking, bets_file
from predictions.errors import PredictionError
from predictions.models import Backtest
from predictions.reading.backtests import BacktestComparison, BacktestReport, backtest_line, backtest_lines
from predictions.views.backtest_forms import BacktestForm

PER_PAGE = 25
FEWEST_COMPARED, MOST_COMPARED = 2, 4


@never_cache
@staff_required
@adult_required
@require_safe
def backtests(request: HttpRequest) -> HttpResponse:
    """Every backtest, newest first."""
    page = Paginator(Backtest.objects.all().for_lists(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "predictions/backtests/list.html", {"page": page, "lines": backtest_lines(page)})


@never_cache
@staff_required
@adult_required
def new(request: SignedInRequest) -> HttpResponse:
    """The form, and what it asks for; `?problem=` chooses whose, the first with prices where left out."""
    problem = _chosen_problem(request)
    if problem is None:
        return render(request, "predictions/backtests/no_problems.html")
    form = BacktestForm(problem, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            backtest, created = asking.request_backtest(form.plan, requested_by=request.user)
        except (ModelError, PredictionError) as error:
            form.refuse(error)
        else:
            words = (
                "Your backtest was queued: a worker takes it as soon as one is free."
                if created
                else "The same was asked before on the same data, so nothing new was started: this is it."
            )
            messages.success(request, words)
            return redirect("predictions:backtest", backtest.pk)
    context = {"form": form, "problem": problem, "problems": _problems()}
    return render(request, "predictions/backtests/new.html", context, status=422 if form.errors else 200)


@never_cache
@staff_required
@adult_required
@require_safe
def backtest(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "predictions/backtests/backtest.html", _described(pk))


@never_cache
@staff_required
@adult_required
@require_safe
def live(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of a backtest's page that changes; while it is in flight it asks for itself again."""
    return render(request, "predictions/backtests/_live.html", _described(pk))


@never_cache
@staff_required
@adult_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four completed backtests side by side: `?b=…&b=…`."""
    asked = list(dict.fromkeys(request.GET.getlist("b")))
    keys = [key for key in map(_uuid, asked) if key]
    found = Backtest.objects.completed().for_lists().in_bulk(keys)
    chosen = [found[key] for key in keys if key in found]
    if not FEWEST_COMPARED <= len(asked) <= MOST_COMPARED:
        messages.error(request, f"Tick two to four backtests to compare; you ticked {len(asked)}.")
    elif len(chosen) < len(asked):
        messages.error(request, "Only completed backtests can be compared.")
    elif len({each.problem for each in chosen}) > 1:
        messages.error(request, "These backtests are of different problems: compare those of one.")
    else:
        return render(request, "predictions/backtests/compare.html", {"comparison": BacktestComparison(chosen)})
    return redirect("predictions:backtests")


@staff_required
@adult_required
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Backtest, pk=pk)
    try:
        cancelled = asking.cancel(found)
    except ModelError as error:
        messages.error(request, str(error))
    else:
        words = "Asked to stop: it ends at its next step." if cancelled.is_in_flight else "Cancelled."
        messages.success(request, words)
    return redirect("predictions:backtest", pk)


@staff_required
@adult_required
@require_POST
def retry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Ask for the same again, and go to the new one."""
    found = get_object_or_404(Backtest, pk=pk)
    try:
        again = asking.retry(found, requested_by=request.user)
    except (ModelError, PredictionError) as error:
        messages.error(request, str(error))
        return redirect("predictions:backtest", pk)
    messages.success(request, "Queued again as a new backtest: this is it.")
    return redirect("predictions:backtest", again.pk)


@never_cache
@staff_required
@adult_required
@require_safe
def bets(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Download every bet as CSV."""
    found = get_object_or_404(Backtest.objects.completed(), pk=pk)
    try:
        lines = bets_file.as_csv(found)
    except ModelError as error:
        messages.error(request, str(error))
        return redirect("predictions:backtest", pk)
    headers = {"Content-Disposition": f'attachment; filename="backtest-{found.pk}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _described(pk: UUID) -> dict[str, Any]:
    found = get_object_or_404(Backtest.objects.select_related("requested_by"), pk=pk)
    problem = get_problem(found.problem)
    return {
        "backtest": found,
        "line": backtest_line(found),
        "problem": problem,
        "book": problem.bookmakers.get(found.book, found.book),
        "report": BacktestReport(found) if found.status == Backtest.Status.COMPLETED else None,
    }


def _problems() -> list[Problem]:
    return [problem for problem in all_problems() if problem.bookmakers]


def _chosen_problem(request: HttpRequest) -> Problem | None:
    """Raises UnknownProblem for a slug that is none."""
    if slug := request.GET.get("problem"):
        return get_problem(slug)
    return next(iter(_problems()), None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
