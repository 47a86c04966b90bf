"""Reads one workbook in a process of its own.

``python spreadsheet_reader.py MAX_CELLS [MAX_ROWS] < workbook`` answers ``[[name, lines], …]`` in one
line of JSON: the first sheet that holds something or, given MAX_ROWS, all those that do. The
numbers that end a line are left out and counted; they follow as the bytes of an array of doubles.

A workbook of 2 kB may unfold into hundreds of gigabytes (a cell in XFD1048576, a text repeated a
million times) and the reader below then ends its process. So that process is this one, with little
memory and little time, and the server only sees that it failed. No Django here, and few
imports: it starts at each file.
"""

import json
import resource
import sys
from array import array
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO

from python_calamine import CalamineWorkbook, PasswordError


Lines = Sequence[Sequence[object]]

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
# Exit codes; any other but 0 says that the workbook is damaged.
PROTECTED, TOO_BIG, TOO_LONG = 3, 5, 6


def encoded(cell: object) -> dict[str, str]:
    """Return what JSON can carry of what it does not know; dates and times as ``{kind: ISO}``."""
    match cell:
        case datetime():
            return {"datetime": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case time():
            return {"time": cell.isoformat()}
    return {"text": str(cell)}


def filled_sheets(data: bytes, max_cells: int, max_rows: int | None) -> list[tuple[str, Lines]]:
    """Return the name and the cells, from the first line, of the sheets that hold something."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    found: list[tuple[str, Lines]] = []
    for rank, name in enumerate(book.sheet_names):
        sheet = book.get_sheet_by_index(rank)
        if sheet.end is None:
            continue
        last_row, last_column = sheet.end
        max_cells -= (last_row + 1) * (last_column + 1)
        if max_rows is not None and last_row >= max_rows:
            json.dump([name, last_row + 1], sys.stdout)
            sys.exit(TOO_LONG)
        if max_cells < 0:
            sys.exit(TOO_BIG)
        found.append((name, sheet.to_python(skip_empty_area=False)))
        if max_rows is None:
            break
    return found


def write(sheets: list[tuple[str, Lines]]) -> None:
    """Answer: rows of numbers apart, since writing and reading them as text would take longest."""
    numbers = array("d")
    found = [(name, [without_numbers(line, numbers) for line in lines]) for name, lines in sheets]
    sys.stdout.buffer.write(json.dumps(found, default=encoded).encode() + b"\n")
    sys.stdout.buffer.write(numbers.tobytes())


def without_numbers(line: Sequence[object], numbers: "array[float]") -> Sequence[object]:
    """Return a line whose last cells, when they are numbers only, went to ``numbers``."""
    kinds = list(map(type, line))
    if float not in kinds:
        return line
    start = kinds.index(float)
    if kinds.count(float) < len(line) - start:
        return line
    numbers.extend(line[start:])  # type: ignore[arg-type]
    return [*line[:start], {"numbers": len(line) - start}]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    max_cells, *max_rows = map(int, sys.argv[1:])
    try:
        data = sys.stdin.buffer.read()
        sheets = filled_sheets(data, max_cells, max_rows[0] if max_rows else None)
        write(sheets)
    except PasswordError:
        sys.exit(PROTECTED)
    except MemoryError:
        sys.exit(TOO_BIG)


if __name__ == "__main__":
    main()
