"""The door: ``read_workbook`` makes figures, refusals and questions of any file."""

import gc
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager

from common.spreadsheets import Sheet, UnreadableFileError, read_sheets
from indicators.reading import departments
from indicators.reading.context import context_of
from indicators.reading.definitions import (
    IndicatorDefinition,
    KnownPrefecture,
    KnownService,
    Question,
    Reading,
    Refusal,
    RefusalKind,
)
from indicators.reading.exported import is_exported, place_exported
from indicators.reading.figure_list import FigureList
from indicators.reading.figures import Harvest
from indicators.reading.headings import NOTHING, Heading, Reader
from indicators.reading.merged import Merged
from indicators.reading.pilote import is_pilote, read_pilote
from indicators.reading.placing import TablePlacer
from indicators.reading.series import Placed
from indicators.reading.tables import Spot, Table, tables_of
from indicators.reading.unseen import unseen
from indicators.reading.words import same_label


_NO_TABLE = (
    "Aucun tableau de mesures n’est reconnu ici : il faut des titres de lignes ou de colonnes qui nomment "
    "les indicateurs et les périodes."
)
_GENERIC_SHEET = re.compile(
    r"(?:feuil(?:le)?|sheet|tableau|donnees|saisie|indicateurs?|lisez moi|notice)? ?\d*"
)

_LAST_WORDS = re.compile(r"_([^\W\d_][^\d_.]+?) ?(?:\(\d+\))?\.\w+$")


def read_workbook(
    data: bytes,
    file_name: str,
    *,
    definitions: Sequence[IndicatorDefinition],
    services: Sequence[KnownService],
    prefecture: KnownPrefecture,
    remembered: Mapping[str, str],
) -> Reading:
    """Read a workbook (.xlsx, .xls, .ods) or a CSV file, whatever its layout; PILOTE has its own.

    ``remembered`` answers questions of an earlier reading: ``{question.key: answer}``. Never fails
    on a bad file: what cannot be read is a refusal that says what, where and how to mend it.
    """
    with _collector_at_rest():
        reader = Reader(definitions, services, prefecture, remembered)
        try:
            # Not kept here: the collector, once awake, would walk through cells that are done with.
            return _read(read_sheets(data), file_name, reader)
        except UnreadableFileError as error:
            return Reading(refusals=(Refusal("", "", error.message),))


def _read(sheets: Sequence[Sheet], file_name: str, reader: Reader) -> Reading:
    hidden = [_hidden(sheet) for sheet in sheets if sheet.is_hidden]
    sheets = [sheet for sheet in sheets if not sheet.is_hidden]
    if not sheets:
        return Reading(refusals=tuple(hidden), shape=_shape(set()))
    if is_pilote(sheets[0].lines):
        return read_pilote(
            sheets[0],
            definitions=reader.definitions,
            prefecture=reader.prefecture,
            remembered=reader.remembered,
        )
    if all(is_exported(sheet.lines) for sheet in sheets):
        return _given_back(sheets, file_name, reader, Placed(refusals=hidden))
    merged = {sheet.name: Merged(sheet.merged) for sheet in sheets}
    found = [(sheet, *tables_of(sheet.lines, merged[sheet.name].ends)) for sheet in sheets]
    stranger = _stranger(found, file_name, reader.prefecture)
    if stranger:
        return Reading(refusals=(stranger,), shape=_shape(set()))
    placed = Placed(refusals=hidden)
    silent = {sheet.name for sheet, tables, _ in found if not tables}
    names = _sheet_headings(reader, sheets, silent, placed)
    file_heading = context_of(
        reader, [Spot(0, 0, re.sub(r"\.\w+$", "", file_name).replace("_", " "))]
    )
    for sheet, tables, _ in found:
        if not tables:
            placed.refusals.append(Refusal(sheet.name, "", _NO_TABLE, RefusalKind.NO_TABLE))
        titles = NOTHING
        above = _over_all(reader, tables)
        for number, table in enumerate(tables):
            titles = context_of(reader, table.titles) if table.titles or not number else titles
            if titles.period is None and above.period:
                titles = titles._replace(period=above.period)
            around = [titles, names[sheet.name], file_heading]
            placer = TablePlacer(reader, sheet, number, table, around, merged[sheet.name])
            placer.place(placed)
    return _harvested(placed, reader, sheets)


