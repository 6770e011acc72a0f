"""Versions: the list, one of them, several side by side, and every change of role."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from mlmodels import artifacts, listing, promotion, tables
from mlmodels.errors import InvalidState, ModelError
from mlmodels.forms import ReasonForm, VersionFilter
from mlmodels.models import ModelVersion, Promotion
from mlmodels.moving import export_version
from mlmodels.portrait import portrait
from mlmodels.problem import get_problem
from mlmodels.views.access import staff_required
from mlmodels.weights import readable

PER_PAGE = 25
FEWEST_COMPARED, MOST_COMPARED = 2, 4


@never_cache
@staff_required
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every version, newest first, filtered by problem, role and algorithm."""
    form = VersionFilter(request.GET)
    found = ModelVersion.objects.filter(**form.conditions).without_weights()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lines": listing.version_lines(page), "filtered": bool(form.conditions)}
    return render(request, "mlmodels/versions.html", context)


@never_cache
@staff_required
@require_safe
def version(request: HttpRequest, version: str) -> HttpResponse:
    """Role, figures, lineage, weights and audit of one version."""
    found = get_object_or_404(ModelVersion.objects.select_related("dataset", "run"), version=version)
    problem = get_problem(found.problem)
    context = {
        "version": found,
        "line": listing.version_line(found),
        "problem": problem,
        "trouble": artifacts.trouble(found),
        "verdict": tables.verdict(problem, found.metrics),
        "headline": tables.headline(problem, found.metrics),
        "table": tables.splits(problem, found.metrics),
        "portrait": portrait(problem, found.metrics),
        "weights": readable(found.model_weights),
        "hyper_parameters": json.dumps(found.hyper_parameters, indent=2, ensure_ascii=False),
        "trained_on": listing.selection_in_words(found.dataset.selection, problem) if found.dataset else "",
        "promotions": _changes_of_role(found),
        "champion": _serves_instead_of(found),
    }
    return render(request, "mlmodels/version.html", context)


@never_cache
@staff_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four versions of one problem side by side: `?v=…&v=…`, or `?a=…&b=…`."""
    names = list(dict.fromkeys([*request.GET.getlist("v"), *(request.GET[k] for k in "abcd" if k in request.GET)]))
    found = ModelVersion.objects.select_related("dataset").without_weights().in_bulk(names, field_name="version")
    chosen = [found[name] for name in names if name in found]
    if refusal := _refusal(names, chosen):
        messages.error(request, refusal)
        return redirect("mlmodels:versions")
    problem = get_problem(chosen[0].problem)
    context = {
        "problem": problem,
        "lines": listing.version_lines(chosen),
        "splits": [(name.capitalize(), tables.compare(problem, chosen, name)) for name in ("test", "validation")],
        "windows": [tables.test_window(each) for each in chosen],
        "same_rows": len({tables.test_window(each) for each in chosen}) == 1,
    }
    return render(request, "mlmodels/compare.html", context)


def _serves_instead_of(version: ModelVersion) -> ModelVersion | None:
    """The champion, where it is another version."""
    champions = ModelVersion.objects.for_problem(version.problem, version.scope).champions().without_weights()
    return champions.exclude(pk=version.pk).first()


def _changes_of_role(version: ModelVersion) -> QuerySet[Promotion]:
    """Its own, and the promotions of others that put it out of service; not the days on which it kept waiting."""
    about = Promotion.objects.about(version).exclude(decision=Promotion.Decision.KEEP_WAITING)
    return about.select_related("version", "decided_by", "previous_champion")


def _refusal(names: list[str], chosen: list[ModelVersion]) -> str:
    """Why these can't be compared; empty where they can."""
    if not FEWEST_COMPARED <= len(names) <= MOST_COMPARED:
        return f"Tick two to four versions to compare; you ticked {len(names)}."
    if len(chosen) < len(names):
        known = {version.version for version in chosen}
        return f"There is no version {', '.join(name for name in names if name not in known)}."
    if len({version.problem for version in chosen}) > 1:
        return "These versions answer different questions: compare versions of one problem."
    return ""


@staff_required
@require_POST
def promote(request: SignedInRequest, version: str) -> HttpResponse:
    return _change_role(request, version, promotion.promote, "{} is champion: it serves within seconds.")


@staff_required
@require_POST
def make_challenger(request: SignedInRequest, version: str) -> HttpResponse:
    return _change_role(request, version, promotion.make_challenger, "{} is a challenger: the candidate for champion.")


@staff_required
@require_POST
def archive(request: SignedInRequest, version: str) -> HttpResponse:
    return _change_role(request, version, promotion.archive, "{} is archived.")


@staff_required
@require_POST
def roll_back(request: SignedInRequest, problem: str) -> HttpResponse:
    """Bring back a problem's champion before the present one."""
    declared = get_problem(problem)
    verb = partial(promotion.roll_back, declared.slug)
    _act(request, verb, "Rolled back: {} is champion again.")
    response = redirect("mlmodels:index")
    response["Location"] += f"?problem={declared.slug}"
    return response


def _change_role(request: SignedInRequest, name: str, verb: Callable[..., Promotion], done: str) -> HttpResponse:
    version = get_object_or_404(ModelVersion, version=name)
    _act(request, partial(verb, version), done)
    return redirect("mlmodels:version", version.version)


def _act(request: SignedInRequest, verb: Callable[..., Promotion], done: str) -> None:
    """Do it for the reason given; what comes of it is a message."""
    form = ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidState(" ".join(map(str, form.errors["reason"])))
        audit = verb(by=request.user, reason=form.cleaned_data["reason"])
    except ModelError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done.format(audit.version))


@staff_required
@require_safe
def export(request: HttpRequest, version: str) -> HttpResponseBase:
    """Download a version as one file for another installation."""
    found = get_object_or_404(ModelVersion, version=version)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "version.zip"
        try:
            export_version(found, path)
        except ModelError as error:
            messages.error(request, str(error))
            return redirect("mlmodels:version", version)
        content: Any = path.open("rb")
    return FileResponse(content, as_attachment=True, filename=f"{version}.zip")
