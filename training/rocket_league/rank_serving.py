"""A player's matches, and what a fitted model says of the rank that they are played at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from accounts.models import User
from matches.models import Playlist, RankGroup
from matches.rocket_league import own_rows
from mlmodels.problem import Forecast, Result
from predictions.errors import UnknownSubject
from training.errors import InsufficientData
from training.rocket_league.features import NAMES, feature_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LABELS: tuple[str, ...] = tuple(RankGroup.values)
SUBJECT = "player_matches"
"""Column that tells whose matches the rows of a featurised table are: the subject's place among those asked for."""


@dataclass(frozen=True, kw_only=True)
class RankedForm:
    """Some of a player's matches in a playlist; no replays: all of them."""

    user: User
    replays: tuple[str, ...]
    playlist: Playlist

    @property
    def reference(self) -> Mapping[str, Any]:
        return {"player": self.user.pk, "replays": list(self.replays), "playlist": self.playlist.value}


def ranked_form(reference: Mapping[str, Any]) -> RankedForm:
    """What a reference names. Raises UnknownSubject."""
    player, replays = str(reference.get("player", "")), reference.get("replays") or ()
    user = User.objects.filter(pk=int(player)).first() if player.isdecimal() else None
    if user is None:
        raise UnknownSubject("There is no such player.")
    if isinstance(replays, str) or not isinstance(replays, Sequence):
        raise UnknownSubject("Matches are named by a list of replays' ids.")
    try:
        named = tuple(str(UUID(str(replay))) for replay in replays)
        return RankedForm(user=user, replays=named, playlist=Playlist(str(reference.get("playlist"))))
    except ValueError as error:
        raise UnknownSubject(f"A match or playlist is not known: {error}.") from error


def featurise(forms: Sequence[RankedForm]) -> pd.DataFrame:
    """Features of each form's matches, a row a match, with the form's place in the column `player_matches`.

    Raises InsufficientData for a form without a match.
    """
    import pandas as pd

    tables = []
    for place, form in enumerate(forms):
        rows = own_rows.rows_of(form.user, playlist=form.playlist, replay_ids=form.replays or None)
        statistics = [row.statistics for row in rows]
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
        form = ranked_form(reference)
    except UnknownSubject:
        return None
    known = own_rows.rank_of(form.user, form.playlist)
    return Result(outcome=known[0].value) if known else None
