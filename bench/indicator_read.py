"""Workbooks of 100 000 figures, beside the bare reading of its cells by calamine."""

import io
import random
import resource
import zipfile
from time import process_time

import openpyxl
from python_calamine import CalamineWorkbook

from bench.registry import bench, compared, ratio
from common.spreadsheets import MIME_TYPES
from indicators.reading.definitions import IndicatorDefinition, KnownPrefecture, KnownService, Unit
from indicators.reading.read import read_workbook


# 4 sheets × 25 services × 20 indicators × 50 months.
SHEETS, SERVICES, MONTHS = 4, 25, 50
WORDS = (
    "courriels", "courriers", "appels", "visites", "dossiers", "permis", "passeports", "recours",
    "associations", "armes", "élections", "naturalisations", "séjours", "asile", "marchés", "budgets",
    "subventions", "commissions", "cérémonies", "plaintes",
)  # fmt: skip
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME_TYPES["ods"]}"/>'
    "</manifest:manifest>"
)


def all_processes() -> float:
    """Return the CPU seconds of this process and of those it waited for: the reader is one of them."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def sheets() -> list[tuple[str, list[list[str | float]]]]:
    """Return years of a préfecture: services and indicators in rows, months in columns."""
    rates = random.Random(41)  # noqa: S311
    months = [f"{rank % 12 + 1:02d}/{2019 + rank // 12}" for rank in range(MONTHS)]
    found: list[tuple[str, list[list[str | float]]]] = []
    for number in range(SHEETS):
        lines: list[list[str | float]] = [
            ["Suivi des indicateurs"],
            ["Service", "Indicateur", *months],
        ]
        for service in range(SERVICES):
            for word in WORDS:
                figures = [rates.randrange(200, 10_000) / 100 for _ in range(MONTHS)]
                lines.append([place(service, number), f"Taux de {word} traités", *figures])
        found.append((f"Partie {number + 1}", lines))
    return found


def place(service: int, sheet: int) -> str:
    return f"Bureau {chr(65 + service)}{sheet + 1}"


def xlsx() -> bytes:
    book, target = openpyxl.Workbook(write_only=True), io.BytesIO()
    for title, lines in sheets():
        page = book.create_sheet(title)
        for line in lines:
            page.append(line)
    book.save(target)
    return target.getvalue()


def ods() -> bytes:
    """Return the same as an .ods: the cells alone, as LibreOffice writes them."""
    names = {
        name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
        for name in ("office", "table", "text")
    }
    body = "".join(
        f'<table:table table:name="{title}">{"".join(map(ods_row, lines))}</table:table>'
        for title, lines in sheets()
    )
    head = " ".join(f'xmlns:{name}="{uri}"' for name, uri in names.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {head} office:version="1.2">'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", MIME_TYPES["ods"])
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    return target.getvalue()


def ods_row(line: list[str | float]) -> str:
    cells = (
        f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p>'
        "</table:table-cell>"
        if isinstance(cell, float)
        else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in line
    )
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def measured(data: bytes, file_name: str) -> tuple[float, float, int]:
    """Return the seconds of the bare reading, then ours, and how many figures it gives."""
    definitions = [
        IndicatorDefinition(f"IND-{rank}", f"Taux de {word} traités", Unit.PERCENT)
        for rank, word in enumerate(WORDS)
    ]
    names = [place(service, sheet) for sheet in range(SHEETS) for service in range(SERVICES)]

    def bare() -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()

    def ours() -> int:
        found = read_workbook(
            data,
            file_name,
            definitions=definitions,
            services=[KnownService(name, name) for name in names],
            prefecture=KnownPrefecture("41", "Loir-et-Cher"),
            remembered={},
        )
        return len(found.figures)

    figures = ours()
    floor_s, ours_s = compared(bare, ours, clock=all_processes)
    return floor_s, ours_s, figures


@bench("indicator_read", limit=3)
def indicator_read() -> dict[str, float]:
    """Figures understood, over cells read, in one .xlsx and one .ods: what préfectures use.

    CPU seconds, those of the process apart that opens the file included.
    """
    xlsx_floor_s, xlsx_s, figures = measured(xlsx(), "suivi.xlsx")
    ods_floor_s, ods_s, ods_figures = measured(ods(), "suivi.ods")
    return ratio(
        xlsx_s + ods_s,
        xlsx_floor_s + ods_floor_s,
        figures=min(figures, ods_figures),
        xlsx_ratio=xlsx_s / xlsx_floor_s,
        ods_ratio=ods_s / ods_floor_s,
    )
