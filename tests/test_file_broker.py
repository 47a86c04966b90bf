"""The embedded queue: nothing is read half-written, taken twice or lost."""

import os
import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from qualepref.file_broker import Channel


QUEUE = "celery"


def open_channel(folder: Path) -> Channel:
    for name in ("queue", "control"):
        (folder / name).mkdir(exist_ok=True)
    options = {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
    }
    return Connection("filesystem://", transport_options=options).channel()


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    return open_channel(tmp_path)


def test_it_is_what_the_application_uses(channel: Channel) -> None:
    assert type(channel) is Channel


def test_messages_leave_once(channel: Channel) -> None:
    for number in range(5):
        channel._put(QUEUE, {"number": number})

    assert sorted(channel._get(QUEUE)["number"] for _ in range(5)) == [0, 1, 2, 3, 4]
    with pytest.raises(Empty):
        channel._get(QUEUE)


def test_a_message_being_written_is_not_there_yet(
    channel: Channel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[type[BaseException] | None] = []
    replace = os.replace

    def look_before(source: str, target: str) -> None:
        try:
            channel._get(QUEUE)
        except Empty:
            seen.append(Empty)
        replace(source, target)

    monkeypatch.setattr(os, "replace", look_before)
    channel._put(QUEUE, {"number": 1})

    assert seen == [Empty]
    assert channel._get(QUEUE) == {"number": 1}
    assert os.listdir(tmp_path / "queue") == []


def test_a_message_taken_by_another_worker_is_passed_over(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel._put(QUEUE, {"number": 1})

    def too_late(source: str, target: str) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(os, "rename", too_late)
    with pytest.raises(Empty):
        channel._get(QUEUE)


def test_many_writers_and_readers_lose_nothing(tmp_path: Path) -> None:
    received: list[int] = []
    written = threading.Event()

    def write(channel: Channel, start: int) -> None:
        for number in range(start, start + 100):
            channel._put(QUEUE, {"number": number})

    def read(channel: Channel) -> None:
        while True:
            nothing_more_comes = written.is_set()
            try:
                received.append(channel._get(QUEUE)["number"])
            except Empty:
                if nothing_more_comes:
                    return

    def thread(target: Any, *args: Any) -> threading.Thread:
        started = threading.Thread(target=target, args=(open_channel(tmp_path), *args))
        started.start()
        return started

    readers = [thread(read), thread(read)]
    for writer in [thread(write, 0), thread(write, 100)]:
        writer.join()
    written.set()
    for reader in readers:
        reader.join()

    assert sorted(received) == list(range(200))


def test_binding_twice_keeps_one_line_per_queue(channel: Channel) -> None:
    channel._queue_bind("fan", "", "", "one")
    channel._queue_bind("fan", "", "", "two")
    channel._queue_bind("fan", "", "", "one")

    assert [row.queue for row in channel.get_table("fan")] == ["two", "one"]
