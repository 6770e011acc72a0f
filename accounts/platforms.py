"""Who somebody is on gaming platforms: what they say, and what they proved by signing in there.

A statement opens nothing of anybody else's: it only says which row is theirs in replays that they brought in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.errors import InvalidPlatformAccount, NoSuchThing, PlatformAccountTaken
from accounts.models import PlatformAccount, User

Platform = PlatformAccount.Platform
MOST_ACCOUNTS = 12
STEAM_PROFILE = re.compile(r"(?:https?://)?steamcommunity\.com/profiles/(\d{17})/?")
_IDS: Mapping[str, tuple[str, str]] = {
    Platform.STEAM: (
        r"7656119\d{10}",
        "A Steam id has 17 digits and begins with 7656119; the profile's address does too.",
    ),
    Platform.EPIC: (r"[0-9a-f]{32}", "An Epic Games account id has 32 letters a to f and digits."),
}
_ANY = (r"[^\s\x00-\x1f]{1,64}", "Write the id as replays have it, without spaces, 64 characters at most.")


def of(user: User) -> QuerySet[PlatformAccount]:
    """A person's accounts; `social_id` names the connection that one was proven by, to be disconnected."""
    proofs = SocialAccount.objects.filter(user=user, provider=OuterRef("platform"), uid=OuterRef("platform_id"))
    return user.platform_accounts.annotate(social_id=Subquery(proofs.values("pk")[:1]))


def state(user: User, *, platform: str, platform_id: str, name: str = "") -> PlatformAccount:
    """Note that a person says an account is theirs; stating it again changes nothing.

    Raises InvalidPlatformAccount for an id that can't be one there, and past MOST_ACCOUNTS.
    """
    known, here = Platform(platform), normalised(platform, platform_id)
    if standing := user.platform_accounts.filter(platform=known, platform_id=here).first():
        return standing
    if user.platform_accounts.count() >= MOST_ACCOUNTS:
        raise InvalidPlatformAccount(f"You have {MOST_ACCOUNTS} accounts here already: remove one first.")
    account, _ = user.platform_accounts.get_or_create(
        platform=known, platform_id=here, defaults={"name": name.strip()[:100]}
    )
    return account


def verify(user: User, *, platform: str, platform_id: str, name: str = "") -> PlatformAccount:
    """Note that a person proved that an account is theirs. Raises PlatformAccountTaken where somebody else did."""
    proven = {"is_verified": True, **({"name": name[:100]} if name else {})}
    try:
        with transaction.atomic():
            account, _ = user.platform_accounts.update_or_create(
                platform=Platform(platform), platform_id=platform_id, defaults=proven
            )
    except IntegrityError as error:
        raise PlatformAccountTaken("Somebody else has signed in with that account.") from error
    return account


def remove(user: User, account_id: int) -> PlatformAccount:
    """Take back a statement. Raises NoSuchThing; InvalidPlatformAccount for what was proven."""
    account = user.platform_accounts.filter(pk=account_id).first()
    if account is None:
        raise NoSuchThing("There is no such account of yours.")
    if account.is_verified:
        raise InvalidPlatformAccount(f"You signed in with {account}: disconnect it instead.")
    user.platform_accounts.filter(pk=account_id, is_verified=False).delete()
    return account


def forget(user_id: int, *, platform: str, platform_id: str) -> None:
    """An account was disconnected: it is neither proven nor stated any more."""
    PlatformAccount.objects.filter(user=user_id, platform=platform, platform_id=platform_id).delete()


def normalised(platform: str, platform_id: str) -> str:
    """An id as replays have it. Raises InvalidPlatformAccount, which says how one looks."""
    text = platform_id.strip()
    if platform == Platform.STEAM and (profile := STEAM_PROFILE.fullmatch(text)):
        text = profile[1]
    if platform == Platform.EPIC:
        text = text.lower().replace("-", "")
    pattern, words = _IDS.get(platform, _ANY)
    if not re.fullmatch(pattern, text):
        raise InvalidPlatformAccount(words)
    return text
