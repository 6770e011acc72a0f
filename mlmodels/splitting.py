"""Splits: the past trains, what came after it tunes, the newest tests; or whole groups of rows do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from mlmodels.errors import TooLittleData

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from mlmodels.problem import Problem

TRAIN_SHARE = 0.70
VALIDATION_SHARE = 0.15


@dataclass(frozen=True, kw_only=True)
class TimeSplit:
    """Rows before `validation_from` train, those before `test_from` validate, the rest test (both midnights, UTC)."""

    validation_from: datetime
    test_from: datetime

    def masks(self, times: pd.Series) -> dict[str, np.ndarray]:
        """Boolean arrays (n,) under `train`, `validation`, `test`; disjoint, together all rows."""
        late = (times >= self.test_from).to_numpy()
        middle = (times >= self.validation_from).to_numpy() & ~late
        return {"train": ~(late | middle), "validation": middle, "test": late}

    def to_json(self) -> dict[str, str]:
        return {"validation_from": self.validation_from.isoformat(), "test_from": self.test_from.isoformat()}


def split_by_time(times: pd.Series, *, minimum_rows: int) -> TimeSplit:
    """Oldest 70 % train, next 15 % validation, newest 15 % test; a day is never cut in two.

    times: (n,) timezone-aware, ascending. Raises TooLittleData below `minimum_rows` or where a part would be empty.
    """
    if len(times) < minimum_rows:
        raise TooLittleData(
            f"The selection has {len(times)} finished rows; at least {minimum_rows} are needed: "
            "choose more competitions or seasons, or a longer period."
        )
    days = times.dt.normalize()
    validation_from = days.iloc[int(len(days) * TRAIN_SHARE)]
    test_from = days.iloc[int(len(days) * (TRAIN_SHARE + VALIDATION_SHARE))]
    if not days.iloc[0] < validation_from < test_from:
        raise TooLittleData("The selection covers too few days to be split by time: choose a longer period.")
    return TimeSplit(validation_from=validation_from.to_pydatetime(), test_from=test_from.to_pydatetime())


@dataclass(frozen=True, kw_only=True)
class GroupSplit:
    """Rows of the groups in `validation` validate, of those in `test` test, all others train."""

    validation: frozenset[str]
    test: frozenset[str]

    def masks(self, groups: pd.Series) -> dict[str, np.ndarray]:
        """Boolean arrays (n,) under `train`, `validation`, `test`; disjoint, together all rows. groups: (n,)."""
        names = groups.astype(str)
        late, middle = names.isin(self.test).to_numpy(), names.isin(self.validation).to_numpy()
        return {"train": ~(late | middle), "validation": middle, "test": late}

    def to_json(self) -> dict[str, str | int]:
        """How many groups are held out, and marks that differ where they do."""
        return {
            "validation_groups": len(self.validation),
            "validation_mark": _mark(self.validation),
            "test_groups": len(self.test),
            "test_mark": _mark(self.test),
        }


Split = TimeSplit | GroupSplit


def split_rows(problem: Problem, frame: pd.DataFrame) -> Split:
    """How a problem's rows are split; `masks` is asked with the problem's `split_column`. Raises TooLittleData."""
    if problem.group_column:
        outcomes = frame[problem.outcome_column]
        return split_by_groups(frame[problem.group_column], outcomes, minimum_rows=problem.minimum_rows)
    return split_by_time(frame[problem.time_column], minimum_rows=problem.minimum_rows)


def split_by_groups(groups: pd.Series, outcomes: pd.Series, *, minimum_rows: int) -> GroupSplit:
    """About 70 % of the rows train, 15 % validate, 15 % test; the rows of a group stay together.

    groups: (n,) names; outcomes: (n,) class indices. Groups are dealt in the order of their names' hashes, those that
    have one outcome alone apart by it, so that every part has its share of each where there are groups enough. The
    same groups are always split in the same way. Raises TooLittleData below `minimum_rows` or where a
    part would be empty.
    """
    if len(groups) < minimum_rows:
        raise TooLittleData(
            f"The selection has {len(groups)} rows; at least {minimum_rows} are needed: choose more, or import more."
        )
    strata = _strata(groups.astype(str), outcomes)
    for places in (_places(strata.values()), _places([list(chain(*strata.values()))])):
        test = frozenset(name for name, place in places.items() if place >= TRAIN_SHARE + VALIDATION_SHARE)
        validation = frozenset(name for name, place in places.items() if place >= TRAIN_SHARE) - test
        if test and validation and len(test) + len(validation) < len(places):
            return GroupSplit(validation=validation, test=test)
    raise TooLittleData("The selection has too few groups to be split without parting any: choose more.")


def group_folds(groups: pd.Series, outcomes: pd.Series, *, folds: int) -> np.ndarray:
    """(n,) in which of so many folds each row is, 0 the first: as `split_by_groups` splits, no group in two folds.

    Raises TooLittleData where there are fewer groups than folds.
    """
    strata = _strata(groups.astype(str), outcomes)
    if sum(map(len, strata.values())) < folds:
        raise TooLittleData(f"The selection has too few groups for {folds} folds: choose more.")
    for places in (_places(strata.values()), _places([list(chain(*strata.values()))])):
        fold_of = {name: int(place * folds) for name, place in places.items()}
        if len(set(fold_of.values())) == folds:
            break
    found: np.ndarray = groups.astype(str).map(fold_of).to_numpy(dtype=int)
    return found


def _strata(groups: pd.Series, outcomes: pd.Series) -> Mapping[int, list[tuple[str, int]]]:
    """(name, rows) of each group by the outcome that all of its rows share; -1 for those of several."""
    found: dict[int, list[tuple[str, int]]] = {}
    for name, rows in outcomes.groupby(groups, sort=True):
        found.setdefault(int(rows.iloc[0]) if rows.nunique() == 1 else -1, []).append((str(name), len(rows)))
    return found


def _places(strata: Iterable[Sequence[tuple[str, int]]]) -> dict[str, float]:
    """Where in 0..1 the middle of each group's rows lies among those of its stratum, in the order of hashes."""
    found = {}
    for stratum in strata:
        total, before = sum(rows for _, rows in stratum), 0
        for name, rows in sorted(stratum, key=lambda group: _mark([group[0]])):
            found[name] = (before + rows / 2) / total
            before += rows
    return found


def _mark(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]
