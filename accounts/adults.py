"""Keeping odds and stakes from visitors who have not said that they are 18 or older."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.consents import is_adult_confirmed

View = Callable[..., HttpResponseBase]


def adult_required(view: View) -> View:
    """Send visitors who have not confirmed their age to the age gate, and back here afterwards."""

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_adult_confirmed(request):
            return view(request, *args, **kwargs)
        return HttpResponseRedirect(age_gate_url(request.get_full_path()))

    return gated


class AdultRequiredMixin:
    """`adult_required` for class-based views."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_adult_confirmed(request):
            return HttpResponseRedirect(age_gate_url(request.get_full_path()))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]  # mixed into a View


def age_gate_url(next_url: str) -> str:
    return f"{reverse('accounts:age-gate')}?{urlencode({'next': next_url})}"


def safe_next_url(request: HttpRequest, *, default: str = "/") -> str:
    """Where to go after a form, if it stays on this site; `default` otherwise."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else default
