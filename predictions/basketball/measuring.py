"""What player props are judged by, and on which rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mlmodels.problem import Metric
from mlmodels.selection import Selection
from predictions.measures import measure

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FEWEST_GAMES = 50
"""Models are compared on players with at least so many earlier games."""


METRICS = (
    Metric(name="rps", title="Ranked probability score", compute=measure("rps")),
    Metric(name="brier", title="Brier score of over and under", compute=measure("rps")),
    Metric(name="log_loss", title="Log loss", compute=measure("log_loss")),
    Metric(name="accuracy", title="Accuracy", compute=measure("accuracy"), lower_is_better=False),
    Metric(name="ece", title="Calibration error", compute=measure("ece")),
)
"""At half lines the ranked probability score of over, push and under is the Brier score of over, 0..1."""


def measured(frame: pd.DataFrame, chosen: np.ndarray, selection: Selection) -> np.ndarray:
    """Chosen rows of players with enough earlier games; of whole seasons those from the first of January on.

    What comes before in the season calibrates. A first day that a person gave is kept to.
    """
    import numpy as np
    import pandas as pd

    enough = chosen & (frame["games"].to_numpy() >= FEWEST_GAMES)
    if selection.date_from is not None:
        return np.asarray(enough)
    days = frame["date"]
    last = days[chosen].groupby(frame["season"][chosen]).max()
    from_day = {season: pd.Timestamp(date(end.year, 1, 1)) for season, end in last.items()}
    late = days >= frame["season"].map(from_day)
    return np.asarray(enough & late.to_numpy())
