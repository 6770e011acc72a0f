"""API keys: made, checked, revoked. A key is `tl_<prefix>_<secret>`; the database keeps its SHA-256 only.

A fast hash is right here: the secret has 256 random bits, so there is nothing to guess by brute force.
"""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from accounts.models import ApiKey, User

USE_NOTED_EVERY = timedelta(minutes=1)


def create(user: User, *, name: str) -> tuple[ApiKey, str]:
    """A new key of this person, and its text, which can't be had again."""
    prefix = secrets.token_hex(4)
    key = f"tl_{prefix}_{secrets.token_urlsafe(32)}"
    return user.api_keys.create(name=name, prefix=prefix, hashed_key=_hashed(key)), key


def find(key: str) -> ApiKey | None:
    """The usable key with exactly this text."""
    parts = key.split("_", 2)
    if len(parts) != 3 or parts[0] != "tl":
        return None
    found = ApiKey.objects.usable().select_related("user").filter(prefix=parts[1]).first()
    if found is None or not secrets.compare_digest(found.hashed_key, _hashed(key)):
        return None
    _note_use(found)
    return found


def revoke(key: ApiKey) -> None:
    """End a key's life now. Revoking again keeps the first time."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _note_use(key: ApiKey) -> None:
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
