"""Channels: made, tested, their secrets replaced. A secret is shown once, when it is made; here it is encrypted."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.encryption import decrypted, encrypted
from predictions.delivering import gathering, messages
from predictions.delivering.signing import SHORTEST_SECRET, new_secret
from predictions.errors import InvalidChannel
from predictions.models import AlertChannel, AlertDelivery

OLD_SECRET_SIGNS_FOR = timedelta(hours=24)
CHANGEABLE = ("name", "url", "email", "minimum_severity", "kinds", "enabled", "note")


def add(channel: AlertChannel, *, secret: str = "") -> tuple[AlertChannel, str]:
    """Save a new channel; with it comes a webhook's secret, which can't be had again.

    secret: one that the receiver has already; left empty, one is made. Raises ValidationError by field, and
    InvalidChannel for a secret that is too short or is not for a webhook.
    """
    channel.clean_fields(exclude=["secret"])
    channel.clean()
    text = ""
    if channel.kind == AlertChannel.Kind.WEBHOOK:
        text = _checked(secret) or new_secret()
        channel.secret = encrypted(text)
    elif secret:
        raise InvalidChannel("Only a webhook has a secret.")
    channel.full_clean()
    channel.save(force_insert=True)
    return channel, text


def replace_secret(channel: AlertChannel) -> str:
    """A new secret, shown once. For a day the old one signs as well, so that no message is lost in between.

    Raises InvalidChannel for a channel that is no webhook.
    """
    if channel.kind != AlertChannel.Kind.WEBHOOK:
        raise InvalidChannel(f"{channel} is no webhook: it has no secret.")
    text = new_secret()
    AlertChannel.objects.filter(pk=channel.pk).update(
        previous_secret=F("secret"),
        previous_secret_until=timezone.now() + OLD_SECRET_SIGNS_FOR,
        secret=encrypted(text),
    )
    return text


def signing_keys(channel: AlertChannel, now: datetime) -> list[str]:
    """The secrets that sign at this time, newest first; empty where none can be read any more."""
    tokens = [channel.secret]
    if channel.previous_secret and channel.previous_secret_until and now < channel.previous_secret_until:
        tokens.append(channel.previous_secret)
    return [text for token in tokens if (text := _read(token))]


@transaction.atomic
def send_test(channel: AlertChannel) -> AlertDelivery:
    """Queue a message that says that it is a test; a channel that is switched off may be tested too."""
    delivery = AlertDelivery(channel=channel, next_attempt_at=timezone.now())
    messages.write(delivery, messages.about_channel(channel))
    delivery.save(force_insert=True)
    gathering.send_on_commit([delivery.pk])
    return delivery


def change(channel: AlertChannel) -> AlertChannel:
    """Save what was changed; switched on again, the note on why it was off goes. Raises ValidationError by field."""
    if channel.enabled:
        channel.note = ""
    channel.full_clean()
    channel.save(update_fields=CHANGEABLE)
    return channel


def _checked(secret: str) -> str:
    if secret and len(secret) < SHORTEST_SECRET:
        raise InvalidChannel(f"A secret has at least {SHORTEST_SECRET} characters: leave it out to have one made.")
    return secret


def _read(token: str) -> str:
    try:
        return decrypted(token)
    except InvalidToken:
        return ""
