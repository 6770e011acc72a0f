"""How one prediction reads in the log."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from predictions.models import PredictionQuerySet

HEADER = (
    "event_id",
    "sequence",
    "made_at",
    "problem",
    "model",
    "subject",
    "event_at",
    "prediction",
    "confidence",
    "probabilities",
    "shadow",
    "experiment_arm",
    "hash",
    "actual",
    "correct",
    "log_loss",
    "brier",
    "rps",
    "closing_line_value",
    "flat_profit",
    "revision",
)
KEY, SEQUENCE = HEADER.index("event_id"), HEADER.index("sequence")

COLUMNS = (
    "id",
    "sequence",
    "made_at",
    "problem",
    "model_version__version",
    "subject",
    "event_at",
    "probabilities",
    "confidence",
    "is_shadow",
    "experiment_arm",
    "hash",
    "settlement__outcome",
    "settlement__correct",
    "settlement__log_loss",
    "settlement__brier",
    "settlement__rps",
    "settlement__closing_line_value",
    "settlement__flat_profit",
    "settlement__revision",
)
"""What is read of a prediction: not its features, which are most of it."""

CHUNK = 2000


def of_day(predictions: PredictionQuerySet, day: date) -> PredictionQuerySet:
    """Those made on a day (UTC)."""
    begin = datetime.combine(day, time(), tzinfo=UTC)
    return predictions.filter(made_at__gte=begin, made_at__lt=begin + timedelta(days=1))


def read(predictions: PredictionQuerySet) -> Iterator[dict[str, Any]]:
    """The rows in the chain's order, in constant memory."""
    yield from predictions.in_chain_order().values(*COLUMNS).iterator(chunk_size=CHUNK)


def cells(row: Mapping[str, Any]) -> list[str]:
    """The line of a row, empty where it is not settled or a figure is not known."""
    said: Mapping[str, float] = row["probabilities"]
    return [
        str(row["id"]),
        str(row["sequence"]),
        _moment(row["made_at"]),
        row["problem"],
        row["model_version__version"],
        _json(row["subject"]),
        _moment(row["event_at"]),
        max(said, key=said.__getitem__) if said else "",
        _number(row["confidence"]),
        _json(said),
        _truth(row["is_shadow"]),
        row["experiment_arm"],
        row["hash"],
        row["settlement__outcome"] or "",
        _truth(row["settlement__correct"]),
        _number(row["settlement__log_loss"]),
        _number(row["settlement__brier"]),
        _number(row["settlement__rps"]),
        _number(row["settlement__closing_line_value"]),
        _number(row["settlement__flat_profit"]),
        "" if row["settlement__revision"] is None else str(row["settlement__revision"]),
    ]


def as_csv(lines: Iterable[Iterable[str]]) -> bytes:
    """Lines as CSV (RFC 4180), in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _number(value: Any) -> str:
    """The shortest text that is the same number again, whichever database it came from."""
    return "" if value is None else repr(float(value))


def _truth(value: bool | None) -> str:
    return "" if value is None else "true" if value else "false"
