"""What the game tells of a player's boost, and when.

A replay holds a tank's amount only where it changed for the recording: at the end of a burst, at a pad, in a new car.
In between, the parser burns it down while the booster is on. Statistics are counted from what was told, as ballchasing
counts them, so the parser's guess is taken off again here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matches.rocket_league.tracks import PlayerTrack

FULL = 255
"""What the game calls 100."""

IN_A_NEW_CAR = 85
"""A third of a tank, whether it is told or not."""

BURNT_PER_SECOND = 80 / 0.93
"""Of FULL, while the booster is on: what the parser takes off."""

GUESS_IS_OFF = 0.05
WHOLE = 0.02
"""How far an amount may be from the guess, and from a whole number, by rounding alone."""

A_LEAP = 300.0
"""uu in one frame: faster than any car, so the car was put there."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Changes:
    """From one amount to the next within one car: k of them, arrays (k,); amounts 0..255 in whole numbers."""

    begin: np.ndarray
    """Frame at which `before` was told."""
    end: np.ndarray
    """Frame at which `after` was told."""
    before: np.ndarray
    after: np.ndarray
    told: np.ndarray
    """All amounts that were told, first ones of cars too; not one for each change."""
    is_unknown: np.ndarray
    """(n,) bool by frame: there is a car, but nothing was told of its tank yet, as in recordings of 2016."""

    @property
    def gained(self) -> np.ndarray:
        """(k,) what came in, 0..100."""
        return np.asarray(np.maximum(self.after - self.before, 0) * (100 / FULL))

    @property
    def used(self) -> np.ndarray:
        """(k,) what went out, 0..100."""
        return np.asarray(np.maximum(self.before - self.after, 0) * (100 / FULL))


def changes_of(player: PlayerTrack, times: np.ndarray) -> Changes:
    """Every change of a player's tank over the match. What was left in a car at its end went nowhere."""
    amount = player.boost.astype(float) * (FULL / 100)
    first = ~np.isnan(amount) & np.isnan(np.concatenate(([np.nan], amount[:-1])))
    is_unknown = _is_unknown(amount, first)
    told = np.where(is_unknown, np.nan, _told(amount, first, player, times))
    told[is_unknown & first] = IN_A_NEW_CAR
    car = np.cumsum(first | ((told == IN_A_NEW_CAR) & _was_put(player.position)))
    frames = np.flatnonzero(~np.isnan(told))
    is_same_car = car[frames[1:]] == car[frames[:-1]]
    kept = np.concatenate(([True], ~is_same_car | (told[frames[1:]] != told[frames[:-1]])))[: len(frames)]
    frames = frames[kept]
    within = car[frames[1:]] == car[frames[:-1]]
    return Changes(
        begin=frames[:-1][within],
        end=frames[1:][within],
        before=told[frames[:-1]][within],
        after=told[frames[1:]][within],
        told=told[frames],
        is_unknown=is_unknown,
    )


def _told(amount: np.ndarray, first: np.ndarray, player: PlayerTrack, times: np.ndarray) -> np.ndarray:
    """(n,) what the game told, NaN in between.

    With the booster off the amount is what was told. With it on it differs from the guess where something was.
    """
    burnt = np.where(player.is_boosting, BURNT_PER_SECOND * np.diff(times, prepend=times[:1]), 0.0)
    guess = np.maximum(np.concatenate(([np.nan], amount[:-1])) - burnt, 0.0)
    at_rest = ~player.is_boosting & (np.abs(amount - np.round(amount)) < WHOLE)
    corrected = player.is_boosting & (np.abs(amount - guess) > GUESS_IS_OFF)
    return np.where(at_rest | corrected | first, np.minimum(np.round(amount + burnt), FULL), np.nan)


def _is_unknown(amount: np.ndarray, first: np.ndarray) -> np.ndarray:
    """(n,) bool: a car that began with nothing, because nothing was told, until there is something."""
    frames = np.arange(len(amount))
    began = np.maximum.accumulate(np.where(first, frames, 0))
    filled = np.maximum.accumulate(np.where(amount > 0, frames, -1))
    return np.asarray((filled < began) & ~np.isnan(amount))


def _was_put(position: np.ndarray) -> np.ndarray:
    """(n,) bool: the car leapt within two frames, before or after."""
    leapt = np.concatenate(([False], np.linalg.norm(np.diff(position, axis=0), axis=1) > A_LEAP))
    return np.asarray(np.convolve(leapt, np.ones(5))[2 : len(leapt) + 2] > 0)
