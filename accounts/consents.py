"""Granting, withdrawing and asking for consent, of people and of visitors who have not signed in."""

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Consent, User

SESSION_KEY = "adult_confirmed"


def grant(user: User, kind: Consent.Kind, *, version: int = 1) -> Consent:
    """The active consent of this kind, made now if there is none. Granting twice changes nothing."""
    active = user.consents.active().filter(kind=kind)
    if consent := active.first():
        return consent
    try:
        with transaction.atomic():
            consent = user.consents.create(kind=kind, version=version, granted_at=timezone.now())
    except IntegrityError:
        # Another request of the same person was a moment faster.
        consent = active.get()
    _forget_answer(user)
    return consent


def withdraw(user: User, kind: Consent.Kind) -> bool:
    """Take a consent back; whether there was one. The row stays, with the time, as evidence."""
    changed = user.consents.active().filter(kind=kind).update(withdrawn_at=timezone.now())
    _forget_answer(user)
    return bool(changed)


def has_consented(user: User, kind: Consent.Kind) -> bool:
    return user.consents.active().filter(kind=kind).exists()


def confirm_adult(request: HttpRequest) -> None:
    """Remember that this visitor is 18 or older: for good when signed in, else for the session."""
    if request.user.is_authenticated:
        grant(request.user, Consent.Kind.ADULT)
    else:
        request.session[SESSION_KEY] = True


def is_adult_confirmed(request: HttpRequest) -> bool:
    """Whether odds and stakes may be shown to this visitor."""
    if request.user.is_authenticated:
        return request.user.is_adult_confirmed
    return bool(request.session.get(SESSION_KEY, False))


def _forget_answer(user: User) -> None:
    user.__dict__.pop("is_adult_confirmed", None)
