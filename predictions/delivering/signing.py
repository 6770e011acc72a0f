"""Signatures by which a receiver knows that a webhook's message is ours, whole and fresh.

`X-Touchline-Signature` is `v1=<hex>`, HMAC-SHA256 (RFC 2104) with the channel's secret over timestamp, a full stop and
the body's bytes. While a secret is being replaced there are two, separated by a comma: either one suffices.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

TIMESTAMP = "X-Touchline-Timestamp"
SIGNATURE = "X-Touchline-Signature"
DELIVERY = "X-Touchline-Delivery"
SHORTEST_SECRET = 32


def new_secret() -> str:
    """256 random bits, recognisable as ours by whoever finds it in the wrong place."""
    return f"tlwh_{secrets.token_urlsafe(32)}"


def signature(body: bytes, *, timestamp: int, keys: Iterable[str]) -> str:
    return ",".join(f"v1={_hmac(key, timestamp, body)}" for key in keys)


def headers(body: bytes, *, timestamp: int, keys: Iterable[str], delivery_id: str) -> dict[str, str]:
    """timestamp: seconds since 1970, of this attempt. delivery_id: the same at every attempt."""
    return {
        TIMESTAMP: str(timestamp),
        SIGNATURE: signature(body, timestamp=timestamp, keys=keys),
        DELIVERY: delivery_id,
    }


def _hmac(key: str, timestamp: int, body: bytes) -> str:
    return hmac.new(key.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
