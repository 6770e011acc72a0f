"""The rows a version learned from, as far as watching needs them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from mlmodels.errors import TableUnreadable
from mlmodels.models import ModelVersion
from mlmodels.problem import Problem
from mlmodels.table_files import read_table
from predictions.errors import TrainingDataGone

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 30_000
"""The newest that are read, so that memory stays bounded."""


def training_rows(version: ModelVersion, problem: Problem, names: Collection[str]) -> pd.DataFrame:
    """The named columns that the data set has, and its times, oldest first. Raises TrainingDataGone."""
    if version.dataset is None:
        raise TrainingDataGone(f"{version} does not say what it was trained on: there is nothing to compare with.")
    wanted = {problem.time_column, *(set(names) - _not_features(problem))}
    try:
        frame = read_table(version.dataset.folder, version.dataset.columns, columns=wanted)
    except TableUnreadable as error:
        raise TrainingDataGone(
            f"The data set of {version} can't be read any more: inputs are compared again once a version is trained. "
            f"{error}"
        ) from error
    return frame.sort_values(problem.time_column, kind="stable").tail(MOST_ROWS)


def _not_features(problem: Problem) -> set[str]:
    return {problem.time_column, problem.outcome_column, problem.key_column}
