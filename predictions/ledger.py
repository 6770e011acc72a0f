"""The ledger: an append-only chain of predictions.

Each row's hash is SHA-256 over the canonical JSON of its content, which holds the hash of the row before it. Whoever
knows one published head hash can tell whether anything before it was changed, removed, inserted or reordered.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.models import JSONField

from mlmodels.models import ModelVersion
from predictions.canonical import canonical_json, plain_json, sha256
from predictions.errors import EventIsOver
from predictions.models import GENESIS_HASH, LedgerHead, Prediction

BATCH = 1000
ROWS_PER_STATEMENT = 500
_HASHED = (
    "id",
    "sequence",
    "problem",
    "match_id",
    "subject",
    "made_at",
    "event_at",
    "probabilities",
    "distribution",
    "confidence",
    "notes",
    "drivers",
    "features",
    "features_hash",
    "is_shadow",
    "experiment_arm",
    "latency_ms",
    "previous_hash",
)
_IN_ORDER = sorted((*_HASHED, "model_version"))
_META = Prediction._meta  # noqa: SLF001 - the documented way to a model's table and columns
_FIELDS = _META.concrete_fields
_NAMES = [field.attname for field in _FIELDS]
_JSON = [field.attname for field in _FIELDS if isinstance(field, JSONField)]
_ID, _TIME = _META.get_field("id"), _META.get_field("made_at")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A prediction about to be written; times are timezone-aware."""

    version: ModelVersion
    match_id: int | None
    subject: Mapping[str, Any]
    made_at: datetime
    event_at: datetime
    probabilities: Mapping[str, float]
    distribution: Mapping[str, Any]
    confidence: float
    features: Mapping[str, Any]
    latency_ms: float
    notes: Sequence[str] = ()
    drivers: Sequence[Sequence[Any]] = ()
    """(words, effect) and, of a forecast that was explained, group, features and without: see `Driver`."""
    is_shadow: bool = False
    experiment_arm: str = ""


@dataclass(frozen=True, kw_only=True)
class LedgerCheck:
    """What walking the chain found; where `ok` is false, `broken_at` is the first sequence number that does not fit."""

    ok: bool
    length: int
    head: str
    broken_at: int | None = None
    reason: str = ""


@transaction.atomic
def append(drafts: Sequence[Draft]) -> list[Prediction]:
    """Write drafts to the end of the chain, in order; when this returns outside a transaction they are durable.

    Writers queue for the one head row, so the chain never forks. Raises EventIsOver where a draft was made after its
    event began; then nothing is written.
    """
    late = next((draft for draft in drafts if draft.made_at > draft.event_at), None)
    if late is not None:
        raise EventIsOver(f"The event began at {late.event_at:%d %B %Y %H:%M} UTC: a prediction must come before it.")
    head = _locked_head()
    rows: list[Prediction] = []
    batches = (drafts[start : start + BATCH] for start in range(0, len(drafts), BATCH))
    chained = ([_chained(draft, head) for draft in batch] for batch in batches)
    for batch in _ahead(chained) if len(drafts) > BATCH else chained:
        for start in range(0, len(batch), ROWS_PER_STATEMENT):
            _insert(batch[start : start + ROWS_PER_STATEMENT])
        rows += map(_as_row, batch)
    _move_head(head)
    return rows


