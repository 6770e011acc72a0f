"""CPU time of a prediction through the only door, in a warm process: featurise, forecast, append to the ledger.

Two simulated leagues in mid-season stand for the real ones. The peer of each figure is the bare estimator on rows that
are featurised already: what is above it is what features, the ledger's hashes and the database cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from matches.simulating import simulate_leagues
from mlmodels import promotion, registry, runs
from mlmodels.models import ModelVersion, TrainingRun
from mlmodels.problem import Problem, get_problem
from mlmodels.selection import Selection
from predictions import ledger, serving
from tests.benchmarks.figures import cpu_seconds, report

NOW = datetime(2026, 2, 11, 12, tzinfo=UTC)
SLUG = "football-outcome"
LIMIT_MS = 8.0
REPEATS = 50


@pytest.fixture
def fixtures(db: None, storage: Path) -> Iterator[list[Any]]:
    """The next twenty matches of two leagues of sixteen teams in their fourth season."""
    with time_machine.travel(NOW):
        simulate_leagues(leagues=2, history=4, teams=16)
        yield list(get_problem(SLUG).upcoming(NOW, NOW + timedelta(days=30)))[:20]


def train(algorithm: str) -> registry.Serving:
    """Train through the pipeline and put the version in service."""
    run, _ = runs.request_run(problem=SLUG, algorithm=algorithm, selection=Selection(), dispatch=False)
    ended = runs.execute(str(run.pk), worker="bench")
    assert ended is not None
    assert ended.status == TrainingRun.Status.COMPLETED, ended.message
    promotion.promote(ModelVersion.objects.get(run=run), by=None)
    registry.forget_champion(SLUG)
    return registry.serving_champion(SLUG)


@pytest.mark.parametrize("algorithm", ["dixon-coles", "gbm", "blend"])
def test_one_fixture_takes_less_than_eight_milliseconds(algorithm: str, fixtures: list[Any]) -> None:
    model = train(algorithm)
    one = cpu_seconds(lambda: serving.predict(SLUG, fixtures[:1]), repeats=REPEATS)
    batch = cpu_seconds(lambda: serving.predict(SLUG, fixtures), repeats=REPEATS) / len(fixtures)
    parts = steps(get_problem(SLUG), model, fixtures[:1])
    bare = parts.pop("estimator alone")
    for what, seconds in {"one fixture": one, f"each of {len(fixtures)} fixtures": batch}.items():
        peer = f"estimator.predict_proba {1000 * bare:.2f} ms CPU"
        report(f"serving {algorithm}, {what}", 1000 * seconds, "ms CPU", ratio=round(bare / seconds, 3), peer=peer)
    for what, seconds in parts.items():
        report(f"serving {algorithm}, one fixture, {what}", 1000 * seconds, "ms CPU")
    assert 1000 * one < LIMIT_MS


def steps(problem: Problem, model: registry.Serving, subjects: list[Any]) -> dict[str, float]:
    """CPU seconds of what `serving.predict` does, one by one."""

    def featurise() -> Any:
        return problem.featurise(subjects, state=model.state, state_key=model.version.artifact_sha256)

    def append() -> Any:
        drafts = [
            serving._draft(problem, model.version, subject, forecast, made_at=NOW, latency_ms=0.0, is_shadow=False)
            for subject, forecast in zip(subjects, forecasts, strict=True)
        ]
        return ledger.append(drafts)

    frame = featurise()
    forecasts = problem.forecast(model.estimator, frame)
    read = frame[list(problem.algorithm(model.version.algorithm).columns)]
    work = {
        "featurise": featurise,
        "forecast": lambda: problem.forecast(model.estimator, frame),
        "append": append,
        "estimator alone": lambda: model.estimator.predict_proba(read),
    }
    return {name: cpu_seconds(step, repeats=REPEATS) for name, step in work.items()}
