"""The embedded broker: messages are seen whole or not at all, by one reader each."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty
from threading import Thread

import pytest
from kombu import Connection, Exchange, Producer, Queue
from kombu.transport import filesystem

from config.broker import Channel, Transport

Open = Callable[[], Channel]
QUEUE = Queue("work", Exchange("work", "direct"), routing_key="work")


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Open]:
    """As many channels to one folder as a test wants, as if each were a process."""
    folders = {
        "data_folder_in": "in",
        "data_folder_out": "in",
        "processed_folder": "taken",
        "control_folder": "control",
    }
    for name in folders.values():
        (tmp_path / name).mkdir(exist_ok=True)
    options = {name: tmp_path / folder for name, folder in folders.items()}
    opened: list[Connection] = []

    def connect() -> Channel:
        opened.append(Connection("filesystem://", transport=Transport, transport_options=options))
        channel = opened[-1].default_channel
        assert isinstance(channel, Channel)
        return channel

    yield connect
    for connection in opened:
        connection.release()


def test_messages_come_out_in_the_order_they_went_in(channel: Open, tmp_path: Path) -> None:
    for number in range(5):
        channel()._put("work", {"number": number})
    reader = channel()
    assert [reader._get("work")["number"] for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(Empty):
        reader._get("work")
    assert [*(tmp_path / "in").iterdir(), *(tmp_path / "taken").iterdir()] == []


def test_a_queue_gets_only_its_own_messages(channel: Open) -> None:
    channel()._put("work.urgent", {"for": "another"})
    with pytest.raises(Empty):
        channel()._get("work")


def test_a_message_is_never_seen_half_written(channel: Open) -> None:
    """Kombu's own transport fails this: a few of a hundred reads find an empty file."""
    sent = 1500
    writer, reader = channel(), channel()

    def write() -> None:
        for number in range(sent):
            writer._put("work", {"number": number})

    writing = Thread(target=write)
    writing.start()
    seen: list[int] = []
    while writing.is_alive() or reader._size("work"):
        with suppress(Empty):
            seen.append(reader._get("work")["number"])
    assert seen == list(range(sent))


def test_of_two_readers_one_has_the_message(channel: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = channel(), channel()
    first._put("work", {"number": 1})
    listed = Path.iterdir
    taken: list[object] = []

    def list_while_the_other_takes(folder: Path) -> Iterator[Path]:
        found = list(listed(folder))
        monkeypatch.setattr(Path, "iterdir", listed)
        taken.append(second._get("work"))
        return iter(found)

    monkeypatch.setattr(Path, "iterdir", list_while_the_other_takes)
    with pytest.raises(Empty):
        first._get("work")
    assert taken == [{"number": 1}]


def test_a_broken_message_is_left_out_and_said(channel: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "in" / "0_broken.work.msg").write_bytes(b"")
    channel()._put("work", {"number": 1})
    assert channel()._get("work") == {"number": 1}
    assert "can't be read" in caplog.text


def test_a_table_of_queues_survives_those_who_share_it(channel: Open, tmp_path: Path) -> None:
    channels = [channel() for _ in range(8)]

    def bind(number: int) -> None:
        for turn in range(5):
            channels[number]._queue_bind("news", "", "", f"reader-{number}-{turn}")

    threads = [Thread(target=bind, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(channels[0].get_table("news")) == 40
    channels[0]._delete("reader-0-0", "news", "", "")
    assert len(channels[0].get_table("news")) == 39
    assert {file.name for file in (tmp_path / "control").iterdir()} == {"news.exchange", "lock"}


def test_a_broken_table_of_queues_is_begun_anew(channel: Open, tmp_path: Path) -> None:
    (tmp_path / "control" / "news.exchange").write_bytes(b"")
    channel()._queue_bind("news", "", "", "reader")
    assert channel().get_table("news") == [filesystem.exchange_queue_t("", "", "reader")]


def test_an_exchange_cant_name_a_file_elsewhere(channel: Open) -> None:
    with pytest.raises(Exception, match="Invalid exchange name"):
        channel()._queue_bind("../news", "", "", "reader")


def test_what_a_producer_sends_a_consumer_takes(channel: Open) -> None:
    queue = QUEUE(channel())
    queue.declare()
    Producer(channel()).publish({"hello": "world"}, exchange=QUEUE.exchange, routing_key="work")
    message = queue.get()
    assert message is not None
    assert message.payload == {"hello": "world"}
    message.ack()
