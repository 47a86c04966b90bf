"""Reads one workbook in a process of its own.

``python spreadsheet_reader.py MAX_CELLS [MAX_ROWS] < workbook`` answers ``[[name, lines], …]``: the
first sheet that holds something or, given MAX_ROWS, all those that do.

A workbook of 2 kB may unfold into hundreds of gigabytes (a cell in XFD1048576, a text repeated a
million times) and the reader below then ends its process. So that process is this one, with little
memory and little time, and the server only sees that it failed. No Django here: it starts at each file.
"""

import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook, PasswordError


MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
# Exit codes; any other but 0 says that the workbook is damaged.
PROTECTED, TOO_BIG, TOO_LONG = 3, 5, 6
# A cell whose formula is in error says so by its type, and may hold an empty text beside what it shows.
XLSX_ERROR = re.compile(rb'(<c\b[^>]*?\b)t="e"')
ODS_ERROR = re.compile(
    rb'(<table:table-cell\b[^>]*?) office:string-value=""(?=[^>]*value-type="error")'
)


def encoded(cell: Any) -> Any:
    """Return what JSON can carry of what it does not know; dates and times as ``{kind: ISO}``."""
    match cell:
        case datetime():
            return {"datetime": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case time():
            return {"time": cell.isoformat()}
    return {"text": str(cell)}


def legible(data: bytes) -> bytes:
    """Return the archive with its formulas in error as texts, which the reader would leave blank.

    Fails on XML that is cut short: the reader would wait for its end for ever.
    """
    changed: dict[str, bytes] = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.filename.endswith((".xml", ".rels")):
                continue
            text = archive.read(entry)
            if not ends_with_its_root(text):
                expat.ParserCreate().Parse(text, True)
            if b't="e"' in text and entry.filename.startswith("xl/worksheets/"):
                changed[entry.filename] = XLSX_ERROR.sub(rb'\1t="str"', text)
            elif b'value-type="error"' in text and entry.filename == "content.xml":
                changed[entry.filename] = ODS_ERROR.sub(rb"\1", text)
        return rebuilt(archive, changed) if changed else data


def ends_with_its_root(text: bytes) -> bool:
    """Tell, without parsing, whether the last tag closes the first one."""
    root = re.search(rb"<([A-Za-z_][^\s/>]*)", text[:4096])
    return root is not None and text[-4096:].rstrip().endswith(b"</" + root[1] + b">")


def rebuilt(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    """Return the archive with some of its parts changed."""
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w") as target:
        for entry in archive.infolist():
            target.writestr(entry.filename, changed.get(entry.filename) or archive.read(entry))
    return copy.getvalue()


def filled_sheets(data: bytes, max_cells: int, max_rows: int | None) -> list[tuple[str, Any]]:
    """Return the name and the cells, from the first line, of the sheets that hold something."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    found: list[tuple[str, Any]] = []
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


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    max_cells, *max_rows = map(int, sys.argv[1:])
    try:
        data = sys.stdin.buffer.read()
        if data.startswith(b"PK"):
            data = legible(data)
        sheets = filled_sheets(data, max_cells, max_rows[0] if max_rows else None)
        sys.stdout.write(json.dumps(sheets, default=encoded))
    except PasswordError:
        sys.exit(PROTECTED)
    except MemoryError:
        sys.exit(TOO_BIG)


if __name__ == "__main__":
    main()
