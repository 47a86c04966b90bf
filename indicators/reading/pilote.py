"""The exchange shape of PILOTE, the State's tool: one value per line, read and written. Pure.

``identifiant_indic;zone_id;zone_nom;date_valeur;type_valeur;valeur``: a rate is written 78, a date
AAAA-MM-JJ, « va » is a value, « vi » the first one, « vc » the target. Loir-et-Cher is the zone D41.
A blank value takes the former one away: « non mesuré ». An indicator goes by its identifier in PILOTE
when it is known, else by its code.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from common.spreadsheets import Sheet
from indicators.reading.definitions import (
    Figure,
    IndicatorDefinition,
    KnownPrefecture,
    Notice,
    Question,
    Reading,
    Refusal,
    RefusalKind,
    Status,
    Unit,
)
from indicators.reading.periods import Kind, Period
from indicators.reading.pilote_rates import RateScale, question_of, remark_on, scale_of, why_unused


COLUMNS: Final = (
    "identifiant_indic",
    "zone_id",
    "zone_nom",
    "date_valeur",
    "type_valeur",
    "valeur",
)
INITIAL, CURRENT, AIMED = "vi", "va", "vc"
SHAPE: Final = "pilote"
_OPTIONAL: Final = {"zone_nom"}
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_WIDEST: Final = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class PiloteLine:
    """One value to write; ``value`` in the unit of the indicator, a rate from 0 to 1."""

    identifier: str
    unit: str
    day: date
    kind: str
    value: Decimal


def zone_of(code: str) -> str:
    """Return the zone of a département: « D41 », « D2A », « D974 »."""
    return f"D{code}"


def written(lines: Iterable[PiloteLine], prefecture: KnownPrefecture) -> str:
    """Return the lines as a file of PILOTE."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        shown = line.value * 100 if line.unit == "percent" else line.value
        plain = f"{shown.normalize():f}"
        zone = zone_of(prefecture.code)
        writer.writerow(
            (line.identifier, zone, prefecture.name, line.day.isoformat(), line.kind, plain)
        )
    return text.getvalue()


def is_pilote(lines: Sequence[Sequence[Any]]) -> bool:
    """Tell whether the first line bears the columns of PILOTE, in any order."""
    return bool(lines) and {*COLUMNS} - _OPTIONAL <= set(_heads(lines[0]))


def read_pilote(
    sheet: Sheet,
    *,
    definitions: Sequence[IndicatorDefinition],
    prefecture: KnownPrefecture,
    remembered: Mapping[str, str],
) -> Reading:
    """Read a sheet that ``is_pilote``; what cannot be used is refused with its line."""
    reader = _Reader(sheet.name, _heads(sheet.lines[0]), _by_identifier(definitions), prefecture)
    lines = [
        (number, cells)
        for number, cells in enumerate(sheet.lines[1:], start=2)
        if any(str(cell or "").strip() for cell in cells)
    ]
    rates = reader.rates(lines)
    reader.scale = scale_of([rate for _, rate in rates], remembered)
    questions: tuple[Question, ...] = ()
    if reader.scale is RateScale.ASKED:
        cell = reader.cell("valeur", rates[0][0])
        questions = (question_of([rate for _, rate in rates], sheet.name, cell),)
    for number, cells in lines:
        reader.read(number, cells)
    return Reading(
        figures=tuple(reader.figures.values()),
        refusals=tuple(reader.refusals),
        questions=questions,
        notices=tuple(reader.notices),
        shape=SHAPE,
    )


def _heads(line: Sequence[Any]) -> list[str]:
    return [str(cell or "").strip().lower() for cell in line]


def _by_identifier(
    definitions: Sequence[IndicatorDefinition],
) -> dict[str, IndicatorDefinition]:
    """Return the definitions by what may name them: their identifier, else the code, else another name."""
    found = {_key(name): item for item in definitions for name in item.synonyms}
    found |= {_key(item.code): item for item in definitions}
    return found | {_key(item.pilote): item for item in definitions if item.pilote}


def _key(name: str) -> str:
    return name.strip().casefold()


class _RefusedError(Exception):
    """A cell is not used; ``column`` is its name."""

    def __init__(self, column: str, message: str, kind: RefusalKind = RefusalKind.MISTAKE) -> None:
        super().__init__(message)
        self.column, self.message, self.kind = column, message, kind


