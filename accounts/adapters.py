"""Where allauth asks us."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        is_open: bool = settings.SIGNUP_OPEN
        return is_open


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """TOTP secrets are kept encrypted with the secret key."""

    def encrypt(self, text: str) -> str:
        from accounts.encryption import encrypted

        return encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        from accounts.encryption import decrypted

        return decrypted(encrypted_text)
