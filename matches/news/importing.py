"""News from files: JSON (a list of objects) or CSV, whole or not at all, twice the same as once."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from matches.basketball.player_keys import fold
from matches.errors import FileTooLarge, RowRefused, UnreadableFile
from matches.models import NewsItem, Player, PlayerAlias
from matches.sources.text import table, text_of

LIMITS: Final[Mapping[str, int]] = {"title": 300, "text": 20_000, "source": 100, "url": 500}


class Refusal(NamedTuple):
    """line: in a CSV file, the header being line 1; in JSON the place in the list, from 1."""

    line: int
    code: str
    reason: str


@dataclass
class NewsImport:
    """What came of one file."""

    file: str
    rows: int = 0
    created: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


class _Row(NamedTuple):
    line: int
    cells: Mapping[str, str]
    fault: RowRefused | None


def import_news(path: Path) -> NewsImport:
    """Take in one file. Rows that make no sense are refused with line and reason, the others land in one transaction.

    Fields: player (a name) or player_id (the source's id), published_at (ISO 8601 with zone), title, text, source, url.
    Raises UnreadableFile and FileTooLarge; nothing of such a file is taken in.
    """
    if not path.is_file():
        raise UnreadableFile(f"{path} is not a file.")
    if path.stat().st_size > settings.MAX_IMPORT_BYTES:
        raise FileTooLarge(
            f"{path.name} has more than the {settings.MAX_IMPORT_BYTES / 1024**2:.0f} MB taken in at once."
        )
    rows = list(_rows(path))
    told = NewsImport(file=path.name, rows=len(rows))
    with transaction.atomic():
        items = _items(rows, told)
        before = NewsItem.objects.count()
        NewsItem.objects.bulk_create(items, batch_size=500, ignore_conflicts=True)
        told.created = NewsItem.objects.count() - before
    told.unchanged = told.rows - told.created - len(told.refused)
    return told


def _rows(path: Path) -> Iterator[_Row]:
    if path.name.removesuffix(".gz").endswith(".json"):
        yield from _json_rows(path)
        return
    for line in table(path, required=("published_at",)):
        yield _Row(line.number, line.cells, line.fault)


def _json_rows(path: Path) -> Iterator[_Row]:
    try:
        found = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path.name} is not JSON: {type(error).__name__}.") from error
    if not isinstance(found, list):
        raise UnreadableFile(f"{path.name} holds no list of news.")
    for place, entry in enumerate(found, 1):
        if not isinstance(entry, dict):
            yield _Row(place, {}, RowRefused("no_object", "This entry of the list is no object."))
        else:
            yield _Row(place, {key: _cell(value) for key, value in entry.items()}, None)


def _cell(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _items(rows: list[_Row], told: NewsImport) -> list[NewsItem]:
    """Oldest first, so that of the same words on one day the first stays."""
    players = Players(row.cells for row in rows)
    items = []
    for row in rows:
        try:
            if row.fault is not None:
                raise row.fault
            items.append(_item(row.cells, players))
        except RowRefused as refused:
            told.refused.append(Refusal(row.line, refused.code, str(refused)))
    return sorted(items, key=lambda item: item.published_at)


def _item(cells: Mapping[str, str], players: Players) -> NewsItem:
    published = _moment(cells.get("published_at", ""))
    words = {name: cells.get(name, "") for name in LIMITS}
    if not words["title"] and not words["text"]:
        raise RowRefused("no_words", "Neither title nor text has words.")
    for name, most in LIMITS.items():
        if len(words[name]) > most:
            raise RowRefused("too_long", f"The {name} has {len(words[name])} characters: at most {most} are taken.")
    if words["url"] and not _is_web_address(words["url"]):
        raise RowRefused("bad_url", "The url is no web address: it begins with https:// or http://.")
    digest = _digest(published, words["title"], words["text"])
    return NewsItem(player_id=players.one(cells), published_at=published, sha256=digest, **words)


def _moment(told: str) -> datetime:
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        raise RowRefused("bad_time", f"{told!r} is no moment: expected 2024-01-31T18:05:00+00:00.") from None
    if found.tzinfo is None:
        raise RowRefused("no_zone", f"{told} has no time zone, and what came before what depends on it: add +00:00.")
    if found > timezone.now():
        raise RowRefused("in_the_future", f"{told} is still to come: nothing was published then.")
    return found.astimezone(UTC)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _digest(published: datetime, title: str, text: str) -> str:
    """Of the day (UTC) and the words: what several sites carry counts once, tomorrow's "questionable" again."""
    words = [f"{published:%Y-%m-%d}", " ".join(title.split()), " ".join(text.split())]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()


class Players:
    """Who is meant, by id or by folded name; looked up for a whole file in two queries. A name is never guessed."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        asked = list(rows)
        keys = {fold(cells.get("player", "")) for cells in asked} - {""}
        ids = {cells.get("player_id", "") for cells in asked} - {""}
        self._by_id: dict[str, list[int]] = defaultdict(list)
        for external_id, player in Player.objects.filter(external_id__in=ids).values_list("external_id", "pk"):
            self._by_id[external_id].append(player)
        self._by_key: dict[str, set[int]] = defaultdict(set)
        for key, player in PlayerAlias.objects.filter(key__in=keys).values_list("key", "player_id"):
            self._by_key[key].add(player)

    def one(self, cells: Mapping[str, str]) -> int:
        """Raises RowRefused where nobody is known by that name or id, or more than one is."""
        named, external_id = cells.get("player", ""), cells.get("player_id", "")
        if not named and not external_id:
            raise RowRefused("no_player", "The row names no player.")
        found = self._by_id.get(external_id, []) if external_id else sorted(self._by_key.get(fold(named), ()))
        who = f"id {external_id}" if external_id else repr(named)
        if not found:
            raise RowRefused("unknown_player", f"No player {who} is known: import games first, or add an alias.")
        if len(found) > 1:
            raise RowRefused("ambiguous_player", f"{len(found)} players are known as {who}: name one by player_id.")
        return found[0]
