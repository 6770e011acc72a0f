"""Steam as allauth sees it: the OpenID answer is who somebody is, and the Web API only tells their name."""

from __future__ import annotations

import logging
import re
from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid.provider import OpenIDProvider
from allauth.socialaccount.providers.steam.provider import SteamOpenIDProvider
from django.http import HttpRequest

IDENTITY = re.compile(r"https://steamcommunity\.com/openid/id/(7656119\d{10})")
SUMMARIES = "https://api.steampowered.com/ISteamUser/GetPlayerSummaries/v0002/"
KEPT = ("personaname", "profileurl")
logger = logging.getLogger(__name__)


class SteamProvider(SteamOpenIDProvider):  # type: ignore[misc]  # allauth ships no types
    """Keeps a person's id, name and profile address; nothing of their real name or country."""

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> SocialLogin:
        """Raises ValueError for an identity that is not Steam's."""
        identity = IDENTITY.fullmatch(str(response.identity_url))
        if identity is None:
            raise ValueError("That is no identity of Steam.")
        # Where allauth's provider of Steam looks for it.
        response._extra = {"steamid": identity[1], **self._summary(identity[1])}  # noqa: SLF001
        return OpenIDProvider.sociallogin_from_response(self, request, response)

    def _summary(self, steam_id: str) -> dict[str, str]:
        """What Steam calls somebody; empty where it does not say, since signing in does not need it."""
        asked = {"key": self.app.secret, "steamids": steam_id}
        try:
            with get_adapter().get_requests_session() as session:
                answer = session.get(SUMMARIES, params=asked, timeout=(5, 10))
                answer.raise_for_status()
                (told,) = answer.json()["response"]["players"]
        except (requests.RequestException, KeyError, TypeError, ValueError) as error:
            # Not the error itself: the address in it carries the key.
            logger.warning("Steam did not tell a name: %s", type(error).__name__)
            return {}
        return {name: str(told[name]) for name in KEPT if told.get(name)}
