"""What is known now: a data set's stored state, brought up to date with the results since, kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max

from mlmodels.errors import FeatureMismatch
from mlmodels.memory import keep_out_of_collections
from predictions.football.loading import by_day, football, market, market_columns
from predictions.football.rows import Fixture
from predictions.football.state import FootballState, fixture_frame

if TYPE_CHECKING:
    import pandas as pd

    from matches.models.play import MatchQuerySet

KEPT = 4
"""States of so many versions are kept a process: the champion, challengers, one asked for by name."""

_kept: OrderedDict[str, tuple[str, FootballState]] = OrderedDict()
_lock = threading.Lock()


def featurise(subjects: Sequence[Fixture], *, state: Mapping[str, Any], state_key: str) -> pd.DataFrame:
    """One row a fixture, of any days, with what is known now: of today's matches too, where one has ended already."""
    current = current_state(state, state_key)
    rows: dict[int, dict[str, float]] = {}
    for day in sorted({fixture.date for fixture in subjects}):
        chosen = [i for i, fixture in enumerate(subjects) if fixture.date == day]
        with _lock:
            rows |= zip(chosen, current.features([subjects[i] for i in chosen], strict=False), strict=True)
    prices = market_columns(_prices(subjects))
    priced = [rows[i] | {name: column[i] for name, column in prices.items()} for i in range(len(subjects))]
    return fixture_frame(subjects, priced)


def current_state(stored: Mapping[str, Any], key: str) -> FootballState:
    """The stored state with the results since; made again only when results have come or changed.

    Raises FeatureMismatch for a state that another version of this code wrote.
    """
    since = _since(stored)
    stamp = str(since.aggregate(rows=Count("pk"), changed=Max("updated_at")))
    with _lock:
        known = _kept.get(key)
        if known is not None and known[0] == stamp:
            _kept.move_to_end(key)
            return known[1]
    try:
        fresh = FootballState.from_json(stored)
    except ValueError as error:
        raise FeatureMismatch(str(error)) from error
    for _, pairs in by_day(since):
        fresh.advance([played for _, played in pairs])
    keep_out_of_collections()
    with _lock:
        _kept[key] = (stamp, fresh)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return fresh


def _since(stored: Mapping[str, Any]) -> MatchQuerySet:
    """Results later than the state, of the competitions it knows."""
    matches = football().finished().in_competitions(stored["leagues"])
    if not stored["day"]:
        return matches
    last = date.fromordinal(stored["day"])
    # No later day begins before this midnight anywhere on earth; kick-offs have an index by which to skip the past.
    return matches.filter(date__gt=last, kickoff__gte=datetime(last.year, last.month, last.day, tzinfo=UTC))


def _prices(subjects: Sequence[Fixture]) -> dict[str, Any]:
    import numpy as np

    keys = [fixture.match_id if fixture.match_id is not None else -1 - i for i, fixture in enumerate(subjects)]
    found = market(football().filter(pk__in=[key for key in keys if key >= 0]), keys, phases=("open",))
    return {"open": found["open"], "close": np.full((len(subjects), 3), np.nan)}
