"""What one could have bet at: opening prices beside the rows of a data set, and the closing line to judge them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import FloatField
from django.db.models.functions import Cast

from matches.models import Match, Odds
from mlmodels.problem import Offers
from predictions.devig import shin
from predictions.football.loading import CONSENSUS, OUTCOMES, first_complete

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

BOOKMAKERS: Mapping[str, str] = {
    "B365": "Bet365",
    "BW": "Bwin",
    "IW": "Interwetten",
    "PS": "Pinnacle",
    "VC": "BetVictor",
    "WH": "William Hill",
    "AVG": "The market's average",
}
NOT_FOR_SALE = ("AVG",)
"""Composites that take no bets; the market's best (`MAX`) is some bookmaker's price, whosever it is."""

AT_ONCE = 500
"""Matches asked for in one query: databases bound the values that a statement may name."""

Tables = Mapping[tuple[str, str], "np.ndarray"]
"""(phase, bookmaker) → decimal odds (n, 3)."""


def offers(frame: pd.DataFrame, *, book: str = "") -> Offers:
    """Opening prices of `book`, or the best of all where it is empty, for the matches of a data set."""
    import numpy as np

    ids = [int(pk) for pk in frame["subject"]]
    tables = _tables(ids)
    nothing = np.full((len(ids), len(OUTCOMES)), np.nan)
    names = [book] if book else sorted({name for _, name in tables if name not in NOT_FOR_SALE})
    opening = np.stack([tables.get((Odds.Phase.OPENING, name), nothing) for name in names] or [nothing])
    best = np.where(np.isnan(opening), -np.inf, opening).argmax(axis=0)
    closing = first_complete(np.stack([tables.get((Odds.Phase.CLOSING, name), nothing) for name in CONSENSUS["close"]]))
    return Offers(
        prices=np.take_along_axis(opening, best[None], axis=0)[0],
        books=np.array(names or [""])[best],
        closing_prices=closing,
        closing_probabilities=shin(closing),
        subjects=_subjects(ids),
    )


def _tables(ids: Sequence[int]) -> Tables:
    import numpy as np

    position = {pk: row for row, pk in enumerate(ids)}
    tables: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.full((len(ids), len(OUTCOMES)), np.nan))
    for pk, phase, book, outcome, price in _prices(ids):
        tables[phase, book][position[pk], OUTCOMES.index(outcome)] = price
    return dict(tables)


def _prices(ids: Sequence[int]) -> Iterator[tuple[int, str, str, str, float]]:
    for start in range(0, len(ids), AT_ONCE):
        yield from (
            Odds.objects.for_matches(ids[start : start + AT_ONCE])
            .match_result()
            .annotate(value=Cast("price", FloatField()))
            .values_list("match_id", "phase", "bookmaker", "outcome", "value")
        )


def _subjects(ids: Sequence[int]) -> list[str]:
    """ "Arsenal – Chelsea" for each match."""
    names: dict[int, str] = {}
    for start in range(0, len(ids), AT_ONCE):
        rows = Match.objects.filter(pk__in=ids[start : start + AT_ONCE]).values_list("pk", "home__name", "away__name")
        names |= {pk: f"{home} – {away}" for pk, home, away in rows}
    return [names.get(pk, "") for pk in ids]
