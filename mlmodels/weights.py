"""What a model learned, as tables for a person, whatever shape an algorithm gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlmodels.charts import Bar, bars
from mlmodels.tables import number

MOST_ROWS = 40
MOST_COLUMNS = 6
MOST_TABLES = 30
DEEPEST = 5
LONGEST_TEXT = 80


@dataclass(frozen=True, kw_only=True)
class WeightRow:
    """One name's weights; `bar` shows the first of them among those of the table, where all are numbers."""

    name: str
    cells: tuple[str, ...]
    bar: Bar | None = None


@dataclass(frozen=True, kw_only=True)
class WeightTable:
    title: str
    columns: tuple[str, ...]
    """Empty where the weights have no names."""
    rows: tuple[WeightRow, ...]
    left_out: int

    @property
    def total(self) -> int:
        return len(self.rows) + self.left_out

    @property
    def has_bars(self) -> bool:
        return bool(self.rows) and self.rows[0].bar is not None


def readable(weights: Any) -> list[WeightTable]:
    """Tables of the weights, those that can be drawn first; the largest entries of each where there are many."""
    if not isinstance(weights, Mapping) or not weights:
        return []
    return sorted(_tables("", weights, depth=0), key=lambda table: not table.has_bars)[:MOST_TABLES]


def _tables(title: str, weights: Mapping[str, Any], *, depth: int) -> Iterable[WeightTable]:
    """A table of what is alike, else one of the loose values and, after it, those of the nested ones."""
    if len(weights) > 1 and (records := _records(weights)):
        yield _ranked(title or "Weights", *records)
        return
    loose = {name: value for name, value in weights.items() if not isinstance(value, Mapping)}
    if loose:
        rows = tuple(
            WeightRow(name=str(name), cells=(_text(value),)) for name, value in list(loose.items())[:MOST_ROWS]
        )
        yield WeightTable(title=title or "General", columns=(), rows=rows, left_out=max(0, len(loose) - MOST_ROWS))
    for name, value in weights.items():
        if isinstance(value, Mapping) and value and depth < DEEPEST:
            yield from _tables(f"{title} · {name}" if title else str(name).capitalize(), value, depth=depth + 1)


Records = tuple[tuple[str, ...], dict[str, list[float]]]


def _records(weights: Mapping[str, Any]) -> Records | None:
    """(columns, name → numbers) where every entry holds the same few numbers; None where they differ."""
    first = next(iter(weights.values()))
    columns = tuple(map(str, first)) if isinstance(first, Mapping) else ()
    rows = {str(name): _numbers(entry, columns) for name, entry in weights.items()}
    lengths = {len(row) for row in rows.values()}
    if len(lengths) == 1 and 0 < lengths.pop() <= MOST_COLUMNS and (columns or len(rows) > MOST_COLUMNS):
        return columns, rows
    return None


def _numbers(entry: Any, columns: Sequence[str]) -> list[float]:
    """The numbers of one entry in the order of `columns`; none where any of it is not a number."""
    if isinstance(entry, Mapping):
        values = [entry.get(column) for column in columns] if set(map(str, entry)) == set(columns) else [None]
    elif isinstance(entry, list):
        values = [] if columns else entry
    else:
        values = [] if columns else [entry]
    found = [known for value in values if (known := number(value)) is not None]
    return found if len(found) == len(values) else []


def _ranked(title: str, columns: tuple[str, ...], rows: Mapping[str, Sequence[float]]) -> WeightTable:
    """The largest first, by the first number."""
    ranked = sorted(rows.items(), key=lambda pair: -pair[1][0])[:MOST_ROWS]
    drawn = {bar.name: bar for bar in bars((name, numbers[0]) for name, numbers in ranked)}
    return WeightTable(
        title=title,
        columns=columns,
        rows=tuple(
            WeightRow(name=name, cells=tuple(f"{value:#.4g}" for value in numbers), bar=drawn.get(name))
            for name, numbers in ranked
        ),
        left_out=max(0, len(rows) - MOST_ROWS),
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return _shortened(", ".join(map(_text, value[:MOST_COLUMNS])) + (", …" if len(value) > MOST_COLUMNS else ""))
    found = number(value)
    return _shortened(str(value)) if found is None else f"{found:.4g}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
