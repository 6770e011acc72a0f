"""What to practise today: what was planned for today, else the recommendation that had the longest rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Max

from training import sessions
from training.models import Recommendation, TrainingSession

if TYPE_CHECKING:
    from accounts.models import User

NEVER = datetime.min.replace(tzinfo=UTC)
Item = tuple[int | None, int | None]
"""Ids of a pack and of a drill: one of them is None."""


@dataclass(frozen=True, kw_only=True)
class Today:
    """A person's day of practice so far."""

    planned: Sequence[TrainingSession]
    minutes: int
    """Practised today."""


def today(player: User, *, now: datetime) -> Today:
    """What stands in a person's calendar for the day it is where they live."""
    day, own = sessions.today(player, now=now), TrainingSession.objects.of(player)
    planned = own.filter(status=TrainingSession.Status.PLANNED, planned_for=day)
    morning = datetime.combine(day, time.min, tzinfo=ZoneInfo(player.timezone))
    done = own.done().filter(done_at__gte=morning, done_at__lte=now).values_list("minutes", flat=True)
    return Today(planned=list(planned.select_related("pack", "drill").order_by("pk")), minutes=sum(done))


def next_of(player: User, recommended: Iterable[Recommendation]) -> Recommendation | None:
    """The one that was never practised, or is longest ago; of equals the better recommended. None of none."""
    last = _last_done(player)
    return min(recommended, key=lambda each: (last.get((each.pack_id, each.drill_id), NEVER), each.place), default=None)


def _last_done(player: User) -> dict[Item, datetime]:
    done = TrainingSession.objects.of(player).done().order_by().values_list("pack", "drill")
    return {(pack, drill): when for pack, drill, when in done.annotate(last=Max("done_at"))}
