"""MLflow is told of completed runs where it is there, once, and can fail none of them.

The last test speaks to a real server: name a virtual environment with mlflow in `MLFLOW_VENV`.
"""

import importlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.management import CommandError, call_command
from pytest_django import Settings

from mlmodels import runs, tracking
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.selection import Selection
from tests.mlmodels.coin_toss import CoinToss

pytestmark = pytest.mark.django_db


def trained() -> TrainingRun:
    run, _ = runs.request_run(problem="coin-toss", algorithm="logit", selection=Selection(), dispatch=False, force=True)
    done = runs.execute(str(run.pk), worker="test")
    assert done is not None
    return done


def said(run: TrainingRun) -> list[str]:
    run.refresh_from_db()
    return [line["message"] for line in run.logs if "MLflow" in line["message"] or "mlflow" in line["message"]]


def content_hash(version: ModelVersion) -> str:
    assert version.dataset is not None
    return version.dataset.content_hash


@pytest.fixture
def sent(coin_toss: CoinToss, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[tracking.Described]:
    """A server that remembers what it was told."""
    told: list[tracking.Described] = []

    def send(described: tracking.Described) -> bool:
        known = described.run in {each.run for each in told}
        told.append(described)
        return not known

    settings.MLFLOW_TRACKING_URI = "http://mlflow.example"
    monkeypatch.setattr(tracking, "find_spec", lambda name: object())
    monkeypatch.setattr(tracking, "send", send)
    return told


def test_without_a_server_nothing_changes(coin_toss: CoinToss, settings: Settings) -> None:
    settings.MLFLOW_TRACKING_URI = ""
    assert said(trained()) == []


def test_without_the_library_the_run_says_so(
    coin_toss: CoinToss, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MLFLOW_TRACKING_URI = "http://mlflow.example"
    monkeypatch.setattr(tracking, "find_spec", lambda name: None)
    run = trained()
    assert run.status == "completed"
    assert said(run) == ["MLFLOW_TRACKING_URI is set, but mlflow is not installed: nothing was logged there"]


def test_a_completed_run_is_told_with_all_that_belongs_to_it(sent: list[tracking.Described]) -> None:
    run = trained()
    version = run.model_version
    [told] = sent
    assert told.metrics["test.brier"] == version.metrics["test"]["brier"]
    assert told.metrics["baselines.train-frequencies.brier"] > told.metrics["test.brier"]
    assert told.params["algorithm"] == "logit"
    assert told.tags["dataset_hash"] == content_hash(version)
    assert (told.tags["version"], told.tags["role"]) == (version.version, "experimental")
    assert told.artifact.is_file()
    assert told.version_name == f"v{version.training_completed_at:%Y-%m-%d}-global"
    assert said(run) == [f"Logged to MLflow as {told.version_name}"]


def test_a_server_that_fails_fails_no_run(sent: list[tracking.Described], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(described: tracking.Described) -> bool:
        raise ConnectionError("http://user:secret@mlflow.example is down")

    monkeypatch.setattr(tracking, "send", refuse)
    run = trained()
    assert run.status == "completed"
    [words] = said(run)
    assert words == "MLflow did not take the run (ConnectionError); manage.py track_runs tries again"


def test_a_run_is_told_again_by_command_and_counted_once(sent: list[tracking.Described]) -> None:
    run = trained()
    assert call("--most", "5") == ""
    assert len(sent) == 2
    assert len(said(run)) == 1
    sent.clear()
    assert f"{run.pk}: Logged to MLflow as v" in call()


def call(*arguments: str) -> str:
    out = StringIO()
    call_command("track_runs", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_wants_a_server_and_a_number(coin_toss: CoinToss, settings: Settings) -> None:
    settings.MLFLOW_TRACKING_URI = ""
    with pytest.raises(CommandError, match="set MLFLOW_TRACKING_URI"):
        call()
    settings.MLFLOW_TRACKING_URI = "http://mlflow.example"
    with pytest.raises(CommandError, match="not at 0"):
        call("--most", "0")


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_run_that_did_not_complete_is_not_told(
    sent: list[tracking.Described], monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    def end(run: TrainingRun, *, hold: Any) -> None:
        hold.finish(TrainingRun.Status(status))

    monkeypatch.setattr("mlmodels.pipeline.train", end)
    trained()
    assert sent == []


def test_long_values_are_cut_and_empty_ones_left_out(sent: list[tracking.Described]) -> None:
    run = trained()
    run.selection = {"competitions": [f"L{i}" for i in range(400)], "seasons": []}
    told = tracking.describe(run, ModelVersion.objects.get())
    assert len(told.params["selection.competitions"]) == 500
    assert "selection.seasons" not in told.params


# ---- A real server ----


def _venv() -> Path:
    folder = os.environ.get("MLFLOW_VENV")
    if not folder:
        pytest.skip("names no virtual environment with mlflow: set MLFLOW_VENV")
    return Path(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """MLflow's own server on SQLite; its library comes after ours on the path of imports."""
    venv = _venv()
    address = f"http://127.0.0.1:{_free_port()}"
    process = subprocess.Popen(  # noqa: S603 - what whoever runs the tests named
        [str(venv / "bin" / "mlflow"), "server", "--host", "127.0.0.1", "--port", address.rpartition(":")[2],
         "--workers", "1", "--backend-store-uri", f"sqlite:///{tmp_path}/mlflow.sqlite3",
         "--artifacts-destination", str(tmp_path / "mlflow-artifacts")],
        cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "MLFLOW_DISABLE_TELEMETRY": "true"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    site = next((venv / "lib").glob("python3.*/site-packages"))
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    importlib.invalidate_caches()
    settings.MLFLOW_TRACKING_URI = address
    try:
        _wait_for(address, process)
        yield address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(timeout=30)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    session = requests.Session()
    session.mount(
        "http://",
        requests.adapters.HTTPAdapter(max_retries=requests.adapters.Retry(120, backoff_factor=0.5, backoff_max=1)),
    )
    assert session.get(f"{address}/health", timeout=5).ok
    assert process.poll() is None


def ask(address: str, endpoint: str, **query: Any) -> dict[str, Any]:
    """MLflow's REST API, without its library."""
    url = f"{address}/api/2.0/mlflow/{endpoint}"
    answer = (
        requests.post(url, json=query, timeout=20) if "search" in endpoint else requests.get(url, query, timeout=20)
    )
    assert answer.ok, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.filterwarnings("ignore")
def test_a_real_server_has_the_run_its_artifact_and_its_version(server: str, coin_toss: CoinToss) -> None:
    assert find_spec("mlflow") is not None
    run = trained()
    version = run.model_version
    assert said(run) == [f"Logged to MLflow as {tracking.version_name(version)}"]
    assert call() == "", "it is there already"

    experiment = ask(server, "experiments/get-by-name", experiment_name="touchline")["experiment"]
    [found] = ask(server, "runs/search", experiment_ids=[experiment["experiment_id"]])["runs"]
    assert found["info"]["status"] == "FINISHED"
    metrics = {metric["key"]: metric["value"] for metric in found["data"]["metrics"]}
    assert metrics["test.brier"] == pytest.approx(version.metrics["test"]["brier"])
    assert metrics["validation.brier"] == pytest.approx(version.metrics["validation"]["brier"])
    assert {"key": "algorithm", "value": "logit"} in found["data"]["params"]
    tags = {tag["key"]: tag["value"] for tag in found["data"]["tags"]}
    assert tags["version"] == tags["mlflow.runName"] == version.version
    assert tags["dataset_hash"] == content_hash(version)
    files = ask(server, "artifacts/list", run_id=found["info"]["run_id"], path="model")["files"]
    assert [(file["path"], int(file["file_size"])) for file in files] == [
        (f"model/{version.artifact_path}", version.artifact_size)
    ]
    alias = {"name": "touchline-coin-toss", "alias": tracking.version_name(version)}
    registered = ask(server, "registered-models/alias", **alias)["model_version"]
    assert registered["run_id"] == found["info"]["run_id"]
    assert {"key": "problem", "value": "coin-toss"} in registered["tags"]
    assert registered["status"] == "READY"


@pytest.mark.filterwarnings("ignore")
def test_a_run_left_half_written_is_written_anew(
    server: str, coin_toss: CoinToss, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(tracking, "_register", lambda *_: (_ for _ in ()).throw(OSError("the line went dead")))
        run = trained()
    assert "did not take the run (OSError)" in said(run)[0]
    assert "Logged to MLflow as" in call()
    experiment = ask(server, "experiments/get-by-name", experiment_name="touchline")["experiment"]
    found = ask(server, "runs/search", experiment_ids=[experiment["experiment_id"]])["runs"]
    assert [each["info"]["status"] for each in found] == ["FINISHED"]
