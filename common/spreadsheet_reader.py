"""Reads one workbook in a process of its own: ``python spreadsheet_reader.py MAX_CELLS < workbook``.

A workbook of 2 kB may unfold into hundreds of gigabytes (a cell in XFD1048576, a text repeated a
million times) and the reader below then ends its process. So that process is this one, with little
memory and little time, and the server only sees that it failed. No Django here: it starts at each file.
"""

import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook, PasswordError


MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
# Exit codes; any other but 0 says that the workbook is damaged.
PROTECTED, TOO_BIG = 3, 5


def encoded(cell: Any) -> Any:
    """Return what JSON can carry; dates and times as ``{kind: ISO}``."""
    match cell:
        case datetime():
            return {"datetime": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case time():
            return {"time": cell.isoformat()}
        case timedelta():
            return {"text": str(cell)}
    return cell


def check_xml(data: bytes) -> None:
    """Fail on XML that is cut short: the reader would wait for its end for ever."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels")):
                expat.ParserCreate().Parse(archive.read(entry), True)


def first_filled_sheet(data: bytes, max_cells: int) -> list[list[Any]]:
    """Return the cells of the first sheet that holds something, from its first line."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    for rank in range(len(book.sheet_names)):
        sheet = book.get_sheet_by_index(rank)
        if sheet.end is None:
            continue
        last_row, last_column = sheet.end
        if (last_row + 1) * (last_column + 1) > max_cells:
            sys.exit(TOO_BIG)
        lines = sheet.to_python(skip_empty_area=False)
        return [[encoded(cell) for cell in line] for line in lines]
    return []


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        data = sys.stdin.buffer.read()
        check_xml(data)
        lines = first_filled_sheet(data, int(sys.argv[1]))
        json.dump(lines, sys.stdout, ensure_ascii=True)
    except PasswordError:
        sys.exit(PROTECTED)
    except MemoryError:
        sys.exit(TOO_BIG)


if __name__ == "__main__":
    main()
