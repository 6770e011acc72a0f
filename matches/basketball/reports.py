"""Checks of basketball files: what is missing, and what lies more than 3σ out. Told, never refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matches.basketball.rows import BoxScoreRow, GameLineRow, PropLineRow
from matches.quality import figures_of

_PRICES = ("over_price", "under_price")
_GAME = ("spread_home", "total", "home_price", "away_price")


def report(rows: Sequence[Any]) -> dict[str, Any]:
    """The shape of `matches.quality.report`; rows of one file are of one kind, but for those of NBA Stats."""
    columns: dict[str, list[tuple[int, float | None]]] = {}
    for row in rows:
        for name, value in _values(row).items():
            columns.setdefault(name, []).append((row.line, None if value is None else float(value)))
    return {"checked": len(rows), **figures_of(columns, of="rows")}


def _values(row: Any) -> dict[str, Any]:
    if isinstance(row, BoxScoreRow):
        return dict(row.numbers)
    if isinstance(row, PropLineRow):
        return {"line": row.points, **{name: getattr(row, name) for name in _PRICES}}
    if isinstance(row, GameLineRow):
        return {name: getattr(row, name) for name in _GAME}
    return {}
