"""Answering htmx with the part it swaps, and everybody else with the whole page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page_or_part(request: HttpRequest, page: str, part: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render `part` for an htmx request, `page` otherwise; going back in history wants the whole page too."""
    htmx = getattr(request, "htmx", None)
    template = part if htmx and not htmx.history_restore_request else page
    response = render(request, template, dict(context))
    patch_vary_headers(response, ["HX-Request"])
    return response
