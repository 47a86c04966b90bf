"""From the tables of a sheet to series of cells that each know their indicator, period and service."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from common.spreadsheets import Lines, Value
from indicators.reading import departments
from indicators.reading.context import context_of, with_corner
from indicators.reading.dating import Dating, Ends, ended, ends_of
from indicators.reading.definitions import (
    WHOLE,
    Choice,
    Question,
    Refusal,
    RefusalKind,
    Unit,
    Why,
)
from indicators.reading.grain import side_by_side, too_fine
from indicators.reading.headings import (
    NOTHING,
    Grip,
    Heading,
    Reader,
    is_whole_prefecture,
)
from indicators.reading.layout import Layout
from indicators.reading.matching import Match, Role
from indicators.reading.merged import Merged
from indicators.reading.periods import (
    Kind,
    Period,
    YearlessPeriod,
)
from indicators.reading.scales import NEARLY_LABEL
from indicators.reading.series import Columns, Placed, Series, address, blocks
from indicators.reading.tables import Row, Table
from indicators.reading.words import elsewhere, same_label, words_of


_FLOATS = {float}
_UNIT = attrgetter("unit")
_DURATIONS = {Unit.MINUTES.value, "secondes", "heures"}
CONTEXT_CONFIDENCE = 0.9
_NO_FIGURES = (
    "Aucune colonne de mesures n’est reconnue dans ce tableau : il faut, au-dessus des nombres, un titre qui "
    "nomme l’indicateur, le service ou la période."
)
_PERIOD_TOTAL = Why(
    "Total ou moyenne de plusieurs périodes : il se recalcule, il n’est pas repris.",
    RefusalKind.LEFT_OUT,
)
# Why → row and column of each cell.
Refused = dict[Why, list[tuple[int, int]]]


class Slot(NamedTuple):
    """What a row and a kind of column say together, the period left aside."""

    meanings: tuple[Match, ...] = ()
    value_score: float = 0
    says_value: bool = False
    service: str | None = None
    is_total: bool = False
    unit: str = ""
    confidence: float = 1.0
    reason: str = ""
    refusal: Why | None = None
    question: Question | None = None


class TablePlacer:
    """Places the cells of one table; ``around`` goes from the nearest words to the farthest."""

    def __init__(
        self,
        reader: Reader,
        sheet: str,
        number: int,
        table: Table,
        lines: Lines,
        around: list[Heading],
        merged: Merged,
    ) -> None:
        self.reader, self.sheet, self.number = reader, sheet, number
        self.table, self.lines = table, lines
        titles = around[0].bare | around[1].bare
        self.layout = layout = Layout(reader, table, lines, titles)
        self.around = around = with_corner(layout, around)
        texts = (heading.text for heading in (*around, *layout.headings))
        self._elsewhere = elsewhere(words_of(" ".join(texts)))
        self.unsure = merged.unsure(layout)
        cell = address(table.heading_row, 0)
        self.dating = Dating(sheet, cell, around, reader.remembered)
        self.ends = ends_of(layout.dates())
        self._has_services = any(columns.heading.service for columns in layout.groups)
        self._last_months: list[Period] = []
        self._last_ended: list[Period] = []

    # --- Placing ------------------------------------------------------------------------------

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
        for row in self.table.rows:
            heading = self.layout.row_heading(row, carried)
            _note_shape(placed, heading)
            around = self.around
            if row.section and (section := context_of(self.reader, row.section)) is not NOTHING:
                around = [section, *around]
            for columns in self.layout.groups:
                self._place_row(placed, row, heading, columns, around, refused)
        for why, cells in refused.items():
            placed.refusals += [Refusal(self.sheet, block, *why) for block in blocks(cells)]

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
        is_plain = set(map(type, cells)) == _FLOATS
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
                self._add(placed.period_totals, slot, row, kept, [], is_plain=is_plain)
            slot = Slot(refusal=_PERIOD_TOTAL)
        if not slot.refusal and row.number in self.unsure:
            filled = self._sure(placed, row, columns, filled, refused)
        if (
            columns.dates
            and not slot.refusal
            and heading.period is None
            and len(filled) == len(numbers)
        ):
            self._add(placed.series, slot, row, numbers, columns.dates, is_plain=is_plain)
            return
        kept, periods = self._dated(placed, slot, row, heading, columns, around, filled, refused)
        if kept:
            if heading.period is None and headings[filled[0]].period is None:
                slot = slot._replace(
                    confidence=min(slot.confidence, CONTEXT_CONFIDENCE),
                    reason=f"{slot.reason} Période lue dans le titre ou le nom de la feuille.".strip(),
                )
            self._add(placed.series, slot, row, kept, periods, is_plain=is_plain)

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
        row: Row,
        columns: list[int],
        periods: list[Period],
        *,
        is_plain: bool,
    ) -> None:
        line = self.lines[row.number]
        first, last = columns[0], columns[-1]
        is_contiguous = last - first == len(columns) - 1
        cells = line[first : last + 1] if is_contiguous else [line[c] for c in columns]
        is_plain = is_plain or set(map(type, cells)) == _FLOATS
        for match in slot.meanings:
            meant = self._ended(periods, self.reader.by_code[match.target].periodicity)
            target.append(
                Series(
                    self.sheet, self.number, row.number, match.target, match.role, slot.value_score,
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

    def _slot(self, heading: Heading, columns: Columns, around: list[Heading], row: Row) -> Slot:
        over = columns.heading
        if aside := over.aside or heading.aside:
            return Slot(refusal=aside)
        department = heading.department or over.department
        if department and department != self.reader.prefecture.code:
            name = departments.NAMES.get(department, department)
            message = f"Ces cellules concernent un autre département ({name}, {department})."
            return Slot(refusal=Why(message, RefusalKind.LEFT_OUT))
        meanings, is_split = self._meanings(heading, over, around)
        if is_split:
            message = (
                f"La ligne parle de « {heading.label} » et la colonne de « {over.label} » : deux indicateurs "
                "différents. Corrigez l’un des deux titres."
            )
            return Slot(refusal=Why(message))
        if self._is_elsewhere(meanings, heading, over):
            heading, over, meanings = _unsure_of(heading), _unsure_of(over), ()
        unknown = self._unknown(heading, over, meanings)
        if unknown or not meanings:
            return self._asked(unknown, heading, over, bool(meanings), row, columns)
        is_for_all = self.reader.by_code[meanings[0].target].level == "prefecture"
        service, is_total = self._service(heading, over, around, is_for_all=is_for_all)
        if service is None and not is_total and (waiting := around[-2].aside):
            return Slot(refusal=waiting)
        unit = over.unit or heading.unit or next(filter(None, map(_UNIT, around)), "")
        is_named = bool(heading.meanings or over.meanings)
        is_told = not is_named and bool(heading.unknown or over.unknown)  # by its unit
        is_far = not is_named and not is_told
        ceiling = meanings[0].score if is_told else CONTEXT_CONFIDENCE if is_far else 1
        slot = Slot(
            meanings,
            self._value_score(meanings, heading, over, around),
            Role.VALUE in (over.role, heading.role),
            service,
            is_total,
            unit,
            min(heading.confidence, over.confidence, ceiling),
            self._reason(
                meanings[0],
                over if over.meanings or is_told and over.unknown else heading,
                is_total,
                is_far,
            ),
        )
        return self._of_right_unit(slot, heading, over, row, columns)

    def _unknown(self, heading: Heading, over: Heading, meanings: Sequence[Match]) -> str:
        """Return the words, over the cells or beside them, that somebody has to explain."""
        if stranger := heading.stranger or over.stranger:
            return stranger
        for near in (over, heading):
            if near.unknown and not near.service and not near.meanings:
                is_told = any(match in near.possible for match in meanings)
                return "" if is_told and not (heading.meanings or over.meanings) else near.unknown
        return ""

    def _value_score(
        self, meanings: tuple[Match, ...], heading: Heading, over: Heading, around: list[Heading]
    ) -> float:
        """Return how surely the label of a numerator may also be that of the rate itself."""
        parts = [match.target for match in meanings if match.role == Role.NUMERATOR]
        if not parts:
            return 0
        if not heading.meanings and not over.meanings:
            over = next((far for far in around if far.meanings), over)
        possible = (*heading.possible, *over.possible)
        score = max((match.score for match in possible if match.target in parts), default=0)
        own = {same_label(self.reader.by_code[code].label) for code in parts}
        is_label = bool(own & {same_label(heading.label), same_label(over.label)})
        return score if is_label else min(score, NEARLY_LABEL)

    def _meanings(
        self, heading: Heading, over: Heading, around: list[Heading]
    ) -> tuple[tuple[Match, ...], bool]:
        """Return what the cells mean, and whether row and column contradict each other."""
        near, far = over.meanings, heading.meanings
        if not near and not far and (named := self._of_unit(heading, over, around)):
            return (named,), False
        if near and far:
            targets = {match.target for match in far}
            common = tuple(match for match in near if match.target in targets)
            if not common:
                return (), True
            parts = {match.target: match.role for match in far if match.role != Role.VALUE}
            meanings = tuple(
                match._replace(role=parts.get(match.target, match.role)) for match in common
            )
        else:
            meanings = near or far or next((h.meanings for h in around if h.meanings), ())
        role = over.role or heading.role
        if (over.is_rate or heading.is_rate) and len({match.target for match in meanings}) == 1:
            meanings = (meanings[0]._replace(role=Role.VALUE),)
        if role and role != Role.VALUE:
            meanings = tuple(match._replace(role=role) for match in meanings)
        return meanings, False

    def _is_elsewhere(self, meanings: Sequence[Match], heading: Heading, over: Heading) -> bool:
        if not self._elsewhere or not (heading.meanings or over.meanings):
            return False
        meant = words_of(self.reader.by_code[meanings[0].target].label)
        label = f"{heading.label} {over.label}".strip()
        if f"indicator:{same_label(label)}" in self.reader.remembered:
            return False
        said = words_of(label)
        return any(meant & other and not said & other for other in self._elsewhere)

    def _of_unit(self, heading: Heading, over: Heading, around: list[Heading]) -> Match | None:
        """Return what « Réclamations », counted in « nombre », means: the one indicator of that unit."""
        unit = over.unit or heading.unit
        named = over if over.unknown else heading
        found = [
            match
            for match in named.possible
            if match.role == Role.VALUE and self.reader.by_code[match.target].unit == unit
        ]
        return found[0] if unit and len(found) == 1 and found[0].score > 0.5 else None

    def _service(
        self, heading: Heading, over: Heading, around: list[Heading], *, is_for_all: bool
    ) -> tuple[str | None, bool]:
        if is_for_all and over.service and not heading.service and self._is_lone_whole(over):
            return None, False
        for near in (heading, over):
            if near.service:
                return near.service, False
        if heading.is_total and self.layout.row_axis != "period" or over.is_total:
            return None, "service" in (self.layout.row_axis, self.layout.column_axis)
        for far in around:
            # « Suivi du standard téléphonique », of calls to the whole préfecture: the sheet alone tells.
            if is_for_all and far.grip < Grip.EXACT and far is not around[-2]:
                continue
            if far.service or far.is_total:
                return far.service, False
        return None, False

    def _is_lone_whole(self, named: Heading) -> bool:
        """Tell whether « Préfecture », a site among sites, stands alone over the figures of them all."""
        services = {columns.heading.service for columns in self.layout.groups} - {None}
        texts = {over.text for columns in self.layout.groups for over in columns.headings}
        return (
            len(services) == 1 and named.grip is Grip.EXACT and all(map(is_whole_prefecture, texts))
        )

    def _reason(self, match: Match, said: Heading, is_total: bool, is_far: bool) -> str:
        reasons = []
        if is_far:
            reasons.append("Indicateur lu dans le titre ou le nom de la feuille.")
        elif match.score < 1:
            label = self.reader.by_code[match.target].label
            reasons.append(f"« {said.label or said.unknown} » compris comme « {label} ».")
        if is_total:
            reasons.append("Total du tableau : la préfecture entière.")
        return " ".join(reasons)

    def _of_right_unit(
        self, slot: Slot, heading: Heading, over: Heading, row: Row, columns: Columns
    ) -> Slot:
        """Refuse a table that counts in another unit than the indicator does."""
        match = slot.meanings[0]
        definition = self.reader.by_code[match.target]
        unit, expected = slot.unit, definition.unit
        is_part = match.role != Role.VALUE or slot.value_score > 0
        if not unit or unit == expected or is_part or {unit, expected} <= _DURATIONS:
            return slot
        message = (
            f"Le tableau compte ici en « {unit} » et l’indicateur « {definition.label} » en "
            f"« {expected} ». Convertissez ces valeurs, ou corrigez l’unité du tableau."
        )
        return Slot(refusal=Why(message))

    # --- Questions ----------------------------------------------------------------------------

    def _asked(
        self,
        unknown: str,
        heading: Heading,
        over: Heading,
        has_indicator: bool,
        row: Row,
        columns: Columns,
    ) -> Slot:
        if not unknown:
            message = (
                "Aucun libellé ne dit de quel indicateur il s’agit : nommez-le dans le titre du tableau, de "
                "la ligne ou de la colonne."
            )
            return Slot(refusal=Why(message))
        is_over = unknown == over.unknown
        axis = self.layout.column_axis if is_over else self._kind_of_row_label(unknown)
        cell = (
            address(self.table.heading_row, columns.numbers[0])
            if is_over
            else address(
                row.number, self.layout.label_columns[0] if self.layout.label_columns else 0
            )
        )
        is_service = unknown == heading.stranger or axis == "service"
        is_service = is_service or has_indicator and axis != "indicator"
        kind = "service" if is_service else "indicator"
        key = f"{kind}:{same_label(unknown)}"
        if kind == "service":
            text = f"De quel service parle « {unknown} » ?"
            named = {service.key: service.name for service in self.reader.services}
            found = self.reader.possible_services(unknown)
        else:
            text = f"Quel indicateur désigne « {unknown} » ?"
            named = {code: definition.label for code, definition in self.reader.by_code.items()}
            found = list((over if is_over else heading).possible)
        best = {match.target: match.score for match in reversed(found)}
        choices = [Choice(target, named[target], score) for target, score in best.items()]
        choices = sorted(choices, key=lambda choice: -choice.confidence)[:5]
        choices += [Choice(WHOLE, "Toute la préfecture")] if kind == "service" else []
        question = Question(kind, key, self.sheet, cell, text, tuple(choices))
        return Slot(refusal=question.why, question=question)

    def _kind_of_row_label(self, unknown: str) -> str:
        kinds = [
            kind for kind in self.layout.label_kinds.values() if kind in ("service", "indicator")
        ]
        return kinds[-1] if len(kinds) == 1 else self.layout.row_axis


def _unsure_of(heading: Heading) -> Heading:
    """Return a heading whose words may mean another thing, to be asked."""
    if not heading.meanings:
        return heading
    possible = heading.possible or heading.meanings
    return heading._replace(meanings=(), unknown=heading.label, possible=possible)


def _note_shape(placed: Placed, heading: Heading) -> None:
    """Note what identifies a layout in a label: its words, and the kind of its period."""
    placed.labels |= heading.bare
    if isinstance(heading.period, Period | YearlessPeriod):
        placed.labels.add(f"={heading.period.kind}")
