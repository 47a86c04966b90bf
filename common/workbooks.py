"""Workbooks of several sheets, written fast: true dates, true percentages, a frozen head, widths.

What is read back by ``spreadsheets.read_sheets`` is what was given, whatever the texts: line breaks,
runs of spaces, quotes, marks of formulas, emoji.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from common.spreadsheets import MIME_TYPES, disarmed
from common.typography import number_in_words


# What neither XML nor a spreadsheet can hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# « _x0041_ » would be read as « A » in an XLSX file.
_XLSX_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SPACES = re.compile(r"(?:^ | {2,}| $)", re.MULTILINE)
XLSX_CELL_LENGTH = 32_767
Cell = str | int | Decimal | date | bool | None


@dataclass(frozen=True, slots=True)
class Rate:
    """A number from 0 to 1 written as a percentage."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number shown with so many decimals, zeros included (0 to 6)."""

    value: Decimal
    places: int


Written = Cell | Rate | Fixed


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """One sheet to write. ``widths`` are in centimetres, one for each column; the head is frozen."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Written]]
    widths: Sequence[float]


def column_letter(place: int) -> str:
    """Return the letters of a column counted from 0: ``0`` → « A », ``27`` → « AB »."""
    return str(get_column_letter(place + 1))


def cell_name(place: int, line: int) -> str:
    """Return « B14 »: the column counted from 0, the line as the spreadsheet counts it."""
    return f"{column_letter(place)}{line}"


def write_workbook(sheets: Sequence[WrittenSheet], fmt: str) -> bytes:
    """Return the workbook as a file; ``fmt`` is « ods » or « xlsx »."""
    return _ods(sheets) if fmt == "ods" else _xlsx(sheets)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


# --- ODS --------------------------------------------------------------------------------------

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
        ("config", "config"),
    )
)
_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" \
manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_STYLES = """<number:date-style style:name="d">\
<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>\
<number:text>/</number:text><number:year number:style="long"/></number:date-style>\
<number:percentage-style style:name="p"><number:number number:decimal-places="0" \
number:min-integer-digits="1"/><number:text> %</number:text></number:percentage-style>\
<style:style style:name="text" style:family="table-cell"><style:table-cell-properties \
fo:wrap-option="wrap" style:vertical-align="top"/></style:style>\
<style:style style:name="date" style:family="table-cell" style:data-style-name="d">\
<style:table-cell-properties style:vertical-align="top"/></style:style>\
<style:style style:name="rate" style:family="table-cell" style:data-style-name="p">\
<style:table-cell-properties style:vertical-align="top"/></style:style>\
<style:style style:name="head" style:family="table-cell"><style:table-cell-properties \
fo:wrap-option="wrap" style:vertical-align="top" fo:background-color="#eeeeee"/>\
<style:text-properties fo:font-weight="bold"/></style:style>""" + "".join(
    f'<number:number-style style:name="n{places}"><number:number number:decimal-places="{places}" '
    f'number:min-decimal-places="{places}" number:min-integer-digits="1" number:grouping="true"/>'
    f'</number:number-style><style:style style:name="fixed{places}" style:family="table-cell" '
    f'style:data-style-name="n{places}"><style:table-cell-properties style:vertical-align="top"/>'
    "</style:style>"
    for places in range(7)
)


def _ods(sheets: Sequence[WrittenSheet]) -> bytes:
    widths = sorted({width for sheet in sheets for width in sheet.widths})
    columns = "".join(
        f'<style:style style:name="w{rank}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}cm"/></style:style>'
        for rank, width in enumerate(widths)
    )
    tables = "".join(_ods_table(sheet, widths) for sheet in sheets)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMESPACES} '
        f'office:version="1.3"><office:automatic-styles>{_STYLES}{columns}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and not packed: this is how the kind of file is told.
        archive.writestr("mimetype", MIME_TYPES["ods"], zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST.format(mime=MIME_TYPES["ods"]))
        archive.writestr("settings.xml", _ods_settings(sheets))
        archive.writestr("content.xml", content)
    return packed.getvalue()


def _ods_table(sheet: WrittenSheet, widths: Sequence[float]) -> str:
    columns = "".join(
        f'<table:table-column table:style-name="w{widths.index(width)}"/>' for width in sheet.widths
    )
    head = "".join(_ods_text(title, "head") for title in sheet.headers)
    rows = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in sheet.rows
    )
    return (
        f"<table:table table:name={quoteattr(sheet.name)}>{columns}<table:table-header-rows>"
        f"<table:table-row>{head}</table:table-row></table:table-header-rows>{rows}</table:table>"
    )


def _ods_cell(cell: Written) -> str:
    match cell:
        case None | "":
            return "<table:table-cell/>"
        case Rate(value):
            return (
                '<table:table-cell table:style-name="rate" office:value-type="percentage" '
                f'office:value="{value}"><text:p>{value * 100:.0f} %</text:p></table:table-cell>'
            )
        case Fixed(value, places):
            return (
                f'<table:table-cell table:style-name="fixed{places}" office:value-type="float" '
                f'office:value="{value}"><text:p>{number_in_words(value, places)}</text:p>'
                "</table:table-cell>"
            )
        case date():
            return (
                '<table:table-cell table:style-name="date" office:value-type="date" '
                f'office:date-value="{cell.isoformat()}"><text:p>{cell:%d/%m/%Y}</text:p>'
                "</table:table-cell>"
            )
        case bool():
            return _ods_text("oui" if cell else "non", "text")
        case int() | Decimal():
            return (
                f'<table:table-cell table:style-name="text" office:value-type="float" '
                f'office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
            )
    return _ods_text(disarmed(_clean(cell), "ods"), "text")


def _ods_text(text: str, style: str) -> str:
    paragraphs = "".join(
        f"<text:p>{_SPACES.sub(_ods_spaces, escape(line))}</text:p>" for line in text.split("\n")
    )
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">{paragraphs}'
        "</table:table-cell>"
    )


def _ods_spaces(match: re.Match[str]) -> str:
    return f'<text:s text:c="{len(match[0])}"/>'


def _ods_settings(sheets: Sequence[WrittenSheet]) -> str:
    frozen = (
        ("HorizontalSplitMode", "short", 2),
        ("VerticalSplitMode", "short", 2),
        ("HorizontalSplitPosition", "int", 1),
        ("VerticalSplitPosition", "int", 1),
        ("ActiveSplitRange", "short", 3),
        ("PositionRight", "int", 1),
        ("PositionBottom", "int", 1),
    )
    items = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
        for name, kind, value in frozen
    )
    entries = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(sheet.name)}>{items}"
        "</config:config-item-map-entry>"
        for sheet in sheets
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-settings {_NAMESPACES} '
        'office:version="1.3"><office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item-map-named config:name="Tables">{entries}</config:config-item-map-named>'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


# --- XLSX -------------------------------------------------------------------------------------


def _xlsx(sheets: Sequence[WrittenSheet]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "B2"
        for place, width in enumerate(sheet.widths):
            # A centimetre is about five characters of the usual letter.
            page.column_dimensions[column_letter(place)].width = width * 5
        page.append([_xlsx_head(page, title) for title in sheet.headers])
        for row in sheet.rows:
            page.append([_xlsx_cell(page, cell) for cell in row])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _xlsx_head(page: WriteOnlyWorksheet, title: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, title)
    cell.font = Font(bold=True)
    return cell


def _xlsx_cell(page: WriteOnlyWorksheet, value: Written) -> object:
    match value:
        case None | "":
            return None
        case Rate(rate):
            return _formatted(page, rate, "0%")
        case Fixed(number, places):
            return _formatted(page, number, f"#,##0.{'0' * places}".rstrip("."))
        case date():
            return _formatted(page, value, "dd/mm/yyyy")
        case bool():
            return "oui" if value else "non"
        case int() | Decimal():
            return value
    text = _XLSX_ESCAPE.sub("_x005F_", disarmed(_clean(value), "xlsx"))[:XLSX_CELL_LENGTH]
    if "\n" not in text:
        return text
    cell = WriteOnlyCell(page, text)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _formatted(
    page: WriteOnlyWorksheet, value: Decimal | date, number_format: str
) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value)
    cell.number_format = number_format
    return cell
