"""What people think of items, 0..1, from what they said of them and what they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Avg, Count, Q, Sum

from training.models import PackFeedback, TrainingSession
from training.recommending.catalogue import Key

if TYPE_CHECKING:
    from accounts.models import User

DONE, DONE_AGAIN, MOST_REPEATS = 0.6, 0.1, 3
"""Who practised something thinks a little of it; who comes back to it, more."""
WENT_WELL = 0.1
SKIPPED, SKIPPED_WEIGHT = 0.3, 0.3
DONE_WEIGHT, FULL_MINUTES = 0.5, 15.0
"""Having done something for so many minutes says half as much as a rating."""
NOT_FOR_ME = 2
"""Who rates an item this or lower isn't shown it again."""


class Opinion(NamedTuple):
    """What somebody thinks of an item."""

    value: float
    """0..1, a half is indifference."""
    weight: float
    """How much it tells: 1 is a rating."""


class Practised(NamedTuple):
    """Somebody's sessions with one item, summed up."""

    done: int
    skipped: int
    minutes: int
    self_rating: float | None


def of(user: User) -> dict[Key, Opinion]:
    """A person's opinions, in two queries."""
    ratings = PackFeedback.objects.filter(user=user)
    sessions = TrainingSession.objects.filter(user=user)
    return _opinions(ratings, sessions).get(user.pk, {})


def of_everybody() -> dict[int, dict[Key, Opinion]]:
    """Opinions by person, in two queries."""
    return _opinions(PackFeedback.objects.all(), TrainingSession.objects.all())


def _opinions(ratings: Any, sessions: Any) -> dict[int, dict[Key, Opinion]]:
    found: dict[int, dict[Key, Opinion]] = defaultdict(dict)
    for user, key, practised in _practised(sessions):
        found[user][key] = from_sessions(practised)
    for user, pack, drill, rating in ratings.order_by().values_list("user", "pack", "drill", "rating"):
        found[user][Key.of(pack, drill)] = from_rating(rating)
    return dict(found)


def from_rating(rating: int) -> Opinion:
    """What was said goes before what was done."""
    return Opinion((rating - 1) / 4, 1.0)


def from_sessions(practised: Practised) -> Opinion:
    """Practised often, long and with success is liked; skipped only is not."""
    if not practised.done:
        return Opinion(SKIPPED, SKIPPED_WEIGHT)
    value = DONE + DONE_AGAIN * min(practised.done - 1, MOST_REPEATS)
    if practised.self_rating is not None:
        value += WENT_WELL * (practised.self_rating - 3) / 2
    share = practised.skipped / (practised.done + practised.skipped)
    value = (1 - share) * value + share * SKIPPED
    return Opinion(min(value, 1.0), DONE_WEIGHT * min(practised.minutes / FULL_MINUTES, 1.0))


def _practised(sessions: Any) -> Iterable[tuple[int, Key, Practised]]:
    status = TrainingSession.Status
    ended = sessions.exclude(status=status.PLANNED).exclude(pack=None, drill=None)
    summed = (
        ended.order_by()
        .values_list("user", "pack", "drill")
        .annotate(
            done=Count("pk", filter=Q(status=status.DONE)),
            skipped=Count("pk", filter=Q(status=status.SKIPPED)),
            total=Sum("minutes", filter=Q(status=status.DONE), default=0),
            how=Avg("self_rating", filter=Q(status=status.DONE)),
        )
    )
    for user, pack, drill, *figures in summed:
        yield user, Key.of(pack, drill), Practised(*figures)


def is_unwanted(opinion: Opinion) -> bool:
    """Whether somebody rated it so low that they don't want to see it again."""
    return opinion.weight == 1.0 and opinion.value <= (NOT_FOR_ME - 1) / 4
