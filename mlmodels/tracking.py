"""A bridge to MLflow: completed runs are told to its server, where one is named and the library is installed.

Our own registry stays the source of truth: nothing is read back, and whatever goes wrong there fails no run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from mlmodels import tables
from mlmodels.models import ModelVersion, TrainingRun

log = structlog.get_logger(__name__)

RUN_TAG, DONE_TAG = "touchline.run", "touchline.logged"
PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "20"}
"""A worker waits for a server that is down for a minute at most, not for the library's quarter of an hour."""

MANNERS = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true"}
"""It tells its makers nothing, and prints nothing between a command's lines."""

LONGEST_VALUE = 500
MOST_PARAMS = 100
"""What MLflow takes in one request."""


@dataclass(frozen=True, kw_only=True)
class Described:
    """What MLflow is told of one run."""

    run: str
    name: str
    model: str
    version_name: str
    began: datetime
    ended: datetime
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    artifact: Path
    importances: Mapping[str, float]


def track(run: TrainingRun) -> None:
    """Tell MLflow of a completed run, once; a line of the run's log says whether it took it. Never raises."""
    version = ModelVersion.objects.select_related("dataset").filter(run=run).first()
    if not settings.MLFLOW_TRACKING_URI or version is None:
        return
    if find_spec("mlflow") is None:
        _note(run, "MLFLOW_TRACKING_URI is set, but mlflow is not installed: nothing was logged there", "warning")
        return
    try:
        new = send(describe(run, version))
    except Exception as error:  # the server's, the network's and three libraries' errors alike: none may fail a run
        log.warning("mlflow_failed", run=str(run.pk), error=str(error))
        _note(run, f"MLflow did not take the run ({type(error).__name__}); manage.py track_runs tries again", "warning")
        return
    if new:
        _note(run, f"Logged to MLflow as {version_name(version)}")


def version_name(version: ModelVersion) -> str:
    """`v{YYYY-MM-DD}-{scope}`, what a version is called in MLflow; the newest of a day has the name as its alias."""
    return f"v{version.training_completed_at:%Y-%m-%d}-{version.scope}"


def describe(run: TrainingRun, version: ModelVersion) -> Described:
    return Described(
        run=str(run.pk),
        name=version.version,
        model=f"touchline-{version.problem}",
        version_name=version_name(version),
        began=run.started_at or version.training_started_at,
        ended=run.completed_at or version.training_completed_at,
        params={name: _short(value) for name, value in _params(run, version) if value not in (None, "", [], {})},
        metrics=dict(_metrics(version)),
        tags=_tags(run, version),
        artifact=Path(settings.ARTIFACT_DIR) / version.artifact_path,
        importances={
            name: known
            for name, value in tables.figures_of(version.model_weights, "importances").items()
            if (known := tables.number(value)) is not None
        },
    )


def _params(run: TrainingRun, version: ModelVersion) -> Iterator[tuple[str, Any]]:
    yield "algorithm", run.algorithm
    yield "seed", run.seed
    for part, given in (("selection", run.selection), ("tuning", run.tuning), ("features", run.feature_selection)):
        for name, value in given.items():
            yield f"{part}.{name}", value
    yield from version.hyper_parameters.items()


def _metrics(version: ModelVersion) -> Iterator[tuple[str, float]]:
    """Every figure as `split.metric`; those that are not defined are left out."""
    paths: list[tuple[str, ...]] = [(name,) for name in ("train", "validation", "test_uncalibrated", "test")]
    paths += [("baselines", name) for name in tables.figures_of(version.metrics, "baselines")]
    for path in paths:
        for name, value in tables.figures_of(version.metrics, *path).items():
            if (known := tables.number(value)) is not None:
                yield ".".join((*path, name)), known
    for name in ("trials", "best_value", "usual_value"):
        if (known := tables.number(version.tuning.get(name))) is not None:
            yield f"tuning.{name}", known


def _tags(run: TrainingRun, version: ModelVersion) -> dict[str, str]:
    return {
        RUN_TAG: str(run.pk),
        "problem": version.problem,
        "algorithm": version.algorithm,
        "scope": version.scope,
        "role": version.role,
        "version": version.version,
        "dataset_hash": version.dataset.content_hash if version.dataset else "",
        "code_version": run.code_version,
        "calibration": str(version.metrics.get("calibration", "")),
        "trigger": run.trigger,
    }


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def send(told: Described) -> bool:
    """Write a run to the server and register its version; False where it is there already.

    A run that an earlier attempt left half written is deleted and written anew. Raises what the library raises.
    """
    for name, value in {**PATIENCE, **MANNERS}.items():
        os.environ.setdefault(name, value)
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=settings.MLFLOW_TRACKING_URI, registry_uri=settings.MLFLOW_TRACKING_URI)
    experiment = _experiment(client)
    for found in client.search_runs([experiment], filter_string=f"tags.`{RUN_TAG}` = '{told.run}'"):
        if found.data.tags.get(DONE_TAG):
            return False
        client.delete_run(found.info.run_id)
    run_id = _write(client, experiment, told)
    _register(client, run_id, told)
    client.set_tag(run_id, DONE_TAG, "yes")
    client.set_terminated(run_id, "FINISHED", end_time=_milliseconds(told.ended))
    return True


def _experiment(client: Any) -> str:
    name = settings.MLFLOW_EXPERIMENT
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id) if found else str(client.create_experiment(name))


def _write(client: Any, experiment: str, told: Described) -> str:
    from mlflow.entities import Metric, Param

    run = client.create_run(experiment, start_time=_milliseconds(told.began), tags=dict(told.tags), run_name=told.name)
    run_id = str(run.info.run_id)
    at = _milliseconds(told.ended)
    client.log_batch(run_id, metrics=[Metric(name, value, at, 0) for name, value in told.metrics.items()])
    params = [Param(name, value) for name, value in told.params.items()]
    for begin in range(0, len(params), MOST_PARAMS):
        client.log_batch(run_id, params=params[begin : begin + MOST_PARAMS])
    client.log_artifact(run_id, str(told.artifact), "model")
    if told.importances:
        client.log_dict(run_id, dict(told.importances), "feature_importance.json")
    return run_id


def _register(client: Any, run_id: str, told: Described) -> None:
    if not client.search_registered_models(filter_string=f"name = '{told.model}'"):
        client.create_registered_model(told.model, description="Registered by Touchline, whose registry is the truth.")
    source = f"{client.get_run(run_id).info.artifact_uri}/model"
    made = client.create_model_version(
        told.model,
        source,
        run_id=run_id,
        tags={**told.tags, "name": told.version_name},
        description=told.name,
        await_creation_for=0,
    )
    client.set_registered_model_alias(told.model, told.version_name, made.version)


def _milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)


def _note(run: TrainingRun, message: str, level: str = "info") -> None:
    """A line more in the log of a run that has ended, whose worker alone still writes to it."""
    line = {"at": timezone.now().isoformat(), "level": level, "message": message}
    logs: Sequence[Any] = TrainingRun.objects.values_list("logs", flat=True).get(pk=run.pk)
    run.logs = [*logs, line]
    TrainingRun.objects.filter(pk=run.pk).update(logs=run.logs)
