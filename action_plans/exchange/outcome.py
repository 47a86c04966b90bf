"""What a file would change: line by line, cell by cell. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from action_plans.exchange.cells import as_json, shown
from action_plans.exchange.columns import Column
from action_plans.exchange.reading import CellFault
from common.enums import Tone


class LineStatus(StrEnum):
    """What becomes of a line."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def done_label(self) -> str:
        """What is said once the import is applied."""
        return _DONE_LABELS.get(self, _LABELS[self])

    @property
    def tone(self) -> Tone:
        return _TONES[self]


_DONE_LABELS = {LineStatus.ADDED: "Ajoutée", LineStatus.CHANGED: "Modifiée"}
_LABELS = {
    LineStatus.ADDED: "À ajouter",
    LineStatus.CHANGED: "À modifier",
    LineStatus.UNCHANGED: "Sans changement",
    LineStatus.REFUSED: "À corriger",
}
_TONES = {
    LineStatus.ADDED: Tone.GOOD,
    LineStatus.CHANGED: Tone.PROGRESS,
    LineStatus.UNCHANGED: Tone.DRAFT,
    LineStatus.REFUSED: Tone.BAD,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: canonical values, from the plan (``old``) to the file (``new``)."""

    column: Column
    cell: str
    old: Any
    new: Any

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON holds: values, and the words that people read."""
        return {
            "column": self.column.title,
            "cell": self.cell,
            "old": as_json(self.old),
            "new": as_json(self.new),
            "old_text": shown(self.column, self.old),
            "new_text": shown(self.column, self.new),
        }


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """One line. ``values`` is what to write, by column; ``key`` the row, ``None`` for a new one.

    ``transition`` is the code of the act that changes the state; blank when it stays.
    """

    sheet: str
    line: int
    number: int | None
    title: str
    key: int | None
    changes: tuple[Change, ...] = ()
    faults: tuple[CellFault, ...] = ()
    notices: tuple[CellFault, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    transition: str = ""

    @property
    def status(self) -> LineStatus:
        if self.faults:
            return LineStatus.REFUSED
        if self.key is None:
            return LineStatus.ADDED
        return LineStatus.CHANGED if self.changes else LineStatus.UNCHANGED

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return {
            "sheet": self.sheet,
            "line": self.line,
            "number": self.number,
            "title": self.title,
            "status": self.status.value,
            "changes": [change.as_dict() for change in self.changes],
            "errors": [_said(fault) for fault in self.faults],
            "notices": [_said(fault) for fault in self.notices],
        }


def _said(fault: CellFault) -> dict[str, str]:
    return {"sheet": fault.sheet, "cell": fault.cell, "message": fault.message}


@dataclass(frozen=True)
class Outcome:
    """A whole file. ``faults`` speak of the table itself; ``untouched`` counts the actions it leaves out."""

    lines: tuple[LineOutcome, ...] = ()
    faults: tuple[CellFault, ...] = ()
    notices: tuple[CellFault, ...] = ()
    untouched: int = 0

    def count(self, status: LineStatus) -> int:
        """Return how many lines have this status."""
        return sum(line.status == status for line in self.lines)

    @cached_property
    def is_refused(self) -> bool:
        """Whether something is to be mended: then nothing at all is applied."""
        return bool(self.faults) or any(line.faults for line in self.lines)

    @property
    def changes_something(self) -> bool:
        return any(line.status in (LineStatus.ADDED, LineStatus.CHANGED) for line in self.lines)

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON holds: the rows, the counts, what is said of the file."""
        return {
            "rows": [line.as_dict() for line in self.lines],
            "counts": {status.value: self.count(status) for status in LineStatus},
            "untouched": self.untouched,
            "errors": [_said(fault) for fault in self.faults],
            "notices": [_said(fault) for fault in self.notices],
        }


def fingerprint_of(outcome: Mapping[str, Any]) -> str:
    """Return a mark of an outcome (``Outcome.as_dict``): two that differ have different ones."""
    text = json.dumps(outcome, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
