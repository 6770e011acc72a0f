"""What a fitted model says of the rank that a player's matches are played at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matches.models import RankGroup
from matches.rocket_league import own_rows
from mlmodels.problem import Forecast, Result
from predictions.errors import UnknownSubject
from training.errors import InsufficientData
from training.rocket_league.features import NAMES, feature_table
from training.rocket_league.player_matches import PlayerMatches, player_matches

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LABELS: tuple[str, ...] = tuple(RankGroup.values)
SUBJECT = "player_matches"
"""Column that tells whose matches the rows of a featurised table are: the subject's place among those asked for."""


def featurise(players: Sequence[PlayerMatches]) -> pd.DataFrame:
    """Features of each player's matches, a row a match, with the player's place in the column `player_matches`.

    Raises InsufficientData for a player without a match.
    """
    import pandas as pd

    tables = []
    for place, player in enumerate(players):
        statistics = [row.statistics for row in player.rows()]
        if not statistics:
            raise InsufficientData("None of these matches has this player in it: upload a replay.", have=0, need=1)
        tables.append(feature_table(statistics).assign(**{SUBJECT: place}))
    return pd.concat(tables, ignore_index=True)


def forecasts(estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
    """One a player: the mean of the probabilities over their matches."""
    import pandas as pd

    said = pd.DataFrame(estimator.predict_proba(frame[list(NAMES)]), columns=list(LABELS))
    by_player = said.groupby(frame[SUBJECT].to_numpy())
    features = frame.groupby(SUBJECT)[list(NAMES)].mean()
    return [
        _forecast(means, matches, features.iloc[place])
        for place, (means, matches) in enumerate(
            zip(by_player.mean().to_numpy(), by_player.size().tolist(), strict=True)
        )
    ]


def _forecast(means: np.ndarray, matches: int, features: pd.Series) -> Forecast:
    probabilities = dict(zip(LABELS, (means / means.sum()).tolist(), strict=True))
    confidence = max(probabilities.values())
    few = ("One match alone: more would say more.",) if matches == 1 else ()
    return Forecast(
        probabilities=probabilities,
        distribution={"ranks": probabilities, "matches": matches},
        features={str(name): float(value) for name, value in features.items() if value == value},
        confidence=confidence,
        notes=few,
    )


def result(reference: Mapping[str, Any]) -> Result | None:
    """The rank that the player has since stated, or that ballchasing knows of the matches; None where nobody knows."""
    try:
        player = player_matches(reference)
    except UnknownSubject:
        return None
    known = own_rows.rank_of(player.user, player.playlist)
    return Result(outcome=known[0].value) if known else None
