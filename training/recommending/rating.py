"""What somebody says of a pack or a drill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.errors import TrainingError
from training.models import Drill, PackFeedback, TrainingPack

if TYPE_CHECKING:
    from accounts.models import User


class InvalidRating(TrainingError):
    """A rating that none can be."""

    code = "invalid_rating"
    status = 422


def rate(user: User, item: TrainingPack | Drill, rating: int) -> PackFeedback:
    """Rate a pack or drill 1 to 5; rating it again replaces what was said. Raises InvalidRating."""
    if not 1 <= rating <= 5:
        raise InvalidRating(f"Rate it 1 (not for me) to 5 (very good), not {rating}.")
    which = {"pack": item} if isinstance(item, TrainingPack) else {"drill": item}
    given, _ = PackFeedback.objects.update_or_create(user=user, **which, defaults={"rating": rating})
    return given
