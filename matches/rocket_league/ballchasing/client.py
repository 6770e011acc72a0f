"""Asking ballchasing.com: within its limits, again while it is unwell, and never telling the key to anybody else.

Paths, parameters and answers are those of https://ballchasing.com/doc/api.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

import requests
from django.conf import settings
from django.utils.dateparse import parse_datetime

from matches.downloading import trouble
from matches.errors import DownloadFailed
from matches.rocket_league.ballchasing.allowance import Allowance, Kind
from matches.rocket_league.ballchasing.errors import AllowanceSpent, KeyRefused, NotThere
from matches.rocket_league.replay_files import refuse_too_large

SITE = "https://ballchasing.com/api"
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 5, 20, 120
PAGE = 200
LONGEST_WAIT = 20.0
WHEN_UNWELL = 600.0
UNWELL = frozenset({429, 500, 502, 503, 504})
KEY = re.compile(r"[A-Za-z0-9_-]{16,100}")
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_PIECE = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A replay in a list: its id at ballchasing, the recording's own, and when it was uploaded there."""

    id: str
    guid: str
    title: str
    created: datetime | None


@dataclass(frozen=True, kw_only=True)
class Page:
    replays: tuple[Listed, ...]
    next: str


class _Unwell(Exception):
    """An answer after which one may ask again, in `after` seconds where it says so."""

    def __init__(self, words: str, *, status: int = 0, after: float | None = None) -> None:
        super().__init__(words)
        self.status, self.after = status, after


@dataclass
class Ballchasing:
    """The site, as the person of one key.

    Before it asks again it waits for `backoff` seconds, doubled with each try and drawn from half to one and a half.
    Every method raises KeyRefused, AllowanceSpent and DownloadFailed.
    """

    key: str = field(repr=False)
    site: str = field(default_factory=lambda: getattr(settings, "BALLCHASING_URL", SITE))
    allowance: Allowance | None = field(default=None, repr=False)
    retries: int = 3
    backoff: float = 1.0
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urlsplit(self.site)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise DownloadFailed(f"{self.site} is not an https address: no key is sent there.")
        if not KEY.fullmatch(self.key):
            raise KeyRefused("That is no key of ballchasing.com: copy it whole from its upload page.")
        self._allowance = self.allowance or Allowance(self.key, sleep=self.sleep)
        self._session = requests.Session()
        # Neither a proxy nor a .netrc of the environment gets to see the key, or to replace it.
        self._session.trust_env = False
        self._session.headers["Authorization"] = self.key

    def ping(self) -> str:
        """Whom the key belongs to, by name; empty where ballchasing.com does not say."""
        told = self._json("ping", f"{self.site}/")
        return str(told.get("name") or "")

    def first_page(self, *, uploaded_after: datetime | None = None) -> str:
        """The address of a list of this person's uploads, the newest first, of those after a time."""
        asked = {"uploader": "me", "count": PAGE, "sort-by": "upload-date", "sort-dir": "desc"}
        after = {"created-after": uploaded_after.isoformat()} if uploaded_after else {}
        return f"{self.site}/replays?{urlencode({**asked, **after})}"

    def page(self, url: str) -> Page:
        """One page of a list, of which `next` is empty for the last."""
        told = self._json("list", self._ours(url))
        following = told.get("next") or ""
        return Page(replays=_listed(told), next=self._ours(str(following)) if following else "")

    def replay(self, replay_id: str) -> Mapping[str, Any]:
        """What ballchasing.com knows of a replay. Raises NotThere."""
        return self._json("get", f"{self.site}/replays/{_checked(replay_id)}")

    def file(self, replay_id: str) -> IO[bytes]:
        """The file of a replay, to be closed by whoever asked. Raises NotThere and FileTooLarge."""
        file: IO[bytes] = self._asked("file", f"{self.site}/replays/{_checked(replay_id)}/file", _file)
        return file

    def _json(self, kind: Kind, url: str) -> Mapping[str, Any]:
        try:
            told = self._asked(kind, url, lambda answer: answer.json())
        except requests.JSONDecodeError as error:
            raise DownloadFailed("ballchasing.com did not answer in JSON: it may be down or have changed.") from error
        if not isinstance(told, dict):
            raise DownloadFailed("ballchasing.com answered something else than was asked for: it may have changed.")
        return told

    def _asked(self, kind: Kind, url: str, read: Callable[[requests.Response], Any]) -> Any:
        for tries in range(self.retries + 1):
            self._allowance.take(kind)
            try:
                return self._once(url, read)
            except (_Unwell, requests.Timeout, requests.ConnectionError) as error:
                self._bear(error, tries)
            except requests.JSONDecodeError:
                raise
            except requests.RequestException as error:
                raise DownloadFailed(f"ballchasing.com could not be asked: {type(error).__name__}.") from error
        raise AssertionError("the last try either answers or raises")

    def _once(self, url: str, read: Callable[[requests.Response], Any]) -> Any:
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        with self._session.get(url, timeout=timeout, allow_redirects=False, stream=True) as answer:
            _refuse(answer)
            return read(answer)

    def _bear(self, error: Exception, tries: int) -> None:
        """Wait before the next try. Raises where there is none, or where the site asks for more patience."""
        after = getattr(error, "after", None)
        limited = getattr(error, "status", 0) == requests.codes.too_many_requests
        if limited and (tries == self.retries or (after or 0) > LONGEST_WAIT):
            raise AllowanceSpent(after or WHEN_UNWELL) from error
        if tries == self.retries:
            words = trouble(error) or str(error)
            raise DownloadFailed(f"ballchasing.com could not be asked: {words}.") from error
        drawn = self.backoff * 2.0**tries * random.uniform(0.5, 1.5)  # noqa: S311 - spreads callers
        self.sleep(min(after if after is not None else drawn, LONGEST_WAIT))

    def _ours(self, url: str) -> str:
        """An address of the site. Raises DownloadFailed for any other: the key is not carried there."""
        if not url.startswith(f"{self.site}/"):
            raise DownloadFailed("ballchasing.com led to another site for the next page: it was not followed.")
        return url


