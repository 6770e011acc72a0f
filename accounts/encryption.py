"""Keeping small secrets unreadable in the database, with a key made from SECRET_KEY (and its fallbacks)."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def encrypted(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def decrypted(token: str) -> str:
    """The text; `cryptography.fernet.InvalidToken` where none of the keys made it."""
    return _box().decrypt(token.encode()).decode()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"touchline.encryption:" + secret.encode()).digest())
