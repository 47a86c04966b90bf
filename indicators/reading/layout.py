"""The layout of a table: which columns are labels, what its rows and its columns say."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import cast

from common.spreadsheets import Lines, Value
from indicators.reading import departments
from indicators.reading.definitions import RefusalKind, Why
from indicators.reading.groups import in_their_group, part_under, together, under_title
from indicators.reading.headings import (
    NOTHING,
    Grip,
    Heading,
    Reader,
    is_whole_prefecture,
    joined,
    without_loose_service,
)
from indicators.reading.periods import (
    DoubtfulPeriod,
    Kind,
    Period,
    Reading,
    YearlessPeriod,
    day_of,
    is_end,
    plain,
    span_of_days,
)
from indicators.reading.series import Columns
from indicators.reading.tables import FIRST_YEAR, Row, Table, kind_of
from indicators.reading.tables import Kind as CellKind
from indicators.reading.vocabulary import HEADS, OPINIONS, answer_left_out, detail
from indicators.reading.words import same_label, split_unit


_SAMPLE = 60
_FIRST_SERIAL, _SERIALS = date(1899, 12, 30), range(32874, 73415)  # from 1990 to 2100
_FLOATS = {float}
_ENDS = ("start", "end")
_DATED = {"mois": (Kind.MONTH, 12), "trimestre": (Kind.QUARTER, 4), "semestre": (Kind.HALF, 2)}
_SPANS = {
    word: f"« {word} » ne dit pas lequel : écrivez-le avec l’année, comme « {example} »."
    for word, example in (
        ("mois", "janvier 2021"),
        ("trimestre", "T1 2021"),
        ("semestre", "S1 2021"),
    )
}


class Layout:
    """What the labels of one table say; rows and columns count from 0."""

    def __init__(
        self, reader: Reader, table: Table, lines: Lines, titles: frozenset[str] = frozenset()
    ) -> None:
        self.reader, self.table, self.lines, self.titles = reader, table, lines, titles
        width = max((len(lines[row.number]) for row in table.rows), default=0)
        self.width = max(width, len(table.headings))
        self.headings = [self._column_heading(column) for column in range(self.width)]
        if len({heading.service for heading in self.headings if heading.service}) < 2:
            self.headings = list(map(without_loose_service, self.headings))
        self.headings = in_their_group(reader, table.headings, self.headings, titles)
        self.headings = _without_lone_end(self.headings)
        sample = table.rows[:_SAMPLE]
        self._leave_out_totals()
        seen = list(zip_longest(*(lines[row.number] for row in sample), fillvalue=""))
        seen += [("",) * len(sample)] * (self.width - len(seen))
        self.kinds = list(map(_kinds, seen))
        self.label_columns = self._labels()
        values = [c for c in range(self.width) if c not in self.label_columns]
        self.value_columns = [c for c in values if any(self.at(row, c) != "" for row in table.rows)]
        self.label_kinds = {c: self._label_kind(c, sample) for c in self.label_columns}
        self._has_answers = any(
            same_label(str(self.at(row, c))) in OPINIONS
            for row in sample
            for c in self.label_columns
        )
        self._whole = self._whole_among_services(sample)
        self.headings = list(map(self._without_whole, self.headings))
        # Column of labels → cell → what it says: those of a row come back in others.
        self._labels_read: dict[int, dict[str, Heading]] = {c: {} for c in self.label_columns}
        self._ends = {kind: c for c, kind in self.label_kinds.items() if kind in _ENDS}
        self.column_axis = _axis(self.headings[c] for c in self.value_columns)
        self.row_axis = _axis(self.row_heading(row, {}) for row in sample)
        self.groups = self._grouped()

    def _column_heading(self, column: int) -> Heading:
        found = NOTHING
        for cell in self.table.headings.get(column, ()):
            found = joined(found, self.reader.heading(cell))
        return found

    def _leave_out_totals(self) -> None:
        """Leave « Trimestre », right of the months, out: it does not say which."""
        dated = [
            c for c, heading in enumerate(self.headings) if heading.period and not heading.head
        ]
        for column, heading in enumerate(self.headings):
            if dated and heading.head == "year" and _is_year(heading.period):
                self.headings[column] = heading._replace(head="")  # « Année », under « 2021 »
            elif dated and column > dated[0] and heading.head in ("period", "year"):
                message = f"« {heading.text} » ne dit pas lequel : écrivez-le avec l’année."
                aside = Why(message, RefusalKind.LEFT_OUT)
                self.headings[column] = Heading(text=heading.text, aside=aside)

    def at(self, row: Row, column: int) -> Value:
        line = self.lines[row.number]
        return line[column] if column < len(line) else ""

    def _labels(self) -> list[int]:
        """Return the columns of labels; right of the figures, words under « T2 2021 » are bad figures."""
        labels = [c for c in range(self.width) if self._is_label(c)]
        first = next((c for c in range(self.width) if c not in labels), self.width)
        dated = [c for c in range(self.width) if _dates_figures(self.headings[c])]
        periods = {self.headings[c].period for c in dated}
        # « Réclamations ; grève ; 4 », under « T1 2021 » and « T2 2021 »: a bad figure, even the first.
        is_first_bad = len(dated) == len(periods) > 1
        return [c for c in labels if c not in dated or c < first and not (c and is_first_bad)]

    def _is_label(self, column: int) -> bool:
        heading, kinds = self.headings[column], self.kinds[column]
        if heading.head or column == 0 and self._names_departments(0, self.table.rows[:_SAMPLE]):
            return True
        texts = kinds[CellKind.WORDS] + kinds[CellKind.PERIOD]
        if heading.aside:
            return texts > kinds[CellKind.FIGURE]
        if kinds[CellKind.FIGURE] and (heading.meanings or heading.role or heading.period):
            return False
        if kinds[CellKind.YEARLIKE] and not texts and not kinds[CellKind.FIGURE]:
            says_figures = heading.meanings or heading.role or heading.period
            if not column and any(isinstance(h.period, YearlessPeriod) for h in self.headings):
                return True  # « Courriels ; janvier ; février » over « 2021 ; 80 % ; 81 % »
            return not says_figures and column < self.width - 1
        return texts > kinds[CellKind.FIGURE] + kinds[CellKind.YEARLIKE]

    def _label_kind(self, column: int, sample: Sequence[Row]) -> str:
        """Return what stands under a column of labels: its head says it, else most of its cells."""
        heading = self.headings[column]
        if heading.aside:
            return "aside"
        if self._names_departments(column, sample):
            return "prefecture"
        kind = _axis(self.reader.heading(self.at(row, column)) for row in sample)
        if heading.head and not (heading.head == "service" and kind == "indicator"):
            return heading.head  # « Point numérique » may stand over what is counted there
        is_after = bool(self.value_columns) and column > self.value_columns[0]
        return "aside" if not kind and is_after and column != self.label_columns[0] else kind

    def _whole_among_services(self, sample: Sequence[Row]) -> frozenset[str]:
        """Return the key of « Préfecture », a site, where it stands beside services alone: their whole."""
        columns = [c for c, kind in self.label_kinds.items() if kind == "service"]
        cells = (self.reader.heading(self.at(row, column)) for column in columns for row in sample)
        named = {heading.service for heading in (*self.headings, *cells) if heading.service}
        whole = {s.key for s in self.reader.services if is_whole_prefecture(s.name)} & named
        sites = {service.key for service in self.reader.services if service.is_site}
        return frozenset(whole if named - whole and not (named - whole) & sites else ())

    def _without_whole(self, heading: Heading) -> Heading:
        return heading._replace(service=None) if heading.service in self._whole else heading

    def _names_departments(self, column: int, sample: Sequence[Row]) -> bool:
        """Tell whether every cell is a département, or its number under « Préfecture », a site as well."""
        is_headed = column == 0 and same_label(self.headings[0].text) in HEADS["prefecture"]
        texts = {str(self.at(row, column)).strip().removesuffix(".0") for row in sample} - {""}
        return bool(texts) and all(
            (is_headed or not text.isdigit()) and departments.entry(text) for text in texts
        )

    def row_heading(self, row: Row, carried: dict[int, Value]) -> Heading:
        """Return what the labels of a row say; the first ones may be merged with the row above."""
        found = NOTHING
        said: list[Value] = []
        is_leading = True
        line = self.lines[row.number]
        width = len(line)
        for column, read in self._labels_read.items():
            cell = line[column] if column < width else ""
            if cell != "":
                is_leading = False
            elif is_leading and column != self.label_columns[-1]:
                cell = carried.get(column, "")
            carried[column] = cell
            if cell != "":
                label = read.get(cell) if isinstance(cell, str) else None  # 1 is no « True »
                if label is None:
                    label = self._label(column, cell)
                    if isinstance(cell, str):
                        read[cell] = label
                found = label if found is NOTHING else joined(found, label)
                said.append(cell)
        if len(self._ends) == len(_ENDS):
            found = self._with_span(row, found)
        return self._read_together(row, said, found)

    def _read_together(self, row: Row, said: Sequence[Value], found: Heading) -> Heading:
        """Return what the labels of a row say with one another, under a section or a title."""
        if len(said) > 1:
            one = part_under if found.meanings else together
            found = one(self.reader, said, found)
        if found.unknown and not found.meanings and self.column_axis != "indicator":
            section = [spot.cell for spot in row.section if isinstance(spot.cell, str)]
            found = under_title(self.reader, [*section, *sorted(self.titles)], said, found)
        if found.is_total and self._has_answers:  # all the answers to a question
            return found._replace(aside=answer_left_out(found.text))
        return found

    def _with_span(self, row: Row, found: Heading) -> Heading:
        """Return what a row says, « Début » and « Fin » being one period."""
        first, last = (day_of(self.at(row, self._ends[kind])) for kind in _ENDS)
        if first is None or last is None:
            return found
        text = f"du {first:%d/%m/%Y} au {last:%d/%m/%Y}"
        return found._replace(period=span_of_days(first, last, text))

    def _label(self, column: int, cell: Value) -> Heading:
        kind = self.label_kinds.get(column, "")
        cell = _day_of_serial(cell) if kind == "period" else cell
        text = str(cell)
        if kind == "aside":
            return NOTHING
        if kind == "unit":
            return Heading(unit=split_unit(text)[1])
        if kind == "prefecture":
            return self._department(text)
        if kind in ("kind", "period") and (period := self._period_part(column, cell)):
            return Heading(text=text, period=period)
        heading = self.reader.heading(cell)
        if kind != "service":
            heading = without_loose_service(heading)
        if kind == "part" and not heading.is_total:
            return Heading(text=text, aside=detail(text))
        if kind == "period" and heading.unknown and not heading.meanings:
            known = "« janvier 2021 », « T1 2021 » ou « 2021 »"
            message = f"« {text} » n’est pas une période connue : écrivez {known}."
            return Heading(text=text, period=DoubtfulPeriod(message))
        if kind == "service" and not heading.service and not heading.is_total:
            stranger = "" if heading.aside else text
            return Heading(
                text=text, unknown=text, stranger=stranger, aside=heading.aside, bare=heading.bare
            )
        if kind == "indicator" and not heading.meanings:
            return heading._replace(unknown=heading.unknown or text, service=None)
        return self._without_whole(heading)

    def _department(self, text: str) -> Heading:
        if code := departments.entry(text.removesuffix(".0")):
            return Heading(department=code)
        message = f"« {text} » n’est pas le département {self.reader.prefecture.code}."
        return Heading(text=text, aside=Why(message, RefusalKind.LEFT_OUT))

    def _period_part(self, column: int, cell: Value) -> YearlessPeriod | DoubtfulPeriod | None:
        """Read « 3 » under « Mois »; « trimestre » under « Type » does not say which."""
        if span := _SPANS.get(plain(str(cell))):
            return DoubtfulPeriod(span)
        rank, words = _rank(cell), plain(self.headings[column].text)
        for word, (period, most) in _DATED.items():
            if word in words and 1 <= rank <= most:
                return YearlessPeriod(rank, period)
        return None

    def _grouped(self) -> list[Columns]:
        groups: dict[Heading, Columns] = {}
        for column in self.value_columns:
            heading = self.headings[column]
            same = heading._replace(period=None, year=None, text="")
            columns = groups.setdefault(same, Columns(same, [], []))
            columns.numbers.append(column)
            columns.headings.append(heading)
        for columns in groups.values():
            given = [heading.period for heading in columns.headings]
            dates = [p for p in given if isinstance(p, Period) and p.kind != Kind.YEAR]
            is_dated = len(dates) == len(given) and not columns.heading.years_back
            columns.dates = dates if is_dated else []
        return list(groups.values())

    def dates(self) -> Iterator[Value]:
        """Return the cells that date the table: those of its labels, those over its figures."""
        for columns in self.groups:
            for column in columns.numbers:
                yield from self.table.headings.get(column, ())
        for column in (c for c in self.label_columns if self.label_kinds[c] == "period"):
            yield from (self.at(row, column) for row in self.table.rows)


def _without_lone_end(headings: list[Heading]) -> list[Heading]:
    """Return « Au 31/12/2021 », when it is alone, as no period: it may end a month, a quarter or a year."""
    texts = {heading.text for heading in headings if is_end(heading.text)}
    if len(texts) != 1:
        return headings
    (text,) = texts
    doubt = DoubtfulPeriod(
        f"« {text} » ne dit pas depuis quand : écrivez le mois, le trimestre ou l’année qui finit ce jour-là."
    )
    return [
        heading._replace(period=doubt) if heading.text == text else heading for heading in headings
    ]


def _kinds(cells: Sequence[Value]) -> Mapping[CellKind, int]:
    """Count what the cells of a column look like."""
    if set(map(type, cells)) == _FLOATS and max(cast(Sequence[float], cells)) < FIRST_YEAR:
        return Counter({CellKind.FIGURE: len(cells)})
    return Counter(map(kind_of, cells))


def _axis(headings: Iterable[Heading]) -> str:
    """Return what most labels of a row or of a column are: periods, services or indicators."""
    periods = services = indicators = 0
    for heading in headings:
        periods += heading.period is not None and not isinstance(heading.period, DoubtfulPeriod)
        if heading.meanings:
            indicators += 1
        elif heading.service and heading.grip > Grip.LOOSE:
            services += 1
    kinds = {"period": periods, "service": services, "indicator": indicators}
    kind = max(kinds, key=lambda kind: kinds[kind])  # the first of equals
    return kind if kinds[kind] else ""


def _dates_figures(heading: Heading) -> bool:
    is_dated = isinstance(heading.period, Period | YearlessPeriod)
    return is_dated and not (heading.head or heading.aside or heading.unknown)


def _day_of_serial(cell: Value) -> Value:
    """Return the day that a spreadsheet keeps as 44197, when its cell has lost the look of a date."""
    is_serial = isinstance(cell, float) and cell in _SERIALS
    return _FIRST_SERIAL + timedelta(int(cell)) if is_serial else cell  # type: ignore[arg-type]


def _is_year(period: Reading | None) -> bool:
    return isinstance(period, Period) and period.kind == Kind.YEAR


def _rank(cell: Value) -> int:
    try:
        return int(str(cell).removesuffix(".0"))
    except ValueError:
        return 0
