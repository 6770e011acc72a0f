"""One POST to somebody else's server, which may be slow, talkative or hostile.

The name is resolved once, every address it has is checked, and the connection goes to a checked address: a name that
changes its mind in between (DNS rebinding) leads nowhere else. All of it (resolving, connecting, TLS, sending, reading)
has to be done within one total time, however slowly the bytes drip. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from predictions.delivering.addresses import complaint, is_public

TOTAL_SECONDS = 10.0
CONNECT_SECONDS = 3.0
MOST_BYTES = 64 * 1024
PIECE = 8 * 1024
TICK = 0.05


class PostFailed(Exception):
    """No answer that counts; the message says why, for the page of the message."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """status: of HTTP. start: at most 64 kB of the body. retry_after: that header, where there is one."""

    status: int
    start: bytes
    retry_after: str = ""
    location: str = ""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Raises PostFailed where the URL is not allowed, nobody answers, or not in time, or not in HTTP."""
    if wrong := complaint(url):
        raise PostFailed(wrong)
    deadline = time.monotonic() + TOTAL_SECONDS
    try:
        with _connected(url, deadline) as connection:
            return _exchange(connection, url, body, headers, deadline)
    except TimeoutError:
        raise PostFailed(_too_slow()) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= deadline - TICK:
            raise PostFailed(_too_slow()) from None
        raise PostFailed(_in_words(error)) from None


@contextmanager
def _connected(url: str, deadline: float) -> Iterator[http.client.HTTPConnection]:
    """A connection whose socket is shut when the deadline comes, which wakes whoever waits for it."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    within = min(CONNECT_SECONDS, deadline - time.monotonic())
    plain = _socket(_addresses(host, port, within=within), port, within=within)
    plain.settimeout(TOTAL_SECONDS)
    context = ssl.create_default_context() if secure else None
    wire = (
        context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        if context is not None
        else plain
    )
    watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, [wire])
    watchdog.daemon = True
    watchdog.start()
    try:
        if isinstance(wire, ssl.SSLSocket):
            wire.do_handshake()
        connection = http.client.HTTPConnection(host, port)
        connection.sock = wire
        yield connection
    finally:
        watchdog.cancel()
        wire.close()


def _exchange(
    connection: http.client.HTTPConnection, url: str, body: bytes, headers: Mapping[str, str], deadline: float
) -> Answer:
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    sent = {"User-Agent": "Touchline", "Content-Type": "application/json", "Connection": "close"}
    connection.request("POST", path, body=body, headers={"Host": parts.netloc, **sent, **headers})
    response = connection.getresponse()
    if time.monotonic() >= deadline - TICK:
        # Headers that were cut off in the middle still parse.
        raise TimeoutError
    return Answer(
        status=response.status,
        start=_start_of(response),
        retry_after=response.getheader("Retry-After", ""),
        location=response.getheader("Location", ""),
    )


def _start_of(response: http.client.HTTPResponse) -> bytes:
    """Of the body, as far as we read it. The status is known by then: what breaks off here changes nothing."""
    pieces: list[bytes] = []
    length = 0
    try:
        while length < MOST_BYTES and (piece := response.read1(min(PIECE, MOST_BYTES - length))):
            pieces.append(piece)
            length += len(piece)
    except (OSError, http.client.HTTPException):
        pass
    return b"".join(pieces)


def _addresses(host: str, port: int, *, within: float) -> list[str]:
    """Where the host is, every address allowed. The system's resolver knows no time limit, so a thread waits for it."""
    found: queue.Queue[list[str] | OSError] = queue.Queue()

    def resolve() -> None:
        try:
            found.put([str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except OSError as error:
            found.put(error)
        except UnicodeError:
            found.put(OSError(f"{host} can't be a host's name"))

    threading.Thread(target=resolve, daemon=True).start()
    try:
        answer = found.get(timeout=within)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    if not settings.WEBHOOKS_MAY_BE_LOCAL:
        _refuse_private(host, answer)
    return answer


def _refuse_private(host: str, addresses: list[str]) -> None:
    for address in addresses:
        if not is_public(ipaddress.ip_address(address.partition("%")[0])):
            raise PostFailed(f"{host} leads to {address}, an address of a private network: it was not called.")


def _socket(addresses: list[str], port: int, *, within: float) -> socket.socket:
    """Connected to the first address that answers; all of them together have `within` seconds."""
    until = time.monotonic() + within
    last = OSError("it has no address")
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((address, port), timeout=left)
        except OSError as error:
            last = error
    raise last


def _shut(wire: socket.socket) -> None:
    """Below TLS: its own shutting would be a conversation."""
    try:
        socket.socket.shutdown(wire, socket.SHUT_RDWR)
    except OSError:
        return


def _too_slow() -> str:
    return f"It did not answer in time: {CONNECT_SECONDS:g} s to connect, {TOTAL_SECONDS:g} s in all."


def _in_words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not valid for this host: {error.verify_message}."
    if isinstance(error, socket.gaierror):
        return "Its host was not found."
    if isinstance(error, ConnectionRefusedError):
        return "It refused the connection."
    if isinstance(error, http.client.HTTPException):
        return f"What it answered is not HTTP ({type(error).__name__})."
    return f"The connection failed: {error.strerror if isinstance(error, OSError) and error.strerror else error}."
