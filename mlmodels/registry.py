"""The registry: versions come in, the champion goes out to whoever serves."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.utils import timezone

from mlmodels import artifacts
from mlmodels.errors import ArtifactError, FeatureMismatch, InvalidName, InvalidState, ModelNotTrained
from mlmodels.memory import keep_out_of_collections
from mlmodels.models import ModelVersion, Promotion, TrainingRun
from mlmodels.models.versions import GLOBAL_SCOPE
from mlmodels.signals import artifact_unusable

if TYPE_CHECKING:
    import pandas as pd

    from mlmodels.models import Dataset

log = structlog.get_logger(__name__)

CHECK_EVERY_SECONDS = 2.0
MAX_LOADED = 16


@dataclass(frozen=True, kw_only=True)
class Serving:
    """A version ready to predict: its row and what its artifact held."""

    version: ModelVersion
    estimator: Any
    state: Mapping[str, Any]


def champion(problem: str, scope: str = GLOBAL_SCOPE) -> ModelVersion | None:
    return ModelVersion.objects.for_problem(problem, scope).champions().first()


def champions(scope: str = GLOBAL_SCOPE) -> dict[str, ModelVersion]:
    """Every problem's champion, in one query."""
    return {version.problem: version for version in ModelVersion.objects.champions().filter(scope=scope)}


def check_name(name: str) -> None:
    """Raises InvalidName where a version can't be called so, InvalidState where another one is.

    Names stand in addresses and file names.
    """
    if not re.fullmatch(r"[-a-zA-Z0-9_]{1,80}", name):
        raise InvalidName(
            f"{name!r} can't be a version's name: use letters, digits, hyphens and underscores, at most 80."
        )
    if ModelVersion.objects.filter(version=name).exists():
        raise InvalidState(f"There is a version called {name} already.")


def register(
    *,
    run: TrainingRun,
    dataset: Dataset,
    estimator: Any,
    state: Mapping[str, Any],
    schema: Sequence[Mapping[str, str]],
    metrics: Mapping[str, Any],
    weights: Mapping[str, Any],
    covers: Mapping[str, list[str]],
    started_at: datetime,
    hyper_parameters: Mapping[str, Any],
    tuning: Mapping[str, Any],
    chosen_features: Sequence[str],
    scope: str = GLOBAL_SCOPE,
) -> ModelVersion:
    """Write the artifact and its row; the version begins as experimental.

    hyper_parameters: those it was made with, whether they were given or found. tuning: the record of the search.
    """
    name = run.version_name or _free_name(run.algorithm)
    stored = artifacts.write(
        name,
        estimator,
        state=state,
        metadata={"problem": run.problem, "algorithm": run.algorithm, "version": name, "dataset": dataset.content_hash},
    )
    return ModelVersion.objects.create(
        problem=run.problem,
        scope=scope,
        algorithm=run.algorithm,
        version=name,
        metrics=metrics,
        hyper_parameters=hyper_parameters,
        tuning=tuning,
        feature_selection=run.feature_selection,
        chosen_features=list(chosen_features),
        model_weights=weights,
        feature_columns=list(schema),
        feature_schema_hash=schema_hash(schema),
        training_started_at=started_at,
        training_completed_at=timezone.now(),
        training_matches=dataset.rows,
        training_leagues=covers.get("leagues", []),
        training_seasons=covers.get("seasons", []),
        dataset=dataset,
        run=run,
        artifact_format=stored.format,
        artifact_path=stored.path,
        artifact_sha256=stored.sha256,
        artifact_size=stored.size,
    )


def _free_name(algorithm: str) -> str:
    """`{algorithm}-{YYYYMMDD-HHMMSS}`, with a counter where two end in one second."""
    stem = f"{algorithm}-{timezone.now():%Y%m%d-%H%M%S}"
    taken = set(ModelVersion.objects.filter(version__startswith=stem).values_list("version", flat=True))
    name, counter = stem, 2
    while name in taken:
        name, counter = f"{stem}-{counter}", counter + 1
    return name


def schema_of(frame: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, str]]:
    """Name and dtype kind (`f` float, `i` integer, `s` text, …) of each column, in the algorithm's order."""
    kinds = _kinds(frame)
    return [{"name": name, "kind": kinds[name]} for name in columns]


def _kinds(frame: pd.DataFrame) -> dict[str, str]:
    return dict(zip(frame.columns.tolist(), map(_kind, frame.dtypes.tolist()), strict=True))


