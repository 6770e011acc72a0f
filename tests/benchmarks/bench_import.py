"""Real football-data files with all their odds, by the command line into a new SQLite file: what a row costs.

The peer is `pandas.read_csv` of the same files, which neither checks a cell nor writes one: the floor for reading them.
Five leagues have some 34,500 matches in nineteen seasons; beyond them, files are copied under other leagues' codes.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.benchmarks.figures import cpu_seconds, report

ROOT = Path(__file__).resolve().parents[2]
LEAGUES = ("E0", "D1", "F1", "I1", "SP1")
SIZES = (2_000, 20_000, 40_000)
SEED = 1
LIMIT_SECONDS = 60.0


@dataclass(frozen=True)
class Taken:
    """What an import of so many matches took; CPU time is that of the process and its children."""

    matches: int
    seconds: float
    cpu: float
    megabytes: float


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty database, to be copied for each import."""
    folder = tmp_path_factory.mktemp("empty")
    manage("migrate", "--verbosity", "0", data=folder)
    return folder


@pytest.fixture(scope="module")
def season_files(real_football: Path) -> list[Path]:
    """In an order in which any first part has the whole's mix of leagues and generations."""
    files = sorted(file for code in LEAGUES for file in (real_football / "football-data" / code).glob("*.csv"))
    if not files:
        pytest.skip(f"no football-data files in {real_football}")
    random.Random(SEED).shuffle(files)
    return files


def manage(*words: str, data: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**environment, "DEBUG": "1", "DATA_DIR": str(data)},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def lay_out(files: list[Path], matches: int, to: Path) -> Path:
    """A folder of season files with so many matches; after the last file the first comes again, as another league's."""
    waiting, copy = matches, 0
    while waiting:
        for file in files:
            header, *lines = file.read_bytes().splitlines(keepends=True)
            code = file.parent.name if copy == 0 else f"{file.parent.name}-{copy}"
            taken = [
                line.replace(file.parent.name.encode(), code.encode(), 1) for line in lines if line.strip(b",\r\n")
            ]
            target = to / str(copy) / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(b"".join([header, *islice(taken, waiting)]))
            waiting -= min(waiting, len(taken))
            if not waiting:
                break
        copy += 1
    return to


def take_in(folder: Path, empty: Path, data: Path) -> Taken:
    shutil.copytree(empty, data)
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    told = json.loads(manage("import_matches", "football-data", str(folder), "--json", data=data))
    seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(told["total"]["created"], seconds, cpu, after.ru_maxrss / 1024)


def read_by_pandas(folder: Path) -> Callable[[], Any]:
    files = sorted(folder.rglob("*.csv"))
    return lambda: [pd.read_csv(file, encoding="latin-1") for file in files]


def test_twenty_thousand_matches_take_less_than_a_minute_and_a_row_costs_the_same_in_any_crowd(
    season_files: list[Path], place: Path, tmp_path: Path
) -> None:
    begin = take_in(lay_out(season_files, 1, tmp_path / "one"), place, tmp_path / "data-one")
    report("import, starting the command", begin.seconds, "s")
    cost: dict[int, float] = {}
    for size in SIZES:
        folder = lay_out(season_files, size, tmp_path / str(size))
        taken = take_in(folder, place, tmp_path / f"data-{size}")
        assert taken.matches == size
        peer = cpu_seconds(read_by_pandas(folder), repeats=3)
        cost[size] = (taken.cpu - begin.cpu) / size
        name = f"import of {size:,} matches with odds"
        read = f"pandas.read_csv {peer:.2f} s CPU"
        report(name, taken.seconds, "s")
        report(f"{name}, CPU", taken.cpu, "s CPU", ratio=round(peer / taken.cpu, 4), peer=read)
        report(f"{name}, rows a second", size / taken.seconds, "matches/s")
        report(f"{name}, CPU of a row", 1000 * cost[size], "ms CPU")
        report(f"{name}, memory at most so far", taken.megabytes, "MB")
        if size == 20_000:
            assert taken.seconds < LIMIT_SECONDS
    assert cost[SIZES[-1]] < 1.3 * cost[SIZES[0]]
