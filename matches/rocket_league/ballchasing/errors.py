"""What ballchasing.com may answer besides what was asked for."""

from __future__ import annotations

from matches.errors import DownloadFailed


class KeyRefused(DownloadFailed):
    """ballchasing.com does not know the key, or not any more."""

    code = "ballchasing_key_refused"
    status = 422


class NotThere(DownloadFailed):
    """A replay that was deleted there, or is not to be had with this key."""

    code = "ballchasing_not_there"
    status = 404


class AllowanceSpent(DownloadFailed):
    """No more calls for now: one may ask again in `seconds`."""

    code = "ballchasing_allowance_spent"
    status = 429

    def __init__(self, seconds: float) -> None:
        super().__init__(f"ballchasing.com takes no more calls with this key for {seconds:.0f} seconds.")
        self.seconds = seconds
