"""Selections in words for a person: titles instead of codes, spans of seasons instead of lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.core.cache import cache

from mlmodels.problem import Choice, Problem
from mlmodels.selection import Selection

MOST_NAMED = 6
SHORTEST_SPAN = 3
TITLES_KEPT_SECONDS = 60

Titles = Mapping[str, Mapping[str, str]]
"""Of `competitions` and `seasons`: code → title, in the problem's order (its seasons come newest first)."""


def titles_of(options: Mapping[str, Sequence[Choice]]) -> Titles:
    return {kind: {choice.code: choice.title for choice in choices} for kind, choices in options.items()}


def known_titles(problem: Problem) -> Titles:
    """The titles of what may be selected, up to a minute old: pages that ask for news every two seconds use them."""
    key = f"titles/{problem.slug}"
    titles: Titles | None = cache.get(key)
    if titles is None:
        titles = titles_of(problem.choices())
        cache.set(key, titles, TITLES_KEPT_SECONDS)
    return titles


def selection_in_words(selection: Selection, titles: Titles) -> str:
    """Such as "Mirage League, seasons 2021/22 to 2024/25, until 15 November 2026"."""
    words = [
        competitions_in_words(selection.competitions, titles) or "every competition",
        _seasons(selection.seasons, titles),
        _days(selection.date_from, selection.date_to),
        f"only {listed(selection.subjects)}" if selection.subjects else "",
    ]
    return ", ".join(filter(None, words))


def competitions_in_words(codes: Iterable[str], titles: Titles) -> str:
    """In the problem's order; a code that it no longer knows is shown as it is, after those."""
    return listed(_titled(codes, titles.get("competitions", {})))


def seasons_in_words(codes: Iterable[str], titles: Titles) -> str:
    """Oldest first; seasons that follow each other without a gap as "2021/22 to 2024/25"."""
    chosen, named = set(codes), titles.get("seasons", {})
    known = list(named)[::-1]
    places = [place for place, code in enumerate(known) if code in chosen]
    if len(chosen) == len(places) >= SHORTEST_SPAN and places[-1] - places[0] == len(places) - 1:
        return f"{named[known[places[0]]]} to {named[known[places[-1]]]}"
    return listed(_titled(chosen, {code: named[code] for code in known}))


def _seasons(codes: Sequence[str], titles: Titles) -> str:
    if not codes:
        return "every season"
    return f"{'season' if len(codes) == 1 else 'seasons'} {seasons_in_words(codes, titles)}"


def _days(first: date | None, last: date | None) -> str:
    if first and first == last:
        return f"on {first:%-d %B %Y}"
    words = [f"from {first:%-d %B %Y}" if first else "", f"to {last:%-d %B %Y}" if last else ""]
    return " ".join(filter(None, words))


def _titled(codes: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    chosen = set(codes)
    return [title for code, title in titles.items() if code in chosen] + sorted(chosen - set(titles))


def listed(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C", or "A, B, C, D, E and 7 more"."""
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
