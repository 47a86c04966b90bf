"""Reads one workbook in a process of its own.

``main`` answers to a workbook on its input, called as ``START … MAX_CELLS MAX_ROWS``: the first sheet
that holds something and is not hidden or, unless MAX_ROWS is 0, all those that hold something, in the
form that ``Answer`` writes and ``spreadsheet_answer`` reads. ``spreadsheet_ods`` and ``spreadsheet_xls``
are the same with what calamine leaves out of these formats.

A workbook of 2 kB may unfold into hundreds of gigabytes (a cell in XFD1048576, a text repeated a
million times) and the reader below then ends its process. So that process is this one, with little
memory and little time, and the server only sees that it failed. No Django here, and hardly an
import: it starts at each file, and ``json`` alone would cost as much as a thousand rows.
"""

import resource
import sys
from itertools import groupby
from posix import _exit  # ``os`` would make a tenth of the start
from struct import Struct, pack

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum


TYPE_CHECKING = False  # ``typing`` is long to import, ``collections.abc`` as well
if TYPE_CHECKING:
    from collections.abc import Callable

# How Python starts this module (the root, the libraries, its name), compiled once, without ``site``.
START = (
    "import sys; sys.path += sys.argv[1:3]; "
    "__import__(sys.argv[3], fromlist=['main']).main(sys.argv[4:])"
)
INPUT = "/dev/stdin"  # calamine goes through it as it needs, without a copy in memory
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
MAX_BLOCKS = 100_000
LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
# Exit codes; any other but 0 says that the workbook is damaged.
PROTECTED, TOO_BIG, TOO_LONG = 3, 5, 6
# Kinds of cells, as the answer names them: numbers go apart, all others are written as texts.
TEXT, NUMBER, WHOLE_NUMBER, BOOLEAN, DATE, MOMENT, TIME = range(7)
_KINDS = {
    "str": TEXT, "float": NUMBER, "int": WHOLE_NUMBER, "bool": BOOLEAN, "date": DATE,
    "datetime": MOMENT, "time": TIME,
}  # fmt: skip


class Beside:
    """What calamine leaves out of a sheet.

    Blocks are first row, first column, last row, last column; ``hidden`` are those, from edge to edge,
    of the rows and columns that nobody sees; ``errors[row][column]`` is what a cell in error shows.
    """

    def __init__(self) -> None:
        self.blocks: list[tuple[int, ...]] = []
        self.hidden: list[tuple[int, ...]] = []
        self.errors: dict[int, dict[int, str]] = {}

    def add_block(self, block: tuple[int, ...]) -> None:
        if len(self.blocks) == MAX_BLOCKS:
            sys.exit(TOO_BIG)
        self.blocks.append(block)

    def hide_rows(self, first: int, last: int) -> None:
        self.hide((first, 0, last, LAST_COLUMN))

    def hide_columns(self, first: int, last: int) -> None:
        self.hide((0, first, LAST_ROW, last))

    def hide(self, block: tuple[int, ...]) -> None:
        if len(self.hidden) < MAX_BLOCKS:
            self.hidden.append(block)