@dataclass(slots=True)
class _Reader:
    """Reads the lines one after the other, knowing those before."""

    sheet: str
    heads: Sequence[str]
    known: Mapping[str, IndicatorDefinition]
    prefecture: KnownPrefecture
    scale: RateScale = RateScale.POINTS
    figures: dict[tuple[str, str], Figure] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    _lines: dict[tuple[str, date, str], int] = field(default_factory=dict)
    _kinds: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def rates(self, lines: Iterable[tuple[int, Sequence[Any]]]) -> list[tuple[int, Decimal]]:
        """Return (line, number as written) of each rate that can be read."""
        found = []
        for number, cells in lines:
            row = dict(zip(self.heads, cells, strict=False))
            try:
                definition, value = self._definition(row), _value(row.get("valeur"))
            except _RefusedError:
                continue
            if value is not None and definition.unit == Unit.PERCENT:
                found.append((number, value))
        return found

    def read(self, number: int, cells: Sequence[Any]) -> None:
        row = dict(zip(self.heads, cells, strict=False))
        try:
            self._read(number, row)
        except _RefusedError as refused:
            message = f"Ligne {number} : {refused.message}"
            cell = self.cell(refused.column, number)
            self.refusals.append(Refusal(self.sheet, cell, message, refused.kind))

    def _read(self, number: int, row: Mapping[str, Any]) -> None:
        definition = self._definition(row)
        self._check_zone(row)
        day = _day(row.get("date_valeur"))
        kind = _text(row, "type_valeur").lower()
        if kind not in {INITIAL, CURRENT, AIMED}:
            raise _RefusedError(
                "type_valeur",
                f"« {kind} » n’est pas un type de valeur. Écrivez vi (valeur initiale), va (valeur "
                "actuelle) ou vc (valeur cible).",
            )
        value = _value(row.get("valeur"))
        self._check_once(number, definition.code, day, kind)
        if kind == AIMED:
            text = (
                f"Ligne {number} : la cible (vc) de « {definition.label} » n’est pas reprise. Elle se "
                "fixe, avec ses dates, sur la page de la définition."
            )
            self.notices.append(Notice(self.sheet, self.cell("type_valeur", number), text))
            return
        if value is not None and definition.unit == Unit.PERCENT:
            if why := why_unused(self.scale):
                raise _RefusedError("valeur", *why)
            value = self._rate(number, value)
        self._keep(number, definition, day, kind, value)

    def _rate(self, number: int, value: Decimal) -> Decimal:
        """Return a rate from 0 to 1, and point out one below 1 %."""
        if self.scale is RateScale.FRACTION:
            return value
        if remark := remark_on(value):
            text = f"Ligne {number} : {remark}"
            self.notices.append(Notice(self.sheet, self.cell("valeur", number), text))
        return value / 100

    def _definition(self, row: Mapping[str, Any]) -> IndicatorDefinition:
        name = _text(row, "identifiant_indic")
        found = self.known.get(_key(name))
        if found is None:
            raise _RefusedError(
                "identifiant_indic",
                f"l’identifiant « {name[:60]} » n’est rattaché à aucun indicateur. Rattachez-le sur la "
                "page « Échanger avec PILOTE », puis déposez de nouveau le fichier ; ou retirez cette "
                "ligne."
                if name
                else "l’identifiant est vide. Écrivez celui de PILOTE, ou le code de la définition "
                "(par exemple TEL-ABOUTI).",
            )
        return found

    def _check_zone(self, row: Mapping[str, Any]) -> None:
        zone = _text(row, "zone_id").upper()
        own = zone_of(self.prefecture.code)
        if zone != own:
            raise _RefusedError(
                "zone_id",
                f"la zone « {zone[:20]} » n’est pas celle de la préfecture ({own}, "
                f"{self.prefecture.name}). Retirez cette ligne.",
            )

    def _check_once(self, number: int, code: str, day: date, kind: str) -> None:
        before = self._lines.setdefault((code, day, kind), number)
        if before != number:
            raise _RefusedError(
                "date_valeur",
                f"la ligne {before} donne déjà une valeur {kind} de {code} au {day:%d/%m/%Y}. Gardez "
                "l’une des deux.",
            )

    def _keep(
        self,
        number: int,
        definition: IndicatorDefinition,
        day: date,
        kind: str,
        value: Decimal | None,
    ) -> None:
        """Keep a figure; the current value of a period goes before the initial one."""
        period = Period.holding(day, Kind(definition.periodicity or Kind.MONTH))
        key = (definition.code, period.code)
        before = self._kinds.get(key)
        if before is not None and before[1] == kind:
            raise _RefusedError(
                "date_valeur",
                f"la ligne {before[0]} donne déjà {definition.code} pour la même période "
                f"({period.label}). Gardez l’une des deux.",
            )
        if before is not None and before[1] == CURRENT:
            return
        self._kinds[key] = (number, kind)
        self.figures[key] = Figure(
            sheet=self.sheet,
            cell=self.cell("valeur", number),
            indicator=definition.code,
            period=period,
            service=None,
            value=value,
            numerator=None,
            denominator=None,
            status=Status.NOT_MEASURED if value is None else Status.MEASURED,
            confidence=1.0,
            reason="Valeur vide : elle efface la précédente." if value is None else "",
        )

    def cell(self, column: str, number: int) -> str:
        """Return the address of a value: « F12 »."""
        rank = self.heads.index(column)
        return f"{chr(ord('A') + rank)}{number}" if rank < 26 else f"{number}"


def _text(row: Mapping[str, Any], column: str) -> str:
    return str(row.get(column) or "").strip()


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell or "").strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _RefusedError(
        "date_valeur", f"« {text[:20]} » n’est pas une date. Écrivez-la AAAA-MM-JJ : 2021-12-31."
    )


def _value(cell: Any) -> Decimal | None:
    """Return the number as it is written; ``None`` for a blank."""
    text = str("" if cell is None else cell).strip().replace("\u00a0", "").replace(" ", "")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise _RefusedError(
            "valeur", f"« {text[:30]} » n’est pas un nombre. Écrivez 78, 12.5 ou laissez vide."
        )
    number = Decimal(text.replace(",", "."))
    if abs(number) >= _WIDEST:
        raise _RefusedError("valeur", "ce nombre est trop grand : douze chiffres au plus.")
    return number
