"""What is read from a table, before it makes figures: rows of cells that know what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from common.spreadsheets import Value
from indicators.reading.definitions import Question, Refusal
from indicators.reading.headings import Heading
from indicators.reading.matching import Role
from indicators.reading.periods import Period


@cache
def letters(column: int) -> str:
    """Return the letters of a column counted from 0: A, B… Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """Return « C5 » for row 4, column 2."""
    return f"{letters(column)}{row + 1}"


def blocks(cells: list[tuple[int, int]]) -> list[str]:
    """Return blocks that hold these cells and no other figure: one, or one for each column."""
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    if len(cells) == len(rows) * len(columns) or len(rows) == 1 or len(columns) == 1:
        return [_block(cells)]
    return [_block([cell for cell in cells if cell[1] == column]) for column in sorted(columns)]


def _block(cells: list[tuple[int, int]]) -> str:
    """Return the smallest block that holds these cells: « C5 » or « C5:D40 »."""
    rows, columns = [row for row, _ in cells], [column for _, column in cells]
    first, last = address(min(rows), min(columns)), address(max(rows), max(columns))
    return first if first == last else f"{first}:{last}"


@dataclass(slots=True)
class Series:
    """Cells of one row that give the same part of one indicator for one service, by period."""

    sheet: str
    table: int
    row: int
    indicator: str
    role: Role
    value_score: float  # of a numerator: how surely the label may also be the rate itself
    says_value: bool  # it stands under « Valeur », « Résultat », « Taux »
    service: str | None
    is_total: bool
    unit: str
    confidence: float
    reason: str
    columns: Sequence[int]
    periods: Sequence[Period]
    cells: Sequence[Value]
    is_plain: bool = False  # nothing but numbers


@dataclass(slots=True)
class Columns:
    """The value columns of a table that say the same thing, but for the period."""

    heading: Heading
    numbers: list[int]
    headings: list[Heading]
    # Their periods, when the headings alone tell all of them.
    dates: list[Period] = field(default_factory=list)

    def filled(self, line: Sequence[Value]) -> Sequence[int]:
        """Return the ranks, among these columns, of those where a line holds something."""
        return [rank for rank, c in enumerate(self.numbers) if c < len(line) and line[c] != ""]

    def cells(self, line: Sequence[Value]) -> Sequence[Value]:
        """Return the cells of a line that goes up to the last of these columns."""
        first, last = self.numbers[0], self.numbers[-1]
        if last - first == len(self.numbers) - 1:
            return line[first : last + 1]
        return [line[column] for column in self.numbers]


@dataclass
class Placed:
    """Everything that was found on the sheets, in the order of the file."""

    series: list[Series] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    period_totals: list[Series] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    # Sheet and number of the tables where a figure is left out though it counts in their totals.
    unsure: set[tuple[str, int]] = field(default_factory=set)
