"""The data set of a statistic: every player's games with what was known before them, and how they turned out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matches.models import PlayerGame
from mlmodels.problem import Progress, Snapshot, silent
from mlmodels.selection import Selection
from predictions.basketball import market, table
from predictions.basketball.props import OVER, PUSH, UNDER, usual_line

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from matches.models.play import MatchQuerySet
    from predictions.basketball.box_scores import BoxScores

KNOWN = ("subject", "event_at", "competition", "season", "date", "match", "player", "team", "opponent")
"""Columns that say what a row is about."""


def snapshot(selection: Selection, statistic: str, *, progress: Progress = silent) -> Snapshot:
    """Rows of the selection, in order of tip-off; all earlier games of the same competitions feed their features.

    A player's first game is no row: nothing is known of him, and so there is no line.
    """
    import numpy as np

    box = table.box_scores(
        selection.competitions, until=selection.date_to, progress=lambda done, words: progress(0.6 * done, words)
    )
    facts = games(selection)
    wanted = np.flatnonzero(np.isin(box.match, list(facts)))
    progress(0.6, f"Looking back from {len(wanted):,} games of players")
    frame = with_lines(_examples(box, wanted, facts, statistic), statistic)
    frame = with_outcomes(frame, box.statistic(statistic)[wanted])
    if selection.subjects:
        frame = frame[frame["player"].astype(str).isin(selection.subjects)]
    ordered = frame[frame["line"].notna()].sort_values(["event_at", "match", "player"], kind="stable")
    return Snapshot(frame=ordered.reset_index(drop=True))


def games(selection: Selection) -> dict[int, tuple[Any, ...]]:
    """Tip-off, competition, season and day of each game that has rows in the selection."""
    rows = _chosen(selection).values_list("pk", "kickoff", "season__competition__code", "season__code", "date")
    return {pk: tuple(facts) for pk, *facts in rows}


def _examples(box: BoxScores, rows: np.ndarray, facts: dict[int, tuple[Any, ...]], statistic: str) -> pd.DataFrame:
    import pandas as pd

    from predictions.basketball.features import features

    match, player = box.match[rows], box.player[rows]
    known = [facts[pk] for pk in match.tolist()]
    tip_off, competition, season, day = zip(*known, strict=True) if known else ((),) * 4
    about = {
        "subject": [f"{pk}:{who}" for pk, who in zip(match.tolist(), player.tolist(), strict=True)],
        "event_at": pd.to_datetime(list(tip_off), utc=True),
        "competition": list(competition),
        "season": list(season),
        "date": pd.to_datetime(list(day)),
        "match": match,
        "player": player,
        "team": box.team[rows],
        "opponent": box.opponent[rows],
    }
    return pd.DataFrame({**about, **features(box, rows, statistic=statistic)})


def with_lines(frame: pd.DataFrame, statistic: str) -> pd.DataFrame:
    """The table with `line`: the bookmakers' where they quote one, else the usual one, and what they thought of it."""
    import numpy as np
    import pandas as pd

    keys = list(zip(frame["match"].tolist(), frame["player"].tolist(), strict=True))
    quoted = market.consensus(keys, statistic)
    known = ~np.isnan(quoted.line)
    columns = {
        "line": np.where(known, quoted.line, [usual_line(mean) for mean in frame["last_10"].tolist()]),
        "line_is_market": known.astype(float),
        "market_over": quoted.over,
        "market_push": np.where(np.isnan(quoted.over), np.nan, 0.0),
        "market_under": quoted.under,
    }
    return pd.concat([frame, pd.DataFrame(columns, index=frame.index)], axis=1)


def with_outcomes(frame: pd.DataFrame, counts: np.ndarray) -> pd.DataFrame:
    """The table with `count` and `outcome` (0 over, 1 push, 2 under)."""
    import numpy as np
    import pandas as pd

    line = frame["line"].to_numpy()
    came = np.where(counts > line, OVER, np.where(counts < line, UNDER, PUSH))
    results = {"count": counts, "outcome": came.astype(np.int64)}
    return pd.concat([frame, pd.DataFrame(results, index=frame.index)], axis=1)


def count_of(selection: Selection) -> int:
    """How many rows the selection has, without making them; players' first games are counted too."""
    return PlayerGame.objects.filter(match__in=_chosen(selection).values("pk")).count()


def _chosen(selection: Selection) -> MatchQuerySet:
    chosen = table.played(selection.competitions, until=selection.date_to).between(selection.date_from, None)
    if selection.seasons:
        chosen = chosen.in_seasons(selection.seasons)
    return chosen
