"""Times and states of a match, frame by frame: what is play, what is the wait for a kick-off, what was not recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from matches.rocket_league.tracks import Goal

LONGEST_STEP = 0.15
"""Seconds. Recordings have some 30 frames a second; a longer step is the replay of a goal, which is not recorded."""

BEFORE_COUNTDOWN = 1.1
"""Seconds: cars are put in place about one before the countdown begins."""


class Clock:
    """The match's time, from the parser's frames.

    States are numbers that mean something else in each file. The countdown is the one that runs from 3 to 0; what
    follows it is play; a goal begins a third. Files of early 2016 don't tell them apart: there, times must do.
    """

    def __init__(self, frames: list[dict[str, Any]]) -> None:
        self.size = len(frames)
        self.times = np.array([frame["time"] for frame in frames], dtype=float)
        self.seconds = np.array([frame["seconds_remaining"] for frame in frames], dtype=float)
        self._state = np.array([frame["replicated_game_state_name"] for frame in frames])
        left = np.array([frame["replicated_game_state_time_remaining"] for frame in frames])
        self.is_countdown = left > 0
        steps = np.diff(self.times, append=self.times[-1:])
        self.steps = np.where((steps > LONGEST_STEP) | (steps < 0), 0.0, steps)
        waiting = set(self._state[self.is_countdown].tolist())
        kick_offs = np.flatnonzero(self.is_countdown[:-1] & ~self.is_countdown[1:]) + 1
        self._play = set(self._state[kick_offs].tolist())
        self._tells_states = not waiting & self._play
        self.is_waiting = np.isin(self._state, list(waiting)) if self._tells_states else self._waits()

    def is_live(self, goals: Iterable[Goal]) -> np.ndarray:
        """(n,) bool: the ball is in play."""
        if self._play and self._tells_states:
            return np.asarray(np.isin(self._state, list(self._play)))
        return np.asarray(~self.is_waiting & ~self._celebrates(goals))

    @property
    def is_overtime(self) -> bool:
        """The clock ran out, and there was another kick-off, or it ran on: upwards."""
        ran_out = (self.seconds == 0) & np.maximum.accumulate(self.seconds > 0)
        after = slice(np.argmax(ran_out), None)
        return bool(ran_out.any()) and bool(((self.seconds > 0) | self.is_countdown)[after].any())

    def _waits(self) -> np.ndarray:
        """(n,) bool: the countdowns, and about a second before each."""
        begins = np.flatnonzero(self.is_countdown & ~np.concatenate(([False], self.is_countdown[:-1])))
        waits = self.is_countdown.copy()
        for begin in begins:
            waits[np.searchsorted(self.times, self.times[begin] - BEFORE_COUNTDOWN) : begin] = True
        return waits

    def _celebrates(self, goals: Iterable[Goal]) -> np.ndarray:
        """(n,) bool: from each goal to the next wait for a kick-off, or to the end."""
        celebrates = np.zeros(self.size, dtype=bool)
        waits = np.flatnonzero(self.is_waiting)
        for goal in goals:
            after = waits[np.searchsorted(waits, goal.frame) :]
            celebrates[goal.frame : after[0] if after.size else self.size] = True
        return celebrates
