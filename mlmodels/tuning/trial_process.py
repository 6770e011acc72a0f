"""A process that works on trials: `python -m mlmodels.tuning.trial_process FD`, where FD is its end of a socket pair.

It is told its work once, then trials one after the other; after each block it says what was predicted and waits to
hear whether to go on. It knows no database and no study. It ends when whoever asked is gone.

Plain processes and no `multiprocessing` pool, because Celery's workers are daemons, which may have no children of that
kind, and because a fork of a process with OpenMP's threads hangs.
"""

from __future__ import annotations

import pickle
import sys
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from mlmodels.tuning.work import Work


def main(descriptor: int) -> None:
    connection: Connection = Connection(descriptor)
    try:
        work = _read(connection.recv_bytes())
        while True:
            parameters = connection.recv()
            try:
                for block in work.blocks(parameters):
                    connection.send(("block", block))
                    if not connection.recv():
                        break
                else:
                    connection.send(("done", None))
            except (EOFError, OSError):
                raise
            except Exception as error:
                # Whatever a library raises is this trial's end and no more.
                connection.send(("failed", f"{type(error).__name__}: {error}"))
    except (EOFError, OSError):
        return


def _read(content: bytes) -> Work:
    """The work. It comes from the process that started us, over a socket that nobody else has."""
    from django.core.exceptions import AppRegistryNotReady, ImproperlyConfigured

    try:
        work: Work = pickle.loads(content)  # noqa: S301  # nosec B301 - see above
    except (AppRegistryNotReady, ImproperlyConfigured):
        # Its factory lives beside models.
        django.setup()
        work = pickle.loads(content)  # noqa: S301  # nosec B301 - see above
    return work


if __name__ == "__main__":
    main(int(sys.argv[1]))
