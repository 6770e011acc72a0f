"""The files beside this one, as values of rows."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NUMBERS = ("difficulty", "shots")


def packs() -> list[dict[str, Any]]:
    """Codes, names, creators, difficulties and shots as listed publicly; categories, sub-skills and ranks are ours."""
    with (FOLDER / "packs.csv").open(newline="", encoding="utf-8") as lines:
        return [{**row, **{name: int(row[name]) for name in NUMBERS}} for row in csv.DictReader(lines)]


def drills() -> list[dict[str, Any]]:
    """Our own catalogue."""
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / "drills.toml").read_text(encoding="utf-8"))["drill"]
    return found
