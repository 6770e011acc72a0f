"""How well a rank is told from one match's statistics: repeated cross-validation in which no match is parted.

The hyper-parameters and the default were settled on the half of the matches whose `_is_looked_at`; figures of the
other half stand beside those of all. The peer is the share of the commonest rank. `nested` chooses among the
regressions anew in each fold, by the log loss within its training rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import StratifiedGroupKFold

from matches.rocket_league.ranked_games import import_ranked_games
from mlmodels.estimators.tidied import Tidied
from mlmodels.evaluation.held_out import across_folds
from mlmodels.evaluation.metrics import accuracy, log_loss
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
from tests.benchmarks.figures import report
from training.problems.rank_group import within_one
from training.rocket_league.features import NAMES
from training.rocket_league.rank_algorithms import RANKS, boosting, multinomial, ordinal, pool

REPEATS, FOLDS, INNER_FOLDS = 5, 5, 3
LEAST_EXACT, LEAST_WITHIN_ONE = 0.53, 0.93
Build = Callable[[], Any]


def forest() -> Any:
    trees = RandomForestClassifier(300, min_samples_leaf=3, max_features=0.3, random_state=0, n_jobs=1)
    return Tidied(trees, classes=RANKS)


def commonest() -> Any:
    return Tidied(DummyClassifier(strategy="prior"), classes=RANKS)


REGRESSIONS: Mapping[str, Build] = {"pool": pool, "ordinal": ordinal, "multinomial": multinomial}
CANDIDATES: Mapping[str, Build] = {**REGRESSIONS, "boosting": boosting, "forest": forest, "dummy": commonest}


def folds_of(outcomes: np.ndarray, groups: np.ndarray, *, folds: int, seed: int) -> np.ndarray:
    """(n,) the fold of each row; no group is in two."""
    found = np.zeros(len(outcomes), dtype=int)
    dealt = StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(outcomes, outcomes, groups)
    for place, (_, tested) in enumerate(dealt):
        found[tested] = place
    return found


def nested(frame: pd.DataFrame, folds: np.ndarray) -> np.ndarray:
    """Probabilities (n, 8), each fold by the regression that did best within the others."""
    said = np.zeros((len(frame), len(RANKS)))
    y, groups = frame["outcome"].to_numpy(), frame["match"].to_numpy()
    for fold in range(FOLDS):
        learned = folds != fold
        X, inner = frame.loc[learned, list(NAMES)], folds_of(y[learned], groups[learned], folds=INNER_FOLDS, seed=0)
        losses = {
            name: log_loss(across_folds(build, X, y[learned], inner, width=len(RANKS)), y[learned])
            for name, build in REGRESSIONS.items()
        }
        best = REGRESSIONS[min(losses, key=lambda name: losses[name])]()
        said[~learned] = best.fit(X, y[learned]).predict_proba(frame.loc[~learned, list(NAMES)])
    return said


def _is_looked_at(match: str) -> bool:
    return int(hashlib.md5(match.rpartition(":")[2].encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


def by_match(said: np.ndarray, y: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """(m, 2) share of each match's rows that is exact, and that is within one rank."""
    off = abs(said.argmax(1) - y)
    right = pd.DataFrame({"exact": off == 0, "near": off <= 1}).groupby(groups).mean()
    return right.to_numpy(dtype=float)


@pytest.mark.django_db
@pytest.mark.usefixtures("storage")
def test_ranks_are_told_from_statistics(real_ranked_games: Path) -> None:
    import_ranked_games(real_ranked_games)
    frame = get_problem("rank-group").load(Selection()).frame
    y, groups = frame["outcome"].to_numpy(), frame["match"].to_numpy()
    unseen = ~frame["match"].map(_is_looked_at).to_numpy(dtype=bool)
    said: dict[str, list[np.ndarray]] = {name: [] for name in (*CANDIDATES, "nested")}
    for repeat in range(REPEATS):
        folds = folds_of(y, groups, folds=FOLDS, seed=repeat)
        for name, build in CANDIDATES.items():
            said[name].append(across_folds(build, frame[list(NAMES)], y, folds, width=len(RANKS)))
        said["nested"].append(nested(frame, folds))
    for name, tables in said.items():
        _report(name, tables, y, groups, unseen)
    exact = np.mean([accuracy(table, y) for table in said["nested"]])
    near = np.mean([within_one(table, y) for table in said["nested"]])
    assert exact >= LEAST_EXACT
    assert near >= LEAST_WITHIN_ONE


def _report(name: str, tables: list[np.ndarray], y: np.ndarray, groups: np.ndarray, unseen: np.ndarray) -> None:
    matches = np.mean([by_match(table, y, groups) for table in tables], axis=0)
    error = matches.std(axis=0, ddof=1) / np.sqrt(len(matches))
    spread = np.std([accuracy(table, y) for table in tables], ddof=1)
    half = [float(np.mean([figure(t[unseen], y[unseen]) for t in tables])) for figure in (accuracy, within_one)]
    report(
        f"rank from one match, {name}: exact",
        float(np.mean([accuracy(table, y) for table in tables])),
        "share",
        peer=f"standard error {error[0]:.3f} over matches, {spread:.3f} over repeats; unseen half {half[0]:.3f}",
    )
    report(
        f"rank from one match, {name}: within one",
        float(np.mean([within_one(table, y) for table in tables])),
        "share",
        peer=f"standard error {error[1]:.3f}; unseen half {half[1]:.3f}",
    )
    report(f"rank from one match, {name}: log loss", float(np.mean([log_loss(table, y) for table in tables])), "nats")
