"""From the tables of a sheet to series of cells that each know their indicator, period and service."""

from collections.abc import Sequence

from common.spreadsheets import Sheet, Value
from indicators.reading.context import context_of, with_corner
from indicators.reading.dating import Dating, Ends, ended, ends_of
from indicators.reading.definitions import (
    Question,
    Refusal,
    RefusalKind,
    Why,
)
from indicators.reading.grain import side_by_side, too_fine
from indicators.reading.headings import (
    NOTHING,
    Heading,
    Reader,
)
from indicators.reading.layout import Layout
from indicators.reading.matching import Match, Role
from indicators.reading.merged import Merged
from indicators.reading.periods import (
    DoubtfulPeriod,
    Kind,
    Period,
)
from indicators.reading.series import Columns, Placed, Series, address, blocks
from indicators.reading.slots import CONTEXT_CONFIDENCE, Slot, Slots
from indicators.reading.tables import Row, Spot, Table
from indicators.reading.words import same_label, split_unit


_FLOATS = {float}
_NO_FIGURES = (
    "Aucune colonne de mesures n’est reconnue dans ce tableau : il faut, au-dessus des nombres, un titre qui "
    "nomme l’indicateur, le service ou la période."
)
_NO_FIGURE = Why("Cette ligne ne porte aucun chiffre : elle n’est pas lue.", RefusalKind.LEFT_OUT)
_PERIOD_TOTAL = Why(
    "Total ou moyenne de plusieurs périodes : il se recalcule, il n’est pas repris.",
    RefusalKind.LEFT_OUT,
)
# Why → row and column of each cell.
Refused = dict[Why, list[tuple[int, int]]]


