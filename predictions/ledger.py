"""The ledger: an append-only chain of predictions.

Each row's hash is SHA-256 over the canonical JSON of its content, which holds the hash of the row before it. Whoever
knows one published head hash can tell whether anything before it was changed, removed, inserted or reordered.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from mlmodels.models import ModelVersion
from predictions.errors import EventIsOver
from predictions.models import GENESIS_HASH, LedgerHead, Prediction

BATCH = 1000
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
    drivers: Sequence[tuple[str, float]] = ()
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
    rows = []
    for draft in drafts:
        row = _chained(draft, head)
        head.sequence, head.hash = row.sequence, row.hash
        rows.append(row)
    Prediction.objects.bulk_create(rows, batch_size=BATCH)
    head.save()
    return rows


def _locked_head() -> LedgerHead:
    heads = LedgerHead.objects.select_for_update().filter(pk=1)
    head = heads.first()
    if head is None:
        LedgerHead.objects.get_or_create(pk=1)
        head = heads.get()
    return head


def _chained(draft: Draft, head: LedgerHead) -> Prediction:
    row = Prediction(
        id=uuid.uuid4(),
        sequence=head.sequence + 1,
        problem=draft.version.problem,
        model_version=draft.version,
        match_id=draft.match_id,
        subject=dict(draft.subject),
        made_at=draft.made_at,
        event_at=draft.event_at,
        probabilities=dict(draft.probabilities),
        distribution=dict(draft.distribution),
        confidence=draft.confidence,
        notes=list(draft.notes),
        drivers=[list(driver) for driver in draft.drivers],
        features=dict(draft.features),
        features_hash=content_hash(draft.features),
        is_shadow=draft.is_shadow,
        experiment_arm=draft.experiment_arm,
        latency_ms=draft.latency_ms,
        previous_hash=head.hash,
    )
    row.hash = row_hash({name: getattr(row, name) for name in _HASHED}, version=draft.version.version)
    return row


def row_hash(content: Mapping[str, Any], *, version: str) -> str:
    """Hex SHA-256 of one row's content (every hashed column) and the name of the model version that said it."""
    return content_hash({**content, "model_version": version})


def content_hash(content: Mapping[str, Any]) -> str:
    """Hex SHA-256 over canonical JSON: sorted keys, no spaces, UTF-8, every number as the shortest float."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def canonical_json(content: Mapping[str, Any]) -> str:
    """The text that is hashed: whoever has it can hash it with any other tool."""
    return json.dumps(_canonical(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hashed_content(prediction: Prediction) -> dict[str, Any]:
    """All of a written row that goes into its hash, its version's name included."""
    return {name: getattr(prediction, name) for name in _HASHED} | {"model_version": prediction.model_version.version}


def _canonical(value: Any) -> Any:
    """JSON without what databases write differently: 1 and 1.0, 0.0 and -0.0, time zones, UUIDs."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return float(value) + 0.0
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    return str(value)


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
    content = {name: row[name] for name in _HASHED}
    if row["features_hash"] != content_hash(row["features"]):
        return f"The features of row {expected_sequence} were changed."
    if row["hash"] != row_hash(content, version=row["model_version__version"]):
        return f"Row {expected_sequence} was changed: its hash no longer fits its content."
    return ""
