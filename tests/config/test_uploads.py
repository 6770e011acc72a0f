"""What is too large is refused while it comes in, and not after: the bytes that were read are counted."""

from __future__ import annotations

from collections.abc import Callable
from io import RawIOBase
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts import keys
from accounts.models import User
from matches.models import Replay

MB = 1024**2
BOUNDARY = "limit"
BEGIN = (
    f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=file; filename=big.replay\r\n"
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
END = f"\r\n--{BOUNDARY}--\r\n".encode()
PATHS = ["/coach/replays/", "/api/replays/"]
Send = Callable[..., HttpResponse]


class CountedBody(RawIOBase):
    """A form with one file of so many zeros, made as it is read; nothing of it is held."""

    def __init__(self, size: int) -> None:
        self.zeros_end = len(BEGIN) + size
        self.size = self.zeros_end + len(END)
        self.read_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        at, end = self.read_bytes, min(self.size, self.read_bytes + len(buffer))
        zeros = bytes(max(0, min(end, self.zeros_end) - max(at, len(BEGIN))))
        last = END[max(0, at - self.zeros_end) : max(0, end - self.zeros_end)]
        piece = BEGIN[at:end] + zeros + last
        buffer[: len(piece)] = piece
        self.read_bytes = end
        return len(piece)


@pytest.fixture(autouse=True)
def limits(settings: Settings, db: None) -> None:
    cache.clear()
    settings.MAX_REPLAY_BYTES, settings.MAX_UPLOAD_BYTES = 20 * MB, 64 * MB


@pytest.fixture
def send(client: Client, alice: User) -> Send:
    """Send a body to a path as alice: by her session to a page, by a key of hers to the API."""
    _, key = keys.create(alice, name="loader")

    def sent(path: str, body: CountedBody) -> HttpResponse:
        extra: dict[str, object] = {
            "CONTENT_LENGTH": str(body.size),
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
            "wsgi.input": body,
        }
        if path.startswith("/api/"):
            extra["HTTP_AUTHORIZATION"] = f"Api-Key {key}"
        else:
            client.force_login(alice)
        return client.generic("POST", path, **extra)  # type: ignore[arg-type, return-value]  # WSGI's own names

    return sent


@pytest.mark.parametrize("path", PATHS)
def test_a_hundred_megabytes_are_refused_before_a_byte_is_read(send: Send, path: str) -> None:
    body = CountedBody(100 * MB)
    answer = send(path, body)
    assert answer.status_code == 413
    assert b"file_too_large" in answer.content
    assert b"64 MB is the most" in answer.content
    assert body.read_bytes == 0


@pytest.mark.parametrize("path", PATHS)
def test_a_file_that_is_too_large_is_refused_as_soon_as_it_shows(send: Send, path: str) -> None:
    """Its request alone would not be: two files of half the size are welcome."""
    body = CountedBody(60 * MB)
    answer = send(path, body)
    assert answer.status_code == 413
    assert b"big.replay has more than the 20 MB" in answer.content
    assert 20 * MB <= body.read_bytes <= 21 * MB
    assert not Replay.objects.exists()


@pytest.mark.parametrize("path", PATHS)
def test_a_file_within_the_limits_is_taken(send: Send, path: str) -> None:
    body = CountedBody(MB)
    assert send(path, body).status_code == {"/api/replays/": 202}.get(path, 302)
    assert body.read_bytes == body.size
    assert Replay.objects.get().size == MB


def test_a_stranger_is_refused_by_the_api_before_a_byte_is_read(client: Client) -> None:
    body = CountedBody(MB)
    extra: dict[str, object] = {
        "CONTENT_LENGTH": str(body.size),
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        "wsgi.input": body,
    }
    answer = client.generic("POST", "/api/replays/", **extra)  # type: ignore[arg-type]  # WSGI's own names
    assert (answer.status_code, body.read_bytes) == (401, 0)