class TablePlacer:
    """Places the cells of one table; ``around`` goes from the nearest words to the farthest."""

    def __init__(
        self,
        reader: Reader,
        sheet: Sheet,
        number: int,
        table: Table,
        around: list[Heading],
        merged: Merged,
    ) -> None:
        self.reader, self.sheet, self.number = reader, sheet.name, number
        self.table, self.lines = table, sheet.lines
        self._numbers_from = sheet.numbers_from
        titles = around[0].bare | around[1].bare
        self.layout = layout = Layout(reader, table, sheet.lines, titles)
        self.around = around = with_corner(layout, around)
        self.slots = Slots(reader, sheet.name, layout, around)
        self.unsure = merged.unsure(layout)
        cell = address(table.heading_row, 0)
        self.dating = Dating(sheet.name, cell, around, reader.remembered)
        self.ends = ends_of(layout.dates())
        self._has_services = any(columns.heading.service for columns in layout.groups)
        self._section: tuple[Spot, ...] = ()
        self._above: set[str] = set()  # indicators whose numerator stands in the rows above
        self._last_months: list[Period] = []
        self._last_ended: list[Period] = []

    def place(self, placed: Placed) -> None:
        """Add the series of the table, what cannot be placed and what must be asked."""
        carried: dict[int, Value] = {}
        refused: Refused = {}
        for heading in self.layout.headings:
            _note_shape(placed, heading)
        if not self.layout.groups:
            placed.refusals.append(
                Refusal(self.sheet, self._figures_block(), _NO_FIGURES, RefusalKind.NO_TABLE)
            )
        if why := too_fine(self.layout) or side_by_side(self.layout):
            placed.refusals.append(Refusal(self.sheet, self._figures_block(), *why))
            return
        around = self.around
        section: tuple[Spot, ...] = ()
        for row in self.table.rows:
            heading = self._rate_of_above(self.layout.row_heading(row, carried), row)
            _note_shape(placed, heading)
            if row.section is not section:
                section = row.section
                said = context_of(self.reader, section)
                around = self.around if said is NOTHING else [said, *self.around]
            for columns in self.layout.groups:
                self._place_row(placed, row, heading, columns, around, refused)
        for why, cells in refused.items():
            placed.refusals += [Refusal(self.sheet, block, *why) for block in blocks(cells)]

    def _rate_of_above(self, heading: Heading, row: Row) -> Heading:
        """Return « Taux », in the row under its two numbers, as the rate that they make."""
        if row.section is not self._section:
            self._section, self._above = row.section, set()
        if heading.meanings:
            if len(heading.meanings) > 1 or heading.meanings[0].role is not Role.VALUE:
                self._above |= {m.target for m in heading.meanings if m.role is Role.NUMERATOR}
            return heading
        is_rate = heading.is_rate or heading.unit and not split_unit(heading.text)[0]
        if not is_rate or len(self._above) != 1 or heading.aside:
            return heading
        meaning = Match(self._above.pop(), Role.VALUE, CONTEXT_CONFIDENCE)
        return heading._replace(meanings=(meaning,), label=heading.text, unknown="")

    def _figures_block(self) -> str:
        rows, columns = self.table.rows, self.layout.value_columns or [0]
        places = ((row, column) for row in (rows[0], rows[-1]) for column in columns)
        return blocks([(row.number, column) for row, column in places])[0]

    def _place_row(
        self,
        placed: Placed,
        row: Row,
        heading: Heading,
        columns: Columns,
        around: list[Heading],
        refused: Refused,
    ) -> None:
        line = self.lines[row.number]
        numbers, headings = columns.numbers, columns.headings
        cells = columns.cells(line) if len(line) > numbers[-1] else ()
        is_plain = bool(cells) and self._are_numbers(row.number, numbers[0], cells)
        filled = range(len(numbers)) if is_plain else columns.filled(line)
        if not filled:
            return
        slot = self._slot(heading, columns, around, row)
        if slot.refusal and slot.refusal.kind in (RefusalKind.UNANSWERED, RefusalKind.MISTAKE):
            placed.unsure.add((self.sheet, self.number))
        if slot.question:
            placed.questions.setdefault(slot.question.key, slot.question)
        if not slot.refusal and self._is_period_total(heading, columns):
            if heading.is_total or columns.heading.is_total:
                kept = [numbers[rank] for rank in filled]
                self._add(placed.period_totals, slot, row.number, kept, [])
            slot = Slot(refusal=_PERIOD_TOTAL)
        if not slot.refusal and row.number in self.unsure:
            filled = self._sure(placed, row, columns, filled, refused)
        if (
            columns.dates
            and not slot.refusal
            and heading.period is None
            and len(filled) == len(numbers)
        ):
            given = (cells, is_plain)
            self._add(placed.series, slot, row.number, numbers, columns.dates, given)
            return
        kept, periods = self._dated(placed, slot, row, heading, columns, around, filled, refused)
        if kept:
            if heading.period is None and headings[filled[0]].period is None:
                slot = slot._replace(
                    confidence=min(slot.confidence, CONTEXT_CONFIDENCE),
                    reason=f"{slot.reason} Période lue dans le titre ou le nom de la feuille.".strip(),
                )
            self._add(placed.series, slot, row.number, kept, periods)

    def _are_numbers(self, row: int, first: int, cells: Sequence[Value]) -> bool:
        """Tell whether these cells, of which ``first`` is the column of the first, are all floats."""
        if self._numbers_from and self._numbers_from[row] <= first:
            return True
        return set(map(type, cells)) == _FLOATS

    def _slot(self, heading: Heading, columns: Columns, around: list[Heading], row: Row) -> Slot:
        """Return what the cells of a row mean; nothing is asked of words whose label says nothing."""
        slot = self.slots.of(heading, columns, around, row)
        return Slot(refusal=_NO_FIGURE) if row.is_of_words and slot.refusal else slot

    def _sure(
        self, placed: Placed, row: Row, columns: Columns, filled: Sequence[int], refused: Refused
    ) -> Sequence[int]:
        """Return the ranks of the cells that stand for one column and one row; refuse the others."""
        unsure = self.unsure[row.number]
        sure = [rank for rank in filled if columns.numbers[rank] not in unsure]
        for rank in filled:
            column = columns.numbers[rank]
            if column in unsure:
                refused.setdefault(Why(unsure[column]), []).append((row.number, column))
                placed.unsure.add((self.sheet, self.number))
        return sure

    def _dated(
        self,
        placed: Placed,
        slot: Slot,
        row: Row,
        heading: Heading,
        columns: Columns,
        around: list[Heading],
        filled: Sequence[int],
        refused: Refused,
    ) -> tuple[list[int], list[Period]]:
        """Return the columns whose period is known, and these periods; refuse the others."""
        kept, periods = [], []
        for rank in filled:
            column = columns.numbers[rank]
            why = slot.refusal
            if why is None:
                period = self.dating.period(heading, columns.headings[rank], around)
                if isinstance(period, Period):
                    kept.append(column)
                    periods.append(period)
                    continue
                if isinstance(period, Question):
                    placed.questions.setdefault(period.key, period)
                why = period.why if isinstance(period, Question) else period
            refused.setdefault(why, []).append((row.number, column))
        return kept, periods

    def _add(
        self,
        target: list[Series],
        slot: Slot,
        row: int,
        columns: list[int],
        periods: list[Period],
        given: tuple[Sequence[Value], bool] | None = None,
    ) -> None:
        """Add the cells of a row; ``given`` are these, when known, and whether all are numbers."""
        if given is None:
            line = self.lines[row]
            cells: Sequence[Value] = [line[column] for column in columns]
            is_plain = self._are_numbers(row, columns[0], cells)
        else:
            cells, is_plain = given
        for match in slot.meanings:
            meant = periods
            if self.ends is not Ends.MONTHS:
                meant = self._ended(periods, self.reader.by_code[match.target].periodicity)
            target.append(
                Series(
                    self.sheet, self.number, row, match.target, match.role, slot.value_score,
                    slot.says_value, slot.service, slot.is_total, slot.unit, slot.confidence, slot.reason,
                    columns, meant, cells, is_plain,
                )
            )  # fmt: skip

    def _ended(self, months: list[Period], periodicity: str) -> list[Period]:
        """Return the periods that these months end; the rows of a table share one list."""
        is_maybe = self.ends is Ends.MAYBE_QUARTERS and periodicity == Kind.QUARTER
        if not is_maybe and self.ends not in (Ends.QUARTERS, Ends.YEARS):
            return months
        if months is not self._last_months:
            kind = Kind.YEAR if self.ends is Ends.YEARS else Kind.QUARTER
            self._last_months, self._last_ended = months, ended(months, kind)
        return self._last_ended

    def _is_period_total(self, heading: Heading, columns: Columns) -> bool:
        if self.layout.row_axis == "period" and heading.period is None:
            # « Total Accueil général », under the months of that service.
            is_of_service = heading.service and same_label(heading.text).startswith("total ")
            if heading.is_total or is_of_service:
                return True
        if not columns.heading.is_total or self.layout.column_axis != "period":
            return False
        # « Total », under « 2021 » and beside the services, is that of the services.
        return not (self._has_services and all(over.period for over in columns.headings))


def _note_shape(placed: Placed, heading: Heading) -> None:
    """Note what identifies a layout in a label: its words, and the kind of its period."""
    placed.labels |= heading.bare
    if heading.period is not None and not isinstance(heading.period, DoubtfulPeriod):
        placed.labels.add(f"={heading.period.kind}")
