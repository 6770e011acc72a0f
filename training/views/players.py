"""The players whom somebody coaches, and who would like to be coached."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import coaching
from accounts.models import CoachGrant
from accounts.requests import SignedInRequest


@never_cache
@login_required
@require_safe
def players(request: SignedInRequest) -> HttpResponse:
    """Offers that wait for an answer, and the players of a coach."""
    taken = CoachGrant.objects.in_force().filter(coach=request.user).select_related("player")
    context = {
        "offers": coaching.offers_to(request.user).select_related("player"),
        "grants": taken.order_by("player__display_name", "player__email"),
    }
    return render(request, "training/settings/players.html", context)


@login_required
@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    grant = coaching.accept(request.user, pk)
    messages.success(request, f"You coach {grant.player.shown_name} now.")
    return redirect("training:players")
