from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from mlmodels.models import ModelVersion
from predictions import canonical, ledger
from predictions.errors import EventIsOver, LedgerIsAppendOnly
from predictions.models import GENESIS_HASH, LedgerHead, Prediction
from tests.factories import ModelVersionFactory
from tests.predictions.tampering import tamper

NOW = datetime(2024, 8, 16, 12, tzinfo=UTC)


def _draft(version: ModelVersion, **changes: Any) -> ledger.Draft:
    content: dict[str, Any] = {
        "version": version,
        "match_id": None,
        "subject": {"number": 1},
        "made_at": NOW,
        "event_at": NOW + timedelta(days=1),
        "probabilities": {"home": 0.5, "draw": 0.25, "away": 0.25},
        "distribution": {"home_rate": 1.5, "away_rate": 1.0, "rho": -0.0},
        "confidence": 0.5,
        "features": {"home_elo": 1500, "derby": True, "name": "Köln", "missing": None, "tiny": 1e-12, "huge": 1e22},
        "latency_ms": 1.25,
        "drivers": [("home advantage", 0.3)],
    }
    return ledger.Draft(**{**content, **changes})


@pytest.fixture
def chain(db: None) -> list[Prediction]:
    version = ModelVersionFactory.create()
    return ledger.append([_draft(version, subject={"number": n}) for n in range(5)])


def test_each_row_holds_the_hash_of_the_one_before(chain: list[Prediction]) -> None:
    assert [row.sequence for row in chain] == [1, 2, 3, 4, 5]
    assert chain[0].previous_hash == GENESIS_HASH
    assert all(later.previous_hash == earlier.hash for earlier, later in pairwise(chain))
    assert LedgerHead.objects.get().hash == chain[-1].hash


def test_many_batches_make_one_chain_in_the_order_of_the_drafts(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "BATCH", 3)
    version = ModelVersionFactory.create()
    rows = ledger.append([_draft(version, subject={"number": n}) for n in range(11)])
    assert [row.subject["number"] for row in Prediction.objects.in_chain_order()] == list(range(11))
    assert ledger.verify() == ledger.LedgerCheck(ok=True, length=11, head=rows[-1].hash)


def test_a_batch_that_fails_leaves_nothing_behind(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "BATCH", 3)
    version = ModelVersionFactory.create()
    with pytest.raises(ValueError, match="not JSON compliant"):
        ledger.append([_draft(version, confidence=0.5 if n < 7 else float("nan")) for n in range(11)])
    assert not Prediction.objects.exists()
    assert ledger.verify().ok


JSONABLE = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSONABLE)
def test_what_is_plain_is_written_the_short_way_as_it_is_the_long_way(content: Any) -> None:
    assert canonical.canonical_json(content) == canonical._encode(canonical._canonical(content))


@given(st.dictionaries(st.text(), JSONABLE))
def test_a_row_is_put_into_words_by_its_columns_as_it_is_as_a_whole(features: dict[str, Any]) -> None:
    content = dict.fromkeys(ledger._HASHED) | {"features": features, "made_at": NOW, "sequence": 7}
    text = ledger._row_text(content, "elo", known={"features": canonical.canonical_json(features)})
    assert text == canonical.canonical_json({**content, "model_version": "elo"})


def test_an_untouched_chain_is_whole(chain: list[Prediction]) -> None:
    assert ledger.verify() == ledger.LedgerCheck(ok=True, length=5, head=chain[-1].hash)


def test_an_empty_ledger_is_whole(db: None) -> None:
    assert ledger.verify() == ledger.LedgerCheck(ok=True, length=0, head=GENESIS_HASH)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE predictions_prediction SET confidence = 0.9 WHERE sequence = 3", "was changed"),
        ("UPDATE predictions_prediction SET features = '{}' WHERE sequence = 3", "features of row 3"),
        ("DELETE FROM predictions_prediction WHERE sequence = 3", "Row 3 is missing"),
    ],
)
def test_a_change_in_the_middle_is_named(chain: list[Prediction], statement: str, reason: str) -> None:
    tamper(statement)
    check = ledger.verify()
    assert (check.ok, check.broken_at) == (False, 3)
    assert reason in check.reason


def test_rows_swapped_are_named(chain: list[Prediction]) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        tamper("UPDATE predictions_prediction SET sequence = %s WHERE sequence = %s", new, old)
    assert ledger.verify().broken_at == 3


def test_rows_cut_off_the_end_are_noticed(chain: list[Prediction]) -> None:
    tamper("DELETE FROM predictions_prediction WHERE sequence = 5")
    check = ledger.verify()
    assert (check.ok, check.broken_at) == (False, 5)


def test_the_model_layer_refuses_changes(chain: list[Prediction]) -> None:
    row = Prediction.objects.get(sequence=2)
    for change in (
        row.save,
        row.delete,
        Prediction.objects.all().delete,
        lambda: Prediction.objects.update(confidence=1),
        lambda: Prediction.objects.bulk_update([row], ["confidence"]),
    ):
        with pytest.raises(LedgerIsAppendOnly):
            change()
    assert ledger.verify().ok


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the trigger is PostgreSQL's")
def test_the_database_refuses_changes(chain: list[Prediction]) -> None:
    from django.db import DatabaseError, transaction

    for statement in ("UPDATE predictions_prediction SET confidence = 1", "DELETE FROM predictions_prediction"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the trigger is PostgreSQL's")
@pytest.mark.parametrize("table", ["predictions_prediction", "predictions_ledgerhead"])
def test_the_database_refuses_to_be_emptied_unless_the_session_says_so(chain: list[Prediction], table: str) -> None:
    from django.db import DatabaseError, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL touchline.ledger_may_be_emptied = 'off'")
        with pytest.raises(DatabaseError, match="append-only: TRUNCATE refused"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        cursor.execute("SET LOCAL touchline.ledger_may_be_emptied = 'on'")
        before = transaction.savepoint()
        cursor.execute(f"TRUNCATE {table} CASCADE")
        transaction.savepoint_rollback(before)
    assert ledger.verify().length == len(chain)


def test_a_prediction_after_its_event_is_refused_and_nothing_is_written(db: None) -> None:
    version = ModelVersionFactory.create()
    late = _draft(version, made_at=NOW + timedelta(days=2))
    with pytest.raises(EventIsOver):
        ledger.append([_draft(version), late])
    assert not Prediction.objects.exists()
    assert ledger.verify().ok


def test_the_bulk_path_costs_a_few_queries(db: None, django_assert_max_num_queries: Any) -> None:
    version = ModelVersionFactory.create()
    with django_assert_max_num_queries(16):
        ledger.append([_draft(version, subject={"number": n}) for n in range(200)])
    assert ledger.verify().length == 200


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_a_content_hash_survives_json(content: dict[str, Any]) -> None:
    import json

    assert canonical.content_hash(json.loads(json.dumps(content))) == canonical.content_hash(content)
