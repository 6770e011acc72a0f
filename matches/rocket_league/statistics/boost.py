"""Boost: what was collected, used and wasted, and how full the tank was."""

from __future__ import annotations

import numpy as np

from matches.rocket_league.recording import Pickups, Recording
from matches.rocket_league.statistics.counting import percent, percent_of
from matches.rocket_league.statistics.movement import SUPERSONIC
from matches.rocket_league.statistics.presence import seconds_playing
from matches.rocket_league.statistics.tanks import FULL, Changes, changes_of
from matches.rocket_league.tracks import BLUE

HOLDS_BIG, HOLDS_SMALL = 100.0, 12.0
"""Boost in a pad."""

FRAMES_APART = 3
"""A pad's pick-up and the tank's gain may be told that far from each other."""

LEVELS = {"0_25": (0, 25), "25_50": (25, 50), "50_75": (50, 75), "75_100": (75, 101)}


def of(recording: Recording, place: int) -> dict[str, float]:
    player = recording.tracks.players[place]
    changes = changes_of(player, recording.tracks.times)
    collected = _collected(recording, place, changes)
    playing = seconds_playing(recording, place)
    counted = {
        "bcpm": 60 * collected["amount_collected"] / playing if playing else 0.0,
        **collected,
        **_levels(changes, recording.steps, playing),
        "amount_used_while_supersonic": _used_while_supersonic(changes, player.velocity),
    }
    return {f"boost_{name}": value for name, value in counted.items()}


def _levels(changes: Changes, steps: np.ndarray, playing: float) -> dict[str, float]:
    """How full the tank was: the time of a change belongs to the level that it ended at.

    Boost per minute is of the time in which the amount was followed; shares of an empty or full tank are of the whole.
    """
    passed = np.concatenate(([0.0], np.cumsum(steps)))
    seconds = passed[changes.end] - passed[changes.begin]
    after = changes.after * (100 / FULL)
    levels = {
        f"boost_{name}": float(seconds[(after >= low) & (after < high)].sum()) for name, (low, high) in LEVELS.items()
    }
    ends = {
        "zero_boost": float(seconds[changes.before == 0].sum()),
        "full_boost": float(seconds[changes.before == FULL].sum()),
    }
    followed = float(seconds.sum())
    return {
        "bpm": 60 * float(changes.used.sum()) / followed if followed else 0.0,
        "avg_amount": float(changes.told.mean()) * (100 / FULL) if changes.told.size else 0.0,
        **{f"time_{name}": value for name, value in (ends | levels).items()},
        **{f"percent_{name}": value for name, value in (percent_of(ends, playing) | percent(levels)).items()},
    }


def _collected(recording: Recording, place: int, changes: Changes) -> dict[str, float]:
    """Gains at pads: all, and those from pads in the other side's half (stolen); what did not fit in is overfill."""
    pickups = recording.pickups
    which, gained, wasted = _gains(pickups, place, changes)
    is_big = pickups.is_big[which]
    forward = 1 if recording.tracks.players[place].side == BLUE else -1
    is_stolen = pickups.y[which] * forward > 0
    counted = {
        "amount_collected": float(gained.sum()),
        "amount_stolen": float(gained[is_stolen].sum()),
        "amount_overfill": float(wasted.sum()),
        "amount_overfill_stolen": float(wasted[is_stolen].sum()),
    }
    for size, of_size in (("big", is_big), ("small", ~is_big)):
        counted |= {
            f"amount_collected_{size}": float(gained[of_size].sum()),
            f"amount_stolen_{size}": float(gained[of_size & is_stolen].sum()),
            f"count_collected_{size}": int(of_size.sum()),
            f"count_stolen_{size}": int((of_size & is_stolen).sum()),
        }
    return counted


def _gains(pickups: Pickups, place: int, changes: Changes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pick-ups that count, by their places among all; what each gave, and what it wasted: three of (m,).

    A pad counts where the tank is told to have gained: not where more was burnt at the same time. While nothing is told
    of the tank, a pad counts for all it holds.
    """
    which = _pad_of(changes, pickups, place)
    own = np.flatnonzero(pickups.player == place)
    untold = own[changes.is_unknown[np.maximum(pickups.frame[own] - 1, 0)]]
    at_pad = (changes.gained > 0) & (which >= 0) & ~np.isin(which, untold)
    told = which[at_pad]
    given = np.where(pickups.is_big, HOLDS_BIG, HOLDS_SMALL)
    gained = changes.gained[at_pad]
    wasted = np.where(changes.after[at_pad] == FULL, np.maximum(given[told] - gained, 0.0), 0.0)
    return (
        np.concatenate((told, untold)),
        np.concatenate((gained, given[untold])),
        np.concatenate((wasted, np.zeros(len(untold)))),
    )


def _pad_of(changes: Changes, pickups: Pickups, place: int) -> np.ndarray:
    """(k,) the pick-up, by its place among all, that each change goes with; -1 for none."""
    own = np.flatnonzero(pickups.player == place)
    if not own.size or not changes.end.size:
        return np.full(len(changes.end), -1)
    frames = pickups.frame[own]
    right = np.clip(np.searchsorted(frames, changes.end), 0, len(own) - 1)
    left = np.maximum(right - 1, 0)
    is_left = np.abs(frames[left] - changes.end) <= np.abs(frames[right] - changes.end)
    nearest = np.where(is_left, left, right)
    return np.where(np.abs(frames[nearest] - changes.end) <= FRAMES_APART, own[nearest], -1)


def _used_while_supersonic(changes: Changes, velocity: np.ndarray) -> float:
    """Of changes that began and ended supersonic. Ballchasing's own rule is not known: here the two differ most."""
    is_supersonic = np.linalg.norm(velocity, axis=1) >= SUPERSONIC
    return float(changes.used[is_supersonic[changes.begin] & is_supersonic[changes.end]].sum())
