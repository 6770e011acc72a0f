"""Gunicorn's settings: a process per core, threads for what waits, one folder of metrics for all processes."""

from pathlib import Path
from typing import Any

import environ

from config.environment import number, text

environ.Env.read_env(Path(__file__).resolve().parent.parent / ".env")
bind = text("WEB_BIND", default="0.0.0.0:8000")
workers = number("WEB_CONCURRENCY", default=2, at_least=1, at_most=64)
threads = number("WEB_THREADS", default=4, at_least=1, at_most=64)
worker_class = "gthread"
timeout = 60
graceful_timeout = 30
keepalive = 5
# The kernel deals connections out to the processes: else one takes most of them, and whoever is with it waits longest.
reuse_port = True
# A leak in any library shows as slow growth: start afresh now and then, not all at once.
max_requests = 20_000
max_requests_jitter = 2_000
# Access lines come from django-structlog, with the person and the request's id in them.
accesslog = None
errorlog = "-"


def on_starting(server: Any) -> None:
    """Processes that died in an earlier life left their figures behind: begin with none."""
    if folder := text("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for file in Path(folder).glob("*.db"):
            file.unlink()


def child_exit(server: Any, worker: Any) -> None:
    """Keep the counts of a process that ended, and drop its gauges."""
    if text("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # published without types
