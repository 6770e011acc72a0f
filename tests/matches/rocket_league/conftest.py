"""Real replays, each read once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from matches.rocket_league import reading
from matches.rocket_league.reading import ReadReplay


@pytest.fixture(scope="session")
def real_replays() -> Path:
    """The folder of real replays beside the project; the test is skipped where it is missing."""
    folder = Path(__file__).resolve().parents[4] / "shared" / "data" / "rocket-league" / "replays"
    if not folder.is_dir():
        pytest.skip(f"no real replays at {folder}")
    return folder


@pytest.fixture(scope="session")
def duel(real_replays: Path) -> ReadReplay:
    """A short ranked duel: 0 to 4, given up after 74 seconds of play."""
    return reading.read(real_replays / "post-eac-ranked-duel-2026-04-28-a.replay")
