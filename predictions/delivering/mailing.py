"""Alerts by e-mail, in plain text."""

from __future__ import annotations

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from predictions.models import AlertDelivery


def mail(delivery: AlertDelivery) -> str:
    """Send it; what went wrong, in words, and empty where nothing did.

    Its Message-ID is the same at every attempt, by which mail programs show a double once.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    message = EmailMessage(
        subject=f"Touchline: {delivery.subject}",
        body=delivery.body,
        to=[delivery.channel.email],
        headers={"Message-ID": f"<{delivery.pk}@{domain}>"},
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return f"The mail server did not take it ({type(error).__name__})."
    return ""
