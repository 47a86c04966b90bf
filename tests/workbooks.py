"""The same sheet as .xlsx and as .ods, merged cells included."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from odf.element import Element
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl.worksheet.cell_range import CellRange


Line = Sequence[str | float | None]


def xlsx(lines: Sequence[Line], *merged: str) -> bytes:
    """Return the sheet as Excel writes it; what is beneath a block (« B2:C2 ») stays in the file."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    page = book.worksheets[0]
    for line in lines:
        page.append(line)
    for area in merged:
        page.merged_cells.add(area)
    book.save(file)
    return file.getvalue()


def ods(lines: Sequence[Line], *merged: str) -> bytes:
    """Return it as LibreOffice does."""
    book, table, file = OpenDocumentSpreadsheet(), Table(name="Sheet"), io.BytesIO()
    blocks = [CellRange(area) for area in merged]
    height = max([len(lines), *(block.max_row for block in blocks)])
    width = max([*map(len, lines), *(block.max_col for block in blocks)])
    for row in range(1, height + 1):
        line = list(lines[row - 1]) if row <= len(lines) else []
        added = TableRow()
        for column in range(1, width + 1):
            value = line[column - 1] if column <= len(line) else None
            added.addElement(_cell(value, row, column, blocks))
        table.addElement(added)
    book.spreadsheet.addElement(table)
    book.write(file)
    return file.getvalue()


def _cell(value: str | float | None, row: int, column: int, blocks: list[CellRange]) -> Element:
    said: dict[str, Any] = {}
    if isinstance(value, str):
        said = {"valuetype": "string"}
    elif value is not None:
        said = {"valuetype": "float", "value": value}
    kind = TableCell
    for block in blocks:
        if (row, column) == (block.min_row, block.min_col):
            size = block.size
            said |= {"numbercolumnsspanned": size["columns"], "numberrowsspanned": size["rows"]}
        elif (row, column) in {place for line in block.rows for place in line}:
            kind = CoveredTableCell
    cell = kind(**said)
    if value is not None:
        cell.addElement(P(text=str(value)))
    return cell
