"""Four seasons of real NBA game logs, and the lines on them, by the command line into a new SQLite file."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from tests.benchmarks.bench_import import manage
from tests.benchmarks.figures import cpu_seconds, report
from tests.benchmarks.measuring import timed

LIMIT_SECONDS = 60.0
ROWS = 101_389


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty database."""
    folder = tmp_path_factory.mktemp("games")
    manage("migrate", "--verbosity", "0", data=folder)
    return folder


def test_four_seasons_come_in_within_a_minute_and_a_second_time_at_once(
    place: Path, real_basketball: Path, tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    files = sorted(real_basketball.glob("player_logs_*.csv.gz"))
    for file in files:
        shutil.copy(file, logs)
    peer = cpu_seconds(lambda: [pd.read_csv(file) for file in files], repeats=3)
    first = timed(lambda: manage("import_games", "nba-logs", str(logs), "--json", data=place))
    assert json.loads(first.told)["total"]["created"] == ROWS
    report("import of four NBA seasons", first.seconds, "s")
    report(
        "import of four NBA seasons, CPU",
        first.cpu,
        "s CPU",
        ratio=round(peer / first.cpu, 4),
        peer=f"pandas.read_csv {peer:.2f} s CPU",
    )
    report("import of four NBA seasons, memory at most", first.megabytes, "MB")
    again = timed(lambda: manage("import_games", "nba-logs", str(logs), "--json", data=place))
    assert json.loads(again.told)["total"]["unchanged"] == ROWS
    report("the same four seasons again", again.seconds, "s")
    assert first.seconds < LIMIT_SECONDS
    for source, name in (("game-lines", "game_odds_*.csv.gz"), ("prop-lines", "pra_odds_*.csv.gz")):
        (file,) = (real_basketball / "lines").glob(name)
        lines = timed(partial(manage, "import_games", source, str(file), "--json", data=place))
        report(f"import of {json.loads(lines.told)['total']['rows']:,} rows of {source}", lines.seconds, "s")
