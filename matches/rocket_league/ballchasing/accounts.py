"""A person's key to ballchasing.com: tried, kept encrypted, taken out to ask with, forgotten."""

from __future__ import annotations

from cryptography.fernet import InvalidToken

from accounts.encryption import decrypted, encrypted
from accounts.models import User
from matches.models import BallchasingAccount
from matches.rocket_league.ballchasing.client import Ballchasing
from matches.rocket_league.ballchasing.errors import KeyRefused


def connect(user: User, *, key: str) -> BallchasingAccount:
    """Keep a person's key once ballchasing.com knows it; another person's uploads begin anew.

    Raises KeyRefused, and DownloadFailed where the site can't be asked.
    """
    key = key.strip()
    name = Ballchasing(key, retries=0).ping()
    standing = BallchasingAccount.objects.filter(user=user).first()
    kept = {"encrypted_key": encrypted(key), "name": name[:100], "is_active": True, "last_error": ""}
    if standing is not None and standing.name != kept["name"]:
        kept |= {"resume_url": "", "synced_until": None}
    account, _ = BallchasingAccount.objects.update_or_create(user=user, defaults=kept)
    return account


def disconnect(user: User) -> bool:
    """Forget a person's key; their replays stay. Whether there was one."""
    deleted, _ = BallchasingAccount.objects.filter(user=user).delete()
    return bool(deleted)


def site_of(account: BallchasingAccount) -> Ballchasing:
    """The site, as this person. Raises KeyRefused where the key can't be decrypted any more."""
    try:
        return Ballchasing(decrypted(account.encrypted_key))
    except InvalidToken as error:
        raise KeyRefused(
            "Your key can't be read any more, since the server's secret changed: give it again."
        ) from error
