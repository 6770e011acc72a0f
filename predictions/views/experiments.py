"""A/B experiments for staff: the list, a draft, and one of them with what it found."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.adults import age_gate_url
from accounts.consents import is_adult_confirmed
from accounts.requests import SignedInRequest
from mlmodels.drawing.bands import BandChart, Known, Reference, band_chart
from mlmodels.errors import ModelError
from mlmodels.problem import Problem, all_problems, get_problem
from mlmodels.views.access import staff_required
from predictions.errors import PredictionError
from predictions.experimenting import changing
from predictions.experimenting.report import Comparison, report
from predictions.models import Experiment
from predictions.reading.alerts import problem_title
from predictions.reading.simulated import learned_from_simulation
from predictions.views.experiment_forms import ExperimentForm, StopForm

PER_PAGE = 25


@never_cache
@staff_required
@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """Every experiment, newest first."""
    page = Paginator(Experiment.objects.all().with_arms(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [(each, problem_title(each.problem)) for each in page]}
    return render(request, "predictions/experiments/experiments.html", context)


@never_cache
@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Draft an experiment of the problem in `?problem=`; what can't be is said in the form."""
    problem = _asked_problem(request)
    form = ExperimentForm(problem, request.POST if request.method == "POST" else None)
    if form.is_bound and (drafted := form.draft(by=request.user)):
        messages.success(request, "Drafted. Nobody has an arm before you start it.")
        return redirect(drafted)
    context = {"form": form, "problem": problem, "problems": all_problems()}
    status = 422 if form.is_bound else 200
    return render(request, "predictions/experiments/new.html", context, status=status)


@never_cache
@staff_required
@require_safe
def experiment(request: HttpRequest, pk: int) -> HttpResponse:
    """One experiment: its arms, what it found so far, and what may be done with it."""
    found = get_object_or_404(Experiment.objects.all().with_arms(), pk=pk)
    told = report(found)
    context = {
        "experiment": found,
        "problem": get_problem(found.problem),
        "report": told,
        "charts": [(each, _chart(each)) for each in told.comparisons if each.n > 1],
        "stop_form": StopForm(),
        "is_simulated": bool(learned_from_simulation([arm.version for arm in found.arms.all()])),
        "adult": is_adult_confirmed(request),
        "age_gate_url": age_gate_url(request.get_full_path()),
    }
    return render(request, "predictions/experiments/experiment.html", context)


@staff_required
@require_POST
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, changing.start, "Started: within seconds every process gives each their arm.")


@staff_required
@require_POST
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    form = StopForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
        return redirect("predictions:experiment", pk)
    reason = form.cleaned_data["reason"]
    return _act(
        request, pk, lambda each: changing.stop(each, reason=reason), "Stopped: the champion answers everybody."
    )


@staff_required
@require_POST
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Experiment, pk=pk)
    try:
        changing.discard(found)
    except PredictionError as error:
        messages.error(request, str(error))
        return redirect("predictions:experiment", pk)
    messages.success(request, f"{found} is discarded.")
    return redirect("predictions:experiments")


def _act(request: HttpRequest, pk: int, verb: Callable[[Experiment], Experiment], done: str) -> HttpResponse:
    try:
        verb(get_object_or_404(Experiment, pk=pk))
    except (PredictionError, ModelError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("predictions:experiment", pk)


def _asked_problem(request: HttpRequest) -> Problem:
    """Raises UnknownProblem, which is said as a page."""
    slug = request.GET.get("problem")
    return get_problem(slug) if slug else all_problems()[0]


def _chart(comparison: Comparison) -> BandChart | None:
    course = [Known(x=p.n, value=p.mean, low=p.low, high=p.high) for p in comparison.course]
    return band_chart(course, references=(Reference(at=0.0, words="no different"),))
