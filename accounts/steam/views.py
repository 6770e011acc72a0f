"""To Steam and back. Nothing is here where no STEAM_API_KEY is set."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.steam.views import SteamOpenIDCallbackView, SteamOpenIDLoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from openid.consumer.discover import DiscoveryFailure

from accounts.steam import fetching
from accounts.steam.provider import IDENTITY, SteamProvider

ENDPOINT = "https://steamcommunity.com/openid/login"


class LoginView(SteamOpenIDLoginView):  # type: ignore[misc]  # allauth ships no types
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _refuse_unless_configured()
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


class CallbackView(SteamOpenIDCallbackView):  # type: ignore[misc]  # allauth ships no types
    provider_class = SteamProvider
    # Steam sends people back by GET; allauth's view takes a POST past what is checked here.
    http_method_names = ("get", "head", "options")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _refuse_unless_configured()
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get(self, request: HttpRequest) -> HttpResponse:
        """Take Steam's answer; anybody else's is refused before any address in it is asked."""
        told = request.GET
        is_answer = told.get("openid.mode") == "id_res"
        theirs = told.get("openid.op_endpoint") == ENDPOINT and IDENTITY.fullmatch(told.get("openid.claimed_id", ""))
        try:
            if is_answer and not theirs:
                raise ValueError("That answer is not Steam's.")
            answer: HttpResponse = super().get(request)
        except (ValueError, DiscoveryFailure) as error:
            refused: HttpResponse = render_authentication_error(request, SteamProvider(request), exception=error)
            return refused
        return answer


def _refuse_unless_configured() -> None:
    if not settings.STEAM_API_KEY:
        raise Http404
    fetching.install()


login = LoginView.as_view()
callback = CallbackView.as_view()
