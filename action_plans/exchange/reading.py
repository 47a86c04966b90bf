"""From a file to lines: sheets by name, columns by title, each cell by its address. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from action_plans import limits
from action_plans.exchange.cells import CellError, as_text, quoted, read_cell
from action_plans.exchange.columns import (
    ACTIONS,
    HELP_SHEET,
    STEPS,
    STEPS_COLUMN,
    Column,
    Kind,
    Layout,
)
from common.spreadsheets import Sheet, UnreadableFileError, Value, is_filled, read_sheets
from common.typography import NBSP, number_in_words
from common.workbooks import cell_name
from common.written import plain_key


# A title may stand above the head of the table.
MAX_LINES_ABOVE = 10
# Steps of a whole plan; more lines than that are another table.
MAX_LINES = 4 * limits.MAX_ROWS
_LAYOUTS = {plain_key(item.sheet): item for item in (ACTIONS, STEPS)}


@dataclass(frozen=True, slots=True)
class CellFault:
    """Something to mend (or to know) about one cell: its sheet, its address, a French sentence."""

    sheet: str
    cell: str
    message: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``values`` are canonical, by the name of their column; ``places`` their columns.

    A cell that could not be read is in ``faults`` and has no value.
    """

    layout: Layout
    line: int
    values: Mapping[str, Any]
    places: Mapping[str, int]
    faults: tuple[CellFault, ...] = ()

    def cell(self, name: str) -> str:
        """Return the address of the cell of a column; of the first cell when there is none."""
        return cell_name(self.places.get(name, 0), self.line)

    def fault(self, name: str, message: str) -> CellFault:
        """Say something about one of its cells."""
        return CellFault(self.layout.sheet, self.cell(name), message)


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A file as read. ``faults`` speak of the table itself: nothing can be compared with any of them."""

    actions: list[Line] = field(default_factory=list)
    steps: list[Line] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    notices: list[CellFault] = field(default_factory=list)


def read_plan(data: bytes) -> ReadPlan:
    """Read a file. ``UnreadableFileError`` when it is no table, or one of more than 5 000 actions."""
    plan = ReadPlan()
    found: dict[str, tuple[Layout, Sheet]] = {}
    for layout, sheet in _recognised(read_sheets(data, max_rows=MAX_LINES), plan):
        found[layout.sheet] = (layout, sheet)
    if ACTIONS.sheet not in found and STEPS.sheet not in found:
        raise UnreadableFileError(
            f"Ce classeur n’a pas de feuille «{NBSP}{ACTIONS.sheet}{NBSP}». Partez du tableau exporté "
            "depuis le plan d’actions, et gardez le nom de ses feuilles."
        )
    for layout, sheet in found.values():
        lines = _read_sheet(layout, sheet, plan)
        (plan.actions if layout is ACTIONS else plan.steps).extend(lines)
    if len(plan.actions) > limits.MAX_ROWS:
        raise UnreadableFileError(
            f"La feuille «{NBSP}{ACTIONS.sheet}{NBSP}» compte {number_in_words(len(plan.actions))} "
            f"lignes ; la limite est de {number_in_words(limits.MAX_ROWS)}. Partagez-la entre "
            "plusieurs fichiers."
        )
    if not plan.actions and not plan.steps and not plan.faults:
        raise UnreadableFileError(
            "Ce tableau n’a que sa ligne de titres. Remplissez-le, à raison d’une action par ligne."
        )
    return plan


def _recognised(sheets: Sequence[Sheet], plan: ReadPlan) -> Iterator[tuple[Layout, Sheet]]:
    """Yield the sheets that mean something; tell those that are left aside."""
    for sheet in sheets:
        key = plain_key(sheet.name)
        if key in _LAYOUTS:
            yield _LAYOUTS[key], sheet
        elif len(sheets) == 1:
            # The only sheet of a file, whatever its name: a CSV has none, people rename it.
            yield ACTIONS, Sheet(ACTIONS.sheet, sheet.lines)
        elif key != plain_key(HELP_SHEET):
            message = "Cette feuille n’est pas lue : seules « Actions » et « Étapes » le sont."
            plan.notices.append(CellFault(sheet.name, "A1", message))


def _read_sheet(layout: Layout, sheet: Sheet, plan: ReadPlan) -> list[Line]:
    titles = layout.by_title()
    if layout is ACTIONS:
        titles[plain_key(STEPS_COLUMN.title)] = STEPS_COLUMN
    head = _head_of(sheet.lines, titles)
    body = [
        (number, line)
        for number, line in enumerate(sheet.lines[head + 1 :], start=head + 2)
        if is_filled(line)
    ]
    places, faults = _columns_of(layout, titles, sheet.lines[head], head + 1, body)
    told = " ".join(fault.message for fault in faults)
    for column in layout.columns:
        # An unknown title that looks like this one already says what to mend.
        if column.name in places or f"écrire {quoted(column.title)}" in told:
            continue
        if column.name in layout.required:
            faults.append(_missing(layout, column, head + 1))
        elif column.is_writable:
            expected = cell_name(layout.columns.index(column), head + 1)
            message = f"La colonne {quoted(column.title)} manque : ce qu’elle porte ne change pas."
            plan.notices.append(CellFault(layout.sheet, expected, message))
    plan.faults.extend(faults)
    if faults:
        return []
    columns = {item.name: item for item in titles.values()}
    return [_line(layout, number, line, places, columns) for number, line in body]


def _head_of(lines: Sequence[Sequence[Value]], titles: Mapping[str, Column]) -> int:
    """Return the index of the line of titles: among the first ones, that which has the most of them."""

    def known(line: Sequence[Value]) -> int:
        return sum(plain_key(as_text(cell)) in titles for cell in line)

    first = lines[:MAX_LINES_ABOVE]
    best = max(range(len(first)), key=lambda index: (known(first[index]), -index))
    if known(first[best]):
        return best
    return next((index for index, line in enumerate(lines) if is_filled(line)), 0)


def _columns_of(
    layout: Layout,
    titles: Mapping[str, Column],
    head: Sequence[Value],
    head_line: int,
    body: Sequence[tuple[int, Sequence[Value]]],
) -> tuple[dict[str, int], list[CellFault]]:
    """Return the place of each known column, and what is wrong with the line of titles."""
    places: dict[str, int] = {}
    faults: list[CellFault] = []
    widest = max((len(line) for _, line in body), default=0)

    def fault(place: int, message: str) -> None:
        faults.append(CellFault(layout.sheet, cell_name(place, head_line), message))

    for place in range(max(len(head), widest)):
        title = as_text(head[place]).strip() if place < len(head) else ""
        column = titles.get(plain_key(title))
        if column is not None and column.name in places:
            first = cell_name(places[column.name], head_line)
            fault(
                place, f"La colonne {quoted(title)} est déjà en {first}. Supprimez l’une des deux."
            )
        elif column is not None:
            places[column.name] = place
        elif title:
            fault(place, _unknown(title, layout))
        elif filled := _first_filled(place, body):
            fault(
                place,
                f"Cette colonne n’a pas de titre, alors que la cellule {cell_name(place, filled)} est "
                "remplie. Remettez son titre, ou videz-la.",
            )
    return places, faults


def _first_filled(place: int, body: Sequence[tuple[int, Sequence[Value]]]) -> int | None:
    return next(
        (number for number, line in body if place < len(line) and is_filled([line[place]])), None
    )


def _unknown(title: str, layout: Layout) -> str:
    known = {plain_key(item.title): item.title for item in layout.columns}
    close = get_close_matches(plain_key(title), list(known), n=1, cutoff=0.6)
    remedy = (
        f"Vouliez-vous écrire {quoted(known[close[0]])} ?"
        if close
        else "Supprimez cette colonne, ou redonnez-lui son titre d’origine."
    )
    return f"{quoted(title)} n’est pas une colonne du plan. {remedy}"


def _missing(layout: Layout, column: Column, head_line: int) -> CellFault:
    place = layout.columns.index(column)
    message = (
        f"La colonne {quoted(column.title)} manque ; le tableau exporté la porte ici. Remettez-la, ou "
        "exportez de nouveau le plan."
    )
    return CellFault(layout.sheet, cell_name(place, head_line), message)


def _line(
    layout: Layout,
    number: int,
    cells: Sequence[Value],
    places: Mapping[str, int],
    columns: Mapping[str, Column],
) -> Line:
    values: dict[str, Any] = {}
    faults: list[CellFault] = []
    for name, place in places.items():
        cell = cells[place] if place < len(cells) else ""
        column = columns[name]
        try:
            values[name] = read_cell(column, cell)
        except CellError as error:
            address = cell_name(place, number)
            if column.kind != Kind.READ:
                faults.append(CellFault(layout.sheet, address, error.message))
    return Line(layout, number, values, places, tuple(faults))
