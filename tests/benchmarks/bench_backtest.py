"""Five seasons of the Premier League, Dixon-Coles refitted weekly, by the command line: from an empty cache to figures.

The peer is the walk alone (all fits and forecasts, from a table that lies ready): what is above it is loading, prices,
staking, intervals and the file of bets.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.figures import report

ROOT = Path(__file__).resolve().parents[2]
SEASONS = "1920,2021,2122,2223,2324"
ASKED = ("--algorithm", "dixon-coles", "--competitions", "E0", "--seasons", SEASONS, "--refit-days", "7")
STRATEGIES = ("value", "kelly", "kelly-quarter", "confidence", "underdog")
LIMIT_SECONDS = 60.0
WALK = """
import json, time
from mlmodels.evaluation.walk_forward import walk_forward
from mlmodels.evaluating import rows_until
from mlmodels.pipeline import targets
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
problem = get_problem("football-outcome")
algorithm = problem.algorithm("dixon-coles")
frame, chosen = rows_until(problem, Selection(competitions=("E0",), seasons=tuple("{seasons}".split(","))),
                           progress=lambda *_: None)
build, X, y = lambda: algorithm.build(**algorithm.defaults), frame[list(algorithm.columns)], targets(algorithm, frame)
begin, cpu = time.perf_counter(), time.process_time()
walk_forward(build, X, y, frame["event_at"], start=frame["event_at"][chosen].iloc[0].to_pydatetime(), refit_every=7)
print(json.dumps([time.perf_counter() - begin, time.process_time() - cpu]))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, real_football: Path) -> Path:
    """A data folder whose database holds the league since 2005."""
    folder = tmp_path_factory.mktemp("data")
    manage("migrate", "--verbosity", "0", data=folder)
    manage("import_matches", "football-data", str(real_football / "football-data" / "E0"), data=folder)
    return folder


def manage(*words: str, data: Path) -> str:
    environment = {**os.environ, "DEBUG": "1", "DATA_DIR": str(data), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def timed(*words: str, data: Path) -> tuple[dict[str, Any], float, float]:
    """What the command printed, and its seconds by the clock and of CPU."""
    begin, before = time.perf_counter(), _cpu()
    found = json.loads(manage(*words, data=data).splitlines()[-1])
    return found, time.perf_counter() - begin, _cpu() - before


def _cpu() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def test_five_seasons_of_a_league_take_less_than_a_minute(data: Path) -> None:
    strategies = [word for name in STRATEGIES for word in ("--strategy", name)]
    found, seconds, cpu = timed("backtest", "football-outcome", *ASKED, *strategies, "--json", data=data)
    _, again, again_cpu = timed("backtest", "football-outcome", *ASKED, *strategies, "--json", "--force", data=data)
    walk = manage("shell", "--verbosity", "0", "--command", WALK.format(seasons=SEASONS), data=data)
    walk_seconds, walk_cpu = json.loads(walk.splitlines()[-1])
    peer = f"the walk alone {walk_seconds:.1f} s, {walk_cpu:.1f} s CPU"
    report("backtest of five seasons, cold", seconds, "s", peer=peer)
    report("backtest of five seasons, cold", cpu, "s CPU", ratio=round(walk_cpu / cpu, 2), peer=peer)
    report("backtest of five seasons, kept", again, "s", peer=peer)
    report(
        "backtest of five seasons, data set kept", again_cpu, "s CPU", ratio=round(walk_cpu / again_cpu, 2), peer=peer
    )
    assert found["events"] == 1900
    # By CPU, since other work on the machine must not fail it; nothing here uses more than one core at once.
    assert cpu < LIMIT_SECONDS
