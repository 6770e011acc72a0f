"""Fetching football-data.co.uk's files: politely, only what changed, and whole or not at all."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from matches.competitions import COMPETITIONS, season_code_from
from matches.errors import DownloadFailed, FileTooLarge, UnknownCompetition

SITE = "https://www.football-data.co.uk"
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 10, 30, 180
USER_AGENT = "Touchline (self-hosted; fetches a file when it changes)"
_PIECE = 64 * 1024


@dataclass
class FootballData:
    """The site, as one polite visitor: at most one request in `pause` seconds, retried while the site is unwell."""

    site: str = field(default_factory=lambda: getattr(settings, "FOOTBALL_DATA_URL", SITE))
    pause: float = 1.0
    retries: int = 4
    backoff: float = 1.0
    _last: float | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.site)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
            raise DownloadFailed(f"{self.site} is not an https address: nothing is fetched from it.")
        retry = Retry(
            total=self.retries,
            backoff_factor=self.backoff,
            backoff_max=30,
            retry_after_max=60,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=("GET",),
            raise_on_status=False,
        )
        self._session = requests.Session()
        self._session.headers["User-Agent"] = USER_AGENT
        self._session.mount(f"{parts.scheme}://", HTTPAdapter(max_retries=retry))

    def season(self, competition: str, season: str) -> Path:
        """The file of one season; the copy kept here is renewed where the site has a newer one.

        Raises UnknownCompetition, RowRefused for what is no season, FileTooLarge and DownloadFailed.
        """
        if competition not in COMPETITIONS:
            raise UnknownCompetition(
                f"football-data has no competition {competition!r}: it has {', '.join(COMPETITIONS)}."
            )
        code = season_code_from(season)
        return self._fetch(f"mmz4281/{code}/{competition}.csv", _folder() / code / f"{competition}.csv")

    def fixtures(self) -> Path:
        """The file of the matches to come, of all competitions. Raises FileTooLarge and DownloadFailed."""
        return self._fetch("fixtures.csv", _folder() / "fixtures.csv")

    def _fetch(self, address: str, to: Path) -> Path:
        url = f"{self.site}/{address}"
        self._wait()
        try:
            with self._session.get(
                url,
                headers=_condition(to),
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code == requests.codes.not_modified:
                    return to
                _refuse_unless_found(answer)
                _keep(to, b"".join(_pieces(answer)), answer)
        except requests.RequestException as error:
            raise DownloadFailed(f"{url} could not be fetched: {(trouble(error) or type(error).__name__)}.") from error
        return to

    def _wait(self) -> None:
        now = time.monotonic()
        if self._last is not None:
            time.sleep(max(0.0, self._last + self.pause - now))
        self._last = time.monotonic()


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "downloads" / "football-data"


def _condition(to: Path) -> dict[str, str]:
    """Headers that ask for a file only if it is not the one kept here."""
    tags = _tags_beside(to)
    if not to.exists() or not tags.exists():
        return {}
    kept: dict[str, str] = json.loads(tags.read_text())
    asked = {"If-None-Match": kept.get("ETag"), "If-Modified-Since": kept.get("Last-Modified")}
    return {name: value for name, value in asked.items() if value}


def _refuse_unless_found(answer: requests.Response) -> None:
    if answer.status_code == requests.codes.not_found:
        raise DownloadFailed(f"football-data has no file {answer.url}: the season may not have begun there.")
    if answer.status_code != requests.codes.ok:
        raise DownloadFailed(f"{answer.url} answered {answer.status_code} {answer.reason}: try again later.")


def _pieces(answer: requests.Response) -> Iterator[bytes]:
    """The body, which must be a CSV of this source, of a bearable size, and come in a bearable time."""
    limit: int = settings.MAX_IMPORT_BYTES
    deadline = time.monotonic() + WHOLE_SECONDS
    taken = 0
    for piece in answer.iter_content(_PIECE):
        if taken == 0 and b"Div" not in piece[:20]:
            raise DownloadFailed(f"{answer.url} is not a CSV file with matches: the site may be down or changed.")
        taken += len(piece)
        if taken > limit:
            raise FileTooLarge(f"{answer.url} has more than the {limit / 1024**2:.0f} MB taken in at once.")
        if time.monotonic() > deadline:
            raise DownloadFailed(f"{answer.url} took more than {WHOLE_SECONDS} seconds.")
        yield piece
    if taken == 0:
        raise DownloadFailed(f"{answer.url} is empty.")


def _keep(to: Path, content: bytes, answer: requests.Response) -> None:
    """Write aside, then rename: a reader sees the old file or the new one. The tags come last, so they never lie."""
    to.parent.mkdir(parents=True, exist_ok=True)
    _tags_beside(to).unlink(missing_ok=True)
    aside = to.with_suffix(".part")
    aside.write_bytes(content)
    aside.replace(to)
    kept = {name: answer.headers[name] for name in ("ETag", "Last-Modified") if name in answer.headers}
    _tags_beside(to).write_text(json.dumps(kept))


def _tags_beside(to: Path) -> Path:
    return to.with_suffix(".json")


def trouble(error: Exception) -> str:
    """Why no answer came, in words; empty where it was something else."""
    if isinstance(error, requests.Timeout):
        return "it did not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate could not be verified"
    if isinstance(error, requests.ConnectionError):
        return "there is no connection to it"
    return ""
