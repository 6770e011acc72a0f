"""Days as clients and the ledger write them."""

from __future__ import annotations

from datetime import date
from typing import Any

from predictions.errors import UnknownSubject


def day(value: Any) -> date:
    """Raises UnknownSubject for what is no date."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise UnknownSubject(f"{value!r} is not a date: write it as 2024-08-31.") from None
