"""Strengths of a league's teams over time: Elo ratings, taken through all its results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.core.cache import cache
from django.db.models import Count, Max

from matches.models import Competition
from predictions.football.loading import football

KEPT_SECONDS = 24 * 3600

MANY_MONTHS = 24
"""Beyond so many, an axis is marked by years."""

History = dict[str, dict[int, list[tuple[int, float]]]]
"""Season code → team → (day number, rating after that day's match), oldest first."""

Row = tuple[str, int, int, date, int | None, int | None]


def elo_history(competition: Competition) -> History:
    """Ratings of every team after each of its matches, made again only when results have come or changed."""
    results = football().finished().filter(season__competition=competition)
    state = results.aggregate(rows=Count("pk"), changed=Max("updated_at"))
    if not state["rows"]:
        return {}
    key = f"elo-history/{competition.pk}/{state['rows']}/{state['changed'].timestamp()}"
    found: History | None = cache.get(key)
    if found is None:
        rows = results.order_by("season__starts_on", "date", "kickoff", "pk")
        found = _walk(
            rows.values_list("season__code", "home_id", "away_id", "date", "home_goals", "away_goals").iterator()
        )
        cache.set(key, found, KEPT_SECONDS)
    return found


def _walk(rows: Iterator[Row]) -> History:
    from mlmodels.estimators.elo import EloRatings

    table, history, current = EloRatings(), History(), ""
    for season, home, away, day, home_goals, away_goals in rows:
        if current and season != current:
            table.begin_season()
        current = season
        table.update(str(home), str(away), home_goals or 0, away_goals or 0)
        for team in (home, away):
            history.setdefault(season, {}).setdefault(team, []).append((day.toordinal(), table.rating(str(team))))
    return history


def month_labels(days: Sequence[int]) -> list[tuple[float, str]]:
    """The firsts of the months between the first and the last day, of the years alone where those are many.

    For an axis of day numbers.
    """
    if not days:
        return []
    first, last = date.fromordinal(min(days)), date.fromordinal(max(days))
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    starts = [date(month // 12, month % 12 + 1, 1) for month in months]
    if len(starts) > MANY_MONTHS:
        return [(float(start.toordinal()), f"{start:%Y}") for start in starts if start.month == 1]
    return [(float(start.toordinal()), f"{start:%b %Y}") for start in starts]
