"""Whoever signed in with Steam has proved which player they are; whoever disconnects it is nobody there any more."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db.models.signals import post_delete, post_save

from accounts import platforms
from accounts.models import PlatformAccount

PROVIDER = "steam"


def link(instance: SocialAccount, **_: Any) -> None:
    if instance.provider == PROVIDER:
        name = str(instance.extra_data.get("personaname") or "")
        platforms.verify(instance.user, platform=PlatformAccount.Platform.STEAM, platform_id=instance.uid, name=name)


def unlink(instance: SocialAccount, **_: Any) -> None:
    if instance.provider == PROVIDER:
        platforms.forget(instance.user_id, platform=PlatformAccount.Platform.STEAM, platform_id=instance.uid)


def listen() -> None:
    post_save.connect(link, sender=SocialAccount, dispatch_uid="accounts.steam.link")
    post_delete.connect(unlink, sender=SocialAccount, dispatch_uid="accounts.steam.unlink")
