"""What OpenID fetches, from Steam alone and in a bearable time.

OpenID lets whoever answers name the address at which the answer is to be verified. Asked of anybody, that would let
strangers have this server call addresses of its own network.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import requests
from openid import fetchers

HOST = "steamcommunity.com"
SECONDS = (5, 10)
MOST_BYTES = 256 * 1024


class SteamFetcher(fetchers.HTTPFetcher):  # type: ignore[misc]  # it ships no types
    """Fetches from Steam's host by https, without following it elsewhere. Raises HTTPFetchingError for the rest."""

    def fetch(
        self, url: str, body: str | bytes | None = None, headers: dict[str, str] | None = None
    ) -> fetchers.HTTPResponse:
        parts = urlsplit(url)
        if parts.scheme != "https" or parts.netloc != HOST:
            raise fetchers.HTTPFetchingError("Only Steam is asked who somebody is there.")
        try:
            return _asked(url, body, headers or {})
        except requests.RequestException as error:
            raise fetchers.HTTPFetchingError(f"Steam could not be asked: {type(error).__name__}.") from error


def _asked(url: str, body: str | bytes | None, headers: dict[str, str]) -> fetchers.HTTPResponse:
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(
            "GET" if body is None else "POST",
            url,
            data=body,
            headers={**kind, **headers},
            timeout=SECONDS,
            allow_redirects=False,
            stream=True,
        )
        with answer:
            content = answer.raw.read(MOST_BYTES, decode_content=True)
    told = {name.lower(): value for name, value in answer.headers.items()}
    return fetchers.HTTPResponse(final_url=url, status=answer.status_code, headers=told, body=content)


def install() -> None:
    """Let every OpenID call of this process go through here."""
    fetchers.setDefaultFetcher(SteamFetcher())
