"""Training packs from a public list: new ones are added, known ones get their counts of likes and plays."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from matches.models import RankGroup
from training.errors import TrainingError
from training.models import Category, TrainingPack
from training.recommending import catalogue

COLUMNS = frozenset({"code", "name", "creator", "category", "subcategory", "difficulty_1_8"})
COUNTS = {"shots": "shots", "likes": "prejump_likes", "plays": "prejump_plays"}
MOST_DIGITS = 9
MOST_SHOTS = 1000
"""More is a slip of the keyboard."""
AROUND = 1
"""A pack of a list suits ranks this far from its difficulty; staff may widen it."""
LONGEST_SOURCE = 200
BATCH = 500


class UnreadablePacks(TrainingError):
    """A file that is no list of packs."""

    code = "unreadable_packs"
    status = 422


class _BadRow(Exception):
    """Why a row is left out, for a person."""


@dataclass(frozen=True)
class ImportedPacks:
    """What became of a list's rows."""

    created: int
    updated: int
    unchanged: int
    refused: tuple[tuple[int, str], ...]
    """Line of the file and why."""


@transaction.atomic
def import_packs(path: Path) -> ImportedPacks:
    """Take a list in, whole or not at all; the same list twice changes nothing.

    Of a pack that is known only likes and plays change: category, sub-skill and ranks are as staff reviewed them. Rows
    that can't be used are told and left out. Raises UnreadablePacks.
    """
    read, refused = _read(path)
    known = TrainingPack.objects.in_bulk(list(read), field_name="code")
    fresh = [pack for code, pack in read.items() if code not in known]
    changed = [pack for code, pack in known.items() if _take_counts(pack, read[code])]
    TrainingPack.objects.bulk_create(fresh, batch_size=BATCH)
    TrainingPack.objects.bulk_update(changed, ["likes", "plays"], batch_size=BATCH)
    transaction.on_commit(catalogue.forget)
    return ImportedPacks(len(fresh), len(changed), len(known) - len(changed), tuple(refused))


def _read(path: Path) -> tuple[dict[str, TrainingPack], list[tuple[int, str]]]:
    """Packs by code, not saved, and the rows refused."""
    packs: dict[str, TrainingPack] = {}
    refused: list[tuple[int, str]] = []
    for line, row in _rows(path):
        try:
            pack = _pack(row)
            if pack.code in packs:
                raise _BadRow(f"the code {pack.code} stands above already")
        except _BadRow as bad:
            refused.append((line, str(bad)))
        else:
            packs[pack.code] = pack
    return packs, refused


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.DictReader(lines)
            if missing := COLUMNS - set(reader.fieldnames or ()):
                raise UnreadablePacks(f"{path.name} is no list of packs: it has no {', '.join(sorted(missing))}.")
            for row in reader:
                yield reader.line_num, {name: (value or "").strip() for name, value in row.items() if name}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadablePacks(f"{path.name} can't be read: {error}") from error


def _pack(row: Mapping[str, str]) -> TrainingPack:
    if row["category"] not in Category.values:
        raise _BadRow(f"the category {row['category']!r} is none of ours")
    difficulty = _number(row["difficulty_1_8"], "difficulty")
    ranks = RankGroup.values
    if not 1 <= difficulty <= len(ranks):
        raise _BadRow(f"the difficulty {difficulty} is not in 1 to {len(ranks)}")
    pack = TrainingPack(
        code=row["code"].upper(),
        name=row["name"],
        creator=row["creator"],
        category=row["category"],
        sub_skill=row["subcategory"],
        difficulty=difficulty,
        easiest_rank=ranks[max(difficulty - 1 - AROUND, 0)],
        hardest_rank=ranks[min(difficulty - 1 + AROUND, len(ranks) - 1)],
        source=row.get("source", "")[:LONGEST_SOURCE],
        **{name: _number(row.get(column) or "0", name) for name, column in COUNTS.items()},
    )
    if pack.shots > MOST_SHOTS:
        raise _BadRow(f"a pack has up to {MOST_SHOTS} shots, not {pack.shots}")
    _check(pack)
    return pack


def _check(pack: TrainingPack) -> None:
    try:
        pack.clean_fields()
    except ValidationError as error:
        told = "; ".join(f"{name}: {' '.join(words)}" for name, words in error.message_dict.items())
        raise _BadRow(told) from error


def _number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > MOST_DIGITS:
        raise _BadRow(f"the {what} {text!r} is no whole number")
    return int(text)


def _take_counts(pack: TrainingPack, told: Any) -> bool:
    """Whether a pack's counts changed."""
    before = pack.likes, pack.plays
    pack.likes, pack.plays = told.likes, told.plays
    return before != (pack.likes, pack.plays)
