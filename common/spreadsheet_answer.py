"""Reads what ``spreadsheet_reader`` answers, and trusts nothing of it: it may come from a hostile file."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from common import spreadsheet_reader


Value = str | int | float | bool | date | datetime | time
Lines = list[list[Value]]

_HEAD_BYTES = 4 * array("I").itemsize
_FROM_TEXT: dict[int, Callable[[str], Value]] = {
    spreadsheet_reader.WHOLE_NUMBER: int,
    spreadsheet_reader.BOOLEAN: bool,
    spreadsheet_reader.DATE: date.fromisoformat,
    spreadsheet_reader.MOMENT: datetime.fromisoformat,
    spreadsheet_reader.TIME: time.fromisoformat,
}


@dataclass(frozen=True)
class Block:
    """Cells merged into one; rows and columns count from 0, the last ones included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: ``lines[n]`` is line ``n + 1`` of the spreadsheet. A CSV file is a sheet without name."""

    name: str
    lines: Lines
    merged: tuple[Block, ...] = ()
    is_hidden: bool = False


def sheets_of(answer: bytes, cleaned: Callable[[str], str]) -> list[Sheet]:
    """Return the sheets of an answer, each text ``cleaned``.

    Raises ``ValueError`` when it does not hold together.
    """
    head = array("I")
    head.frombytes(answer[:_HEAD_BYTES])
    if len(head) != 4:
        raise ValueError("the answer is cut short")
    layout, numbers = array("I"), array("d")
    after_layout = _HEAD_BYTES + head[0] * layout.itemsize
    after_numbers = after_layout + head[1] * numbers.itemsize
    if len(answer) != after_numbers + head[3]:
        raise ValueError("the answer is cut short")
    parts = memoryview(answer)  # cut without a copy
    layout.frombytes(parts[_HEAD_BYTES:after_layout])
    numbers.frombytes(parts[after_layout:after_numbers])
    texts = str(parts[after_numbers:], "utf-8").split("\0") if head[2] else []
    return list(_sheets(iter(layout), iter(numbers.tolist()), map(cleaned, texts)))


def _sheets(
    layout: Iterator[int], numbers: Iterator[float], texts: Iterator[str]
) -> Iterator[Sheet]:
    try:
        for is_hidden in layout:
            name = next(texts)
            merged = tuple(Block(*islice(layout, 4)) for _ in range(next(layout)))
            lines = [_line(layout, numbers, texts) for _ in range(next(layout))]
            yield Sheet(name, lines, merged, bool(is_hidden))
    except (StopIteration, TypeError, KeyError) as error:
        raise ValueError("the answer is cut short") from error


def _line(layout: Iterator[int], numbers: Iterator[float], texts: Iterator[str]) -> list[Value]:
    line: list[Value] = []
    for _ in range(next(layout)):
        kind, count = next(layout), next(layout)
        if kind == spreadsheet_reader.NUMBER:
            line += islice(numbers, count)
        elif kind == spreadsheet_reader.TEXT:
            line += islice(texts, count)
        else:
            line += map(_FROM_TEXT[kind], islice(texts, count))
    return line
