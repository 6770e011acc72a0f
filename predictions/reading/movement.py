"""How what we say of one match has moved from entry to entry."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from mlmodels.drawing.lines import LineChart, Series, line_chart
from predictions.reading.statements import Statement

FEWEST = 3
"""Entries from which a line says more than the list beneath it."""


def movement(history: Sequence[Statement]) -> LineChart | None:
    """Home, draw and away in per cent over the entries of a match, newest first; None where there are too few."""
    if len(history) < FEWEST:
        return None
    entries = [(one.prediction.made_at.timestamp(), one) for one in reversed(history)]
    series = [
        Series(name=name, style=style, points=[(at, 100 * one.prediction.probabilities[label]) for at, one in entries])
        for name, label, style in (("Home win", "home", "s1"), ("Draw", "draw", "s6"), ("Away win", "away", "s3"))
    ]
    return line_chart(series, x_labels=_days([one for _, one in entries]))


def _days(oldest_first: Sequence[Statement]) -> list[tuple[float, str]]:
    """The first entry of each day, marked by that day."""
    firsts: dict[str, float] = {}
    for one in oldest_first:
        made_at = timezone.localtime(one.prediction.made_at)
        firsts.setdefault(f"{made_at:%-d %b}", made_at.timestamp())
    return [(at, day) for day, at in firsts.items()]
