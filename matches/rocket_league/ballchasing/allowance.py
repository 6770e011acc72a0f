"""The calls that ballchasing.com allows with a key: token buckets in the database, one set for all processes.

A bucket that holds `capacity` and refills `an_hour` gives out at most `capacity + an_hour` in any hour, so the two
together are the limit. The free tier's limits (calls a second, lists, replays and files an hour) are those of
https://ballchasing.com/doc/api.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from matches.models import CallAllowance
from matches.rocket_league.ballchasing.errors import AllowanceSpent

Kind = Literal["ping", "list", "get", "file"]


@dataclass(frozen=True)
class Bucket:
    capacity: float
    per_second: float


BUCKETS: Mapping[str, Bucket] = {
    # Two a second at most: one at a time, 0.6 seconds apart, so that two don't become three on their way.
    "call": Bucket(1, 1 / 0.6),
    "list": Bucket(125, 375 / 3600),
    "get": Bucket(250, 750 / 3600),
    "file": Bucket(50, 150 / 3600),
}


@dataclass(frozen=True)
class Allowance:
    """What is left of the calls with one key, whoever makes them.

    Waits of up to `patience` seconds are slept; a longer one raises AllowanceSpent, so that no worker is kept by it.
    """

    key: str
    patience: float = 3.0
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def take(self, kind: Kind) -> None:
        """Count one call, once it may be made."""
        while (wait := self._try(kind)) > 0:
            if wait > self.patience:
                raise AllowanceSpent(wait)
            self.sleep(wait)

    def __repr__(self) -> str:
        return f"Allowance({self._caller[:8]})"

    @property
    def _caller(self) -> str:
        return hashlib.sha256(b"touchline.ballchasing:" + self.key.encode()).hexdigest()

    @transaction.atomic
    def _try(self, kind: Kind) -> float:
        """Seconds to wait for; 0 where the call was counted."""
        CallAllowance.objects.get_or_create(caller=self._caller)
        row = CallAllowance.objects.select_for_update().get(caller=self._caller)
        now = self.clock()
        names = ["call", *([kind] if kind in BUCKETS else [])]
        levels = {name: _level(row.levels.get(name), BUCKETS[name], now) for name in names}
        wait = max((1 - level) / BUCKETS[name].per_second for name, level in levels.items())
        if wait > 1e-6:
            return wait
        row.levels |= {name: [level - 1, now] for name, level in levels.items()}
        row.save(update_fields=["levels"])
        return 0.0


def _level(kept: list[float] | None, bucket: Bucket, now: float) -> float:
    """Tokens there now. A clock that went backwards adds none."""
    if kept is None:
        return bucket.capacity
    tokens, at = kept
    return min(bucket.capacity, tokens + max(0.0, now - at) * bucket.per_second)
