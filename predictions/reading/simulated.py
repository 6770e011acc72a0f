"""Which versions learned from leagues that were made up, so that pages can say so."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from mlmodels.errors import UnknownProblem
from mlmodels.models import Dataset, ModelVersion
from mlmodels.problem import get_problem
from mlmodels.selection import Selection


def learned_from_simulation(versions: Iterable[ModelVersion]) -> set[int]:
    """Keys of those whose data set has rows that were made up; versions of one data set are asked about once."""
    of_dataset: dict[UUID, list[int]] = {}
    for version in versions:
        if version.dataset_id is not None:
            of_dataset.setdefault(version.dataset_id, []).append(version.pk)
    rows = Dataset.objects.filter(pk__in=list(of_dataset)).values_list("pk", "problem", "selection")
    made_up = {pk for pk, problem, selection in rows if _is_simulated(problem, selection)}
    return {key for dataset, keys in of_dataset.items() if dataset in made_up for key in keys}


def _is_simulated(problem: str, selection: dict[str, object]) -> bool:
    try:
        return get_problem(problem).is_simulated(Selection.from_json(selection))
    except UnknownProblem:
        return False
