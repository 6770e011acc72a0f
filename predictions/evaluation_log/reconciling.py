"""Comparing the files with the ledger, row by row, in memory that does not grow with either."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date

from django.db.models.functions import TruncDate

from mlmodels.problem import Progress, silent
from predictions import alerting
from predictions.evaluation_log import files
from predictions.evaluation_log.rows import HEADER, KEY, SEQUENCE, cells, of_day, read
from predictions.evaluation_log.writing import write_day
from predictions.models import Alert, LoggedDay, Prediction, Severity

MOST_NAMED = 20
RECONCILIATION = "reconciliation"
LONGEST_TOLD = 120
EVERY = 10_000


@dataclass(kw_only=True)
class Reconciliation:
    """What the comparison found. `waiting`: not written yet, or changed since, and due with the next writing."""

    events: int = 0
    lines: int = 0
    matched: int = 0
    missing: int = 0
    extra: int = 0
    different: int = 0
    waiting: int = 0
    findings: list[str] = field(default_factory=list)
    """The first of them, in words."""
    days: set[date] = field(default_factory=set)
    """Whose file is not as the database."""
    repaired: int = 0

    @property
    def ok(self) -> bool:
        return not (self.missing or self.extra or self.different)

    def note(self, kind: str, day: date, words: str) -> None:
        setattr(self, kind, getattr(self, kind) + 1)
        self.days.add(day)
        if len(self.findings) < MOST_NAMED:
            self.findings.append(f"{day:%Y-%m-%d}.csv: {words}")


def reconcile(*, repair: bool = False, progress: Progress = silent) -> Reconciliation:
    """Compare every line with its row; with `repair`, the days in which something is wrong are written again.

    A file that is replaced is kept beside the new one.
    """
    found = Reconciliation()
    total = max(1, Prediction.objects.order_by().count())
    for day in _days():
        _Comparison(found, day, lambda done: progress(done / total, f"{done} events compared")).run()
    if repair:
        for day in sorted(found.days):
            write_day(day, anew=True)
            found.repaired += 1
    return found


def _days() -> list[date]:
    """On which something was predicted, or of which there is a file; oldest first."""
    predicted = Prediction.objects.order_by().annotate(day=TruncDate("made_at", tzinfo=UTC))
    return sorted({*predicted.values_list("day", flat=True).distinct(), *files.days_on_disk()})


def check() -> Reconciliation:
    """Compare, and raise an alert where something is wrong; where nothing is, an earlier one is resolved."""
    found = reconcile()
    if found.ok:
        alerting.resolve(Alert.Kind.LOG, RECONCILIATION)
    else:
        alerting.raise_alert(
            Alert.Kind.LOG,
            key=RECONCILIATION,
            title="The evaluation log is not as the ledger",
            message=(
                f"{found.missing} events are missing from the files, {found.extra} lines are too many, "
                f"{found.different} are different. The first: {found.findings[0]}. "
                "`manage.py reconcile_log --repair` writes it again."
            ),
            severity=Severity.WARNING,
            evidence={"findings": found.findings},
        )
    return found


class _Comparison:
    """One day: its rows from the database in the chain's order, and the lines of its file."""

    def __init__(self, found: Reconciliation, day: date, progress: Callable[[int], None]) -> None:
        self._found = found
        self._day = day
        self._progress = progress
        self._logged = LoggedDay.objects.filter(day=day).first() or LoggedDay(day=day)
        self._lines = _Lines(day)

    def run(self) -> None:
        for row in read(of_day(Prediction.objects.all(), self._day)):
            self._compare(int(row["sequence"]), cells(row))
            self._found.events += 1
            if not self._found.events % EVERY:
                self._progress(self._found.events)
        while self._lines.current is not None:
            self._extra(self._lines.current)

    def _compare(self, sequence: int, expected: list[str]) -> None:
        lines, key = self._lines, expected[KEY]
        while (line := lines.current) is not None and lines.sequence < sequence and _key(line) != key:
            self._extra(line)
        if line is None or (lines.sequence > sequence and _key(line) != key):
            self._absent(sequence, key)
            return
        self._found.lines += 1
        if line == expected:
            self._found.matched += 1
        elif self._logged.state == LoggedDay.State.OUTDATED:
            self._found.waiting += 1
        else:
            self._note("different", f"line {lines.number} ({key}) {_difference(line, expected)}")
        lines.step()

    def _absent(self, sequence: int, key: str) -> None:
        if sequence > self._logged.through_sequence:
            self._found.waiting += 1
        else:
            self._note("missing", f"event {key} (row {sequence} of the ledger) is missing")

    def _extra(self, line: list[str]) -> None:
        self._found.lines += 1
        told = ",".join(line)[:LONGEST_TOLD]
        self._note("extra", f"line {self._lines.number} is of no prediction in its place: {told}")
        self._lines.step()

    def _note(self, kind: str, words: str) -> None:
        self._found.note(kind, self._day, words)


class _Lines:
    """A day's file, a line at a time: `current` is None at its end."""

    def __init__(self, day: date) -> None:
        self.number, self.sequence = 0, 0
        self.current: list[str] | None = None
        self._rows = self._read(day)
        self._next = next(self._rows, None)
        self.step()

    def step(self) -> None:
        self.number, self.current = self._next or (0, None)
        self._next = next(self._rows, None)
        own, following = _place(self.current), _place(self._next[1] if self._next else None)
        # A line that is not one of ours, or that stands before an earlier one, is told as extra before the next row.
        self.sequence = 0 if 0 < following <= own else own

    @staticmethod
    def _read(day: date) -> Iterator[tuple[int, list[str]]]:
        """Line number in the file and cells; the header is skipped, wherever else it stands it is a line too many."""
        with (
            suppress(FileNotFoundError),
            files.path_of(day).open(newline="", encoding="utf-8", errors="replace") as file,
        ):
            reader = csv.reader(line.replace("\0", "\ufffd") for line in file)
            try:
                for line in reader:
                    if reader.line_num > 1 or tuple(line) != HEADER:
                        yield reader.line_num, line
            except csv.Error as error:
                yield reader.line_num, [f"unreadable from here on ({error})"]


def _key(line: list[str]) -> str:
    """Which event it says that it is of."""
    return line[KEY] if line else ""


def _place(line: list[str] | None) -> int:
    """A line's place in the ledger; 0 where it has none."""
    if line is None or len(line) != len(HEADER) or not line[SEQUENCE].isdecimal():
        return 0
    return int(line[SEQUENCE])


def _difference(line: list[str], expected: list[str]) -> str:
    """The first column that differs, in words."""
    for name, said, right in zip(HEADER, line, expected, strict=True):
        if said != right:
            return f"says {name} {said[:60] or 'nothing'} where the database has {right[:60] or 'nothing'}"
    return "differs"
