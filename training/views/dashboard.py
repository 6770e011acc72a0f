"""The coach's first page, for a player and for those who coach them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.coaching import may_see
from accounts.models import User
from accounts.requests import SignedInRequest
from matches.errors import MatchDataError
from matches.models import Playlist
from matches.rocket_league.stated_ranks import RANKED
from mlmodels.errors import ModelError
from training.advising import advise
from training.errors import TrainingError
from training.forms import DoneForm, PlanForm
from training.reading import dashboard as reading


@never_cache
@login_required
@require_safe
def dashboard(request: SignedInRequest) -> HttpResponse:
    return _page(request, request.user)


@never_cache
@login_required
@require_safe
def player(request: SignedInRequest, pk: int) -> HttpResponse:
    """The same page of somebody whom one coaches, to be read."""
    found = get_object_or_404(User, pk=pk)
    if not may_see(request.user, found):
        raise Http404
    return redirect("training:dashboard") if found == request.user else _page(request, found)


@login_required
@require_POST
def analyse(request: SignedInRequest) -> HttpResponse:
    """Look at one's matches anew, and recommend."""
    asked = request.POST.get("playlist", "")
    playlist = Playlist(asked) if asked in RANKED else None
    try:
        report = advise(request.user, playlist=playlist)
    except (TrainingError, ModelError, MatchDataError) as error:
        messages.error(request, str(error))
        return redirect("training:dashboard")
    return redirect(f"{reverse('training:dashboard')}?playlist={report.playlist}")


def _page(request: SignedInRequest, player: User) -> HttpResponse:
    now = timezone.now()
    context = {
        "page": reading.dashboard(player, playlist=request.GET.get("playlist", ""), now=now),
        "player": player,
        "is_own": player == request.user,
        "plan_form": PlanForm(player=request.user),
        "done_form": DoneForm(),
    }
    return render(request, "training/dashboard/dashboard.html", context)