def _kind(dtype: Any) -> str:
    kind = getattr(dtype, "kind", "O")
    return {"O": "s", "U": "s", "T": "s", "b": "i", "u": "i"}.get(kind, kind)


def schema_hash(schema: Sequence[Mapping[str, str]]) -> str:
    return hashlib.sha256(json.dumps([dict(c) for c in schema], sort_keys=True).encode()).hexdigest()


def check_schema(version: ModelVersion, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raises FeatureMismatch naming missing, extra, reordered or retyped columns; nothing is zero-filled."""
    kinds = _kinds(frame)
    if version.feature_columns == [{"name": name, "kind": kinds.get(name)} for name in columns]:
        return
    trained = [column["name"] for column in version.feature_columns]
    complaints = []
    if missing := [name for name in trained if name not in kinds]:
        complaints.append(f"missing: {', '.join(missing)}")
    if extra := [name for name in columns if name not in trained]:
        complaints.append(f"not known when it was trained: {', '.join(extra)}")
    if not complaints and list(columns) != trained:
        moved = [name for name, now in zip(trained, columns, strict=True) if name != now]
        complaints.append(f"in another order: {', '.join(moved)}")
    if not complaints:
        retyped = [c["name"] for c in version.feature_columns if kinds[c["name"]] != c["kind"]]
        if retyped:
            complaints.append(f"of another type: {', '.join(retyped)}")
    if complaints:
        raise FeatureMismatch(f"Features of {version} do not match ({'; '.join(complaints)}): train it again.")


_lock = threading.Lock()
_loaded: dict[int, Serving] = {}
_champions: dict[tuple[str, str], tuple[float, int | None]] = {}


def serving(version: ModelVersion) -> Serving:
    """A version loaded into this process, once. Raises ArtifactError."""
    held = _loaded.get(version.pk)
    if held is not None and held.version.artifact_sha256 == version.artifact_sha256:
        return held
    content = artifacts.load(version)
    ready = Serving(version=version, estimator=content.estimator, state=content.state)
    keep_out_of_collections()
    with _lock:
        while len(_loaded) >= MAX_LOADED:
            _loaded.pop(next(iter(_loaded)))
        _loaded[version.pk] = ready
    return ready


def serving_champion(problem: str, scope: str = GLOBAL_SCOPE) -> Serving:
    """The champion, loaded; a newer one is noticed within CHECK_EVERY_SECONDS.

    Where the champion's file is unusable, the champion before it serves on and the error is logged.
    Raises ModelNotTrained where there is no champion, ArtifactError where no champion's file is usable.
    """
    key = (problem, scope)
    checked_at, version_id = _champions.get(key, (float("-inf"), None))
    # One look, since another thread may make room in between.
    held = _loaded.get(version_id) if version_id is not None else None
    if held is not None and time.monotonic() - checked_at < CHECK_EVERY_SECONDS:
        return held
    current = champion(problem, scope)
    if current is None:
        raise ModelNotTrained(f"No model of {problem} is in service: train one and promote it.")
    ready = _first_usable(current)
    _champions[key] = (time.monotonic(), ready.version.pk)
    return ready


def forget_champion(problem: str, scope: str = GLOBAL_SCOPE) -> None:
    """Make this process look again at once; others notice by themselves."""
    _champions.pop((problem, scope), None)


def _first_usable(current: ModelVersion) -> Serving:
    try:
        return serving(current)
    except ArtifactError as error:
        log.exception("champion_unusable", version=str(current))
        artifact_unusable.send_robust(sender=ModelVersion, version=current, error=error)
        for earlier in _earlier_champions(current):
            try:
                return serving(earlier)
            except ArtifactError as earlier_error:
                log.exception("earlier_champion_unusable", version=str(earlier))
                artifact_unusable.send_robust(sender=ModelVersion, version=earlier, error=earlier_error)
        raise error from None


def _earlier_champions(current: ModelVersion) -> list[ModelVersion]:
    """Those that were champion before, latest first, each once."""
    promotions = (
        Promotion.objects.filter(
            version__problem=current.problem,
            version__scope=current.scope,
            to_role=ModelVersion.Role.CHAMPION,
        )
        .exclude(version=current)
        .select_related("version")
    )
    return list({promotion.version_id: promotion.version for promotion in promotions}.values())
