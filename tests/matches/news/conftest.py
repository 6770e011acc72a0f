"""Players with news, and a server that plays the language model."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from matches.basketball.player_keys import fold
from matches.models import NewsItem, Player, PlayerAlias


def known_player(name: str, *, external_id: str = "") -> Player:
    slug = f"{fold(name).replace(' ', '-')}-{Player.objects.count()}"
    player = Player.objects.create(name=name, slug=slug, external_id=external_id)
    PlayerAlias.objects.create(player=player, alias=name, key=fold(name))
    return player


def news_of(player: Player, published_at: datetime, title: str, text: str = "") -> NewsItem:
    digest = f"{NewsItem.objects.count():064d}"
    return NewsItem.objects.create(player=player, published_at=published_at, title=title, text=text, sha256=digest)


def said(**answer: Any) -> bytes:
    """A chat completion whose message is this object."""
    return completion(json.dumps(answer))


def completion(content: str, *, tokens: int = 50) -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}}], "usage": {"total_tokens": tokens}}).encode()


@dataclass
class FakeModel:
    """`answers` are given one after the other, the last one for ever; None: nothing until the test ends."""

    address: str = ""
    answers: list[tuple[int, bytes] | None] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def fake_model() -> Iterator[FakeModel]:
    fake = FakeModel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fake.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            fake.keys.append(self.headers.get("Authorization", ""))
            answer = fake.answers.pop(0) if len(fake.answers) > 1 else fake.answers[0]
            if answer is None:
                fake.over.wait(10)
                return
            self.send_response(answer[0])
            self.send_header("Content-Length", str(len(answer[1])))
            self.end_headers()
            self.wfile.write(answer[1])

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.address = f"http://127.0.0.1:{server.server_port}/v1"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield fake
        fake.over.set()
        server.shutdown()


@pytest.fixture
def read_by_model(fake_model: FakeModel, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text signals by the fake, without pauses between attempts."""
    settings.TEXT_SIGNALS_PROVIDER = "llm"
    settings.LLM_BASE_URL, settings.LLM_MODEL, settings.LLM_API_KEY = fake_model.address, "fake-1", "sesame"
    settings.LLM_TIMEOUT_SECONDS, settings.LLM_DAILY_TOKENS = 5, 100_000
    monkeypatch.setattr("accounts.language_model.time.sleep", lambda seconds: None)
