"""A workbook of 100 000 figures, beside the bare reading of its cells by calamine."""

import io
import random
from time import perf_counter

import openpyxl
from python_calamine import CalamineWorkbook

from bench.registry import bench, compared, ratio
from indicators.reading.definitions import IndicatorDefinition, KnownPrefecture, KnownService, Unit
from indicators.reading.read import read_workbook


# 4 sheets × 25 services × 20 indicators × 50 months.
SHEETS, SERVICES, INDICATORS, MONTHS = 4, 25, 20, 50
WORDS = (
    "courriels", "courriers", "appels", "visites", "dossiers", "permis", "passeports", "recours",
    "associations", "armes", "élections", "naturalisations", "séjours", "asile", "marchés", "budgets",
    "subventions", "commissions", "cérémonies", "plaintes",
)  # fmt: skip


def workbook() -> bytes:
    """Return years of a préfecture: services and indicators in rows, months in columns."""
    book, rates = openpyxl.Workbook(write_only=True), random.Random(41)  # noqa: S311
    months = [f"{rank % 12 + 1:02d}/{2019 + rank // 12}" for rank in range(MONTHS)]
    for number in range(SHEETS):
        page = book.create_sheet(f"Partie {number + 1}")
        page.append(["Suivi des indicateurs"])
        page.append(["Service", "Indicateur", *months])
        for service in range(SERVICES):
            name = f"Bureau {chr(65 + service)}{number + 1}"
            for rank in range(INDICATORS):
                label = f"Taux de {WORDS[rank]} traités"
                page.append(
                    [name, label, *(rates.randrange(200, 10_000) / 100 for _ in range(MONTHS))]
                )
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@bench("indicator_read", limit=3)
def indicator_read() -> dict[str, float]:
    """Figures understood, over cells read: what somebody waits before the preview."""
    data = workbook()
    definitions = [
        IndicatorDefinition(f"IND-{rank}", f"Taux de {word} traités", Unit.PERCENT)
        for rank, word in enumerate(WORDS)
    ]
    services = [
        KnownService(f"{letter}{number}", f"Bureau {letter}{number}")
        for number in range(1, SHEETS + 1)
        for letter in map(chr, range(65, 65 + SERVICES))
    ]

    def bare() -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()

    def ours() -> int:
        found = read_workbook(
            data,
            "suivi.xlsx",
            definitions=definitions,
            services=services,
            prefecture=KnownPrefecture("41", "Loir-et-Cher"),
            remembered={},
        )
        return len(found.figures)

    figures = ours()
    floor_s, ours_s = compared(bare, ours, clock=perf_counter)
    return ratio(ours_s, floor_s, figures=figures)
