"""Our own table of an indicator's figures, corrected in a spreadsheet and given back. Pure.

Its columns are known by their names, in any order; figures go through the same checks as any other.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Final

from common.spreadsheets import Sheet, Value
from indicators.reading.cells import Missing, parse
from indicators.reading.definitions import WHOLE_LABEL, Refusal, RefusalKind, Unit
from indicators.reading.headings import Reader
from indicators.reading.matching import Role
from indicators.reading.periods import Period, period_of_day, read_period
from indicators.reading.series import Placed, Series, address, blocks
from indicators.reading.words import same_label


CODE, PLACE, PERIOD, VALUE = "Code", "Lieu", "Période", "Valeur"
NUMERATOR, DENOMINATOR = "Numérateur", "Dénominateur"
REASON, COMPUTED, ORIGIN = "Si pas de valeur", "Calcul", "Origine"
_PARTS: Final = {
    VALUE: Role.VALUE,
    NUMERATOR: Role.NUMERATOR,
    DENOMINATOR: Role.DENOMINATOR,
}
_NAMES: Final = frozenset(
    map(same_label, (CODE, PLACE, PERIOD, *_PARTS, REASON, COMPUTED, ORIGIN)),
)
_TOTALS: Final = (
    "Ces totaux sont calculés à partir d’autres chiffres. Corrigez ceux-ci, par la table de chaque "
    "service ou site : les totaux suivront."
)


def is_exported(lines: Sequence[Sequence[Value]]) -> bool:
    """Tell whether the first line bears every column of ours that says something of a figure."""
    return bool(lines) and {same_label(str(cell)) for cell in lines[0]} >= _NAMES


def place_exported(sheet: Sheet, reader: Reader, placed: Placed) -> None:
    """Add the figures of a sheet that ``is_exported``; a line that names nothing known is refused."""
    columns = {same_label(str(cell)): rank for rank, cell in enumerate(sheet.lines[0])}
    placed.labels |= set(columns)
    totals: list[tuple[int, int]] = []
    for row, line in enumerate(sheet.lines[1:], start=1):
        if not any(str(cell).strip() for cell in line):
            continue
        one = _Line(sheet.name, row, line, columns)
        if one.text(COMPUTED):
            totals.append((row, columns[same_label(VALUE)]))
        elif refusal := one.place(reader, placed):
            placed.refusals.append(refusal)
    if totals:
        for block in blocks(totals):
            placed.refusals.append(Refusal(sheet.name, block, _TOTALS, RefusalKind.LEFT_OUT))


class _Line:
    """One line of the table: an indicator, a place, a period, and its numbers."""

    def __init__(
        self, sheet: str, row: int, line: Sequence[Value], columns: Mapping[str, int]
    ) -> None:
        self.sheet, self.row, self.line, self.columns = sheet, row, line, columns

    def cell(self, name: str) -> Value:
        column = self.columns[same_label(name)]
        return self.line[column] if column < len(self.line) else ""

    def text(self, name: str) -> str:
        return str(self.cell(name)).strip()

    def place(self, reader: Reader, placed: Placed) -> Refusal | None:
        """Add what the line says; return why it cannot be used."""
        definition = reader.by_code.get(self.text(CODE).upper())
        if definition is None:
            said = "n’est le code d’aucun indicateur. Reprenez celui de la page « Définitions »."
            return self._refused(CODE, said)
        service, is_known = self._service(reader)
        if not is_known:
            said = f"n’est ni « {WHOLE_LABEL} », ni un service ou un site de la préfecture."
            return self._refused(PLACE, said)
        period = self._period()
        if period is None:
            said = "n’est pas une période : écrivez 2021-T1, 2021-03, 2021-S1 ou 2021."
            return self._refused(PERIOD, said)
        for name, cell in self._numbers().items():
            placed.series.append(
                Series(
                    sheet=self.sheet,
                    table=0,
                    row=self.row,
                    indicator=definition.code,
                    role=_PARTS.get(name, Role.VALUE),
                    value_score=0,
                    says_value=name == VALUE,
                    service=service,
                    is_total=False,
                    # A rate is written in points, as on the page.
                    unit=definition.unit if definition.unit == Unit.PERCENT else "",
                    confidence=1,
                    reason="",
                    columns=(self.columns[same_label(name)],),
                    periods=(period,),
                    cells=(cell,),
                )
            )
        return None

    def _numbers(self) -> dict[str, Value]:
        """Return the cells that hold something, by column; the reason, when there is no figure."""
        found = {name: self.cell(name) for name in _PARTS if self.text(name)}
        reason = parse(self.cell(REASON))
        # What nobody entered is written « non mesuré » too.
        is_entered = reason != Missing.NOT_MEASURED or bool(self.text(ORIGIN))
        if not found and isinstance(reason, Missing) and is_entered:
            return {REASON: self.cell(REASON)}
        return found

    def _service(self, reader: Reader) -> tuple[str | None, bool]:
        """Return the key of the place, and whether it is known."""
        said = self.text(PLACE)
        if same_label(said) == same_label(WHOLE_LABEL):
            return None, True
        key = reader.heading(said).service
        return key, key is not None

    def _period(self) -> Period | None:
        cell = self.cell(PERIOD)
        # A spreadsheet makes a date of « 2021-03 ».
        found = (
            period_of_day(cell)
            if isinstance(cell, datetime.date)
            else read_period(self.text(PERIOD))
        )
        return found if isinstance(found, Period) else None

    def _refused(self, name: str, why: str) -> Refusal:
        said = self.text(name)
        message = f"« {said[:60]} » {why}" if said else f"La colonne « {name} » est vide ici."
        cell = address(self.row, self.columns[same_label(name)])
        return Refusal(self.sheet, cell, message)
