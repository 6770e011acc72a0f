"""Where allauth asks us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        is_open: bool = settings.SIGNUP_OPEN
        return is_open


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Steam, where it is configured, and nobody else: OpenID is installed as a part of it only."""

    def list_providers(self, request: HttpRequest) -> list[Any]:
        return [provider for provider in super().list_providers(request) if provider.id == "steam"]

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Those of the settings; rows of the database are not asked for on every sign-in page."""
        from allauth.socialaccount.models import SocialApp

        apps = [
            SocialApp(provider=name, **app)
            for name, told in settings.SOCIALACCOUNT_PROVIDERS.items()
            for app in told["APPS"]
        ]
        return [app for app in apps if provider in (None, app.provider) and client_id in (None, app.client_id)]

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("training:settings")


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """TOTP secrets are kept encrypted with the secret key."""

    def encrypt(self, text: str) -> str:
        from accounts.encryption import encrypted

        return encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        from accounts.encryption import decrypted

        return decrypted(encrypted_text)
