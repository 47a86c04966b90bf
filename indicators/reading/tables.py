"""Where the tables of a sheet are: their headings, their rows, the titles and the notes around."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import lru_cache

from common.spreadsheets import Lines, Value
from indicators.reading import cells
from indicators.reading.periods import read_period
from indicators.reading.vocabulary import HEADS
from indicators.reading.words import same_label


class Kind(IntEnum):
    """What a cell looks like, before it is known what it means."""

    BLANK = 0
    WORDS = 1
    PERIOD = 2
    YEARLIKE = 3  # « 2021 », « 202103 »: a period or a count
    FIGURE = 4


FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class Spot:
    """A text and its place; rows and columns count from 0."""

    row: int
    column: int
    cell: Value


@dataclass(slots=True)
class Row:
    """A row of figures and the lines between headings and figures that speak for it."""

    number: int
    section: tuple[Spot, ...] = ()
    is_of_words: bool = False  # « Délai permis ; grève »: none of its cells is a figure


@dataclass(slots=True)
class Table:
    """``headings[column]`` are the cells over a column, from the top; ``titles`` stand above all."""

    headings: dict[int, list[Value]]
    heading_row: int
    titles: tuple[Spot, ...]
    rows: list[Row] = field(default_factory=list)


def kind_of(cell: Value) -> Kind:
    """Return what a cell looks like."""
    if isinstance(cell, float):
        return Kind.YEARLIKE if cell >= FIRST_YEAR and is_yearlike(cell) else Kind.FIGURE
    if isinstance(cell, str):
        return _kind_of_text(cell) if cell else Kind.BLANK
    if isinstance(cell, date):
        return Kind.PERIOD
    if isinstance(cell, int) and not isinstance(cell, bool) and is_yearlike(cell):
        return Kind.YEARLIKE
    return Kind.FIGURE


def is_yearlike(number: float) -> bool:
    """Tell whether a number may be a year, or a month written 202103."""
    if FIRST_YEAR <= number <= 2100:
        return number == int(number)
    return 199001 <= number <= 210012 and number == int(number) and 1 <= number % 100 <= 12


@lru_cache(maxsize=10_000)
def _kind_of_text(text: str) -> Kind:
    stripped = text.strip()
    if not stripped:
        return Kind.BLANK
    if stripped.isdigit() and is_yearlike(int(stripped)):
        return Kind.YEARLIKE
    noted = cells.without_note(stripped)
    if noted.isdigit() and is_yearlike(int(noted)):
        return Kind.PERIOD  # « 2021 (provisoire) »
    if read_period(stripped) is not None:
        return Kind.PERIOD
    return Kind.FIGURE if cells.is_value(stripped) else Kind.WORDS


def tables_of(
    lines: Lines, ends: Mapping[tuple[int, int], int]
) -> tuple[list[Table], tuple[Spot, ...]]:
    """Return the tables of a sheet, from the top, and the texts that belong to none.

    ``ends[row, column]`` is the last column of the merged block that begins there.
    """
    tables: list[Table] = []
    waiting: list[tuple[int, Sequence[Value]]] = []
    section: tuple[Spot, ...] = ()
    for number, line in enumerate(lines):
        is_inside = bool(tables) and not waiting
        if is_inside and line and isinstance(line[-1], float) and line[-1] < FIRST_YEAR:
            tables[-1].rows.append(Row(number, section))  # most lines of a large workbook
            continue
        over = waiting[-1][1] if waiting else ()
        shape = _shape(line, is_inside=is_inside, over=over)
        if shape is None:
            continue
        if not shape and is_inside and _is_of_words(tables[-1], lines, number):
            tables[-1].rows.append(Row(number, section, is_of_words=True))
            continue
        if not shape:
            waiting.append((number, line))
            continue
        silent = _rows_without_figures(waiting, line) if waiting else ()
        if waiting or not tables:
            heads, above, below = _parted(waiting, line, is_first=not tables)
            if heads or not tables:
                tables.append(_opened(heads, above, number, ends))
                section = below
            elif above or below:
                section = above + below
            waiting = []
        tables[-1].rows += [Row(row, section) for row in silent]
        tables[-1].rows.append(Row(number, section))
    left = tuple(spot for number, line in waiting for spot in _spots(number, line))
    return tables, left


def _is_of_words(table: Table, lines: Lines, number: int) -> bool:
    """Tell whether a line right under a row is one more row, words standing where its figures would.

    Under « T1 2021 », « grève » heads nothing; nor does it beside « mars 2021 », under « février 2021 ».
    """
    above, line = lines[number - 1], lines[number]
    first, *others = _filled(line)
    if table.rows[-1].number != number - 1 or not others or _filled(above)[0] != first:
        return False
    if any(kind_of(line[column]) != Kind.WORDS for column in others):
        return False
    kind = kind_of(line[first])
    if kind != Kind.WORDS:
        return kind == Kind.PERIOD == kind_of(above[first])
    is_head = any(same_label(str(line[first])) in heads for heads in HEADS.values())
    return not is_head and any(
        kind_of(cell) in (Kind.PERIOD, Kind.YEARLIKE)
        for column in others
        for cell in table.headings.get(column, ())
    )


def _shape(line: Sequence[Value], *, is_inside: bool, over: Sequence[Value]) -> bool | None:
    """Tell whether a line holds figures; None when it is blank.

    A line of years is a heading when they follow one another, or when it is the first.
    """
    years: list[float] = []
    is_filled = False
    for cell in line:
        if cell == "":
            continue
        kind = kind_of(cell)
        if kind == Kind.FIGURE:
            return is_inside or len(_filled(over)) > 1 or not _counts_months(line)
        is_filled = is_filled or kind != Kind.BLANK
        if kind == Kind.YEARLIKE:
            years.append(float(cell))  # type: ignore[arg-type]
    if not is_filled:
        return None
    if len(years) == 1 and is_inside and _filled(line) == [0]:
        return False  # « 2021 », alone, over its months
    if len(years) == 1:
        # « 2021 ; janvier ; février » is a heading, « 2021 ; grève » a row without its figure.
        is_row = kind_of(line[0]) == Kind.YEARLIKE and len(_filled(line)) == 2
        return is_inside or is_row and Kind.PERIOD not in map(kind_of, line)
    if years and kind_of(line[0]) == Kind.YEARLIKE and (is_inside or _are_heads(over, line)):
        return True  # « 2019 ; 2020 »: two thousand and twenty visits
    steps = {after - before for before, after in zip(years, years[1:], strict=False)}
    return bool(years) and not steps <= {0.0, 1.0, -1.0, 89.0, -89.0}


def _counts_months(line: Sequence[Value]) -> bool:
    """Tell whether a line is « Indicateur ; 1 ; 2 ; 3 »: months by their numbers, from January."""
    first, *others = (line[column] for column in _filled(line))
    numbers = [cells.rank_of(cell) for cell in others]
    is_run = len(numbers) > 2 and numbers == list(range(1, len(numbers) + 1))
    return is_run and kind_of(first) == Kind.WORDS


def _are_heads(above: Sequence[Value], line: Sequence[Value]) -> bool:
    """Tell whether words stand over each of the cells of a line."""
    return all(kind_of(_at(above, column)) == Kind.WORDS for column in _filled(line))


def _filled(line: Sequence[Value]) -> list[int]:
    return [
        rank for rank, cell in enumerate(line) if not isinstance(cell, str) or cell and cell.strip()
    ]


def _spots(number: int, line: Sequence[Value]) -> Iterator[Spot]:
    for column in _filled(line):
        yield Spot(number, column, line[column])


_Lines = list[tuple[int, Sequence[Value]]]


def _rows_without_figures(waiting: _Lines, first: Sequence[Value]) -> list[int]:
    """Take from the lines above the first figures those that are rows like it: « 01/2021 ; grève »."""
    column = _filled(first)[0]
    kind = kind_of(first[column])
    found: list[int] = []
    while waiting and kind == Kind.PERIOD:
        number, line = waiting[-1]
        if len(_filled(line)) < 2 or kind_of(_at(line, column)) != kind:
            break
        found.insert(0, number)
        waiting.pop()
    return found


def _parted(
    waiting: _Lines, first: Sequence[Value], *, is_first: bool
) -> tuple[_Lines, tuple[Spot, ...], tuple[Spot, ...]]:
    """Part the lines above the first figures: headings, what stands above them, what stands below.

    Headings are the last lines that stand over several columns, without a blank line between.
    """
    figures = {column for column in _filled(first) if kind_of(first[column]) == Kind.FIGURE}
    last = next(
        (rank for rank in range(len(waiting) - 1, -1, -1) if _heads(waiting[rank][1], figures)),
        None,
    )
    if last is None:
        spots = tuple(spot for number, line in waiting for spot in _spots(number, line))
        return [], spots, ()
    start = last
    while (
        start > 0
        and waiting[start - 1][0] == waiting[start][0] - 1
        and _heads(waiting[start - 1][1], figures)
    ):
        start -= 1
    above = tuple(spot for number, line in waiting[:start] for spot in _spots(number, line))
    below = tuple(spot for number, line in waiting[last + 1 :] for spot in _spots(number, line))
    return waiting[start : last + 1], above, below


def _heads(line: Sequence[Value], figures: set[int]) -> bool:
    """Tell whether a line stands over columns of figures, rather than alone over the whole."""
    filled = _filled(line)
    announced = sum(isinstance(cell, str) and cell.rstrip().endswith(":") for cell in line)
    if announced and announced * 2 >= len(filled):
        return False  # « Service : ; Accueil général »
    if len(filled) < 2:
        return bool(filled) and filled[0] > 0 and filled[0] in figures
    return any(column in figures for column in filled) or len(filled) > 2


def _opened(
    heads: _Lines, above: tuple[Spot, ...], number: int, ends: Mapping[tuple[int, int], int]
) -> Table:
    """Return the table under these headings; a cell over several columns speaks for them all.

    It speaks up to the end of its merged block or, when it has none, up to the next filled cell.
    """
    width = max((len(line) for _, line in heads), default=0)
    headings: dict[int, list[Value]] = {column: [] for column in range(width)}
    for rank, (row, line) in enumerate(heads):
        below = [lower for _, lower in heads[rank + 1 :]]
        carried: Value = ""
        last = 0
        for column in range(width):
            own = _at(line, column)
            has_lower = any(_at(lower, column) != "" for lower in below)
            if own != "":
                # With nothing beneath, the cell is merged downwards: it speaks for its column alone.
                carried = own if has_lower else ""
                last = ends.get((row, column), width)
            elif not has_lower:
                continue
            text = carried if own == "" and column <= last else own
            if text != "":
                headings[column].append(text)
    return Table(headings, heads[0][0] if heads else number, above)


def _at(line: Sequence[Value], column: int) -> Value:
    cell = line[column] if column < len(line) else ""
    return "" if isinstance(cell, str) and not cell.strip() else cell
