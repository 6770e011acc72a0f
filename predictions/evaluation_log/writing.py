"""Bringing the files up to the database: new rows are appended, changed days are written again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import TruncDate
from django.utils import timezone

from mlmodels.problem import Progress, silent
from predictions.alerting import raise_alert
from predictions.evaluation_log import files
from predictions.evaluation_log.files import Left
from predictions.evaluation_log.rows import CHUNK, HEADER, as_csv, cells, of_day, read
from predictions.models import Alert, LoggedDay, Prediction, Severity

State = LoggedDay.State


def write_log(*, progress: Progress = silent) -> int:
    """Write what the files lack; returns how many days were touched. Safe to run twice, also at the same time."""
    _note_new_days()
    waiting = list(LoggedDay.objects.exclude(state=State.CURRENT).order_by("day").values_list("day", flat=True))
    for number, day in enumerate(waiting):
        progress(number / len(waiting), f"Writing {day:%d %B %Y}")
        write_day(day)
    return len(waiting)


def outdate(days: Iterable[date]) -> None:
    """Have days written again, since what is known of their predictions has changed."""
    LoggedDay.objects.filter(day__in=set(days)).update(state=State.OUTDATED)


@transaction.atomic
def _note_new_days() -> None:
    """Remember which days have rows that no file has, before the first of them is written."""
    known = LoggedDay.objects.aggregate(last=Max("through_sequence"))["last"] or 0
    new = Prediction.objects.filter(sequence__gt=known).order_by()
    days = list(new.annotate(day=TruncDate("made_at", tzinfo=UTC)).values_list("day", flat=True).distinct())
    LoggedDay.objects.bulk_create([LoggedDay(day=day) for day in days], ignore_conflicts=True)
    LoggedDay.objects.filter(day__in=days, state=State.CURRENT).update(state=State.BEHIND)


@transaction.atomic
def write_day(day: date, *, anew: bool = False) -> None:
    """Append to a day's file, or write it again where a result or the file itself was changed.

    A file that is not as it was left is kept beside the new one, and an alert tells of it. `anew`: somebody knows that
    it is wrong and wants it written again; a day without predictions then has no file.
    """
    logged = LoggedDay.objects.select_for_update().get_or_create(day=day)[0]
    if logged.state == State.CURRENT and not anew:
        return
    path, left = files.path_of(day), Left(size=logged.size, sha256=logged.sha256)
    intact = files.is_as_left(path, left) if logged.rows else not path.exists()
    if anew or not intact:
        aside = files.set_aside(path)
        if not anew:
            _tell(day, aside)
    if anew and not of_day(Prediction.objects.all(), day).exists():
        logged.delete()
        return
    if intact and logged.rows and logged.state == State.BEHIND and not anew:
        lines = _Lines(Prediction.objects.filter(sequence__gt=logged.through_sequence), day)
        left = files.append(path, lines.as_blocks(), after=left)
    else:
        logged.rows = 0
        lines = _Lines(Prediction.objects.all(), day, header=True)
        left = files.replace(path, lines.as_blocks())
    logged.rows += lines.count
    logged.through_sequence = max(logged.through_sequence, lines.last)
    logged.size, logged.sha256, logged.state, logged.written_at = left.size, left.sha256, State.CURRENT, timezone.now()
    logged.save()


def _tell(day: date, aside: Path | None) -> None:
    what = f"It is kept as {aside.name}." if aside else "It was gone."
    raise_alert(
        Alert.Kind.LOG,
        key=f"{day:%Y-%m-%d}",
        title=f"The evaluation log of {day:%d %B %Y} was changed outside",
        message=f"The file {day:%Y-%m-%d}.csv was not as it was left. {what} It is written again from the database.",
        severity=Severity.WARNING,
    )


class _Lines:
    """A day's lines on their way into the file, counted as they pass."""

    def __init__(self, predictions: Any, day: date, *, header: bool = False) -> None:
        self._rows = read(of_day(predictions, day))
        self._header = header
        self.count = self.last = 0

    def as_blocks(self) -> Iterator[bytes]:
        if self._header:
            yield as_csv([HEADER])
        while batch := list(islice(self._rows, CHUNK)):
            self._noted(batch)
            yield as_csv(map(cells, batch))

    def _noted(self, batch: list[dict[str, Any]]) -> None:
        self.count += len(batch)
        self.last = batch[-1]["sequence"]
