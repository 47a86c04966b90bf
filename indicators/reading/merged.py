"""Merged cells: how far a heading speaks, and the figures of which nobody knows where they go."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter

from common.spreadsheet_answer import Block, Value
from indicators.reading.headings import Heading
from indicators.reading.layout import Layout
from indicators.reading.periods import Kind, Period, YearlessPeriod
from indicators.reading.series import address
from indicators.reading.tables import Kind as CellKind
from indicators.reading.tables import Row, kind_of


_FIGURES = (CellKind.FIGURE, CellKind.YEARLIKE)
_WHICH_PERIOD = {
    Kind.MONTH: "quel mois",
    Kind.QUARTER: "quel trimestre",
    Kind.HALF: "quel semestre",
    Kind.YEAR: "quelle année",
}
# Row → column → why the cell is refused.
Unsure = dict[int, dict[int, str]]


class Merged:
    """The merged blocks of one sheet; ``ends`` tells the last column of a block by its first cell."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.ends: dict[tuple[int, int], int] = {}
        self._by_row: dict[int, list[Block]] = defaultdict(list)
        # Only a hostile file has blocks that overlap; cut, they are not worth a walk each.
        below: dict[int, int] = {}
        for block in sorted(blocks, key=attrgetter("first_row"), reverse=True):
            row, column = block.first_row, block.first_column
            last = min(block.last_row, below.get(column, block.last_row + 1) - 1)
            if last < row:
                continue
            below[column] = row
            self.ends[row, column] = block.last_column
            self._by_row[row].append(replace(block, last_row=last))

    def unsure(self, layout: Layout) -> Unsure:
        """Return the cells of the blocks that hold one figure for several columns or several rows."""
        found: Unsure = {}
        if not self._by_row:
            return found
        turns = _turns(layout)
        for row in layout.table.rows:
            for block in self._by_row.get(row.number, ()):
                column = block.first_column
                if column not in layout.value_columns:
                    continue
                if kind_of(layout.at(row, column)) not in _FIGURES:
                    continue
                if which := _which(layout, block, turns):
                    # A spreadsheet may keep figures beneath the block, that nobody sees.
                    for covered in range(column, min(block.last_column + 1, layout.width)):
                        found.setdefault(row.number, {})[covered] = _message(block, which)
        return found


def _turns(layout: Layout) -> list[int]:
    """Return the columns that do not say the same as the one before."""
    headings = layout.table.headings
    values = set(layout.value_columns)
    labels = set(layout.label_columns)
    speaking = [
        column
        for column in range(layout.width)
        if column not in labels and (column in values or headings.get(column))
    ]
    return [
        later
        for earlier, later in pairwise(speaking)
        if headings.get(later) != headings.get(earlier)
    ]


def _which(layout: Layout, block: Block, turns: list[int]) -> str:
    """Return what a block leaves unsaid: « quel mois »; nothing when it speaks for one place."""
    rank = bisect_right(turns, block.first_column)
    if rank < len(turns) and turns[rank] <= block.last_column:
        over, other = layout.headings[block.first_column], layout.headings[turns[rank]]
        return _difference(over, other) or "quelle colonne"
    labels = [column for column in layout.label_columns if layout.label_kinds[column] != "aside"]
    for number in range(block.first_row + 1, min(block.last_row + 1, len(layout.lines))):
        row = Row(number)
        if any(layout.at(row, column) != "" for column in labels):
            carried: dict[int, Value] = {}
            first = layout.row_heading(Row(block.first_row), carried)
            return _difference(first, layout.row_heading(row, carried)) or "quelle ligne"
    return ""


def _difference(one: Heading, other: Heading) -> str:
    if one.period != other.period:
        for period in (one.period, other.period):
            if isinstance(period, Period | YearlessPeriod):
                return _WHICH_PERIOD[period.kind]
        return "quelle période"
    if one.service != other.service:
        return "quel service"
    return "quel indicateur" if one.meanings != other.meanings else ""


def _message(block: Block, which: str) -> str:
    first = address(block.first_row, block.first_column)
    last = address(block.last_row, block.last_column)
    return (
        f"La cellule {first} est fusionnée sur {first}:{last} : on ne sait pas à {which} va ce nombre. "
        "Défusionnez-la et répétez ou répartissez la valeur."
    )
