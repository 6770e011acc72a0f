"""Props as rows of features, from what is known now, by the code that made the data sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matches.models import GameLine
from predictions.basketball import loading, market, table
from predictions.basketball.props import NO_GAMES_LINE, PlayerProp

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from predictions.basketball.box_scores import BoxScores

NOBODY = -1
"""Stands for a game, an opponent or a line that is not known."""


def featurise(subjects: Sequence[PlayerProp], statistic: str) -> pd.DataFrame:
    """One row a prop at its line, in their order; what the market thinks of another line is not said of it."""
    import numpy as np
    import pandas as pd

    from predictions.basketball.features import features

    box, order = asked(subjects)
    found = features(box, np.arange(len(box)), statistic=statistic)
    back = np.argsort(order)
    games = [subject.game for subject in subjects]
    about = {
        "subject": [f"{game.match_id or ''}:{s.player_id}" for s, game in zip(subjects, games, strict=True)],
        "event_at": pd.to_datetime([game.tip_off for game in games], utc=True),
        "competition": [game.competition for game in games],
        "season": [game.season for game in games],
        "date": pd.to_datetime([game.day for game in games]),
        "match": np.array([game.match_id or NOBODY for game in games], dtype=np.int64),
        "player": np.array([subject.player_id for subject in subjects], dtype=np.int64),
        "team": np.array([game.team_id for game in games], dtype=np.int64),
        "opponent": np.array([game.opponent_id or NOBODY for game in games], dtype=np.int64),
        "supposed": [game.supposed for game in games],
    }
    frame = pd.DataFrame({**about, **{name: column[back] for name, column in found.items()}})
    frame = loading.with_lines(frame, statistic)
    line = np.array([np.nan if subject.line is None else subject.line for subject in subjects])
    elsewhere = line != frame["line"].to_numpy()
    frame.loc[elsewhere, ["market_over", "market_push", "market_under"]] = np.nan
    frame["line_is_market"] = np.where(elsewhere, 0.0, frame["line_is_market"])
    frame["line"] = line
    return frame


def at_usual_lines(subjects: Sequence[PlayerProp], statistic: str) -> list[PlayerProp]:
    """Props that have no line yet at the bookmakers' where they quote one, else at the player's usual one.

    The usual line is the mean of his last ten games, to the half above it; of one who never played, a half.
    """
    import numpy as np

    from predictions.basketball.features import own_line

    if not subjects or all(subject.line is not None for subject in subjects):
        return list(subjects)
    box, order = asked(subjects)
    usual = own_line(box, np.arange(len(box)), statistic=statistic)[np.argsort(order)]
    keys = [(subject.game.match_id or NOBODY, subject.player_id) for subject in subjects]
    quoted = market.consensus(keys, statistic).line
    lines = np.where(np.isnan(quoted), np.where(np.isnan(usual), NO_GAMES_LINE, usual), quoted).tolist()
    return [s if s.line is not None else s.at(line) for s, line in zip(subjects, lines, strict=True)]


def asked(subjects: Sequence[PlayerProp]) -> tuple[BoxScores, np.ndarray]:
    """Rows that stand on all that was played, and in which order they come: the table's, not the subjects'."""
    import numpy as np

    games = [subject.game for subject in subjects]
    player = np.array([subject.player_id for subject in subjects], dtype=np.int64)
    match = np.array([game.match_id or NOBODY for game in games], dtype=np.int64)
    day = np.array([game.day.toordinal() for game in games], dtype=np.int32)
    is_home = np.array([game.is_home for game in games], dtype=bool)
    spread, total = _expected(match, is_home)
    box = table.current().asking(
        match=match,
        player=player,
        team=np.array([game.team_id for game in games], dtype=np.int64),
        opponent=np.array([game.opponent_id or NOBODY for game in games], dtype=np.int64),
        day=day,
        season=np.array([game.season for game in games], dtype=object),
        is_home=is_home,
        is_playoff=np.array([game.is_playoff for game in games], dtype=bool),
        spread=spread,
        total=total,
    )
    return box, np.lexsort((player, match, day))


def _expected(match: np.ndarray, is_home: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = sorted({pk for pk in match.tolist() if pk != NOBODY})
    return table.of_games(match, is_home, GameLine.objects.filter(match__in=known))
