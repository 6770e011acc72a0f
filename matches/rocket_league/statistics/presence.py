"""When somebody was in the match."""

from __future__ import annotations

import numpy as np

from matches.rocket_league.recording import Recording


def has_car(recording: Recording, place: int) -> np.ndarray:
    """(n,) bool: not demolished, joined already, not gone yet."""
    return np.asarray(~np.isnan(recording.tracks.players[place].position[:, 0]))


def presence(recording: Recording, place: int) -> np.ndarray:
    """(n,) bool: from the first frame of their first car to the last of their last one."""
    frames = np.flatnonzero(has_car(recording, place))
    present = np.zeros(len(recording.steps), dtype=bool)
    if frames.size:
        present[frames[0] : frames[-1] + 1] = True
    return present


def seconds_present(recording: Recording, place: int) -> float:
    return float(recording.steps[presence(recording, place)].sum())


def seconds_playing(recording: Recording, place: int) -> float:
    """Without the countdowns before kick-offs: what ballchasing's rates and most of its shares are of."""
    return float(recording.steps[presence(recording, place) & ~recording.is_countdown].sum())
