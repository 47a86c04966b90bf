"""One line against the row it names: three values for each cell, the third being what was exported."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from action_plans.exchange.cells import CellError, quoted, same, shown
from action_plans.exchange.columns import Column, Kind
from action_plans.exchange.known import KnownAction, KnownPlan, KnownStep
from action_plans.exchange.outcome import Change
from action_plans.exchange.reading import CellFault, Line
from common.typography import date_in_words, time_in_words


REQUIRED_VALUE = "Cette cellule ne peut pas rester vide. Remettez-y une valeur."
EXPORT_AGAIN = "Exportez de nouveau le plan, puis reportez-y vos changements."


@dataclass(slots=True)
class Merge:
    """What one line says of its row, while it is being worked out."""

    line: Line
    changes: dict[str, Change] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    notices: list[CellFault] = field(default_factory=list)

    def refuse(self, name: str, message: str) -> None:
        """Refuse the line because of one of its cells."""
        self.faults.append(self.line.fault(name, message))

    def change(self, column: Column, old: Any, new: Any, *, cell_of: str = "") -> None:
        """Note a change; ``cell_of``: the column of the cell that brings it, when it is another."""
        cell = self.line.cell(cell_of or column.name)
        self.changes[column.name] = Change(column, cell, old, new)

    def drop(self, name: str) -> None:
        """Forget a change."""
        self.changes.pop(name, None)

    def result(self, name: str, known: Any) -> Any:
        """Return the value that the row would have."""
        return self.changes[name].new if name in self.changes else known


def resolved(line: Line, column: Column, known: Any, plan: KnownPlan) -> Any:
    """Return the canonical value of a cell, names and codes found in the préfecture (``CellError``)."""
    value = line.values[column.name]
    if column.kind == Kind.NAME and value and value != known:
        return plan.names[column.name].resolve(value)
    if column.kind == Kind.CODES:
        codes = plan.full_codes(value, line.values.get("referential", ""))
        if set(codes) == set(known or ()):
            return known
        names = plan.names[column.name]
        return tuple(sorted({names.resolve(code) for code in codes}))
    if column.kind == Kind.CHOICE and value is None:
        raise CellError(REQUIRED_VALUE)
    return value


def merge(line: Line, row: KnownAction | KnownStep, plan: KnownPlan) -> Merge:
    """Compare a line with its row. A cell changed by the file and by somebody else refuses the line."""
    found = Merge(line, faults=list(line.faults))
    base = _base_of(line, row, found)
    if base is None:
        return found
    for column in line.layout.columns:
        if column.name not in line.values or not column.is_writable:
            continue
        stored = row.values[column.name]
        try:
            value = resolved(line, column, base[column.name], plan)
        except CellError as error:
            found.refuse(column.name, error.message)
            continue
        if same(column, value, base[column.name]) or same(column, value, stored):
            continue
        if same(column, stored, base[column.name]):
            found.change(column, stored, value)
        else:
            found.refuse(column.name, _conflict(column, value, stored, row))
    return found


def _base_of(line: Line, row: KnownAction | KnownStep, found: Merge) -> Any:
    """Return the values that were exported; ``None`` when they are not known (the line is refused)."""
    revision = line.values.get("revision")
    if revision == row.revision:
        return row.values
    if revision is None:
        if "revision" in line.values:
            found.refuse(
                "revision",
                "La révision manque : elle dit si quelqu’un a changé cette ligne depuis l’export. "
                "Remettez celle du tableau exporté, ou exportez de nouveau le plan.",
            )
        return None
    past = next((item for item in row.past if item.revision == revision), None)
    if past is None:
        found.refuse(
            "revision",
            f"La révision {revision} n’est pas une de celles de cette ligne. {EXPORT_AGAIN}",
        )
        return None
    return past.values


def _conflict(column: Column, value: Any, stored: Any, row: KnownAction | KnownStep) -> str:
    who, when = "Quelqu’un", ""
    earlier: Any = None
    for item in row.past:
        now = item.values[column.name]
        if earlier is not None and not same(column, now, earlier[column.name]):
            day = f"{date_in_words(item.when)} à {time_in_words(item.when.time())}"
            who, when = item.who, f" le {day}"
        earlier = item.values
    return (
        f"{who} a changé {quoted(column.title)}{when}, après votre export : la valeur est maintenant "
        f"{_told(column, stored)}, et votre tableau porte {_told(column, value)}. Pour garder la sienne, "
        "reprenez-la dans cette cellule ; pour imposer la vôtre, exportez de nouveau le plan et "
        "reportez-la dans ce nouveau tableau."
    )


def _told(column: Column, value: Any) -> str:
    text = shown(column, value)
    return quoted(text) if text else "vide"


def told_aside(line: Line, row_values: Any, columns: Iterable[Column]) -> Iterable[CellFault]:
    """Yield what the line changed in columns that are there for information only."""
    text = Column("", "", Kind.TEXT)
    for column in columns:
        written = line.values.get(column.name)
        if written is None or same(text, written, row_values.get(column.name, "")):
            continue
        yield line.fault(
            column.name,
            "Cette colonne n’est donnée que pour information : ce que vous y avez écrit n’est pas repris.",
        )