def _refuse(answer: requests.Response) -> None:
    if answer.status_code in UNWELL:
        told = answer.headers.get("Retry-After", "")
        after = float(told) if told.isdigit() else None
        raise _Unwell(f"it answered {answer.status_code}", status=answer.status_code, after=after)
    if answer.status_code in (requests.codes.unauthorized, requests.codes.forbidden):
        raise KeyRefused("ballchasing.com refuses this key: make a new one on its upload page.")
    if answer.status_code == requests.codes.not_found:
        raise NotThere("ballchasing.com does not have this replay, or not for this key.")
    if answer.status_code != requests.codes.ok:
        raise DownloadFailed(f"ballchasing.com answered {answer.status_code}.")


def _file(answer: requests.Response) -> IO[bytes]:
    """The body in a temporary file, of a bearable size and in a bearable time."""
    deadline = time.monotonic() + WHOLE_SECONDS
    taken = 0
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever asked for it
    try:
        for piece in answer.iter_content(_PIECE):
            taken += len(piece)
            refuse_too_large(taken)
            if time.monotonic() > deadline:
                raise _Unwell("it took too long")
            file.write(piece)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _checked(replay_id: str) -> str:
    if not _ID.fullmatch(replay_id):
        raise NotThere(f"{replay_id[:40]!r} is no id of ballchasing.com.")
    return replay_id


def _listed(told: Mapping[str, Any]) -> tuple[Listed, ...]:
    try:
        return tuple(
            Listed(
                id=_checked(str(row["id"])),
                guid=str(row.get("rocket_league_id") or "").upper(),
                title=str(row.get("replay_title") or row.get("title") or ""),
                created=parse_datetime(str(row.get("created") or "")),
            )
            for row in told.get("list") or ()
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DownloadFailed("ballchasing.com's list of replays can't be read: it may have changed.") from error