class Answer:
    """What is written back: four lengths, the layout, the numbers, the texts.

    The layout is made of whole numbers. For each sheet: 1 when it is hidden, how many merged blocks,
    the four bounds of each, as much of what is hidden, how many lines; for each line: how many runs of
    cells of one kind, the kind and the length of each. The name of a sheet is the first of its texts. Texts
    are parted by NUL.
    """

    def __init__(self) -> None:
        self.layout: list[int] = []
        self.numbers: list[bytes] = []
        self.texts: list[str] = []
        # Of the line before, when it is plain: its layout, its labels, how its numbers are written.
        self._kinds: list[type] | None = None
        self._plain: tuple[list[int], int, Struct] | None = None

    def add_sheet(
        self, name: str, sheet: CalamineSheet, beside: Beside, *, is_hidden: bool
    ) -> None:
        """Add the cells of a sheet from its first line and column, whatever is blank there."""
        self.texts.append(name.replace("\0", ""))
        self.layout.append(int(is_hidden))
        for blocks in (beside.blocks, beside.hidden):
            self.layout.append(len(blocks))
            for block in blocks:
                self.layout.extend(block)
        place_of_count = len(self.layout)
        self.layout.append(0)
        margin = [""] * (sheet.start or (0, 0))[1]
        for number, line in enumerate(sheet.iter_rows()):
            if margin:
                line = [*margin, *line]
            if number in beside.errors:
                for column, shown in beside.errors[number].items():
                    line[column] = shown
            self.add_line(line)
            self.layout[place_of_count] += 1

    def add_line(self, line: list) -> None:
        """Add a line, most often labels then numbers, as many as in the line before."""
        kinds = list(map(type, line))
        if kinds != self._kinds:
            self._kinds = kinds
            labels = kinds.index(float) if float in kinds else len(kinds)
            numbers = kinds[labels:].count(float)
            is_plain = labels + numbers == len(kinds) and kinds[:labels].count(str) == labels
            layout = [2, TEXT, labels, NUMBER, numbers]
            self._plain = (layout, labels, Struct(f"{numbers}d")) if is_plain else None
        if self._plain is not None:
            layout, labels, written = self._plain
            self.layout += layout
            self.texts += map(unbroken, line[:labels])
            self.numbers.append(written.pack(*line[labels:]))
            return
        runs = [self.run(list(cells)) for _, cells in groupby(line, type)]
        self.layout.append(len(runs))
        for run in runs:
            self.layout.extend(run)

    def run(self, cells: list) -> tuple[int, int]:
        """Add neighbours of one kind; return the kind and how many they are."""
        kind = _KINDS.get(type(cells[0]).__name__, TEXT)
        if kind == NUMBER:
            self.numbers.append(pack(f"{len(cells)}d", *cells))
        elif kind in (DATE, MOMENT, TIME):
            self.texts += [cell.isoformat() for cell in cells]
        elif kind == BOOLEAN:
            self.texts += ["1" if cell else "" for cell in cells]
        else:
            self.texts += [unbroken(str(cell)) for cell in cells]
        return kind, len(cells)

    def write(self) -> None:
        texts = "\0".join(self.texts).encode()
        numbers = b"".join(self.numbers)
        layout = pack(f"{len(self.layout)}I", *self.layout)
        lengths = pack("4I", len(self.layout), len(numbers) // 8, len(self.texts), len(texts))
        sys.stdout.buffer.write(b"".join((lengths, layout, numbers, texts)))
        sys.stdout.buffer.flush()


def unbroken(text: str) -> str:
    """Return a text without the mark that parts texts."""
    return text.replace("\0", "") if "\0" in text else text


def told_of(sheet: CalamineSheet) -> Beside:
    """Return the merged blocks that calamine tells (.xlsx)."""
    beside = Beside()
    for first, last in sheet.merged_cell_ranges or ():
        beside.add_block((*first, *last))
    return beside


def read(book: CalamineWorkbook, besides: list[Beside], max_cells: int, max_rows: int) -> Answer:
    """Return the sheets that hold something; ends the process when they are out of all measure."""
    answer = Answer()
    max_blocks = MAX_BLOCKS
    for rank, told in enumerate(book.sheets_metadata):
        name, is_hidden = told.name, told.visible != SheetVisibleEnum.Visible
        sheet = book.get_sheet_by_index(rank)
        if sheet.end is None or is_hidden and not max_rows:
            continue
        last_row, last_column = sheet.end
        max_cells -= (last_row + 1) * (last_column + 1)
        if max_rows and last_row >= max_rows:
            sys.stdout.write(f"{last_row + 1} {name}")
            sys.exit(TOO_LONG)
        beside = besides[rank] if besides else told_of(sheet)
        max_blocks -= len(beside.blocks)
        if max_cells < 0 or max_blocks < 0:
            sys.exit(TOO_BIG)
        answer.add_sheet(name, sheet, beside, is_hidden=is_hidden)
        if not max_rows:
            break
    return answer


def read_and_answer(
    limits: list[str], opened: "Callable[[], tuple[CalamineWorkbook, list[Beside]]]"
) -> None:
    """Write the answer to a workbook that ``opened`` gives, with what is beside each of its sheets."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    max_cells, max_rows = map(int, limits)
    try:
        read(*opened(), max_cells, max_rows).write()
    except PasswordError:
        sys.exit(PROTECTED)
    except MemoryError:
        sys.exit(TOO_BIG)
    _exit(0)  # nothing to tidy: the system takes back the cells faster than Python


def main(limits: list[str]) -> None:
    read_and_answer(limits, lambda: (CalamineWorkbook.from_path(INPUT), []))
