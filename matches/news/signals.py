"""What the news before a moment says of players: means of items that weigh less the older they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.utils import timezone

from matches.models import TextSignal
from matches.news.providers import Provider, configured

HALF_LIFE = timedelta(days=3)
# Ten half-lives: what is older would weigh less than a thousandth.
OLDEST = 10 * HALF_LIFE
# An order from certain to play to certain not to, evenly spaced; no measured frequency.
ABSENCE: Final[Mapping[str, float]] = {"out": 1.0, "doubtful": 0.75, "questionable": 0.5, "probable": 0.25}


@dataclass(frozen=True, kw_only=True)
class Signals:
    """Decayed means. injury: 0..1; morale, motivation: -1..1; absence: 0.25 (probable) to 1 (out), None where no item
    speaks of it; availability: of the newest item that does, else unknown. items: how many count; weight: the sum of
    their weights (one item of this moment weighs 1); newest: when the newest was published.
    """

    injury: float
    morale: float
    motivation: float
    absence: float | None
    availability: str
    items: int
    weight: float
    newest: datetime


class _Item(NamedTuple):
    player: int
    published_at: datetime
    injury: float
    morale: float
    motivation: float
    availability: str


def signals_of(player_ids: Iterable[int], before: datetime, *, provider: Provider | None = None) -> dict[int, Signals]:
    """Signals by player, from items published strictly before a moment and read by the configured provider's version.

    Players of whom nothing was published within 30 days are left out; all are where text signals are off. One query.
    Raises ValueError for a moment without a time zone.
    """
    if timezone.is_naive(before):
        raise ValueError("The moment has no time zone: what comes before it can't be told.")
    asked = provider or configured()
    if asked is None:
        return {}
    rows = (
        TextSignal.objects.filter(provider=asked.name, version=asked.version, item__player__in=tuple(player_ids))
        .filter(item__published_at__lt=before, item__published_at__gte=before - OLDEST)
        .order_by("item__published_at", "item_id")
        .values_list("item__player_id", "item__published_at", "injury", "morale", "motivation", "availability")
    )
    by_player: dict[int, list[_Item]] = defaultdict(list)
    for row in rows:
        by_player[row[0]].append(_Item(*row))
    return {player: _summed_up(items, before) for player, items in by_player.items()}


def _summed_up(items: list[_Item], before: datetime) -> Signals:
    """Items from old to new."""
    weights: list[float] = [0.5 ** ((before - item.published_at) / HALF_LIFE) for item in items]
    spoken = [(item, weight) for item, weight in zip(items, weights, strict=True) if item.availability in ABSENCE]
    total = sum(weights)

    def mean(name: str) -> float:
        return float(sum(w * getattr(item, name) for item, w in zip(items, weights, strict=True)) / total)

    return Signals(
        injury=mean("injury"),
        morale=mean("morale"),
        motivation=mean("motivation"),
        absence=sum(w * ABSENCE[item.availability] for item, w in spoken) / sum(w for _, w in spoken)
        if spoken
        else None,
        availability=spoken[-1][0].availability if spoken else TextSignal.Availability.UNKNOWN.value,
        items=len(items),
        weight=total,
        newest=items[-1].published_at,
    )
