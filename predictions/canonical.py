"""Canonical JSON: of one content one text, whichever program or database it comes from.

Sorted keys, no spaces, UTF-8, every number as the shortest float, times in UTC: whoever has the content can make the
text with any other tool, and hash it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import NoneType
from typing import Any

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
_UNCHANGED = {str, float, bool, NoneType}
_NEGATIVE_ZERO = re.compile(r"-0\.0(?:[,}\]]|$)")


def content_hash(content: Any) -> str:
    """Hex SHA-256 over canonical JSON."""
    return sha256(canonical_json(content))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def canonical_json(content: Any) -> str:
    """The text that is hashed. Raises ValueError for a number that is not finite."""
    return plain_json(content) or _encode(_canonical(content))


def plain_json(content: Any) -> str | None:
    """The same text, made fast, where it is also the plain JSON of the content; else None.

    So it is for mappings of names to floats, as nearly everything in a ledger is; not where there are whole numbers.
    """
    if not _is_plain(content):
        return None
    text = _encode(content)
    return None if "-0.0" in text and _NEGATIVE_ZERO.search(text) else text


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind is dict:
        return {*map(type, value)} <= {str} and _are_plain(value.values())
    return _are_plain(value) if kind is list else kind in _UNCHANGED


def _are_plain(values: Any) -> bool:
    return {*map(type, values)} <= _UNCHANGED or all(map(_is_plain, values))


def _canonical(value: Any) -> Any:
    """JSON without what databases write differently: 1 and 1.0, 0.0 and -0.0, time zones, UUIDs."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return float(value) + 0.0
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Mapping):
        # First of all floats: nearly everything in a ledger is one.
        return {str(key): item + 0.0 if type(item) is float else _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    return str(value)
