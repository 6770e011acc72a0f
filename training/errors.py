"""What can go wrong when a person is coached, in words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class TrainingError(Exception):
    """The root: `code` for programs, the message for people, `status` for HTTP."""

    code = "training_error"
    status = 400


class InsufficientData(TrainingError):
    """Too few matches to say anything; `detail` has how many there are and how many it takes."""

    code = "insufficient_data"
    status = 422

    def __init__(self, message: str, *, have: int, need: int) -> None:
        super().__init__(message)
        self.detail: Mapping[str, Any] = {"have": have, "need": need}


class NoBenchmark(TrainingError):
    """Nobody to compare with: no games of that rank in that playlist."""

    code = "no_benchmark"
    status = 422


class InvalidSession(TrainingError):
    """A session of practice that none can be."""

    code = "invalid_session"
    status = 422


class UnknownMatches(TrainingError):
    """Matches asked for that are not the player's own, or that can't be measured; `detail` has their ids."""

    code = "unknown_matches"
    status = 422

    def __init__(self, message: str, *, unknown: Sequence[str]) -> None:
        super().__init__(message)
        self.detail: Mapping[str, Any] = {"unknown": list(unknown)}


class NoScenes(TrainingError):
    """A replay without pictures to show: not read yet, unreadable, or simulated without them."""

    code = "no_scenes"
    status = 404

    def __init__(self) -> None:
        super().__init__("There are no pictures of this match: it was not read yet, could not be read, or has none.")


class UnknownRank(TrainingError):
    """Nobody said what rank the player has, and no model tells it from the statistics."""

    code = "unknown_rank"
    status = 422
