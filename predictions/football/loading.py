"""Matches and prices out of the database, as tables and as results a day at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import FloatField, QuerySet
from django.db.models.functions import Cast

from matches.models import Competition, Match, Odds, Sport
from mlmodels.problem import Progress, Snapshot, silent
from mlmodels.selection import Selection
from predictions.devig import shin
from predictions.football.rows import NAN, Fixture, Played, Side

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from matches.models.play import MatchQuerySet

CONSENSUS = {"open": ("PS", "AVG", "B365"), "close": ("PS", "AVG")}
"""Whose 1X2 prices stand for the market at each phase: the first that has all three. PS is Pinnacle, AVG the mean."""

BOOKS = tuple(dict.fromkeys(book for names in CONSENSUS.values() for book in names))
OUTCOMES = ("H", "D", "A")
CHUNK = 5000

_STATS = ("goals", "shots", "shots_on_target", "corners", "red_cards", "expected_goals")
_FIXTURE = ("pk", "season__competition__code", "season__code", "home__slug", "away__slug", "date", "kickoff")
_FIELDS = (*_FIXTURE, *(f"{side}_{name}" for side in ("home", "away") for name in _STATS))


def football() -> MatchQuerySet:
    """Matches of football, whatever their competition."""
    matches: MatchQuerySet = Match.objects.filter(season__competition__sport=Sport.FOOTBALL)
    return matches


def history(selection: Selection) -> MatchQuerySet:
    """Finished matches that the features of the selection's examples rest on, and the examples themselves.

    A selection's seasons and first date choose examples; the matches before them in the same competitions still make
    ratings and form, so that the first example of a season knows the seasons before.
    """
    matches = football().finished()
    if selection.competitions:
        matches = matches.in_competitions(selection.competitions)
    return matches.between(None, selection.date_to)


def examples(selection: Selection) -> MatchQuerySet:
    """Finished matches that are rows of the selection's data set."""
    matches = history(selection).between(selection.date_from, None)
    if selection.seasons:
        matches = matches.in_seasons(selection.seasons)
    if selection.subjects:
        matches = matches.filter(pk__in=[int(subject) for subject in selection.subjects if subject.isdecimal()])
    return matches


def read(matches: MatchQuerySet) -> Iterator[tuple[Fixture, Played]]:
    """Finished matches in order of days, in one query.

    All rows are fetched before the first is given: while a cursor is open, SQLite refuses this connection every write
    (a run's progress) as soon as another connection has written (its heartbeat).
    """
    for row in list(matches.order_by("date", "kickoff", "pk").values_list(*_FIELDS)):
        stats = [NAN if value is None else float(value) for value in row[7:]]
        fixture = Fixture(
            match_id=row[0], competition=row[1], season=row[2], home=row[3], away=row[4], date=row[5], kickoff=row[6]
        )
        yield fixture, Played(row[1], row[2], row[3], row[4], row[5].toordinal(), Side(*stats[:6]), Side(*stats[6:]))


def by_day(matches: MatchQuerySet) -> Iterator[tuple[date, list[tuple[Fixture, Played]]]]:
    """Finished matches, all of a day together."""
    for day, group in groupby(read(matches), key=lambda pair: pair[0].date):
        yield day, list(group)


def market(
    matches: MatchQuerySet | Sequence[int], match_ids: Sequence[int], *, phases: Collection[str] = tuple(CONSENSUS)
) -> dict[str, np.ndarray]:
    """De-vigged (Shin) 1X2 probabilities (n, 3) by phase, in the order of `match_ids`; NaN where there is no price.

    matches: those to look for prices of, as a query or, where they are few, by their keys.
    """
    import numpy as np

    position = {pk: i for i, pk in enumerate(match_ids)}
    prices = {phase: np.full((len(CONSENSUS[phase]), len(position), 3), np.nan) for phase in phases}
    books = {(phase, book): i for phase in phases for i, book in enumerate(CONSENSUS[phase])}
    for pk, phase, book, outcome, price in _price_rows(matches):
        i, row = books.get((phase, book)), position.get(pk)
        if i is not None and row is not None:
            prices[phase][i, row, OUTCOMES.index(outcome)] = price
    return {phase: shin(first_complete(table)) for phase, table in prices.items()}


def first_complete(tables: np.ndarray) -> np.ndarray:
    """Of prices (books, n, 3), each row's first book that has all three; NaN where none has."""
    import numpy as np

    chosen = np.full(tables.shape[1:], np.nan)
    for table in tables[::-1]:
        whole = ~np.isnan(table).any(axis=1)
        chosen[whole] = table[whole]
    return chosen


