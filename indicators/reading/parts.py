"""One cell of a series: where it is, what it says, how it is shown in a message."""

from decimal import Decimal
from typing import NamedTuple

from common.spreadsheets import Value
from common.typography import number_in_words
from indicators.reading import cells
from indicators.reading.cells import Number
from indicators.reading.series import Series, address


class Part(NamedTuple):
    """One cell of a series."""

    series: Series
    rank: int

    @property
    def column(self) -> int:
        return self.series.columns[self.rank]

    @property
    def cell(self) -> str:
        return address(self.series.row, self.column)

    @property
    def content(self) -> cells.Content | None:
        return cells.parse(self.series.cells[self.rank])


def number_of(cell: Value) -> Decimal | None:
    """Return the number that a cell holds, if it holds one."""
    content = cells.parse(cell)
    return content.value if isinstance(content, Number) else None


def plain_number(number: Decimal) -> Decimal:
    """Return the number without useless zeros nor powers of ten."""
    return number.normalize() + 0


def shown(part: Part) -> str:
    """Return the cell as people see it."""
    cell = part.series.cells[part.rank]
    return (
        cell.strip()
        if isinstance(cell, str)
        else number_in_words(plain_number(number_of(cell) or Decimal(0)))
    )


def place_of(part: Part, seen_from: Part) -> str:
    """Return « B5 », with its sheet when it is another one."""
    if part.series.sheet == seen_from.series.sheet:
        return part.cell
    return f"{part.cell} de la feuille « {part.series.sheet} »"
