"""A ballchasing.com of this test: it enforces the free tier's limits and counts each time that one is broken.

Its hours pass by a clock that only sleeping moves.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from matches.rocket_league.ballchasing.allowance import Allowance
from matches.rocket_league.ballchasing.client import Ballchasing

KEY = "k" * 40
LIMITS = {"call": (2, 1.0), "list": (500, 3600.0), "get": (1000, 3600.0), "file": (200, 3600.0)}
"""How many in how many seconds."""


@dataclass
class Clock:
    """Time that passes by sleeping only."""

    now: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class FakeSite:
    """Replays by id, each with its JSON and its file, newest first; answers `statuses` before anything else."""

    clock: Clock = field(default_factory=Clock)
    address: str = ""
    replays: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    statuses: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    page_size: int = 200
    next_site: str = ""
    asked: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    calls: dict[str, list[float]] = field(default_factory=dict)

    def visitor(self, *, patience: float = 3.0, retries: int = 3) -> Ballchasing:
        allowance = Allowance(KEY, patience=patience, clock=self.clock, sleep=self.clock.sleep)
        return Ballchasing(KEY, site=self.address, allowance=allowance, sleep=self.clock.sleep, retries=retries)

    def hold(self, replay_id: str, *, created: str, content: bytes = b"", **told: Any) -> None:
        """Have a replay, uploaded at a time."""
        self.replays[replay_id] = {"id": replay_id, "created": created, "replay_title": f"Match {replay_id}", **told}
        self.files[replay_id] = content or f"file of {replay_id}".encode()

    def answer(self, path: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(path)
        self.asked.append(path)
        if headers.get("Authorization") != KEY:
            return 401, {}, b'{"error": "missing or invalid API key"}'
        if self.statuses:
            status, told = self.statuses.pop(0)
            if status != 200:
                return status, told, b"{}"
        kind, _, replay_id = self._kind(parts.path)
        if self._is_too_much(kind):
            return 429, {}, b'{"error": "slow down"}'
        if kind == "ping":
            return 200, {}, json.dumps({"ball": "chasing", "name": "Ally", "steam_id": "76561198000000001"}).encode()
        if kind == "list":
            return 200, {}, json.dumps(self._page(parse_qs(parts.query))).encode()
        if replay_id not in self.replays:
            return 404, {}, b"{}"
        return 200, {}, self.files[replay_id] if kind == "file" else json.dumps(self.replays[replay_id]).encode()

    def _kind(self, path: str) -> tuple[str, str, str]:
        names = path.strip("/").split("/")[1:]
        if not names:
            return "ping", "", ""
        if len(names) == 1:
            return "list", "", ""
        return ("file" if len(names) == 3 else "get"), "", names[1]

    def _is_too_much(self, kind: str) -> bool:
        """Whether a sliding window is full; every call counts, the refused ones too."""
        full = []
        for name in ("call", kind):
            if name not in LIMITS:
                continue
            most, seconds = LIMITS[name]
            times = self.calls.setdefault(name, [])
            if sum(1 for at in times if at > self.clock.now - seconds) >= most:
                full.append(f"{name} at {self.clock.now}")
            times.append(self.clock.now)
        self.violations += full
        return bool(full)

    def _page(self, asked: Mapping[str, list[str]]) -> dict[str, Any]:
        assert asked["uploader"] == ["me"]
        assert int(asked["count"][0]) <= 200
        after, begin = asked.get("created-after", [""])[0], int(asked.get("after", ["0"])[0])
        rows = sorted((row for row in self.replays.values() if row["created"] > after), key=lambda row: row["created"])
        rows.reverse()
        shown = rows[begin : begin + self.page_size]
        told: dict[str, Any] = {"count": len(rows), "list": shown}
        if begin + self.page_size < len(rows):
            more = {name: values[0] for name, values in asked.items()} | {"after": str(begin + self.page_size)}
            told["next"] = f"{self.next_site or self.address}/replays?{urlencode(more)}"
        return told


@contextmanager
def serving() -> Iterator[FakeSite]:
    fake = FakeSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, told, body = fake.answer(self.path, dict(self.headers.items()))
            self.send_response(status)
            for name, value in told.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.address = f"http://127.0.0.1:{server.server_port}/api"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield fake
        server.shutdown()
