"""Which arm a unit gets: by a salted hash, so that it needs no memory and can be checked by anyone with the salt."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

DIGITS = 53
"""Bits of the hash that are used: as many as a float holds exactly."""


def position(salt: str, unit: str) -> float:
    """Where a unit lies in [0, 1): the first 53 bits of SHA-256 over "salt/unit"."""
    digest = hashlib.sha256(f"{salt}/{unit}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> (64 - DIGITS)) / float(1 << DIGITS)


def arm_index(salt: str, unit: str, shares: Sequence[Decimal]) -> int:
    """The arm whose stretch of the cumulative shares holds the unit; shares sum to one."""
    place = position(salt, unit)
    for index, end in enumerate(accumulate(shares)):
        if place < end:
            return index
    return len(shares) - 1


def user_unit(user_id: int) -> str:
    return f"user:{user_id}"
