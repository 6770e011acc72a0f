"""The one way in: a file is read, checked and landed as a whole, or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from matches import quality
from matches.basketball import box_scores, lines, reported, reports, schedule
from matches.basketball.sources import availability, game_lines, game_logs, nba_stats_files, prop_lines
from matches.errors import FileTooLarge, MatchDataError, OtherSource, UnreadableFile
from matches.landing import Landed, land
from matches.models import ImportBatch, QuarantinedRow, Sport
from matches.signals import results_changed
from matches.sources import football_data, openfootball, plain_csv
from matches.sources.rows import Refusal, Row

if TYPE_CHECKING:
    from accounts.models import User

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the name of the next."""


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of file: `read` yields rows, each with its `line` and `competition`, and refusals; `land` writes rows."""

    read: Callable[[Path], Iterator[Any]]
    suffixes: tuple[str, ...]
    land: Callable[[Sequence[Any], Sequence[Refusal], ImportBatch], Landed]
    report: Callable[[Sequence[Any]], dict[str, Any]]
    holds: str
    sport: str = Sport.FOOTBALL


def _land_matches(rows: Sequence[Row], refusals: Sequence[Refusal], batch: ImportBatch) -> Landed:
    return land(rows, batch=batch)


def _football(read: Callable[[Path], Iterator[Row | Refusal]], suffix: str) -> Source:
    return Source(read, (suffix,), _land_matches, quality.report, "matches")


def _basketball(
    read: Callable[[Path], Iterator[Any]],
    land: Callable[[Sequence[Any], Sequence[Refusal], ImportBatch], Landed],
    holds: str,
    *,
    suffixes: tuple[str, ...] = (".csv", ".csv.gz"),
) -> Source:
    return Source(read, suffixes, land, reports.report, holds, sport=Sport.BASKETBALL)


SOURCES: dict[str, Source] = {
    "football-data": _football(football_data.read, ".csv"),
    "openfootball": _football(openfootball.read, ".json"),
    "csv": _football(plain_csv.read, ".csv"),
    "nba-logs": _basketball(game_logs.read, box_scores.land_box_scores, "box scores"),
    "nba-stats": _basketball(
        nba_stats_files.read, schedule.land_nba_stats, "box scores, games or players", suffixes=(".json", ".json.gz")
    ),
    "prop-lines": _basketball(prop_lines.read, lines.land_prop_lines, "lines on players"),
    "game-lines": _basketball(game_lines.read, lines.land_game_lines, "lines on games"),
    "availability": _basketball(availability.read, reported.land_availability, "reports on players"),
}
MOST_ROWS = 200_000
"""Of one file: what is read is held in memory until all of it lands."""

LONGEST_IMPORT = timedelta(hours=1)
Status = ImportBatch.Status
_SEASON_FOLDER = re.compile(r"(?:\d\d)?\d\d[-_]?(?:\d\d)?\d\d")


def import_paths(
    paths: Iterable[Path],
    *,
    source: str,
    by: User | None = None,
    force: bool = False,
    competitions: Collection[str] = (),
    progress: Progress | None = None,
) -> list[ImportBatch]:
    """Import files and, recursively, folders of them; a file that fails does not stop the others.

    Of a folder, tables of other sources are passed over, and told, as long as any file there is of this one.

    Rows of other competitions than those named are passed over; none named means all. Raises UnreadableFile where a
    path is not there or nothing of the source's kind is in it.
    """
    named = list(paths)
    files = files_in(named, source=source)
    batches = []
    for index, file in enumerate(files):
        if progress:
            progress(index, len(files), file.name)
        batches.append(import_file(file, source=source, by=by, force=force, competitions=competitions))
    if progress:
        progress(len(files), len(files), "")
    found = [batch for file, batch in zip(files, batches, strict=True) if file not in named]
    if any(batch.status == Status.COMPLETED for batch in batches):
        _pass_over([batch for batch in found if batch.report.get("other_source")])
    return batches


def _pass_over(batches: Sequence[ImportBatch]) -> None:
    """Let files that were only met in a folder not count as failed."""
    for batch in batches:
        batch.report = {"other_source": True, "warnings": [f"Passed over. {batch.error_message}"]}
        batch.status, batch.error_message = Status.COMPLETED, ""
        batch.save()


def files_in(paths: Iterable[Path], *, source: str) -> list[Path]:
    """The files to import, folders searched to any depth, in the order of their names."""
    suffixes = SOURCES[source].suffixes
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UnreadableFile(f"{path} is not there.")
        if not path.is_file() and not path.is_dir():
            raise UnreadableFile(f"{path} is neither a file nor a folder.")
        inside = _inside(path, suffixes) if path.is_dir() else [path]
        if not inside:
            raise UnreadableFile(f"{path} holds no {' or '.join(suffixes)} file.")
        found += inside
    return found


def _inside(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.name.endswith(suffixes) and file.is_file())


def import_file(
    path: Path, *, source: str, by: User | None = None, force: bool = False, competitions: Collection[str] = ()
) -> ImportBatch:
    """Import one file; the batch says how it went. A file imported before is not read again unless forced.

    Never raises for what is in the file: the batch is then failed, in words, and nothing of the file has landed. What
    nobody foresaw is raised, and the batch is failed all the same.
    """
    _bury_the_dead()
    batch = ImportBatch(source=source, filename=told_name(path), started_by=by)
    try:
        _import(batch, path, force=force, competitions=competitions)
    except MatchDataError as error:
        batch.status, batch.error_message = Status.FAILED, str(error)
        if isinstance(error, OtherSource):
            batch.report = {"other_source": True}
    except OSError as error:
        batch.status, batch.error_message = Status.FAILED, f"{path.name} could not be read and kept: {error.strerror}."
    except BaseException as error:
        batch.status, batch.error_message = Status.FAILED, f"Stopped by an unforeseen {type(error).__name__}."
        raise
    finally:
        batch.finished_at = timezone.now()
        batch.save()
    return batch


def _import(batch: ImportBatch, path: Path, *, force: bool, competitions: Collection[str]) -> None:
    _refuse_too_large(path)
    batch.sha256 = _sha256(path)
    before = None if force or competitions else _same_file(batch)
    if before is not None:
        _leave_unchanged(batch, before)
        return
    batch.save()
    _keep_raw(batch, path)
    _land_file(batch, path, competitions)


@transaction.atomic
def _land_file(batch: ImportBatch, path: Path, competitions: Collection[str]) -> None:
    source = SOURCES[batch.source]
    items = list(islice(source.read(path), MOST_ROWS + 1))
    if len(items) > MOST_ROWS:
        raise FileTooLarge(f"{path.name} has more than the {MOST_ROWS:,} rows taken in at once: split it by season.")
    wanted = [item for item in items if not competitions or item.competition in competitions]
    rows = [item for item in wanted if not isinstance(item, Refusal)]
    refusals = [item for item in wanted if isinstance(item, Refusal)]
    if not items:
        raise UnreadableFile(f"{path.name} holds no {source.holds}.")
    landed = source.land(rows, refusals, batch)
    record(batch, rows, refusals, landed, report=source.report(rows))
    if competitions:
        batch.report["competitions"] = sorted(competitions)
    if batch.quarantined and not landed.stands:
        _fail_for_want_of_rows(batch)


def _fail_for_want_of_rows(batch: ImportBatch) -> None:
    first = batch.quarantined_rows.earliest("line")
    batch.status = Status.FAILED
    batch.error_message = f"Not one of its rows could be taken in. The first, line {first.line}: {first.reason}"


def record(
    batch: ImportBatch,
    rows: Sequence[Any],
    refusals: list[Refusal],
    landed: Landed,
    *,
    report: Mapping[str, Any] | None = None,
) -> None:
    """Write a batch's outcome and, once committed, tell whoever waits for results.

    `report` is what the checks found; None asks those of matches.
    """
    refused = [*refusals, *landed.refusals]
    QuarantinedRow.objects.bulk_create(
        QuarantinedRow(
            batch=batch, line=refusal.line, code=refusal.code, reason=refusal.reason[:300], raw=dict(refusal.raw)
        )
        for refusal in refused
    )
    batch.rows = len(rows) + len({refusal.line for refusal in refusals} - {row.line for row in rows})
    batch.created, batch.updated, batch.unchanged = landed.created, landed.updated, landed.unchanged
    batch.quarantined = len(refused)
    checks = quality.report(rows) if report is None else report
    batch.report = {**checks, "odds_written": landed.odds_written, **landed.notes}
    batch.report["warnings"] = [*checks["warnings"], *landed.warnings]
    batch.status = Status.COMPLETED
    if landed.changed_results:
        send = partial(results_changed.send, sender=ImportBatch, match_ids=landed.changed_results)
        transaction.on_commit(send)


def told_name(path: Path) -> str:
    """What a file is called here: with its folder where that tells the season, as in `2023-24/en.1.json`."""
    folder = f"{path.parent.name}/" if _SEASON_FOLDER.fullmatch(path.parent.name) else ""
    return (folder + path.name).encode(errors="replace").decode()[:255]


def _bury_the_dead() -> None:
    """Batches whose process was killed would be running for ever; nothing of them landed."""
    dead = ImportBatch.objects.filter(status=Status.RUNNING, started_at__lt=timezone.now() - LONGEST_IMPORT)
    dead.update(
        status=Status.FAILED,
        finished_at=timezone.now(),
        error_message="It was stopped midway, and nothing of it landed: import the file again.",
    )


def _refuse_too_large(path: Path) -> None:
    limit: int = settings.MAX_IMPORT_BYTES
    size = path.stat().st_size
    if size > limit:
        raise FileTooLarge(
            f"{path.name} has {size / 1024**2:.0f} MB, more than the {limit / 1024**2:.0f} MB taken in at once: "
            "split it by season, or raise MAX_IMPORT_BYTES."
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _same_file(batch: ImportBatch) -> ImportBatch | None:
    """The batch that took in all of this very file; one that was asked for some competitions only did not."""
    same = ImportBatch.objects.filter(
        source=batch.source, sha256=batch.sha256, filename=batch.filename, status=Status.COMPLETED
    )
    for mark in ("competitions", "same_as", "other_source"):
        same = same.exclude(report__has_key=mark)
    return same.first()


def _leave_unchanged(batch: ImportBatch, before: ImportBatch) -> None:
    batch.raw = before.raw.name
    batch.rows, batch.quarantined = before.rows, before.quarantined
    batch.unchanged = before.created + before.updated + before.unchanged
    batch.report = {"same_as": str(before.pk)}
    batch.status = Status.COMPLETED


def _keep_raw(batch: ImportBatch, path: Path) -> None:
    with path.open("rb") as file:
        batch.raw.save(f"{batch.sha256[:12]}-{path.name}"[-90:], File(file), save=False)
