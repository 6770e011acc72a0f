"""Opening a file that should be text, and reading the kinds of cells that every source has."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from matches.errors import FileTooLarge, OtherSource, RowRefused, UnreadableFile

DATE_FORMATS = ("%d/%m/%y", "%d/%m/%Y", "%Y-%m-%d")
EARLIEST_YEAR, YEARS_AHEAD = 1870, 2
MOST_GOALS, MOST_COUNTED = 99, 999


def text_of(path: Path) -> str:
    """The text of a file in UTF-8 (with or without a byte-order mark) or Latin-1. Raises UnreadableFile."""
    content, encoding = _text_bytes(path)
    return content.decode(encoding, errors="replace")


def _text_bytes(path: Path) -> tuple[bytes, str]:
    """The content of a file, and its encoding."""
    content = _unpacked(path, path.read_bytes())
    if not content.strip():
        raise UnreadableFile(f"{path.name} is empty.")
    if content.startswith(b"PK\x03\x04"):
        raise UnreadableFile(
            f"{path.name} is a ZIP archive, whatever its name says: unpack it and import what is inside."
        )
    if b"\x00" in content:
        raise UnreadableFile(f"{path.name} is not a text file.")
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content, "cp1252"
    return content, "utf-8-sig"


def _unpacked(path: Path, content: bytes) -> bytes:
    """The content as it is, or what a gzip file holds, of which no more is unpacked than may be taken in."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    limit: int = settings.MAX_IMPORT_BYTES
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            unpacked = packed.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{path.name} is a broken gzip file: fetch it again.") from error
    if len(unpacked) > limit:
        raise FileTooLarge(f"{path.name} holds more than the {limit / 1024**2:.0f} MB taken in at once: split it.")
    return unpacked


class Line(NamedTuple):
    """A line of a CSV file: every column has a cell, empty where the line is short; `fault` is why it can't stand."""

    number: int
    cells: dict[str, str]
    fault: RowRefused | None

    def refuse_if_broken(self) -> None:
        if self.fault is not None:
            raise self.fault


def table(path: Path, *, required: tuple[str, ...]) -> Iterator[Line]:
    """Lines of a CSV file, blank lines and nameless columns left out.

    Raises UnreadableFile where required columns are missing.
    """
    content, encoding = _text_bytes(path)
    cut_off = 0 if content.endswith((b"\n", b"\r")) else len(content.splitlines())
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding, errors="replace", newline=""))
    try:
        header = [name.strip() for name in next(reader, [])]
        if missing := [name for name in required if name not in header]:
            raise OtherSource(f"{path.name} has no column {', '.join(missing)}: is it a file of this source?")
        named = [(index, name) for index, name in enumerate(header) if name]
        for cells in reader:
            if any(cell.strip() for cell in cells):
                width = len(cells)
                found = {name: cells[index].strip() if index < width else "" for index, name in named}
                is_cut = width < len(header) and reader.line_num == cut_off
                yield Line(reader.line_num, found, _fault(cells[len(header) :], is_cut=is_cut))
    except csv.Error as error:
        raise UnreadableFile(f"{path.name}, line {reader.line_num}: {error}.") from error


def _fault(beyond: list[str], *, is_cut: bool) -> RowRefused | None:
    if any(cell.strip() for cell in beyond):
        return RowRefused("unknown_columns", f"{len(beyond)} cells stand beyond the last column: did a comma slip in?")
    if is_cut:
        return RowRefused("cut_off", "The file ends in the middle of this line.")
    return None


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """Raises RowRefused where the text is not a date in a form that sources use, or too far ahead for a fixture."""
    for form in DATE_FORMATS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no time zone
        except ValueError:
            continue
        if EARLIEST_YEAR <= found.year <= datetime.now(UTC).year + YEARS_AHEAD:
            return found
    raise RowRefused("bad_date", f"{text!r} is not a date: expected 31/08/24, 31/08/2024 or 2024-08-31.")


def moment(on: date, text: str, zone: ZoneInfo) -> datetime | None:
    """A time of day in the source's zone as a moment; None where none is given. Raises RowRefused."""
    if not text:
        return None
    try:
        at = time.fromisoformat(text.zfill(5))
    except ValueError:
        raise RowRefused("bad_time", f"{text!r} is not a time of day: expected 15:00.") from None
    return datetime.combine(on, at, zone)


def count(text: str, what: str) -> int | None:
    """A whole number of at least 0; None where the cell is empty. Raises RowRefused."""
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        raise RowRefused("bad_number", f"{what} is {text!r}: expected a whole number.") from None
    if not 0 <= number <= MOST_COUNTED or number != int(number):
        raise RowRefused("bad_number", f"{what} is {text}: expected a whole number from 0 to {MOST_COUNTED}.")
    return int(number)


def goals(text: str, what: str) -> int | None:
    """Goals; also refuses what no match has seen."""
    scored = count(text, what)
    if scored is not None and scored > MOST_GOALS:
        raise RowRefused("bad_number", f"{what} is {scored}: no match has that many goals.")
    return scored
