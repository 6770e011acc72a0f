"""Bringing models into this process before they are asked."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from mlmodels import registry
from mlmodels.errors import UnknownProblem
from mlmodels.models import ModelVersion
from mlmodels.models.versions import GLOBAL_SCOPE
from mlmodels.problem import Problem, all_problems


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A version that this process holds. serves: whether it answers for its problem here; took_ms: wall clock."""

    version: ModelVersion
    serves: bool
    took_ms: float
    process: int


def champions() -> list[tuple[Problem, ModelVersion | None]]:
    """Every problem with its champion, in one query; None where there is none."""
    found = ModelVersion.objects.champions().filter(scope=GLOBAL_SCOPE).defer("model_weights")
    by_problem = {version.problem: version for version in found}
    return [(problem, by_problem.get(problem.slug)) for problem in all_problems()]


def load_champion(problem: Problem) -> Loaded:
    """Look for the champion now, and hold it. Raises ModelNotTrained, ArtifactError."""
    began = time.perf_counter()
    registry.forget_champion(problem.slug)
    return _loaded(registry.serving_champion(problem.slug).version, began, serves=True)


def load_version(version: ModelVersion, problem: Problem | None = None) -> Loaded:
    """Hold a version; who answers does not change by it. Raises ArtifactError, UnknownProblem."""
    if problem is not None and version.problem != problem.slug:
        raise UnknownProblem(f"{version} is a version of {version.problem}, not of {problem.slug}.")
    if version.role == ModelVersion.Role.CHAMPION:
        registry.forget_champion(version.problem)
    began = time.perf_counter()
    held = registry.serving(version).version
    return _loaded(held, began, serves=held.role == ModelVersion.Role.CHAMPION)


def _loaded(version: ModelVersion, began: float, *, serves: bool) -> Loaded:
    took_ms = round(1000 * (time.perf_counter() - began), 2)
    return Loaded(version=version, serves=serves, took_ms=took_ms, process=os.getpid())
