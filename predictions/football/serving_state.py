"""What is known now: a data set's stored state, brought up to date with the results since, kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

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


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A state, the question whose answer tells whether there is news, and what the answer was when it was made."""

    state: FootballState
    question: tuple[str, tuple[Any, ...]]
    answer: str


_kept: OrderedDict[str, _Kept] = OrderedDict()
_lock = threading.Lock()


def featurise(subjects: Sequence[Fixture], *, state: Mapping[str, Any], state_key: str) -> pd.DataFrame:
    """One row a fixture, of any days, with what is known now: of today's matches too, where one has ended already."""
    import pandas as pd

    current = current_state(state, state_key)
    rows: dict[int, dict[str, float]] = {}
    for day in sorted({fixture.date for fixture in subjects}):
        chosen = [i for i, fixture in enumerate(subjects) if fixture.date == day]
        with _lock:
            rows |= zip(chosen, current.features([subjects[i] for i in chosen], strict=False), strict=True)
    prices = market_columns(_prices(subjects))
    priced = [rows[i] | {name: column[i] for name, column in prices.items()} for i in range(len(subjects))]
    frame = fixture_frame(subjects, priced)
    # Plain strings as names: every look at an index of pandas' own text takes ten times as long.
    frame.columns = pd.Index(frame.columns.tolist(), dtype=object)
    return frame


def current_state(stored: Mapping[str, Any], key: str) -> FootballState:
    """The stored state with the results since; made again only when results have come or changed.

    Raises FeatureMismatch for a state that another version of this code wrote.
    """
    known = _kept.get(key)
    question = known.question if known else _question(stored)
    answer = _answer(*question)
    if known is not None and known.answer == answer:
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
        return known.state
    fresh = _made(stored)
    keep_out_of_collections()
    with _lock:
        _kept[key] = _Kept(state=fresh, question=question, answer=answer)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return fresh


def _made(stored: Mapping[str, Any]) -> FootballState:
    try:
        fresh = FootballState.from_json(stored)
    except ValueError as error:
        raise FeatureMismatch(str(error)) from error
    for _, pairs in by_day(_since(stored)):
        fresh.advance([played for _, played in pairs])
    return fresh


def _question(stored: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """How many results there are since a state, and when one was changed last: SQL, put together once a state.

    It hangs on what is stored alone, so it stays the same as long as the state does.
    """
    try:
        sql, values = _since(stored).values("pk", "updated_at").query.sql_with_params()
    except EmptyResultSet:  # A state that knows no league.
        return "SELECT 0", ()
    return " ".join(["SELECT COUNT(*), MAX(updated_at)", f"FROM ({sql}) AS since"]), values


def _answer(sql: str, values: Sequence[Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return str(cursor.fetchone())


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
    found = market([key for key in keys if key >= 0], keys, phases=("open",))
    return {"open": found["open"], "close": np.full((len(subjects), 3), np.nan)}
