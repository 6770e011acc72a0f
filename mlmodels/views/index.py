"""The staff's front page of models: what serves, what is being trained, and what to train next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from mlmodels import artifacts, listing, promotion, registry, tables
from mlmodels.errors import ModelError
from mlmodels.forms import CLEARABLE, ConfigurationForm
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Problem, all_problems, get_problem
from mlmodels.runs import request_run
from mlmodels.summaries import summarise
from mlmodels.views.access import staff_required

RECENT = 8


@never_cache
@staff_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One problem's models; `?problem=` chooses it, the first one where left out."""
    problem = _chosen_problem(request)
    if problem is None:
        return render(request, "mlmodels/no_problems.html")
    return render(request, "mlmodels/index.html", _page(problem, ConfigurationForm(problem)))


@never_cache
@staff_required
@require_safe
def activity(request: HttpRequest, problem: str) -> HttpResponse:
    """Runs in flight and the latest that ended, as the front page shows them and asks for again."""
    return render(request, "mlmodels/_activity.html", _activity(get_problem(problem)))


@staff_required
@require_POST
def check(request: HttpRequest, problem: str) -> HttpResponse:
    """Say in words what a configuration would train on; nothing is started."""
    form = _submitted(request, get_problem(problem))
    context = {"form": form, "problem": form.problem, "summary": summarise(form), "opened": True}
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target == "summary":
        return render(request, "mlmodels/_summary.html", context | {"fragment": True})
    if htmx:
        return render(request, "mlmodels/_configuration.html", context)
    return render(request, "mlmodels/index.html", _page(form.problem, form) | context)


@staff_required
@require_POST
def start(request: SignedInRequest, problem: str) -> HttpResponse:
    """Queue a run; what can't be trained is said beside the field it is about."""
    form = ConfigurationForm(get_problem(problem), request.POST)
    if form.is_valid():
        try:
            run, created = request_run(**form.request, requested_by=request.user)
        except ModelError as error:
            form.refuse(error)
        else:
            if created:
                messages.success(request, "Your run was queued: a worker takes it as soon as one is free.")
            else:
                messages.info(request, "The same run was in flight already, so nothing new was started: this is it.")
            return redirect("mlmodels:run", run.pk)
    context = _page(form.problem, form) | {"summary": summarise(form), "opened": True}
    return render(request, "mlmodels/index.html", context, status=422)


def _chosen_problem(request: HttpRequest) -> Problem | None:
    """Raises UnknownProblem for a slug that is none."""
    slug = request.GET.get("problem")
    if slug:
        return get_problem(slug)
    return next(iter(all_problems()), None)


def _submitted(request: HttpRequest, problem: Problem) -> ConfigurationForm:
    data = request.POST.copy()
    for name in CLEARABLE.get(data.get("clear", ""), ()):
        data.pop(name, None)
    return ConfigurationForm(problem, data)


def _page(problem: Problem, form: ConfigurationForm) -> dict[str, Any]:
    champion = registry.champion(problem.slug)
    return {
        **_activity(problem),
        "problems": all_problems(),
        "form": form,
        "opened": champion is None,
        "champion": champion,
        "trouble": artifacts.trouble(champion) if champion else "",
        "champion_title": listing.algorithm_title(problem.slug, champion.algorithm) if champion else "",
        "covers": listing.covered(champion, problem) if champion else "",
        "rolls_back_to": promotion.champion_before(champion) if champion else None,
        "verdict": tables.verdict(problem, champion.metrics) if champion else "",
        "headline": tables.headline(problem, champion.metrics) if champion else [],
        "tested_on": tables.figures_of(champion.metrics, "test").get("n") if champion else None,
        "interval": tables.interval(problem, champion.metrics) if champion else "",
        "roles": listing.role_counts(problem.slug),
        "versions": listing.version_lines(
            ModelVersion.objects.for_problem(problem.slug).by_role().without_weights()[:RECENT]
        ),
    }


def _activity(problem: Problem) -> dict[str, Any]:
    runs = TrainingRun.objects.for_problem(problem.slug).for_lists()
    return {
        "problem": problem,
        "in_flight": listing.run_lines(runs.in_flight()),
        "history": listing.run_lines(runs.exclude(status__in=TrainingRun.IN_FLIGHT)[:RECENT]),
    }
