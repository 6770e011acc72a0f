"""The ledger: an append-only chain of predictions.

Each row's hash is SHA-256 over the canonical JSON of its content, which holds the hash of the row before it. Whoever
knows one published head hash can tell whether anything before it was changed, removed, inserted or reordered.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from mlmodels.models import ModelVersion
from predictions.errors import EventIsOver
from predictions.models import GENESIS_HASH, LedgerHead, Prediction
from predictions.models.ledger import Written

BATCH = 1000
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
_MAPPINGS = (dict, Written)
_NUMBERS = {float, type(None)}
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
        Prediction.objects.bulk_create(batch)
        rows += batch
    head.save()
    return rows


def _ahead(batches: Iterator[list[Prediction]]) -> Iterator[list[Prediction]]:
    """Each batch, while the next one is made in a thread: hashing goes on as the database writes."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, batches, None)
        while batch := coming.result():
            coming = maker.submit(next, batches, None)
            yield batch


def _locked_head() -> LedgerHead:
    heads = LedgerHead.objects.select_for_update().filter(pk=1)
    head = heads.first()
    if head is None:
        LedgerHead.objects.get_or_create(pk=1)
        head = heads.get()
    return head


def _chained(draft: Draft, head: LedgerHead) -> Prediction:
    """The row that a draft becomes at the end of the chain, which moves on to it."""
    features = canonical_json(draft.features)
    content: dict[str, Any] = {
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
        "features": Written(draft.features, text=features),
        "features_hash": _sha256(features),
        "is_shadow": draft.is_shadow,
        "experiment_arm": draft.experiment_arm,
        "latency_ms": draft.latency_ms,
        "previous_hash": head.hash,
    }
    head.sequence += 1
    head.hash = _row_hash(content, version=draft.version.version, features=features)
    return Prediction(**content, model_version=draft.version, hash=head.hash)


def _row_hash(content: Mapping[str, Any], *, version: str, features: str) -> str:
    """Hex SHA-256 of one row's content (every hashed column) and the name of the model version that said it.

    features: their canonical JSON, by far the longest part of the row, made once for both hashes. Their digest holds
    their place while the rest is put into words.
    """
    text = canonical_json({**content, "features": content["features_hash"], "model_version": version})
    return _sha256(text.replace(f'"features":"{content["features_hash"]}"', f'"features":{features}', 1))


def content_hash(content: Mapping[str, Any]) -> str:
    """Hex SHA-256 over canonical JSON: sorted keys, no spaces, UTF-8, every number as the shortest float."""
    return _sha256(canonical_json(content))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def canonical_json(content: Mapping[str, Any]) -> str:
    """The text that is hashed: whoever has it can hash it with any other tool."""
    return _of_numbers(content) or _encode(_canonical(content))


def _of_numbers(content: Mapping[str, Any]) -> str:
    """Canonical JSON of a flat mapping of names to floats, as features are, without a look at each; else nothing."""
    if type(content) not in _MAPPINGS or {*map(type, content.values())} - _NUMBERS or {*map(type, content)} - {str}:
        return ""
    text = _encode(content)
    return "" if "-0.0," in text or "-0.0}" in text else text


def hashed_content(prediction: Prediction) -> dict[str, Any]:
    """All of a written row that goes into its hash, its version's name included."""
    return {name: getattr(prediction, name) for name in _HASHED} | {"model_version": prediction.model_version.version}


def _canonical(value: Any) -> Any:
    """JSON without what databases write differently: 1 and 1.0, 0.0 and -0.0, time zones, UUIDs."""
    kind = type(value)
    if kind is float:  # first: nearly everything in a ledger is a number
        return value + 0.0
    if kind is dict:
        return {str(key): item + 0.0 if type(item) is float else _canonical(item) for key, item in value.items()}
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
    features = canonical_json(row["features"])
    if row["features_hash"] != _sha256(features):
        return f"The features of row {expected_sequence} were changed."
    if row["hash"] != _row_hash(content, version=row["model_version__version"], features=features):
        return f"Row {expected_sequence} was changed: its hash no longer fits its content."
    return ""
