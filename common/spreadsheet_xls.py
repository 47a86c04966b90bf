"""Reads an .xls workbook as ``spreadsheet_reader`` does, with what calamine leaves out.

Its cells in error, which come back blank; what is hidden; the merged blocks of a sheet that holds a
chart, for they come after it and calamine stops there; and every password: Excel knows one way that
calamine does not, whose figures would be taken as they are written, scrambled.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from struct import Struct

import olefile
from python_calamine import CalamineWorkbook

from common.spreadsheet_reader import INPUT, PROTECTED, Beside, read_and_answer


# Records of [MS-XLS] 2.3.
BEGIN, END, FILE_PASS, SHEET, FORMULA, ERROR, MERGED, ROW, COLUMNS = (
    0x0809, 0x000A, 0x002F, 0x0085, 0x0006, 0x0205, 0x00E5, 0x0208, 0x007D,
)  # fmt: skip
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip
_HEAD, _COUNT, _PLACE, _BLOCK, _OFFSET, _ROW, _COLUMNS = (
    Struct("<HH"), Struct("<H"), Struct("<HH"), Struct("<HHHH"), Struct("<I"), Struct("<H10xB"),
    Struct("<HH4xB"),
)  # fmt: skip
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01


def records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Return the kind and the content of the records of a sheet, or of the workbook, its charts left out."""
    depth = 0
    while place + _HEAD.size <= len(stream):
        kind, length = _HEAD.unpack_from(stream, place)
        place += _HEAD.size
        if kind == BEGIN:
            depth += 1
        elif kind == END:
            depth -= 1
            if depth < 1:
                return
        elif depth == 1:
            yield kind, stream[place : place + length]
        place += length


def beside(stream: bytes, place: int) -> Beside:
    """Return what calamine leaves out of the sheet that begins here."""
    sheet = Beside()
    for kind, content in records(stream, place):
        code = None
        if kind == FORMULA and content[6:7] == b"\x02" and content[12:14] == b"\xff\xff":
            code = content[8]
        elif kind == ERROR and content[7:8] == b"\x01":
            code = content[6]
        elif kind == MERGED:
            for rank in range(_COUNT.unpack_from(content)[0]):
                first_row, last_row, first, last = _BLOCK.unpack_from(content, 2 + 8 * rank)
                sheet.add_block((first_row, first, last_row, last))
        else:
            _hide(sheet, kind, content)
        if code is not None:
            row, column = _PLACE.unpack_from(content)
            sheet.errors.setdefault(row, {})[column] = _ERRORS.get(code, "#N/A")
    return sheet


def _hide(sheet: Beside, kind: int, content: bytes) -> None:
    """Note the row or the columns that a record hides, when it does."""
    if kind == ROW:
        row, flags = _ROW.unpack_from(content)
        if flags & _ROW_HIDDEN:
            sheet.hide_rows(row, row)
    elif kind == COLUMNS:
        first, last, flags = _COLUMNS.unpack_from(content)
        if flags & _COLUMN_HIDDEN:
            sheet.hide_columns(first, last)


def workbook() -> tuple[CalamineWorkbook, list[Beside]]:
    """Return the workbook on the input, and what calamine leaves out of each of its sheets."""
    with olefile.OleFileIO(BytesIO(sys.stdin.buffer.read())) as folder:
        name = "Workbook" if folder.exists("Workbook") else "Book"
        stream = folder.openstream(name).read()
    places = []
    for kind, content in records(stream, 0):
        if kind == FILE_PASS:
            sys.exit(PROTECTED)
        if kind == SHEET:
            places.append(_OFFSET.unpack_from(content)[0])
    return CalamineWorkbook.from_path(INPUT), [beside(stream, place) for place in places]


def main(limits: list[str]) -> None:
    read_and_answer(limits, workbook)
