"""What of a sport's data sets belongs to a selection, and whether any of it was made up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matches.models import Competition
from mlmodels.selection import Selection

if TYPE_CHECKING:
    import pandas as pd


def is_simulated(selection: Selection, sport: str) -> bool:
    """Whether a league of our simulators is in the selection."""
    leagues = Competition.objects.filter(sport=sport, is_simulated=True)
    if selection.competitions:
        leagues = leagues.filter(code__in=selection.competitions)
    return leagues.exists()


def chosen(frame: pd.DataFrame, selection: Selection, *, subject: str) -> pd.Series:
    """Which rows of a wider data set are examples of the selection, whose subjects are in the column `subject`."""
    import pandas as pd

    mask = pd.Series(data=True, index=frame.index)
    if selection.competitions:
        mask &= frame["competition"].isin(selection.competitions)
    if selection.seasons:
        mask &= frame["season"].isin(selection.seasons)
    if selection.date_from:
        mask &= frame["date"] >= pd.Timestamp(selection.date_from)
    if selection.date_to:
        mask &= frame["date"] <= pd.Timestamp(selection.date_to)
    if selection.subjects:
        mask &= frame[subject].astype(str).isin(selection.subjects)
    return mask
