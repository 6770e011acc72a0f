"""Asking NBA Stats: slowly, again while it is unwell, and keeping each answer as it came.

The endpoints' names, parameters and headers are those of `nba_api`; the asking is done here, so that there is a limit
on calls, on time and on size.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings

from matches.basketball.league import season_on
from matches.basketball.token_bucket import TokenBucket
from matches.downloading import trouble
from matches.errors import DownloadFailed, FileTooLarge

SITE = "https://stats.nba.com"
SEASON_TYPES = ("Regular Season", "PlayIn", "Playoffs")
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 10, 30, 90
LONGEST_WAIT = 60.0
UNWELL = frozenset({429, 500, 502, 503, 504})
_PIECE = 64 * 1024


class NbaStatsBlocked(DownloadFailed):
    """NBA Stats refuses this address altogether; asking again is of no use."""

    code = "nba_stats_blocked"


class _Unwell(Exception):
    """An answer after which one may ask again, in `after` seconds where it says so."""

    def __init__(self, words: str, after: float | None = None) -> None:
        super().__init__(words)
        self.after = after


@dataclass
class NbaStats:
    """The site, as one polite visitor.

    Before it asks again it waits for `backoff` seconds, doubled with each try and drawn from half to one and a half.
    """

    site: str = field(default_factory=lambda: getattr(settings, "NBA_STATS_URL", SITE))
    pause: float = field(default_factory=lambda: settings.NBA_STATS_PAUSE_MS / 1000)
    retries: int = 4
    backoff: float = 2.0
    read_seconds: float = READ_SECONDS
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urlsplit(self.site)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise DownloadFailed(f"{self.site} is not an https address: nothing is fetched from it.")
        self._bucket = TokenBucket(self.pause, sleep=self.sleep)
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy named by the environment would see what is asked, and be blocked too
        self._session.headers.update(_headers())

    def game_log(self, day: date, season_type: str) -> Path | None:
        """Players' lines of one day's games; None where there were none. Raises DownloadFailed and FileTooLarge."""
        from nba_api.stats.endpoints.leaguegamelog import LeagueGameLog

        asked = LeagueGameLog(
            get_request=False,
            season=season_on(day),
            season_type_all_star=season_type,
            player_or_team_abbreviation="P",
            date_from_nullable=f"{day:%m/%d/%Y}",
            date_to_nullable=f"{day:%m/%d/%Y}",
        )
        return self._fetch(LeagueGameLog.endpoint, asked.parameters, name=f"{day}-log-{season_type.replace(' ', '-')}")

    def scoreboard(self, day: date) -> Path | None:
        """The games of a day with their tip-offs; None where there are none. Raises DownloadFailed and FileTooLarge."""
        told = {"DayOffset": "0", "GameDate": day.isoformat(), "LeagueID": "00"}
        return self._fetch("scoreboardv2", told, name=f"{day}-scoreboard")

    def player_index(self, day: date) -> Path | None:
        """The players of the season of a day. Raises DownloadFailed and FileTooLarge."""
        from nba_api.stats.endpoints.playerindex import PlayerIndex

        asked = PlayerIndex(get_request=False, season=season_on(day))
        return self._fetch(PlayerIndex.endpoint, asked.parameters, name=f"{day}-players")

    def _fetch(self, endpoint: str, parameters: Mapping[str, Any], *, name: str) -> Path | None:
        url = f"{self.site}/stats/{endpoint}"
        for tries_left in range(self.retries, -1, -1):
            self._bucket.take()
            try:
                content = self._ask(url, parameters)
                break
            except (_Unwell, requests.Timeout, requests.ConnectionError) as error:
                if tries_left == 0:
                    raise DownloadFailed(f"{url} could not be fetched: {(trouble(error) or str(error))}.") from error
                self.sleep(self._wait(self.retries - tries_left, getattr(error, "after", None)))
            except requests.RequestException as error:
                raise DownloadFailed(f"{url} could not be fetched: {type(error).__name__}.") from error
        path = _kept(name, content)
        return path if _has_rows(content, url) else None

    def _wait(self, tries: int, after: float | None) -> float:
        if after is not None:
            return min(after, LONGEST_WAIT)
        return min(self.backoff * 2.0**tries, LONGEST_WAIT) * random.uniform(0.5, 1.5)  # noqa: S311 - spreads callers

    def _ask(self, url: str, parameters: Mapping[str, Any]) -> bytes:
        asked = {name: "" if value is None else value for name, value in sorted(parameters.items())}
        timeout = (CONNECT_SECONDS, self.read_seconds)
        with self._session.get(url, params=asked, timeout=timeout, allow_redirects=False, stream=True) as answer:
            if answer.status_code in UNWELL:
                raise _Unwell(f"it answered {answer.status_code} {answer.reason}", _retry_after(answer))
            if answer.status_code == requests.codes.forbidden:
                raise NbaStatsBlocked(
                    f"{url} answered 403 Forbidden. NBA Stats refuses the addresses of cloud providers: run this at "
                    "home or in an office, or import files that were fetched there."
                )
            if answer.status_code != requests.codes.ok:
                raise DownloadFailed(f"{url} answered {answer.status_code} {answer.reason}.")
            return _body(answer)


def _headers() -> dict[str, str]:
    """A browser's, without which NBA Stats does not answer. The host is left to the address."""
    from nba_api.stats.library.http import NBAStatsHTTP

    told: dict[str, str] = {name: value for name, value in NBAStatsHTTP.headers.items() if name != "Host"}
    return {**told, "Accept-Encoding": "gzip, deflate"}


def _retry_after(answer: requests.Response) -> float | None:
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else None


def _body(answer: requests.Response) -> bytes:
    """The answer, of a bearable size and in a bearable time."""
    limit: int = settings.MAX_IMPORT_BYTES
    deadline = time.monotonic() + WHOLE_SECONDS
    pieces: list[bytes] = []
    taken = 0
    for piece in answer.iter_content(_PIECE):
        taken += len(piece)
        if taken > limit:
            raise FileTooLarge(f"{answer.url} has more than the {limit / 1024**2:.0f} MB taken in at once.")
        if time.monotonic() > deadline:
            raise _Unwell(f"it took more than {WHOLE_SECONDS} seconds")
        pieces.append(piece)
    return b"".join(pieces)


def _has_rows(content: bytes, url: str) -> bool:
    """Whether the first set of an answer has rows. Raises DownloadFailed where it is no answer of NBA Stats."""
    try:
        sets = json.loads(content)["resultSets"]
        return bool(sets[0]["rowSet"])
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise DownloadFailed(
            f"{url} did not answer in the JSON of NBA Stats: it may be down, have changed, or block this address."
        ) from error


def _kept(name: str, content: bytes) -> Path:
    """The answer in `DATA_DIR/downloads/nba-stats`, written aside and then renamed."""
    to = Path(settings.DATA_DIR) / "downloads" / "nba-stats" / f"{name}.json"
    to.parent.mkdir(parents=True, exist_ok=True)
    aside = to.with_suffix(".part")
    aside.write_bytes(content)
    return aside.replace(to)
