"""What the coach does when something happens: forget answers that are no longer true.

Everything is forgotten after commit, so that nobody makes an old answer anew in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from training import caching

if TYPE_CHECKING:
    from accounts.models import PlatformAccount
    from matches.models import ReplayOwner, StatedRank
    from training.models import PackFeedback, TrainingSession


def forget_owners_answers(sender: object, *, replay_id: UUID, **kwargs: object) -> None:
    """A replay was read: whoever brought it in has one match more."""
    from matches.models import ReplayOwner

    owners = list(ReplayOwner.objects.filter(replay=replay_id).values_list("user_id", flat=True))
    caching.forget_matches(owners)


def advise_owners(sender: object, *, replay_id: UUID, **kwargs: object) -> None:
    """A replay was read, and none of its owner's is left to be: look at their matches now, not when they ask."""
    from training.advising import waiting_for
    from training.tasks import advise_player

    def tell() -> None:
        for user_id in waiting_for(replay_id):
            advise_player.delay(user_id)

    transaction.on_commit(tell, robust=True)


def forget_persons_matches(
    sender: object, *, instance: PlatformAccount | ReplayOwner | StatedRank, **kwargs: object
) -> None:
    """A rank was stated or taken back, an account linked, a replay taken away."""
    user = instance.user_id
    transaction.on_commit(lambda: caching.forget_matches([user]), robust=True)


def forget_persons_practice(sender: object, *, instance: PackFeedback | TrainingSession, **kwargs: object) -> None:
    user = instance.user_id
    transaction.on_commit(lambda: caching.forget_practice([user]), robust=True)


def forget_all_answers(sender: object, **kwargs: object) -> None:
    """Another champion is in service, or staff changed what there is to practise with."""
    transaction.on_commit(caching.forget_everybody, robust=True)
