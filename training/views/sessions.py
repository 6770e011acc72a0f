"""Practice: planned, done, skipped, written down; only the player's own."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from training import sessions as verbs
from training.errors import InvalidSession
from training.forms import DoneForm, LogForm, PlanForm
from training.models import TrainingSession
from training.reading.practice import practice_page


@never_cache
@login_required
@require_safe
def sessions(request: SignedInRequest) -> HttpResponse:
    """What is planned, what was done week by week, and whether it helped."""
    return _page(request)


@login_required
@require_POST
def plan(request: SignedInRequest) -> HttpResponse:
    form = PlanForm(request.POST, player=request.user)
    if not form.is_valid():
        return _page(request, plan_form=form)
    try:
        session = verbs.plan(request.user, form.practice, on=form.cleaned_data["on"])
    except InvalidSession as error:
        form.add_error(None, str(error))
        return _page(request, plan_form=form)
    messages.success(request, f"Planned for {session.planned_for:%-d %B}.")
    return _back(request)


@login_required
@require_POST
def log(request: SignedInRequest) -> HttpResponse:
    """Write down a session that was done."""
    form = LogForm(request.POST, player=request.user)
    if not form.is_valid():
        return _page(request, log_form=form)
    told = form.cleaned_data
    try:
        verbs.log(
            request.user, form.practice, minutes=told["minutes"], self_rating=told["self_rating"], notes=told["notes"]
        )
    except InvalidSession as error:
        form.add_error(None, str(error))
        return _page(request, log_form=form)
    messages.success(request, f"{told['minutes']} minutes written down.")
    return _back(request)


@login_required
@require_POST
def complete(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a planned session as done."""
    session = _own(request, pk)
    form = DoneForm(request.POST)
    if not form.is_valid():
        return _page(request, done_form=form, done_session=session)
    told = form.cleaned_data
    try:
        verbs.complete(session, minutes=told["minutes"], self_rating=told["self_rating"], notes=told["notes"])
    except InvalidSession as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Done: {session.minutes} minutes.")
    return _back(request)


@login_required
@require_POST
def skip(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        verbs.skip(_own(request, pk))
    except InvalidSession as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Skipped. There is another day.")
    return _back(request)


@login_required
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    verbs.remove(_own(request, pk))
    messages.success(request, "The session is gone.")
    return _back(request)


def _own(request: SignedInRequest, pk: int) -> TrainingSession:
    return get_object_or_404(TrainingSession.objects.of(request.user), pk=pk)


def _back(request: SignedInRequest) -> HttpResponse:
    """To the page of ours that the form was on, else to the sessions."""
    path = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(path) if is_ours else redirect("training:sessions")


def _page(
    request: SignedInRequest,
    *,
    plan_form: PlanForm | None = None,
    log_form: LogForm | None = None,
    done_form: DoneForm | None = None,
    done_session: TrainingSession | None = None,
) -> HttpResponse:
    refused = any(form is not None for form in (plan_form, log_form, done_form))
    context = {
        "page": practice_page(request.user, page=request.GET.get("page", "1"), now=timezone.now()),
        "plan_form": plan_form or PlanForm(player=request.user),
        "log_form": log_form or LogForm(player=request.user),
        "done_form": done_form or DoneForm(),
        "done_session": done_session,
        "fresh_done_form": DoneForm(),
    }
    return render(request, "training/sessions/sessions.html", context, status=422 if refused else 200)
