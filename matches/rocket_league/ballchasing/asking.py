"""Sending for the ranks of a replay's players, once it was read."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from matches.models import Replay, ReplayPlayer
from matches.signals import replay_processed


def ask_for_ranks(replay_id: UUID) -> None:
    """Send for the ranks of a replay once committed."""
    from matches.tasks import take_ballchasing_ranks

    transaction.on_commit(partial(take_ballchasing_ranks.delay, str(replay_id)), robust=True)


def ask_when_read(*, replay_id: UUID, **_: object) -> None:
    """A replay was read: send for its players' ranks where it is known at ballchasing.com, and they are not here."""
    ranked = ReplayPlayer.objects.filter(replay=OuterRef("pk")).exclude(rank_tier="")
    if Replay.objects.filter(~Exists(ranked), pk=replay_id).exclude(ballchasing_id="").exists():
        ask_for_ranks(replay_id)


def listen() -> None:
    """Be told of every replay that is read."""
    replay_processed.connect(ask_when_read, dispatch_uid="ballchasing.ask_when_read")
