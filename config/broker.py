"""The embedded broker: Celery's messages as files in a folder, each seen whole or not at all.

Kombu's own filesystem transport opens a file in its final place and then fills it. A worker that looks in between reads
half a message and ends ("Unrecoverable error"); so does a process that reads a table of queues being written. Here
every file is written aside and renamed, and a message that can't be read (a full disk, a crash of the machine) is
logged and left out instead of ending the worker.
"""

from __future__ import annotations

import fcntl
import json
import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Kombu's channel, writing and taking files by renaming them."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # the bases disagree
        # The clock's time, not the time since the machine's start: names sort in order of sending across restarts.
        name = f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        waiting = Path(self.data_folder_in).iterdir()
        for file in sorted(file for file in waiting if file.name.partition(".")[2] == f"{queue}.msg"):
            taken = Path(self.processed_folder) / file.name
            try:
                # Of several workers, the one whose rename succeeds has the message.
                file.rename(taken)
            except FileNotFoundError:
                continue
            content = taken.read_text()
            taken.unlink()
            try:
                return loads(content)
            except json.JSONDecodeError as error:
                log.error("A message of the queue %s can't be read and is left out: %s", queue, error)
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        file = self._table(exchange)
        try:
            return [filesystem.exchange_queue_t(*queue) for queue in json.loads(file.read_text())]
        except FileNotFoundError:
            return []
        except json.JSONDecodeError as error:
            log.error("The table of queues %s can't be read and is begun anew: %s", file, error)
            return []

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._tables_locked():
            table = self.get_table(exchange)
            if bound not in table:
                _write_whole(self._table(exchange), json.dumps([bound, *table]))

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any) -> None:
        self._purge(queue)
        gone = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._tables_locked():
            table = self.get_table(exchange)
            if gone in table:
                _write_whole(self._table(exchange), json.dumps([kept for kept in table if kept != gone]))

    def _table(self, exchange: str) -> Path:
        file: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]  # newer than the published types
        return file

    @contextmanager
    def _tables_locked(self) -> Iterator[None]:
        """One process at a time reads a table and writes it back; whoever only reads needs no lock."""
        with (self.control_folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    """`filesystem://`, as this project understands it."""

    Channel = Channel
    # There is no host in the URL to miss.
    can_parse_url = True


def _write_whole(path: Path, content: str) -> None:
    aside = path.with_name(f".{uuid.uuid4()}")
    try:
        aside.write_text(content)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def install() -> None:
    """Make `filesystem://` mean this transport in this process."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
