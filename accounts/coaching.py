"""Who may see a player's play and training: the player, their coaches, and staff.

A player offers it to an e-mail address, and is never told whether anybody here has it. Whoever signs in with that
address, verified, may accept. Either of them ends it at any time.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from accounts.errors import InvalidCoachGrant, NoSuchThing
from accounts.models import CoachGrant, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

MOST_OFFERS_A_DAY = 10
"""Each sends a message to somebody who may not have asked for it."""
logger = logging.getLogger(__name__)


def may_see(viewer: User | AnonymousUser, player: User) -> bool:
    """Whether somebody may look at a player's replays, analyses and training."""
    if not viewer.is_authenticated:
        return False
    if viewer.pk == player.pk or viewer.is_staff:
        return True
    return CoachGrant.objects.in_force().filter(player=player, coach=viewer).exists()


def players_of(coach: User) -> QuerySet[User]:
    """Those who let a person coach them, by name."""
    granted = CoachGrant.objects.in_force().filter(coach=coach)
    return User.objects.filter(pk__in=granted.values("player")).order_by("display_name", "email")


def offer(player: User, *, coach_email: str) -> CoachGrant:
    """Let whoever has an e-mail address coach a player, once they accept; they are told by e-mail.

    Offering again what is already offered or accepted changes nothing. Raises InvalidCoachGrant to the player's own
    address, and past MOST_OFFERS_A_DAY.
    """
    address = coach_email.strip().lower()
    if address in _addresses_of(player, verified_only=False):
        raise InvalidCoachGrant("That is your own address: you see your own play anyway.")
    standing = player.grants_given.filter(coach_email__iexact=address, withdrawn_at=None)
    if grant := standing.first():
        return grant
    since = timezone.now() - timedelta(days=1)
    if player.grants_given.filter(granted_at__gte=since).count() >= MOST_OFFERS_A_DAY:
        raise InvalidCoachGrant(f"That is the {MOST_OFFERS_A_DAY} offers of a day: make the next one tomorrow.")
    try:
        with transaction.atomic():
            grant = player.grants_given.create(coach_email=address)
    except IntegrityError:
        # Another request of the same player was a moment faster.
        return standing.get()
    transaction.on_commit(lambda: _tell(grant))
    return grant


def offers_to(user: User) -> QuerySet[CoachGrant]:
    """What is offered to a person at one of their verified addresses and waits for their answer."""
    waiting = CoachGrant.objects.filter(coach=None, withdrawn_at=None).exclude(player=user)
    return waiting.annotate(address=Lower("coach_email")).filter(address__in=_addresses_of(user))


def accept(coach: User, grant_id: int) -> CoachGrant:
    """Begin to coach who offered it. Raises NoSuchThing for what was not offered to this person, or not any more."""
    # The conditions stand in the update too, so that a withdrawal a moment earlier is not undone.
    waiting = CoachGrant.objects.filter(pk__in=_offered(coach, grant_id), coach=None, withdrawn_at=None)
    if not waiting.update(coach=coach, accepted_at=timezone.now()):
        raise NoSuchThing("There is no such offer to you: it may have been taken back.")
    return CoachGrant.objects.select_related("player", "coach").get(pk=grant_id)


def withdraw(user: User, grant_id: int) -> CoachGrant:
    """End a grant, or an offer: as its player, as its coach, or as whom it was offered to. Raises NoSuchThing."""
    offered = Q(pk__in=_offered(user, grant_id))
    theirs = CoachGrant.objects.filter(Q(player=user) | Q(coach=user) | offered, pk=grant_id)
    if not theirs.filter(withdrawn_at=None).update(withdrawn_at=timezone.now()):
        raise NoSuchThing("There is no such grant of yours: it may have been withdrawn already.")
    return CoachGrant.objects.select_related("player", "coach").get(pk=grant_id)


def _offered(user: User, grant_id: int) -> list[int]:
    return list(offers_to(user).filter(pk=grant_id).values_list("pk", flat=True))


def _addresses_of(user: User, *, verified_only: bool = True) -> set[str]:
    """A person's addresses in lower case. Where addresses need not be verified, the one they sign in with counts."""
    theirs = EmailAddress.objects.filter(user=user)
    if verified_only:
        theirs = theirs.filter(verified=True)
    addresses = {str(address).lower() for address in theirs.values_list("email", flat=True)}
    if not verified_only or settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
        addresses.add(user.email.lower())
    return addresses


def _tell(grant: CoachGrant) -> None:
    """A message to the address, the same whether or not somebody here has it. It may fail: the offer stands."""
    player = grant.player
    text = (
        f"{player.shown_name} ({player.email}) would like you to coach them in Rocket League on Touchline: "
        "you would see their replays, analyses and training.\n\n"
        f"To accept, sign in or sign up with this address ({grant.coach_email}) and open\n"
        f"{settings.SITE_URL}{reverse('training:players')}\n\n"
        "If you don't know them, ignore this message: nothing is shared with anybody until it is accepted.\n"
    )
    message = EmailMessage(
        f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}a player would like you to coach them", text, to=[grant.coach_email]
    )
    try:
        message.send()
    except (SMTPException, OSError) as error:
        logger.warning("The message of an offer to coach was not sent: %s", type(error).__name__)
