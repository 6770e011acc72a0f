"""A token bucket: so many calls at once, and then one in so many seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class TokenBucket:
    """Holds up to `capacity` tokens, a new one every `seconds`; whoever takes one waits until it is there."""

    seconds: float
    capacity: int = 1
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _tokens: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._tokens, self._at = float(self.capacity), self.clock()

    def take(self) -> None:
        self._refill()
        while self._tokens < 1:
            self.sleep((1 - self._tokens) * self.seconds)
            self._refill()
        self._tokens -= 1

    def _refill(self) -> None:
        now = self.clock()
        if self.seconds > 0:
            # A billionth more, since a sleep of just so long must be enough whatever floats round to.
            self._tokens = min(float(self.capacity), self._tokens + (now - self._at) / self.seconds + 1e-9)
        else:
            self._tokens = float(self.capacity)
        self._at = now
