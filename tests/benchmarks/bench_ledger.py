"""Rows a second into the ledger: hashed, chained and durable, next to the same rows inserted without a chain.

The rows are those of football fixtures as they are served, with all their features (2.3 kB of JSON each). With
`DATABASE_URL` it is PostgreSQL's figure, else SQLite's.
"""

from __future__ import annotations

import itertools
import time
import uuid
from typing import Any

import pytest
from django.db import connection, transaction

from mlmodels import registry
from mlmodels.problem import get_problem
from predictions import ledger, serving
from predictions.models import Prediction
from tests.benchmarks.bench_serving import NOW, SLUG, fixtures, train
from tests.benchmarks.figures import report

__all__ = ["fixtures"]

ROWS, BATCH = 100_000, 10_000
LEAST_ROWS_A_SECOND = 3_000


def drafts(model: registry.Serving, fixtures: list[Any]) -> list[ledger.Draft]:
    """What serving would write of a batch: the fixtures' real forecasts, over and over."""
    problem = get_problem(SLUG)
    forecasts = serving._forecasts(problem, model, fixtures)
    pairs = itertools.islice(itertools.cycle(zip(fixtures, forecasts, strict=True)), BATCH)
    return [
        serving._draft(problem, model.version, subject, forecast, made_at=NOW, latency_ms=1.25, is_shadow=False)
        for subject, forecast in pairs
    ]


@pytest.mark.django_db(transaction=True)
def test_the_ledger_takes_three_thousand_rows_a_second(fixtures: list[Any]) -> None:
    batch = drafts(train("dixon-coles"), fixtures)
    chained = bare = 0.0
    for _ in range(ROWS // BATCH):
        began = time.perf_counter()
        rows = ledger.append(batch)
        chained += time.perf_counter() - began
        bare += _inserted_without_a_chain(rows)
    began = time.perf_counter()
    check = ledger.verify()
    walked = time.perf_counter() - began
    assert (check.ok, check.length) == (True, ROWS)
    peer = f"bulk_create of the same rows, {ROWS / bare:.0f} rows/s"
    rate = ROWS / chained
    report(f"ledger append, {connection.vendor}", rate, "rows/s", ratio=round(ROWS / bare / rate, 3), peer=peer)
    report(f"ledger verify, {connection.vendor}", ROWS / walked, "rows/s")
    if connection.vendor == "postgresql":
        assert rate >= LEAST_ROWS_A_SECOND


def _inserted_without_a_chain(rows: list[Prediction]) -> float:
    """Seconds that inserting the same rows takes; they are rolled back."""
    for row in rows:
        row.pk, row.sequence, row.hash = uuid.uuid4(), row.sequence + 10**9, row.hash[::-1]
    with transaction.atomic():
        began = time.perf_counter()
        Prediction.objects.bulk_create(rows, batch_size=ledger.BATCH)
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took
