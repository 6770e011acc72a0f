"""Bringing replays in, following how they are read, giving them up."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from matches.errors import MatchDataError
from matches.models import Replay
from matches.rocket_league import replays as verbs
from matches.rocket_league.replays import Received
from predictions.views.swapping import page_or_part
from training.replay_list import replay_list


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replays(request: SignedInRequest) -> HttpResponse:
    """One's own replays, or with `?user=` those of somebody whom one coaches; POST brings files in."""
    if request.method == "POST":
        _receive(request)
        return redirect("training:replays")
    player = verbs.player_shown_to(request.user, request.GET.get("user", ""))
    if player is None:
        raise Http404
    context = {
        "player": player,
        "is_own": player == request.user,
        "list": replay_list(player, request.GET),
        "most_bytes": settings.MAX_REPLAY_BYTES,
        "most_megabytes": settings.MAX_REPLAY_BYTES // 1024**2,
    }
    return page_or_part(request, "training/replays/list.html", "training/replays/_list.html", context)


@login_required
@require_POST
def retry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Have a replay that could not be read tried again."""
    try:
        verbs.retry(_own(request, pk))
    except MatchDataError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is tried again.")
    return redirect("training:replays")


@login_required
@require_POST
def remove(request: SignedInRequest, pk: UUID) -> HttpResponse:
    verbs.remove(_own(request, pk), request.user)
    messages.success(request, "The replay is gone from your list.")
    return redirect("training:replays")


def _receive(request: SignedInRequest) -> None:
    """What a form without JavaScript sends: all files at once."""
    files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)]
    received = [
        verbs.receive(file, filename=file.name or "", user=request.user, source=Replay.Source.WEB) for file in files
    ]
    if received:
        messages.success(request, _told(received))
    else:
        messages.error(request, "Choose one or several replays first.")


def _told(received: list[Received]) -> str:
    new = sum(each.outcome == "new" for each in received)
    here = len(received) - new
    parts = [f"{new} {'replay' if new == 1 else 'replays'} came in"] if new else []
    if here:
        parts.append(f"{here} {'was' if here == 1 else 'were'} here already")
    return f"{' and '.join(parts)}."


def _own(request: SignedInRequest, pk: UUID) -> Replay:
    return get_object_or_404(verbs.brought_by(request.user), pk=pk)
