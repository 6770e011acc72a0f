"""A real server on this machine that receives webhooks, and behaves as it is told."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

END = b"\r\n\r\n"


@dataclass
class Received:
    """One request as its bytes came in."""

    raw: bytes

    @property
    def line(self) -> str:
        return self.raw.partition(b"\r\n")[0].decode()

    @property
    def headers(self) -> dict[str, str]:
        lines = self.raw.partition(END)[0].decode().split("\r\n")[1:]
        return {name: value for name, _, value in (line.partition(": ") for line in lines)}

    @property
    def body(self) -> bytes:
        return self.raw.partition(END)[2]


Behaviour = Callable[["Receiver", socket.socket], None]


@dataclass
class Receiver:
    """behaviours: what to do with each connection, in turn; the last one goes on."""

    behaviours: list[Behaviour]
    received: list[Received] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    scheme: str = "http"
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/hooks/touchline?team=duty"

    def handle(self, connection: socket.socket) -> None:
        place = min(len(self.received), len(self.behaviours) - 1)
        self.received.append(Received(_request(connection)))
        self.behaviours[place](self, connection)


def answers(status: str = "200 OK", body: bytes = b"thanks", **headers: str) -> Behaviour:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return says("\r\n".join(lines).encode() + END + body)


def says(raw: bytes) -> Behaviour:
    return lambda receiver, connection: connection.sendall(raw)


def hangs(receiver: Receiver, connection: socket.socket) -> None:
    receiver.over.wait(30)


def drips(raw: bytes, *, every: float = 0.02) -> Behaviour:
    """A byte at a time, for ever if the other side lets it."""

    def drip(receiver: Receiver, connection: socket.socket) -> None:
        for byte in raw:
            if receiver.over.wait(every):
                return
            connection.sendall(bytes([byte]))
        receiver.over.wait(30)

    return drip


@contextmanager
def receiver(*behaviours: Behaviour, certificate: Path | None = None) -> Iterator[Receiver]:
    """certificate: a PEM file with key and certificate; makes it speak TLS as `localhost`."""
    told = Receiver(list(behaviours))
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        told.scheme, told.host = "https", "localhost"

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                wire = context.wrap_socket(self.request, server_side=True) if context else self.request
                wire.settimeout(30)
                told.handle(wire)
            except OSError:
                return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        told.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield told
        finally:
            told.over.set()
            server.shutdown()


def _request(connection: socket.socket) -> bytes:
    raw = b""
    while END not in raw or len(raw.partition(END)[2]) < _length(raw):
        if not (piece := connection.recv(65536)):
            break
        raw += piece
    return raw


def _length(raw: bytes) -> int:
    return int(Received(raw).headers.get("Content-Length", 0))
