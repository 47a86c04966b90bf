"""Reads what ``spreadsheet_reader`` answers, and trusts nothing of it: it may come from a hostile file."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
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
    """One sheet: ``lines[n]`` is line ``n + 1`` of the spreadsheet. A CSV file is a sheet without name.

    ``hidden`` are the rows and the columns that nobody sees, each a block from edge to edge.
    ``numbers_from[n]``, when it is known, is the column from which that line holds floats and nothing else.
    """

    name: str
    lines: Lines
    merged: tuple[Block, ...] = ()
    is_hidden: bool = False
    hidden: tuple[Block, ...] = ()
    numbers_from: Sequence[int] = field(default=(), compare=False)


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
    cells = _Cells(numbers.tolist(), list(map(cleaned, texts)))
    try:
        return list(_sheets(iter(layout), cells))
    except (StopIteration, RuntimeError, TypeError, KeyError) as error:
        raise ValueError("the answer is cut short") from error


class _Cells:
    """The cells of an answer, taken one run after the other."""

    def __init__(self, numbers: list[float], texts: list[str]) -> None:
        self.numbers, self.texts = numbers, texts
        self.number = self.text = 0  # those taken

    def run(self, kind: int, count: int) -> Sequence[Value]:
        """Take so many cells of one kind."""
        if kind == spreadsheet_reader.NUMBER:
            first, self.number = self.number, self.number + count
            numbers = self.numbers[first : self.number]
            if len(numbers) == count:
                return numbers
            raise ValueError("the answer is cut short")
        first, self.text = self.text, self.text + count
        texts = self.texts[first : self.text]
        if len(texts) < count:
            raise ValueError("the answer is cut short")
        return texts if kind == spreadsheet_reader.TEXT else list(map(_FROM_TEXT[kind], texts))


def _sheets(layout: Iterator[int], cells: _Cells) -> Iterator[Sheet]:
    for is_hidden in layout:
        (name,) = cells.run(spreadsheet_reader.TEXT, 1)
        merged = _blocks(layout)
        hidden = _blocks(layout)
        lines: Lines = []
        numbers_from: list[int] = []
        for _ in range(next(layout)):
            line: list[Value] = []
            numbers = 0
            for _ in range(next(layout)):
                kind, count = next(layout), next(layout)
                line += cells.run(kind, count)
                numbers = count if kind == spreadsheet_reader.NUMBER else 0
            lines.append(line)
            numbers_from.append(len(line) - numbers)
        yield Sheet(str(name), lines, merged, bool(is_hidden), hidden, numbers_from)


def _blocks(layout: Iterator[int]) -> tuple[Block, ...]:
    return tuple(Block(*islice(layout, 4)) for _ in range(next(layout)))
