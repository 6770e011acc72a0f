"""The rows a version learned from, as far as watching needs them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from mlmodels.models import ModelVersion
from mlmodels.problem import Problem
from predictions.errors import TrainingDataGone

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 30_000
"""The newest that are read, so that memory stays bounded."""


def training_rows(version: ModelVersion, problem: Problem, names: Collection[str]) -> pd.DataFrame:
    """The named columns that the data set has, and its times, oldest first. Raises TrainingDataGone."""
    import pandas as pd
    from pyarrow import ArrowInvalid
    from pyarrow import parquet as pq

    if version.dataset is None:
        raise TrainingDataGone(f"{version} does not say what it was trained on: there is nothing to compare with.")
    path = version.dataset.folder / "data.parquet"
    try:
        known = set(pq.read_schema(path).names)
        columns = [problem.time_column, *sorted((set(names) & known) - _not_features(problem))]
        frame = pd.read_parquet(path, columns=columns)
    except (OSError, ArrowInvalid) as error:
        raise TrainingDataGone(
            f"The data set of {version} can't be read any more ({path.name}: {type(error).__name__}): "
            "inputs are compared again once a version is trained."
        ) from error
    return frame.sort_values(problem.time_column, kind="stable").tail(MOST_ROWS)


def _not_features(problem: Problem) -> set[str]:
    return {problem.time_column, problem.outcome_column, problem.key_column}
