"""Arms are given by chance, once and for all, and each experiment draws anew."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, chisquare

from predictions.experimenting.assignment import arm_index, position, user_unit

UNITS = [user_unit(n) for n in range(20_000)]


@given(st.text(), st.text())
def test_every_unit_has_a_place_below_one(salt: str, unit: str) -> None:
    assert 0 <= position(salt, unit) < 1


def test_a_place_is_what_anybody_can_compute_from_the_salt() -> None:
    """sha256("salt/user:1") begins with these 16 hexadecimal digits."""
    import hashlib

    first = hashlib.sha256(b"salt/user:1").hexdigest()[:16]
    assert position("salt", "user:1") == pytest.approx(int(first, 16) / 2**64, abs=1e-15)


@pytest.mark.parametrize("shares", [("0.5", "0.5"), ("0.9", "0.1"), ("0.2", "0.3", "0.05", "0.45")])
def test_arms_get_their_shares(shares: tuple[str, ...]) -> None:
    parts = [Decimal(share) for share in shares]
    counts = np.bincount([arm_index("pepper", unit, parts) for unit in UNITS], minlength=len(parts))
    assert chisquare(counts, [float(part) * len(UNITS) for part in parts]).pvalue > 0.001


def test_a_unit_keeps_its_arm() -> None:
    halves = [Decimal("0.5")] * 2
    assert all(arm_index("s", unit, halves) == arm_index("s", unit, halves) for unit in UNITS[:100])


def test_more_of_one_arm_takes_nobody_out_of_it() -> None:
    """Shares laid from the left: whoever was in the first arm at 30 % is in it at 60 %."""
    few = [arm_index("s", unit, [Decimal("0.3"), Decimal("0.7")]) for unit in UNITS[:2000]]
    many = [arm_index("s", unit, [Decimal("0.6"), Decimal("0.4")]) for unit in UNITS[:2000]]
    assert all(after == 0 for before, after in zip(few, many, strict=True) if before == 0)


def test_two_experiments_have_nothing_to_do_with_each_other() -> None:
    halves = [Decimal("0.5")] * 2
    table = np.zeros((2, 2))
    for unit in UNITS:
        table[arm_index("first", unit, halves), arm_index("second", unit, halves)] += 1
    assert chi2_contingency(table).pvalue > 0.001


@given(st.lists(st.integers(1, 999), min_size=1, max_size=5), st.text())
def test_every_unit_has_an_arm(weights: list[int], unit: str) -> None:
    shares = [Decimal(weight) / 1000 for weight in weights]
    assert 0 <= arm_index("s", unit, shares) < len(shares)
