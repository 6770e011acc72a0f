"""Matches of known rank, taken in from a table of ballchasing's statistics: whom players are compared with.

The table has a row a player and match: `replay_id`, `rank` (`diamond-2`), and statistics under ballchasing's names.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from matches.errors import RowRefused, UnreadableFile
from matches.models import Playlist, RankedGame
from matches.rocket_league.ranks import group_of

STATISTICS = ("core_", "boost_", "movement_", "positioning_", "demo_")
NEEDED = ("replay_id", "rank", "duration")
YES_OR_NO = {"true": 1.0, "false": 0.0}
LARGEST = 1e7
"""No statistic of a match is greater."""
LONGEST_KEY, LONGEST_MATCH_KEY, LONGEST_SOURCE = 80, 64, 60


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A line that is left out, and why."""

    line: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a table's rows."""

    rows: int
    created: int
    updated: int
    unchanged: int
    refused: tuple[Refused, ...]


def import_ranked_games(
    path: Path, *, playlist: str = Playlist.RANKED_STANDARD, source: str = "", is_simulated: bool = False
) -> Imported:
    """Take in a table, all good rows of it or, where the file can't be read, none; the same again changes nothing.

    source: what it is called, the file's name by default. A changed row is replaced, so that its key is a new one.
    Raises UnreadableFile.
    """
    name = (source or path.name)[:LONGEST_SOURCE]
    games, refused = _read(path, source=name, playlist=playlist, is_simulated=is_simulated)
    created, updated = _land(games, source=name)
    return Imported(
        rows=len(games) + len(refused),
        created=created,
        updated=updated,
        unchanged=len(games) - created - updated,
        refused=tuple(refused),
    )


def _read(path: Path, *, source: str, playlist: str, is_simulated: bool) -> tuple[dict[str, RankedGame], list[Refused]]:
    """The table's games by key, and the lines refused."""
    games: dict[str, RankedGame] = {}
    refused: list[Refused] = []
    # There are no names of players in the table: who is who is told by their place in the match.
    places: Counter[str] = Counter()
    for line, row in _rows(path):
        try:
            game = _game(row, places)
        except RowRefused as error:
            refused.append(Refused(line=line, reason=str(error)))
            continue
        game.source, game.playlist, game.is_simulated = source, playlist, is_simulated
        games[game.key] = game
    return games, refused


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str | None, str | None]]]:
    """Rows with the number of their line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise UnreadableFile(f"{path.name} has no column {', '.join(missing)}: it is another table.")
            for row in reader:
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path.name} can't be read: {error}.") from error


def _game(row: Mapping[str | None, str | None], places: Counter[str]) -> RankedGame:
    """Raises RowRefused."""
    fields = {name: value for name, value in row.items() if name is not None}
    match = (fields.get("replay_id") or "").strip()
    if not match or len(match) > LONGEST_MATCH_KEY:
        raise RowRefused("no_match", "It doesn't say which match it is of.")
    places[match] += 1
    tier = (fields.get("rank") or "").strip()
    group = group_of(tier)
    if group is None:
        raise RowRefused("unknown_rank", f"{tier[:40]!r} is not a rank, such as diamond-2.")
    if None in row or None in row.values():
        raise RowRefused("other_width", "It has more or fewer fields than the header.")
    statistics = _statistics(fields)
    if statistics.get("duration", 0) <= 0:
        raise RowRefused("no_duration", "It doesn't say how long the match was.")
    key = f"{match}:{places[match]}"[:LONGEST_KEY]
    return RankedGame(key=key, match_key=match, rank_group=group, rank_tier=tier, statistics=statistics)


def _statistics(fields: Mapping[str, str | None]) -> dict[str, float]:
    found = {}
    for name, text in fields.items():
        if (name == "duration" or name.startswith(STATISTICS)) and text and text.strip():
            found[name] = _number(name, text.strip())
    return found


def _number(name: str, text: str) -> float:
    if text.lower() in YES_OR_NO:
        return YES_OR_NO[text.lower()]
    try:
        value = float(text)
    except ValueError:
        raise RowRefused("not_a_number", f"{name} is {text[:40]!r}, not a number.") from None
    if not math.isfinite(value) or not 0 <= value <= LARGEST:
        raise RowRefused("impossible", f"{name} can't be {text[:40]}.")
    return value


@transaction.atomic
def _land(games: Mapping[str, RankedGame], *, source: str) -> tuple[int, int]:
    """How many were created and how many replaced."""
    known = {game.key: game for game in RankedGame.objects.filter(source=source) if game.key in games}
    changed = [key for key, game in games.items() if key in known and not _is_same(game, known[key])]
    RankedGame.objects.filter(pk__in=[known[key].pk for key in changed]).delete()
    new = [game for key, game in games.items() if key not in known]
    RankedGame.objects.bulk_create([*new, *(games[key] for key in changed)], batch_size=200)
    return len(new), len(changed)


def _is_same(one: RankedGame, other: RankedGame) -> bool:
    compared = ("match_key", "playlist", "rank_group", "rank_tier", "is_simulated", "statistics")
    return all(getattr(one, name) == getattr(other, name) for name in compared)
