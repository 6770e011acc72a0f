"""One POST to a server that may be slow, talkative or hostile. The servers are real, on this machine."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from predictions.delivering import posting
from predictions.delivering.posting import MOST_BYTES, Answer, PostFailed
from tests.predictions.alerting.receiver import Behaviour, Receiver, answers, drips, hangs, receiver, says

BODY = '{"title":"Größer"}'.encode()
TOTAL = 0.4


@pytest.fixture(autouse=True)
def locally(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True


@pytest.fixture
def hurry() -> Iterator[None]:
    """So that a test of the time limit is short; the limit is the only thing that ends these connections."""
    with patch.object(posting, "TOTAL_SECONDS", TOTAL), patch.object(posting, "CONNECT_SECONDS", TOTAL):
        yield


def post(url: str) -> Answer:
    return posting.post(url, BODY, {"X-Touchline-Delivery": "1234"})


def failure(url: str) -> str:
    with pytest.raises(PostFailed) as failed:
        post(url)
    return str(failed.value)


def failure_of(behaviour: Behaviour) -> str:
    with receiver(behaviour) as server:
        return failure(server.url)


def test_the_body_arrives_byte_by_byte_with_its_headers() -> None:
    with receiver(answers("202 Accepted")) as server:
        answer = post(server.url)
    [got] = server.received
    assert (answer.status, answer.start) == (202, b"thanks")
    assert got.line == "POST /hooks/touchline?team=duty HTTP/1.1"
    assert got.body == BODY
    assert got.headers["Host"] == f"127.0.0.1:{server.port}"
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["X-Touchline-Delivery"] == "1234"


def test_a_redirect_is_reported_and_not_followed() -> None:
    with receiver(answers()) as other, receiver(answers("302 Found", Location=other.url)) as server:
        answer = post(server.url)
    assert (answer.status, answer.location) == (302, other.url)
    assert other.received == []


def test_what_to_wait_for_is_passed_on() -> None:
    with receiver(answers("429 Too Many Requests", Retry_After="120")) as server:
        assert post(server.url).retry_after == "120"


def test_a_server_that_says_nothing_is_left(hurry: None) -> None:
    began = time.monotonic()
    assert failure_of(hangs) == "It did not answer in time: 0.4 s to connect, 0.4 s in all."
    assert time.monotonic() - began < 10 * TOTAL


@pytest.mark.parametrize("raw", [b"HTTP/1.1 200 " + b"O" * 1000, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"w" * 1000])
def test_a_server_that_drips_its_headers_is_left(hurry: None, raw: bytes) -> None:
    """Each byte comes in time; all of them do not."""
    began = time.monotonic()
    assert failure_of(drips(raw)).startswith("It did not answer in time")
    assert time.monotonic() - began < 10 * TOTAL


def test_a_body_that_drips_is_left_and_the_status_counts(hurry: None) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"

    def hasty_then_slow(server: Receiver, connection: socket.socket) -> None:
        connection.sendall(head)
        drips(b"x" * 1000)(server, connection)

    began = time.monotonic()
    with receiver(hasty_then_slow) as server:
        answer = post(server.url)
    assert answer.status == 200
    assert 1 <= len(answer.start) < 1000
    assert time.monotonic() - began < 10 * TOTAL


def test_of_a_huge_answer_64_kb_are_read() -> None:
    with receiver(answers(body=b"x" * 5_000_000)) as server:
        answer = post(server.url)
    assert len(answer.start) == MOST_BYTES == 65536


def test_endless_chunks_end() -> None:
    chunk = b"2000\r\n" + b"x" * 8192 + b"\r\n"
    with receiver(says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 100)) as server:
        assert len(post(server.url).start) == MOST_BYTES


@pytest.mark.parametrize(
    "raw",
    [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x00\xff\xfe garbage", b"HTTP/1.1 abc OK\r\n\r\n", b"HTTP/1.1 200 " + b"x" * 70_000],
)
def test_what_is_not_http_is_a_failure_that_says_so(raw: bytes) -> None:
    with receiver(says(raw)) as server:
        assert failure(server.url).startswith("What it answered is not HTTP")


def test_a_server_that_hangs_up_is_a_failure() -> None:
    assert failure_of(says(b"")) != ""


def test_a_closed_port_is_a_failure() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert failure(f"http://127.0.0.1:{port}/") == "It refused the connection."


def test_an_unknown_host_is_a_failure() -> None:
    with patch("socket.getaddrinfo", side_effect=socket.gaierror(-2, "Name or service not known")):
        assert failure("https://nobody.example.org/") == "Its host was not found."


def test_a_resolver_that_hangs_is_left(hurry: None) -> None:
    from threading import Event

    over = Event()
    with patch("socket.getaddrinfo", side_effect=lambda *a, **k: [over.wait(30)][:0]):
        assert failure("https://slow.example.org/").startswith("It did not answer in time")
    over.set()


class TestPrivateAddresses:
    """With DEBUG off a webhook leads out of this server's network, whatever its name says."""

    @pytest.fixture(autouse=True)
    def closed(self, settings: Settings) -> None:
        settings.WEBHOOKS_MAY_BE_LOCAL = False

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - to be refused
            "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "ff02::1",
            "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:7f00:1::",
        ],
    )  # fmt: skip
    def test_a_name_that_leads_inside_is_not_called(self, address: str) -> None:
        infos = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("93.184.216.34", address)]
        with patch("socket.getaddrinfo", return_value=infos), patch("socket.create_connection") as connect:
            said = failure("https://inside.example.org/")
        assert said == f"inside.example.org leads to {address}, an address of a private network: it was not called."
        connect.assert_not_called()

    def test_the_address_that_was_checked_is_the_one_that_is_called(self) -> None:
        """The name is asked for once: a second answer could be another one."""
        infos = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 8443))]
        with (
            patch("socket.getaddrinfo", return_value=infos) as resolve,
            patch("socket.create_connection", side_effect=ConnectionRefusedError) as connect,
        ):
            assert failure("https://outside.example.org:8443/") == "It refused the connection."
        resolve.assert_called_once()
        assert connect.call_args.args == (("93.184.216.34", 8443),)

    @pytest.mark.parametrize(
        "url", ["http://example.org/", "https://10.0.0.1/", "https://[::1]/", "https://localhost/"]
    )
    def test_a_url_that_is_not_allowed_any_more_is_not_even_resolved(self, url: str) -> None:
        with patch("socket.getaddrinfo") as resolve:
            failure(url)
        resolve.assert_not_called()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of `localhost`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class TestTls:
    def test_a_certificate_that_nobody_knows_is_refused(self, certificate: Path) -> None:
        with receiver(answers(), certificate=certificate) as server:
            assert failure(server.url).startswith("Its certificate is not valid for this host: self-signed")
        assert server.received == []

    def test_a_known_one_of_this_host_is_taken(self, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with receiver(answers(), certificate=certificate) as server:
            assert post(server.url).status == 200
        assert server.received[0].body == BODY

    def test_a_known_one_of_another_host_is_refused(self, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The name in the URL is checked, not the address that was called."""
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with receiver(answers(), certificate=certificate) as server:
            said = failure(f"https://127.0.0.1:{server.port}/")
        assert said.startswith("Its certificate is not valid for this host: IP address mismatch")

    def test_a_handshake_that_hangs_is_left(self, hurry: None) -> None:
        with receiver(hangs) as server:
            said = failure(f"https://127.0.0.1:{server.port}/")
        assert said.startswith("It did not answer in time")
