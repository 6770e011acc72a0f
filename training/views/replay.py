"""The page of one replay, and the pictures that its viewer draws."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.requests import SignedInRequest
from matches.models import Replay
from matches.rocket_league.replays import visible_to
from training.errors import NoScenes
from training.reading.replay import replay_page


@login_required
@require_safe
def replay(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The page; htmx, which asks while the replay is waiting, is told to load it anew when it was read."""
    page = replay_page(get_object_or_404(visible_to(request.user), pk=pk), request.user)
    if getattr(request, "htmx", False):
        return _waiting(request, page.is_waiting, {"page": page})
    return render(request, "training/replay/replay.html", {"page": page, "replay": page.replay})


def _waiting(request: HttpRequest, is_waiting: bool, context: dict[str, object]) -> HttpResponse:
    return render(request, "training/replay/waiting.html", context) if is_waiting else HttpResponseClientRefresh()


@login_required
@require_safe
def scenes(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The file as it is stored, gzipped already. Raises NoScenes."""
    found = get_object_or_404(visible_to(request.user), pk=pk)
    if not found.scenes:
        raise NoScenes
    unchanged = get_conditional_response(request, etag=_etag(found))
    response = unchanged or _file(found)
    response.headers["ETag"] = _etag(found)
    # Whoever lost access since must not get it from here; asking again costs a header.
    response.headers["Cache-Control"] = "private, no-cache"
    return cast(HttpResponseBase, response)


def _file(found: Replay) -> FileResponse:
    try:
        stored = found.scenes.open("rb")
    except FileNotFoundError as missing:
        raise NoScenes from missing
    headers = {"Content-Encoding": "gzip"}
    return FileResponse(stored, content_type="application/octet-stream", headers=headers)


def _etag(found: Replay) -> str:
    """Another file whenever the replay was read anew."""
    read_at = found.processed_at.timestamp() if found.processed_at else 0
    return f'"{found.pk.hex}-{found.extraction_version}-{read_at:.0f}"'
