"""Where the thirty teams play: facts of geography, for travel, time zones and thin air."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EARTH_KM = 6371.0


@dataclass(frozen=True)
class Arena:
    """Degrees north and east, metres above the sea, hours from UTC in winter."""

    latitude: float
    longitude: float
    altitude: float
    utc_offset: float


ARENAS = {
    "ATL": Arena(33.757, -84.396, 315, -5),
    "BKN": Arena(40.683, -73.975, 15, -5),
    "BOS": Arena(42.366, -71.062, 6, -5),
    "CHA": Arena(35.225, -80.839, 229, -5),
    "CHI": Arena(41.881, -87.674, 181, -6),
    "CLE": Arena(41.497, -81.688, 199, -5),
    "DAL": Arena(32.790, -96.810, 131, -6),
    "DEN": Arena(39.749, -105.008, 1584, -7),
    "DET": Arena(42.341, -83.055, 183, -5),
    "GSW": Arena(37.768, -122.388, 3, -8),
    "HOU": Arena(29.751, -95.362, 15, -6),
    "IND": Arena(39.764, -86.156, 218, -5),
    "LAC": Arena(34.043, -118.267, 87, -8),
    "LAL": Arena(34.043, -118.267, 87, -8),
    "MEM": Arena(35.138, -90.051, 77, -6),
    "MIA": Arena(25.781, -80.188, 2, -5),
    "MIL": Arena(43.045, -87.917, 188, -6),
    "MIN": Arena(44.980, -93.276, 255, -6),
    "NOP": Arena(29.949, -90.082, 1, -6),
    "NYK": Arena(40.751, -73.994, 16, -5),
    "OKC": Arena(35.463, -97.515, 366, -6),
    "ORL": Arena(28.539, -81.384, 32, -5),
    "PHI": Arena(39.901, -75.172, 6, -5),
    "PHX": Arena(33.446, -112.071, 331, -7),
    "POR": Arena(45.532, -122.667, 15, -8),
    "SAC": Arena(38.580, -121.500, 9, -8),
    "SAS": Arena(29.427, -98.438, 198, -6),
    "TOR": Arena(43.643, -79.379, 76, -5),
    "UTA": Arena(40.768, -111.901, 1302, -7),
    "WAS": Arena(38.898, -77.021, 9, -5),
}
"""By abbreviation. The Clippers stand where they played until 2024."""


def placed(abbreviations: Mapping[int, str], teams: Any) -> NDArray[np.float64]:
    """(n, 4) of team ids: radians north and east, metres, hours from UTC; NaN for a team without a known arena."""
    ids, codes = np.unique(np.asarray(teams, dtype=np.int64), return_inverse=True)
    table = np.full((len(ids), 4), np.nan)
    for i, team in enumerate(ids.tolist()):
        if arena := ARENAS.get(abbreviations.get(team, "")):
            latitude, longitude = np.radians([arena.latitude, arena.longitude])
            table[i] = latitude, longitude, arena.altitude, arena.utc_offset
    return table[codes]


def distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) kilometres along great circles between two tables of `placed` (n, 4), by the haversine formula."""
    north, east = (other - one)[:, 0], (other - one)[:, 1]
    half = np.sin(north / 2) ** 2 + np.cos(one[:, 0]) * np.cos(other[:, 0]) * np.sin(east / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))), dtype=float)
