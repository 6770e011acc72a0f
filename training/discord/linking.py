"""Which Discord account is whose: a person makes a code on the site and sends it to the bot from their account there.

A code is known to the database by its hash only, works once and for `CODE_LASTS`. It proves both ends: whoever shows it
was signed in here, and Discord says who sent it there.
"""

from __future__ import annotations

import logging
import re
import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from training.discord import limits
from training.discord.errors import AlreadyLinked, InvalidLinkCode, NotLinked
from training.models import DiscordLink

CODE_LASTS = timedelta(minutes=15)
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that looks like something else: 32 characters, five bits each."""

LETTERS = 10
"""50 bits: with `MOST_TRIES` in the life of a code, and one code for a person, there is nothing to guess."""

MOST_TRIES = 5
"""Codes that one Discord account may try in `CODE_LASTS`."""

MOST_CODES = 10
"""Codes that one person may make in an hour."""

logger = logging.getLogger(__name__)


def link_of(user: User) -> DiscordLink | None:
    """A person's link; None where there is none, or only a code for one."""
    return DiscordLink.objects.filter(user=user).exclude(discord_id=None).first()


def linked_to(discord_id: int) -> User:
    """Whose a Discord account is. Raises NotLinked where it is nobody's, or of somebody who may not sign in."""
    user = User.objects.filter(discord_link__discord_id=str(discord_id), is_active=True).first()
    if user is None:
        raise NotLinked("This Discord account is linked to nobody on Touchline.")
    return user


def offer_code(user: User) -> str:
    """A new code for a person, which ends the one before. It can't be had again. Raises AlreadyLinked, TooOften."""
    limits.count("codes", user.pk, at_most=MOST_CODES, within=timedelta(hours=1))
    code = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    link, _ = DiscordLink.objects.get_or_create(user=user)
    offered = DiscordLink.objects.filter(pk=link.pk, discord_id=None).update(
        code_hash=_hashed(code), code_expires_at=timezone.now() + CODE_LASTS
    )
    if not offered:
        raise AlreadyLinked("Your account is linked to Discord already: unlink that first.")
    return f"{code[: LETTERS // 2]}-{code[LETTERS // 2 :]}"


def redeem(code: str, *, discord_id: int) -> User:
    """Link a Discord account to whoever was shown this code, and use the code up.

    Raises InvalidLinkCode, AlreadyLinked where that Discord account is somebody's already, and TooOften.
    """
    limits.count("tries", discord_id, at_most=MOST_TRIES, within=CODE_LASTS)
    now = timezone.now()
    # The conditions stand in the update, so that of two who send the same code one is too late.
    waiting = DiscordLink.objects.filter(
        code_hash=_hashed(code), code_expires_at__gt=now, discord_id=None, user__is_active=True
    )
    try:
        with transaction.atomic():
            linked = waiting.update(discord_id=str(discord_id), linked_at=now, code_hash="", code_expires_at=None)
    except IntegrityError as error:
        raise AlreadyLinked(
            "This Discord account is linked to a Touchline account already: unlink it first."
        ) from error
    if not linked:
        raise InvalidLinkCode("That code is not right, was used, or is older than 15 minutes: make a new one.")
    user = linked_to(discord_id)
    logger.info("A Discord account was linked to the account %s.", user.pk)
    return user


def unlink(user: User) -> bool:
    """Forget a person's Discord account, and any code for one; whether there was an account."""
    was_linked = link_of(user) is not None
    DiscordLink.objects.filter(user=user).delete()
    return was_linked


def unlink_account(discord_id: int) -> None:
    """Forget a Discord account. Raises NotLinked."""
    deleted, _ = DiscordLink.objects.filter(discord_id=str(discord_id)).delete()
    if not deleted:
        raise NotLinked("This Discord account is linked to nobody on Touchline: there is nothing to unlink.")


def _hashed(code: str) -> str:
    """64 hexadecimal digits; the code is understood with or without its hyphen, in capitals or not."""
    plain = re.sub(r"[\s-]", "", code).upper()
    return salted_hmac("training.discord.linking", plain, algorithm="sha256").hexdigest()
