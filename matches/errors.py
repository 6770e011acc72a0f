"""What can go wrong with data that comes in, in words for a person."""


class MatchDataError(Exception):
    """The root: `code` for programs, the message for people, `status` for HTTP."""

    code = "match_data_error"
    status = 400


class UnreadableFile(MatchDataError):
    """A file that is not what it should be; nothing of it was taken in."""

    code = "unreadable_file"
    status = 422


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
