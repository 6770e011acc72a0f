"""Replays read end to end: how near to ballchasing's figures, and what reading one takes."""

from __future__ import annotations

import resource
import statistics
from pathlib import Path

import pytest

from matches.rocket_league import reading
from matches.rocket_league.reading import ReadReplay
from tests.benchmarks.ballchasing import BOUNDS, compared, differences
from tests.benchmarks.figures import report

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "rocket-league"


@pytest.fixture(scope="module")
def replays() -> dict[str, ReadReplay]:
    """Every good replay by name, read one after the other."""
    if not DATA.is_dir():
        pytest.skip(f"no real replays at {DATA}")
    return {path.stem: reading.read(path) for path in sorted((DATA / "replays").glob("*.replay"))}


def test_statistics_are_as_ballchasing_counts_them(replays: dict[str, ReadReplay]) -> None:
    told = sorted((DATA / "ballchasing").glob("*.ballchasing.json"))
    found = [d for path in told for d in differences(replays[path.name.removesuffix(".ballchasing.json")], path)]
    medians = {}
    for comparison in compared(found):
        worst = comparison.worst
        medians[comparison.group] = comparison.median
        report(
            f"replay statistics, {comparison.group}: median error over players and statistics",
            100 * comparison.median,
            "%",
            peer=f"ballchasing; {len(comparison.differences)} figures, worst {100 * worst.error:.1f} %: "
            f"{worst.statistic} {worst.ours:g} for {worst.theirs:g} ({worst.player}, {worst.replay})",
        )
    assert {group: median for group, median in medians.items() if median > BOUNDS.get(group, 1)} == {}


def test_what_reading_a_replay_takes(replays: dict[str, ReadReplay]) -> None:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = [replay.seconds for replay in replays.values()]
    report("reading a replay, median wall time", statistics.median(seconds), "s")
    report("reading a replay, longest wall time", max(seconds), "s")
    report("reading a replay, mean CPU time", (used.ru_utime + used.ru_stime) / len(seconds), "s CPU")
    report("reading a replay, memory at most", used.ru_maxrss / 1024, "MB")
    report("scenes of a match at most", max(len(replay.scenes) for replay in replays.values()) / 1000, "kB")
