"""The rows and columns that a sheet of an .xlsx workbook hides: calamine reads them as the others."""

import posixpath
import re
from collections.abc import Iterator
from html import unescape

from common.byte_search import holds
from common.spreadsheet_answer import Block
from common.spreadsheet_reader import LAST_COLUMN, LAST_ROW, MAX_BLOCKS


WORKBOOK, LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_IS_HIDDEN = (b'hidden="1"', b'hidden="true"')
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)>")
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


def hidden_in(text: bytes) -> tuple[Block, ...]:
    """Return the spans of rows and of columns that the text of a sheet hides, from edge to edge."""
    if not holds(text, *_IS_HIDDEN):
        return ()
    rows = ((row, row) for row in _hidden_rows(text))
    found = [Block(first, 0, last, LAST_COLUMN) for first, last in _joined(rows)]
    columns = (
        (int(told.get("min", 0)) - 1, int(told.get("max", 0)) - 1)
        for told in map(_told, _COLUMN.findall(text))
        if told.get("hidden") in ("1", "true")
    )
    found += [Block(0, first, LAST_ROW, last) for first, last in _joined(columns)]
    return tuple(found[:MAX_BLOCKS])


def names_of(workbook: bytes, links: bytes) -> dict[str, str]:
    """Return the name of each sheet by the path of its text in the archive."""
    targets = {
        told["Id"]: told["Target"]
        for told in map(_told, _LINK.findall(links))
        if "Id" in told and "Target" in told
    }
    found = {}
    for told in map(_told, _SHEET.findall(workbook)):
        link = next((value for key, value in told.items() if key.endswith(":id")), "")
        target = posixpath.normpath(posixpath.join("/xl", targets.get(link, "")))
        found[target.removeprefix("/")] = told.get("name", "")
    return found


def _hidden_rows(text: bytes) -> Iterator[int]:
    for rank, row in enumerate(_ROW.findall(text)):
        if holds(row, *_IS_HIDDEN):
            yield int(_told(row).get("r", rank + 1)) - 1


def _joined(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of which those that follow one another are one."""
    found: list[tuple[int, int]] = []
    for first, last in spans:
        if found and found[-1][1] + 1 == first:
            first = found.pop()[0]
        found.append((first, last))
    return found


def _told(tag: bytes) -> dict[str, str]:
    return {key.decode(): unescape(value.decode()) for key, value in _ATTRIBUTE.findall(tag)}
