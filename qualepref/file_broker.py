"""Celery over files without its races: a message or a table is seen whole, or not at all.

Kombu's own file transport opens a message before it writes it: a worker that looks in between reads
an empty file, loses the message and stops (seen here, JSONDecodeError). Files are written beside,
then renamed, and taken by a rename, which one process alone can do.
"""

import os
import uuid
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


def install() -> None:
    """Make ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"


def write_whole(path: Path, content: str) -> None:
    """Write a file that nobody can read half-way."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    beside.write_bytes(str_to_bytes(content))
    os.replace(beside, path)


class Channel(filesystem.Channel):
    """Kombu's channel, with whole files."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        # The clock first: messages leave in the order in which they came.
        name = f"{round(monotonic() * 1000):015d}_{uuid.uuid4()}.{queue}.msg"
        try:
            write_whole(Path(self.data_folder_out) / name, dumps(payload))
        except OSError as error:
            raise ChannelError(f"Cannot add {name!r} to the queue") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f".{name}.taken-{os.getpid()}"
            try:
                os.rename(folder / name, taken)
            except FileNotFoundError:
                continue  # another worker was faster
            payload = taken.read_bytes()
            taken.unlink()
            return loads(bytes_to_str(payload))
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        # Two processes binding at once may each miss the other's line for a moment; both bind the
        # same one queue, and every start binds again.
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table = self.get_table(exchange)
        if bound not in table:
            file = self._exchange_file(exchange)
            file.parent.mkdir(exist_ok=True)
            write_whole(file, dumps([bound, *table]))


class Transport(filesystem.Transport):
    """What ``filesystem://`` names once installed."""

    Channel = Channel