def _given_back(sheets: Sequence[Sheet], file_name: str, reader: Reader, placed: Placed) -> Reading:
    """Read tables of figures that were ours; the name of their file ends with that of the préfecture."""
    end = _LAST_WORDS.search(file_name)
    owner = f"Préfecture {end[1]}" if end else file_name
    stranger = _stranger([(sheet, [], ()) for sheet in sheets], owner, reader.prefecture)
    if stranger:
        return Reading(refusals=(stranger,), shape=_shape(set()))
    for sheet in sheets:
        place_exported(sheet, reader, placed)
    return _harvested(placed, reader, sheets)


def _over_all(reader: Reader, tables: Sequence[Table]) -> Heading:
    """Return what the first title of a sheet says of all its tables, when the first has its own too."""
    first = tables[0].titles if tables else ()
    top = [spot for spot in first if spot.row == first[0].row]
    return context_of(reader, top) if len(top) < len(first) else NOTHING


def _hidden(sheet: Sheet) -> Refusal:
    """Return why a sheet that nobody sees is not read: old figures and drafts are kept there."""
    message = (
        "Feuille masquée, laissée de côté. Si ses chiffres comptent, affichez-la dans le tableur."
    )
    return Refusal(sheet.name, "", message, RefusalKind.LEFT_OUT)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking, again and again, through cells that make no cycle."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _harvested(placed: Placed, reader: Reader, sheets: Sequence[Sheet]) -> Reading:
    harvest = Harvest(reader.by_code, {service.key: service.name for service in reader.services})
    harvest.gather(placed)
    return Reading(
        figures=FigureList(harvest.figures),
        refusals=(*placed.refusals, *harvest.refusals),
        questions=tuple(placed.questions.values()),
        notices=(*harvest.notices, *unseen(sheets, placed.series)),
        shape=_shape(placed.labels),
    )


def _sheet_headings(
    reader: Reader, sheets: Sequence[Sheet], silent: Set[str], placed: Placed
) -> dict[str, Heading]:
    """Return what the names of the sheets say; one unknown among services is asked about."""
    headings = {sheet.name: context_of(reader, [Spot(0, 0, sheet.name)]) for sheet in sheets}
    if not any(heading.service for heading in headings.values()):
        return headings
    for name, heading in headings.items():
        is_generic = name in silent or _GENERIC_SHEET.fullmatch(same_label(name))
        if heading.unknown and not heading.service and not heading.meanings and not is_generic:
            text = f"De quel service parle la feuille « {name} » ?"
            key = f"service:{same_label(name)}"
            question = placed.questions[key] = Question("service", key, name, "", text)
            headings[name] = heading._replace(aside=question.why)
    return headings


def _stranger(
    found: Sequence[tuple[Sheet, list[Table], tuple[Spot, ...]]],
    file_name: str,
    prefecture: KnownPrefecture,
) -> Refusal | None:
    """Return the refusal of a file that names another préfecture, and not ours."""
    others: list[tuple[str, str, str]] = []
    texts = [
        ("", Spot(0, 0, file_name)),
        *((sheet.name, Spot(0, 0, sheet.name)) for sheet, *_ in found),
    ]
    for sheet, tables, left in found:
        spots = (*(spot for table in tables for spot in table.titles), *left)
        texts += [(sheet.name, spot) for spot in spots]
    for name, spot in texts:
        code = departments.named_in(spot.cell) if isinstance(spot.cell, str) else None
        if code == prefecture.code:
            return None
        if code:
            others.append((name, spot.cell if isinstance(spot.cell, str) else "", code))
    if not others:
        return None
    where, text, code = others[0]
    return Refusal(
        where,
        "",
        f"Ce fichier concerne un autre département : « {text} » désigne {departments.NAMES[code]} "
        f"({code}), et non {prefecture.name} ({prefecture.code}). Rien n’en est repris.",
    )


def _shape(labels: set[str]) -> str:
    """Return the fingerprint of a layout: its labels, periods and figures left out."""
    return hashlib.sha256("\n".join(sorted(labels)).encode()).hexdigest()[:16]
