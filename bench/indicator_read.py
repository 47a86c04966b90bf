"""A workbook of 100 000 figures, beside the bare reading of its cells by calamine."""

import io
import random
import re
import resource
import zipfile
from collections import deque
from time import process_time

import openpyxl
from python_calamine import CalamineWorkbook

from bench.registry import bench, compared, ratio
from indicators.reading.definitions import IndicatorDefinition, KnownPrefecture, KnownService, Unit
from indicators.reading.read import read_workbook


# 4 sheets × 25 services × 20 indicators × 50 months.
SHEETS, SERVICES, MONTHS = 4, 25, 50
WORDS = (
    "courriels", "courriers", "appels", "visites", "dossiers", "permis", "passeports", "recours",
    "associations", "armes", "élections", "naturalisations", "séjours", "asile", "marchés", "budgets",
    "subventions", "commissions", "cérémonies", "plaintes",
)  # fmt: skip
NUMBER = re.compile(rb'<c r="([A-Z]+\d+)" t="n"><v>')


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


def plain_workbook() -> bytes:
    """Return them as figures typed by hand."""
    book, file = openpyxl.Workbook(write_only=True), io.BytesIO()
    for title, lines in sheets():
        page = book.create_sheet(title)
        for line in lines:
            page.append(line)
    book.save(file)
    return file.getvalue()


def formula_workbook() -> bytes:
    """Return them as a spreadsheet saves them: each rate is a formula, with what it gave."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain_workbook())) as plain,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as done,
    ):
        for name in plain.namelist():
            formula = rb'<c r="\1" s="0"><f>100*Saisie!\1/Base!\1</f><v>'
            done.writestr(name, NUMBER.sub(formula, plain.read(name)))
    return target.getvalue()


def read_beside_bare(data: bytes) -> dict[str, float]:
    """Figures understood, over cells read: CPU seconds, those of the process apart included."""
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
            "suivi.xlsx",
            definitions=definitions,
            services=[KnownService(name, name) for name in names],
            prefecture=KnownPrefecture("41", "Loir-et-Cher"),
            remembered={},
        )
        deque(found.figures, maxlen=0)  # each of them made, one by one
        return len(found.figures)

    figures = ours()  # also warms what is remembered from one file to the next
    floor_s, ours_s = compared(bare, ours, clock=all_processes)
    return ratio(ours_s, floor_s, figures=figures)


@bench("indicator_read", limit=3)
def indicator_read() -> dict[str, float]:
    return read_beside_bare(formula_workbook())


@bench("indicator_read_plain", limit=3)
def indicator_read_plain() -> dict[str, float]:
    return read_beside_bare(plain_workbook())
