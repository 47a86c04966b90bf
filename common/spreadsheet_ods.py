"""Reads an .ods workbook as ``spreadsheet_reader`` does, with what is merged and what is hidden.

Calamine leaves both out.

Called with two limits more: where ``content.xml`` lies, uncompressed, in the file on the input.
"""

import os
import pyexpat
import sys

from python_calamine import CalamineWorkbook

from common.spreadsheet_reader import INPUT, LAST_COLUMN, LAST_ROW, Beside, read_and_answer


_CELLS = ("table:table-cell", "table:covered-table-cell")
_PIECE = 1 << 18
_VISIBILITY, _HIDDEN = "table:visibility", ("collapse", "filter")
Place = tuple[int, int]


class Spans:
    """Walks through ``content.xml``, counting rows and columns as calamine does.

    ``ends`` tells the last filled row and column of each sheet: beyond, a block covers no figure,
    and a file of 2 kB may repeat one a million times.
    """

    def __init__(self, ends: dict[str, Place]) -> None:
        self.ends = ends
        self.found: dict[str, Beside] = {}
        self.depth = 0  # a table within a cell is no sheet
        self.sheet = Beside()
        self.end: Place = (-1, -1)
        self.row = self.next_row = self.column = self.head = 0

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if element == "table:table":
            self.depth += 1
            if self.depth == 1:
                self.open(attributes.get("table:name", ""))
        elif self.depth != 1:
            return
        elif element in _CELLS:
            self.pass_cell(attributes)
        elif element == "table:table-row":
            self.pass_row(attributes)
        elif element == "table:table-column":
            self.pass_column(attributes)

    def open(self, name: str) -> None:
        self.found[name] = self.sheet = Beside()
        self.end = self.ends.get(name, (-1, -1))
        self.row = self.next_row = self.column = self.head = 0

    def pass_cell(self, attributes: dict[str, str]) -> None:
        repeated = int(attributes.get("table:number-columns-repeated", 1))
        if self.row <= self.end[0] and (
            "table:number-columns-spanned" in attributes
            or "table:number-rows-spanned" in attributes
        ):
            self.add(attributes, repeated)
        self.column += repeated

    def pass_row(self, attributes: dict[str, str]) -> None:
        self.row, self.column = self.next_row, 0
        self.next_row += int(attributes.get("table:number-rows-repeated", 1))
        last = min(self.next_row - 1, self.end[0])
        if attributes.get(_VISIBILITY) in _HIDDEN and self.row <= last:
            self.sheet.hide_rows(self.row, last)

    def pass_column(self, attributes: dict[str, str]) -> None:
        first = self.head
        self.head += int(attributes.get("table:number-columns-repeated", 1))
        last = min(self.head - 1, self.end[1])
        if attributes.get(_VISIBILITY) in _HIDDEN and first <= last:
            self.sheet.hide_columns(first, last)

    def close(self, element: str) -> None:
        if element == "table:table":
            self.depth -= 1

    def add(self, attributes: dict[str, str], repeated: int) -> None:
        """Add the block that begins here, as often as its cell is repeated among filled ones."""
        wide = int(attributes.get("table:number-columns-spanned", 1)) - 1
        tall = int(attributes.get("table:number-rows-spanned", 1)) - 1
        if not wide and not tall:
            return
        for row in range(self.row, min(self.next_row, self.end[0] + 1)):
            for column in range(self.column, min(self.column + repeated, self.end[1] + 1)):
                last = min(row + tall, LAST_ROW), min(column + wide, LAST_COLUMN)
                self.sheet.add_block((row, column, *last))


def refuse_entity(*_: object) -> None:
    raise ValueError("entities are not read")


def workbook(places: list[int]) -> tuple[CalamineWorkbook, list[Beside]]:
    """Return the workbook on the input, and the blocks of each of its sheets."""
    book = CalamineWorkbook.from_path(INPUT)
    ends = {}
    for name in book.sheet_names:
        ends[name] = book.get_sheet_by_name(name).end or (-1, -1)
    spans = Spans(ends)
    parser = pyexpat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = spans.start, spans.close
    parser.EntityDeclHandler = refuse_entity
    start, length = places
    for place in range(start, start + length, _PIECE):
        piece = os.pread(sys.stdin.fileno(), min(_PIECE, start + length - place), place)
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return book, [spans.found.get(name, Beside()) for name in book.sheet_names]


def main(limits: list[str]) -> None:
    read_and_answer(limits[:2], lambda: workbook(list(map(int, limits[2:]))))
