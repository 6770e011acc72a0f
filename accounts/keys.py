"""API keys: made, checked, revoked. A key is `tl_<prefix>_<secret>`; the database keeps its SHA-256 only.

A fast hash is right here: the secret has 256 random bits, so there is nothing to guess by brute force.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from accounts.models import ApiKey, User

USE_NOTED_EVERY = timedelta(minutes=1)

_USABLE = """
    SELECT accounts_user.*, accounts_apikey.id AS key_id, accounts_apikey.hashed_key,
        (accounts_apikey.last_used_at IS NULL OR accounts_apikey.last_used_at < %s) AS is_use_to_note
    FROM accounts_apikey JOIN accounts_user ON accounts_user.id = accounts_apikey.user_id
    WHERE accounts_apikey.prefix = %s AND accounts_apikey.revoked_at IS NULL AND accounts_user.is_active
"""
"""Every request of a program asks this: as a queryset it took a millisecond of CPU, most of it to write the SQL."""


def create(user: User, *, name: str) -> tuple[ApiKey, str]:
    """A new key of this person, and its text, which can't be had again."""
    prefix = secrets.token_hex(4)
    key = f"tl_{prefix}_{secrets.token_urlsafe(32)}"
    return user.api_keys.create(name=name, prefix=prefix, hashed_key=_hashed(key)), key


def find(key: str) -> ApiKey | None:
    """The usable key with exactly this text, its user with it; its other columns are read where they are used."""
    parts = key.split("_", 2)
    if len(parts) != 3 or parts[0] != "tl":
        return None
    now = timezone.now()
    owner: Any = next(iter(User.objects.raw(_USABLE, [now - USE_NOTED_EVERY, parts[1]])), None)
    if owner is None or not secrets.compare_digest(owner.hashed_key, _hashed(key)):
        return None
    if owner.is_use_to_note:
        ApiKey.objects.filter(pk=owner.key_id).update(last_used_at=now)
    columns = {"id": owner.key_id, "user_id": owner.pk, "prefix": parts[1], "hashed_key": owner.hashed_key}
    found = ApiKey.from_db(DEFAULT_DB_ALIAS, list(columns), list(columns.values()))
    found.user = owner
    return found


def revoke(key: ApiKey) -> None:
    """End a key's life now. Revoking again keeps the first time."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