def _price_rows(matches: MatchQuerySet | Sequence[int]) -> Iterator[tuple[int, str, str, str, float]]:
    if not isinstance(matches, QuerySet):
        return iter(_price_rows_of(matches))
    rows = (
        Odds.objects.filter(match__in=matches.values("pk"), market=Odds.Market.MATCH_RESULT, bookmaker__in=BOOKS)
        .annotate(value=Cast("price", FloatField()))
        .values_list("match_id", "phase", "bookmaker", "outcome", "value")
    )
    return rows.iterator(chunk_size=CHUNK)


def _price_rows_of(match_ids: Sequence[int]) -> list[tuple[int, str, str, str, float]]:
    # Every forecast asks this: putting the query together through the ORM takes longer than the answer.
    if not match_ids:
        return []
    known: list[Any] = [*match_ids, Odds.Market.MATCH_RESULT.value, *BOOKS]
    with connection.cursor() as cursor:
        cursor.execute(_price_statement(len(match_ids)), known)
        found: list[tuple[int, str, str, str, float]] = cursor.fetchall()
    return found


@lru_cache(maxsize=64)
def _price_statement(matches: int) -> str:
    """The same query about so many matches: their keys, the market and the bookmakers are its values."""
    quote, real = connection.ops.quote_name, FloatField().cast_db_type(connection)
    keys, books = (", ".join(["%s"] * count) for count in (matches, len(BOOKS)))
    return " ".join(
        [
            f"SELECT match_id, phase, bookmaker, outcome, CAST(price AS {real})",
            f"FROM {quote(Odds._meta.db_table)}",  # noqa: SLF001 - the documented way to a model's table
            f"WHERE match_id IN ({keys}) AND market = %s AND bookmaker IN ({books})",
        ]
    )


def market_columns(probabilities: dict[str, np.ndarray]) -> dict[str, Any]:
    """Columns market_open_home … market_close_away."""
    return {
        f"market_{phase}_{label}": table[:, i]
        for phase, table in probabilities.items()
        for i, label in enumerate(("home", "draw", "away"))
    }


def with_results(frame: pd.DataFrame, played: Sequence[Played]) -> pd.DataFrame:
    """The table with home_goals, away_goals and outcome (0 home, 1 draw, 2 away)."""
    import numpy as np
    import pandas as pd

    home = np.array([match.host.goals for match in played], dtype=np.int64)
    away = np.array([match.guest.goals for match in played], dtype=np.int64)
    results = pd.DataFrame({"home_goals": home, "away_goals": away, "outcome": 1 - np.sign(home - away)})
    return pd.concat([frame, results], axis=1)


def season_at(code: str, on: date) -> str:
    """The season of a competition that a day falls in, or the latest; empty for a competition not known."""
    competition = Competition.objects.filter(code=code, sport=Sport.FOOTBALL).first()
    if competition is None:
        return ""
    seasons = competition.seasons.order_by("-starts_on")
    chosen = seasons.filter(starts_on__lte=on, ends_on__gte=on).first() or seasons.first()
    return chosen.code if chosen else ""


def snapshot(selection: Selection, *, progress: Progress = silent) -> Snapshot:
    """The data set of a selection: one walk through all its history, a day at a time."""
    from predictions.football.state import FootballState, fixture_frame

    wanted = set(examples(selection).values_list("pk", flat=True))
    total = max(1, history(selection).count())
    state, seen = FootballState(), 0
    fixtures: list[Fixture] = []
    features: list[dict[str, float]] = []
    results: list[Played] = []
    for day, pairs in by_day(history(selection)):
        chosen = [pair for pair in pairs if pair[0].match_id in wanted]
        features += state.features([fixture for fixture, _ in chosen])
        fixtures += [fixture for fixture, _ in chosen]
        results += [played for _, played in chosen]
        state.advance([played for _, played in pairs])
        seen += len(pairs)
        progress(0.95 * seen / total, f"Walked through football until {day:%B %Y}")
    frame = with_results(fixture_frame(fixtures, features), results)
    frame = with_market(frame, examples(selection)).sort_values("event_at", kind="stable", ignore_index=True)
    return Snapshot(frame=frame, state=state.to_json())


def with_market(frame: pd.DataFrame, matches: MatchQuerySet) -> pd.DataFrame:
    """The table with the columns market_open_* and market_close_*."""
    import pandas as pd

    table = market(matches, frame["subject"].tolist())
    columns = pd.DataFrame(market_columns(table), index=frame.index)
    return pd.concat([frame, columns], axis=1)