def _ahead(batches: Iterator[list[_Link]]) -> Iterator[list[_Link]]:
    """Each batch, while the next one is made in a thread: hashing goes on as the database writes."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, batches, None)
        while batch := coming.result():
            coming = maker.submit(next, batches, None)
            yield batch


def _locked_head() -> LedgerHead:
    head = _read_head()
    if head is None:
        LedgerHead.objects.get_or_create(pk=1)
        head = _read_head()
    if head is None:
        raise LedgerHead.DoesNotExist("The ledger's head went away while it was being locked.")
    return head


def _read_head() -> LedgerHead | None:
    # Every prediction waits for these two statements: through the ORM they take longer than all that is hashed.
    with connection.cursor() as cursor:
        cursor.execute(" ".join([_of_head("SELECT sequence, hash FROM {table} WHERE id = 1"), _for_update()]))
        found = cursor.fetchone()
    return LedgerHead(pk=1, sequence=found[0], hash=found[1]) if found else None


def _move_head(head: LedgerHead) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_of_head("UPDATE {table} SET sequence = %s, hash = %s WHERE id = 1"), [head.sequence, head.hash])


def _of_head(statement: str) -> str:
    return statement.format(table=connection.ops.quote_name(LedgerHead._meta.db_table))  # noqa: SLF001 - as above


def _for_update() -> str:
    return connection.ops.for_update_sql() if connection.features.has_select_for_update else ""


@dataclass(frozen=True, slots=True)
class _Link:
    """A row on its way into the table: its values by column, and the JSON that goes into the database for some."""

    values: dict[str, Any]
    stored: dict[str, str]
    version: ModelVersion


def _chained(draft: Draft, head: LedgerHead) -> _Link:
    """The row that a draft becomes at the end of the chain, which moves on to it."""
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "sequence": head.sequence + 1,
        "problem": draft.version.problem,
        "match_id": draft.match_id,
        "subject": dict(draft.subject),
        "made_at": draft.made_at,
        "event_at": draft.event_at,
        "probabilities": dict(draft.probabilities),
        "distribution": dict(draft.distribution),
        "confidence": draft.confidence,
        "notes": list(draft.notes),
        "drivers": [list(driver) for driver in draft.drivers],
        "features": dict(draft.features),
        "is_shadow": draft.is_shadow,
        "experiment_arm": draft.experiment_arm,
        "latency_ms": draft.latency_ms,
        "previous_hash": head.hash,
    }
    # What is canonical already is put into words once: to be hashed, and to be stored.
    plain = {name: text for name in _JSON if (text := plain_json(values[name]))}
    features = plain.get("features") or canonical_json(values["features"])
    values["features_hash"] = sha256(features)
    head.sequence += 1
    head.hash = sha256(_row_text(values, draft.version.version, known={**plain, "features": features}))
    stored = {name: plain.get(name) or json.dumps(values[name]) for name in _JSON}
    return _Link({**values, "hash": head.hash, "model_version_id": draft.version.pk}, stored, draft.version)


def _row_text(content: Mapping[str, Any], version: str, *, known: Mapping[str, str]) -> str:
    """Canonical JSON of one row's content (every hashed column) and the name of the model version that said it.

    known: what is in words already, by column.
    """
    named = {**content, "model_version": version}
    parts = (f'"{name}":{known.get(name) or _text(named[name])}' for name in _IN_ORDER)
    return f"{{{','.join(parts)}}}"


def _text(value: Any) -> str:
    return _moment(value) if isinstance(value, datetime) else canonical_json(value)


@lru_cache(maxsize=1024)
def _moment(when: datetime) -> str:
    """A time in canonical JSON: those of a batch are mostly the same."""
    return canonical_json(when)


def _insert(links: Sequence[_Link]) -> None:
    # Straight to the driver: Django prepares each of the values again, which takes longer than hashing them.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.execute(_statement(len(links)), tuple(chain.from_iterable(map(_bound, links))))


def _bound(link: _Link) -> list[Any]:
    """Its values as the database takes them, in the order of the columns."""
    bound = {**link.values, **link.stored, "id": _ID.get_db_prep_save(link.values["id"], connection)}
    bound |= {name: _stored_time(bound[name]) for name in ("made_at", "event_at")}
    return [bound[name] for name in _NAMES]


@lru_cache(maxsize=1024)
def _stored_time(when: datetime) -> Any:
    return _TIME.get_db_prep_save(when, connection)


@lru_cache(maxsize=64)
def _statement(rows: int) -> str:
    """INSERT of so many rows, which SQLite and PostgreSQL both understand."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column or field.name) for field in _FIELDS)
    values = f"({', '.join(['%s'] * len(_FIELDS))})"
    return " ".join([f"INSERT INTO {quote(_META.db_table)} ({columns})", f"VALUES {', '.join([values] * rows)}"])


def _as_row(link: _Link) -> Prediction:
    row = Prediction.from_db(connection.alias, _NAMES, [link.values[name] for name in _NAMES])
    row.model_version = link.version
    return row


def hashed_content(prediction: Prediction) -> dict[str, Any]:
    """All of a written row that goes into its hash, its version's name included."""
    return {name: getattr(prediction, name) for name in _HASHED} | {"model_version": prediction.model_version.version}


def verify() -> LedgerCheck:
    """Walk the whole chain in constant memory and compare its end with the head row."""
    previous, length = GENESIS_HASH, 0
    for row in _rows():
        complaint = _complaint(row, expected_sequence=length + 1, previous=previous)
        if complaint:
            return LedgerCheck(ok=False, length=length, head=previous, broken_at=length + 1, reason=complaint)
        previous, length = row["hash"], row["sequence"]
    head = LedgerHead.objects.filter(pk=1).first() or LedgerHead(pk=1)
    if (head.sequence, head.hash) != (length, previous):
        return LedgerCheck(
            ok=False,
            length=length,
            head=previous,
            broken_at=length + 1,
            reason=f"The chain ends after {length} rows, but its head says {head.sequence}: rows at the end are gone.",
        )
    return LedgerCheck(ok=True, length=length, head=previous)


def _rows() -> Iterator[dict[str, Any]]:
    rows: Iterable[dict[str, Any]] = (
        Prediction.objects.in_chain_order()
        .values(*_HASHED, "hash", "model_version__version")
        .iterator(chunk_size=BATCH)
    )
    yield from rows


def _complaint(row: Mapping[str, Any], *, expected_sequence: int, previous: str) -> str:
    if row["sequence"] != expected_sequence:
        return f"Row {expected_sequence} is missing: the next one is {row['sequence']}."
    if row["previous_hash"] != previous:
        return f"Row {expected_sequence} does not follow the row before it: one of them was replaced or moved."
    features = canonical_json(row["features"])
    if row["features_hash"] != sha256(features):
        return f"The features of row {expected_sequence} were changed."
    if row["hash"] != sha256(_row_text(row, row["model_version__version"], known={"features": features})):
        return f"Row {expected_sequence} was changed: its hash no longer fits its content."
    return ""
