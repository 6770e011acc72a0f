"""Recommendations are tried on the seeded catalogue, with nothing learned before."""

from pathlib import Path

import pytest

from accounts.models import User
from tests.training.recommending.reporting import report_of
from training.models import SkillReport


@pytest.fixture(autouse=True)
def own_files(storage: Path) -> Path:
    """What is learned is kept in files: each test has its own."""
    return storage


@pytest.fixture
def report(alice: User) -> SkillReport:
    """Alice is a diamond who lives without boost."""
    return report_of(alice)
