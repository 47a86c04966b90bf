"""Figures as tables for a spreadsheet: the numbers that the pages write, in the unit that they write."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from django.urls import reverse

from common.numbers import Missing, bare_quantity
from common.spreadsheets import Value, write_table
from common.workbooks import Fixed, Written, WrittenSheet, write_workbook
from indicators.consolidation import PrefectureLine
from indicators.enums import Unit
from indicators.reading import exported
from indicators.selectors.figures import FigureLine
from indicators.selectors.indicator_page import IndicatorPage, PointLine
from indicators.selectors.prefectures import PrefecturesPage
from indicators.series import PeriodFigure


LIST_HEADERS = (
    *("Code", "Indicateur", "Module", "Rubrique", "Unité", "Période", "Valeur", "Numérateur"),
    *("Dénominateur", "Cible", "État", "Période précédente", "Valeur précédente"),
    *("Même période l’an dernier", "Valeur l’an dernier", "Tendance", "Dernière période attendue"),
    *("Chiffre attendu", "Ce qui manque", "Démonstration"),
)
# Those that ``exported`` names are read back when the table is corrected and given back.
POINT_HEADERS = (
    *(exported.CODE, "Indicateur", exported.PLACE, "Unité", exported.PERIOD, exported.VALUE),
    *(exported.NUMERATOR, exported.DENOMINATOR, exported.REASON),
    *("Cible", "État", "Écart sur un an", "Valeur nationale", "Signal"),
    *("Variation habituelle", "Changement", "Ce qui manque", exported.COMPUTED, exported.ORIGIN),
    "Démonstration",
)
# In centimetres.
_WIDTH = 3.5
_WIDTHS = {
    "Indicateur": 8.0,
    "Module": 6.0,
    "Rubrique": 6.0,
    "Lieu": 6.0,
    "Qui": 6.0,
    "Tendance": 6.0,
    "Variation habituelle": 5.0,
    "Changement": 6.0,
    "Ce qui manque": 8.0,
    "Origine": 8.0,
    "Source": 8.0,
}
PREFECTURE_HEADERS = (
    *("Code", "Indicateur", "Unité", "Qui", "Lieu", "Période", "Valeur", "Numérateur"),
    *("Dénominateur", "Si pas de valeur", "Cible nationale", "État", "Ce qui manque"),
    *("Petit effectif", "Démonstration", "Source"),
)


def sheet_value(
    value: Decimal | None, unit: str, fmt: str, decimals: int = 0
) -> Fixed | str | None:
    """Return what a cell holds: points for a rate, rounded and shown as the pages do.

    A number, or in a CSV file its French text with at least so many decimals: « 95,20 ».
    """
    if value is None:
        return None
    text = bare_quantity(value, unit, least=decimals).replace("\u00a0", "")
    if fmt == "csv":
        return text
    number = Decimal(text.replace("\u2212", "-").replace(",", "."))
    return Fixed(number, len(text.partition(",")[2]))


def table_file(
    title: str, headers: Sequence[str], rows: Sequence[Sequence[Written]], fmt: str
) -> bytes:
    """Return rows of this module as a file; ``fmt`` is a key of ``MIME_TYPES``."""
    if fmt == "csv":
        return write_table(title, headers, cast(Sequence[Sequence[Value | None]], rows), fmt)
    widths = [_WIDTHS.get(header, _WIDTH) for header in headers]
    return write_workbook([WrittenSheet(title, headers, rows, widths)], fmt)


def list_rows(lines: Iterable[FigureLine], fmt: str) -> list[Sequence[Written]]:
    """Return a row per indicator, under ``LIST_HEADERS``."""
    return [_list_row(line, fmt) for line in lines]


def point_rows(page: IndicatorPage, fmt: str) -> list[Sequence[Written]]:
    """Return a row per period of an indicator, oldest first, under ``POINT_HEADERS``."""
    indicator = page.indicator
    return [
        (
            indicator.code,
            indicator.label,
            page.place_label,
            unit_words(indicator.unit),
            line.figure.period.code,
            *_numbers(line.figure, fmt),
            "" if line.figure.value is not None else str(Missing(line.figure.missing).label),
            line.target,
            line.standing.label,
            line.since_last_year,
            line.national,
            "oui" if line.is_signal else "",
            line.usual,
            line.change,
            line.figure.gap,
            "total" if _is_total(page, line) else "",
            line.origin_words,
            "oui" if line.figure.is_sample else "",
        )
        for line in reversed(page.points)
    ]


def _is_total(page: IndicatorPage, line: PointLine) -> bool:
    """Tell whether a point is made of others, so that nobody corrects it by itself."""
    is_of_places = not page.place and any(origin.place for origin in line.origins)
    return line.figure.is_total or is_of_places


def prefecture_rows(page: PrefecturesPage, fmt: str) -> list[Sequence[Written]]:
    """Return a row per figure of a préfecture, as the page orders them, the total, then France.

    Under ``PREFECTURE_HEADERS``.
    """
    indicator, whole = page.indicator, page.whole
    head = (indicator.code, indicator.label, unit_words(indicator.unit))
    rows: list[Sequence[Written]] = [(*head, *_prefecture_cells(line, fmt)) for line in page.lines]
    # Who, period, value, numerator, denominator, source of what is no préfecture's.
    others: list[tuple[str, str, Decimal | None, Decimal | None, Decimal | None, str]] = [
        ("France", line.period.code, line.value.value, None, None, line.value.source)
        for line in page.nationals
    ]
    if whole.value is not None:
        period = page.period or page.lines[0].figure.period
        numbers = (whole.value, whole.numerator, whole.denominator)
        others.insert(0, ("Ensemble", period.code, *numbers, whole.sentence))
    for who, code, value, numerator, denominator, source in others:
        cells = (
            sheet_value(value, indicator.unit, fmt, indicator.decimals),
            sheet_value(numerator, Unit.COUNT, fmt),
            sheet_value(denominator, Unit.COUNT, fmt),
        )
        rows.append((*head, who, "", code, *cells, *[""] * 6, source))
    return rows


def _prefecture_cells(line: PrefectureLine, fmt: str) -> Sequence[Written]:
    figure = line.figure
    return (
        line.prefecture,
        line.place,
        figure.period.code,
        *_numbers(figure, fmt),
        "" if figure.value is not None else str(Missing(figure.missing).label),
        line.aim,
        str(line.standing.label),
        figure.gap,
        "oui" if line.is_small else "",
        "oui" if figure.is_sample else "",
        " ; ".join(line.sources),
    )


def unit_words(unit: str) -> str:
    return str(Unit(unit).label)


def file_name(*words: str, day: date, fmt: str) -> str:
    """Return « 2022-06-30_indicateurs_loir-et-cher.ods »."""
    return f"{'_'.join([f'{day:%Y-%m-%d}', *words])}.{fmt}"


def _numbers(figure: PeriodFigure | None, fmt: str) -> list[Written]:
    if figure is None:
        return [None, None, None]
    return [
        sheet_value(figure.value, figure.unit, fmt, figure.decimals),
        sheet_value(figure.numerator, Unit.COUNT, fmt),
        sheet_value(figure.denominator, Unit.COUNT, fmt),
    ]


def _list_row(line: FigureLine, fmt: str) -> Sequence[Written]:
    indicator, reading = line.indicator, line.reading
    latest, before, year_ago = reading.latest, reading.before, reading.year_ago
    return (
        indicator.code,
        indicator.label,
        line.module,
        line.heading,
        unit_words(indicator.unit),
        latest.period.code if latest else "",
        *_numbers(latest, fmt),
        reading.target_words,
        reading.standing.label,
        before.period.code if before else "",
        _numbers(before, fmt)[0],
        year_ago.period.code if year_ago else "",
        _numbers(year_ago, fmt)[0],
        reading.trend,
        reading.due.period.code,
        reading.due.shown,
        latest.gap if latest else "",
        "oui" if line.is_sample else "",
    )


def download_links(url_name: str, *args: str, query: str = "") -> list[tuple[str, str]]:
    """Return (words, address) of each format of a table."""
    tail = f"?{query}" if query else ""
    return [
        (f"{fmt.upper()} ({words})", f"{reverse(url_name, args=[*args, fmt])}{tail}")
        for fmt, words in (("ods", "LibreOffice"), ("xlsx", "Excel"), ("csv", "texte"))
    ]
