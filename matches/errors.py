"""What can go wrong with data that comes in, in words for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matches.models import Player


class MatchDataError(Exception):
    """The root: `code` for programs, the message for people, `status` for HTTP."""

    code = "match_data_error"
    status = 400


class UnreadableFile(MatchDataError):
    """A file that is not what it should be; nothing of it was taken in."""

    code = "unreadable_file"
    status = 422


class OtherSource(UnreadableFile):
    """A table without the columns of its source: of another one, as a rule."""


class FileTooLarge(MatchDataError):
    code = "file_too_large"
    status = 413


class UnknownCompetition(MatchDataError):
    code = "unknown_competition"
    status = 422


class DownloadFailed(MatchDataError):
    code = "download_failed"
    status = 502


class RowRefused(MatchDataError):
    """One row that can't be taken in, or one price of it; `code` and message go to quarantine."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class InvalidSimulation(MatchDataError):
    code = "invalid_simulation"
    status = 422


class TeamsDiffer(MatchDataError):
    """Two teams that can't be one club under two names."""

    code = "teams_differ"
    status = 409


class UnknownPlayer(MatchDataError):
    """Nobody is called so; `near` are names that are spelled nearly so."""

    code = "unknown_player"
    status = 404

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        self.near = tuple(near)
        self.detail = {"near": list(self.near)}
        hint = f" Did you mean {', '.join(self.near)}?" if self.near else ""
        super().__init__(f"No player is called {name[:100]!r}.{hint}")


class AmbiguousPlayer(MatchDataError):
    """Several players are called so; `candidates` are who could be meant."""

    code = "ambiguous_player"
    status = 409

    def __init__(self, name: str, candidates: Sequence[Player]) -> None:
        self.candidates = tuple(candidates)
        told = ", ".join(f"{player.name} ({player.team or 'no team'})" for player in self.candidates)
        super().__init__(f"{name[:100]!r} can be {told}: name the team, or one of them by the whole name.")

    @property
    def detail(self) -> dict[str, list[dict[str, Any]]]:
        """Whom to choose from, for programs."""
        told = [(player.pk, player.name, player.team.name if player.team else None) for player in self.candidates]
        return {"candidates": [{"id": pk, "name": name, "team": team} for pk, name, team in told]}


class PlayersDiffer(MatchDataError):
    """Two players that can't be one person under two names."""

    code = "players_differ"
    status = 409


class InvalidReplayState(MatchDataError):
    """A replay that what was asked for can't be done with as it stands."""

    code = "invalid_state"
    status = 409
