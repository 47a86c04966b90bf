"""What an imported composition would change: each line against the composition as it is. Pure.

A blank cell changes nothing: a list without addresses must not wipe those that are known.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from common.written import plain_key
from meetings.composition_cells import as_text, quoted
from meetings.composition_files import TITLES, Fault, Row, shown
from meetings.enums import ImportRowState
from meetings.rules.composition import overlap, person_key


# Column → field of the record.
BODY_FIELDS = {
    "organisation": "name",
    "category": "category",
    "seats": "seats",
    "body_order": "protocol_order",
}
MEMBER_FIELDS = {
    "civility": "civility",
    "first_name": "first_name",
    "last_name": "last_name",
    "function": "function",
    "member_order": "protocol_order",
    "email": "email",
    "phone": "phone",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
}
_DATES = frozenset({"starts_on", "ends_on"})


class MemberLike(Protocol):
    """A member of the composition, as ``meetings.models.Member``."""

    pk: Any
    first_name: str
    last_name: str
    function: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A body of the composition and its members (records are read, never written, here)."""

    record: Any
    members: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changes, as people read it; blank: none."""

    title: str
    old: str
    new: str


@dataclass(slots=True)
class PlannedRow:
    """One line of the file and what it does. ``member`` is the record that it concerns, if any."""

    row: Row
    state: ImportRowState
    member: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    is_first_of_new_body: bool = False

    @property
    def added(self) -> list[tuple[str, str]]:
        """Return what an added line brings, beside the name of its body and of its person."""
        if self.state != ImportRowState.ADDED:
            return []
        columns = ["category", "seats"] if self.is_first_of_new_body else []
        if self.row.has_person and self.member is None:
            columns += ["function"] if self.row.values.get("last_name") else []
            columns += ["starts_on", "ends_on", "email", "phone"]
        told = ((column, self.row.values.get(column)) for column in columns)
        return [(TITLES[column], shown(column, value)) for column, value in told if value]

    def refuse(self, column: str, message: str) -> None:
        self.faults.append(Fault(self.row.line, TITLES[column], message))
        self.state = ImportRowState.REFUSED


@dataclass(slots=True)
class PlannedBody:
    """One body of the file: its record (``None``: a new one), what it takes, its lines."""

    record: Any
    members: Sequence[Any]
    values: dict[str, Any]
    changes: list[Change]
    rows: list[PlannedRow]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the file would do. Nothing is applied while a line is refused."""

    bodies: list[PlannedBody]
    rows: list[PlannedRow]
    untouched: list[Any]

    @property
    def faults(self) -> list[Fault]:
        return [fault for row in self.rows for fault in row.faults]

    def count(self, state: ImportRowState) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def changes_something(self) -> bool:
        return bool(self.count(ImportRowState.ADDED) or self.count(ImportRowState.CHANGED))

    @property
    def fingerprint(self) -> str:
        """What must be the same when the plan is applied as when it was read."""
        told = [
            [
                planned.row.line,
                planned.state.value,
                planned.is_first_of_new_body,
                getattr(planned.member, "pk", None),
                [[change.title, change.old, change.new] for change in planned.changes],
            ]
            for planned in self.rows
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def plan_composition(rows: Iterable[Row], bodies: Iterable[KnownBody]) -> Plan:
    """Compare the lines of a file with the composition; both in their order."""
    known = {plain_key(body.record.name): body for body in reversed(list(bodies))}
    by_body: dict[str, list[PlannedRow]] = defaultdict(list)
    planned = []
    for row in rows:
        state = ImportRowState.REFUSED if row.faults else ImportRowState.SAME
        line = PlannedRow(row, state, faults=list(row.faults))
        planned.append(line)
        by_body[row.body_key].append(line)
    plans = [_plan_body(lines, known.get(key)) for key, lines in by_body.items()]
    touched = {line.member.pk for line in planned if line.member is not None}
    untouched = [m for body in known.values() for m in body.members if m.pk not in touched]
    return Plan(plans, planned, untouched)


def _plan_body(lines: list[PlannedRow], known: KnownBody | None) -> PlannedBody:
    record = known.record if known else None
    members = known.members if known else ()
    values: dict[str, Any] = {}
    for line in lines:
        for column, name in BODY_FIELDS.items():
            value = line.row.values.get(column)
            if value not in (None, "") and not line.row.is_faulty(column):
                values.setdefault(name, value)
    changes = _changes(record, values, BODY_FIELDS) if record is not None else []
    body = PlannedBody(record, members, _kept(values, changes, BODY_FIELDS, record), changes, lines)
    sound = [line for line in lines if line.state != ImportRowState.REFUSED]
    _plan_members([line for line in sound if line.row.has_person], members)
    for line in sound:
        if record is None:
            line.state = ImportRowState.ADDED
            line.is_first_of_new_body = line is sound[0]
    if sound and changes:
        # Told once, on the first line of the body.
        sound[0].changes[:0] = changes
        if sound[0].state == ImportRowState.SAME:
            sound[0].state = ImportRowState.CHANGED
    _refuse_overlaps(body)
    return body


# --- Members ----------------------------------------------------------------------------------


def _plan_members(lines: list[PlannedRow], members: Sequence[Any]) -> None:
    _match(lines, members)
    for line in lines:
        row = line.row
        line.values = {
            name: _stored(column, row.values[column])
            for column, name in MEMBER_FIELDS.items()
            if row.values.get(column) not in (None, "")
        }
        if line.member is None:
            line.state = ImportRowState.ADDED
            continue
        line.changes = _changes(line.member, line.values, MEMBER_FIELDS)
        line.values = _kept(line.values, line.changes, MEMBER_FIELDS, line.member)
        line.state = ImportRowState.CHANGED if line.changes else ImportRowState.SAME


def _match(lines: list[PlannedRow], members: Sequence[Any]) -> None:
    """Find whom each line concerns: the surest likeness first, nobody twice."""
    # The newest mandate first: a list without dates is about those who sit now.
    free = sorted(members, key=lambda member: member.starts_on or date.min, reverse=True)
    likenesses: tuple[Callable[[Row, MemberLike], bool], ...] = (
        lambda row, member: _same_person(row, member) and row.mandate[0] == member.starts_on,
        lambda row, member: _same_person(row, member) and overlap(row.mandate, _mandate(member)),
        _names_the_unnamed,
        _completes_first_name,
    )
    for is_alike in likenesses:
        for line in lines:
            if line.member is None:
                line.member = next((m for m in free if is_alike(line.row, m)), None)
                if line.member is not None:
                    free.remove(line.member)


def _same_person(row: Row, member: MemberLike) -> bool:
    if row.values.get("last_name"):
        return row.person_key == person_key(member.first_name, member.last_name)
    return not member.last_name and _same_function(row, member)


def _same_function(row: Row, member: MemberLike) -> bool:
    key = plain_key(row.values.get("function") or "")
    return bool(key) and key == plain_key(member.function)


def _names_the_unnamed(row: Row, member: MemberLike) -> bool:
    """« trésorière », so far without a name, is now known to be Mme X."""
    return (
        bool(row.values.get("last_name")) and not member.last_name and _same_function(row, member)
    )


def _completes_first_name(row: Row, member: MemberLike) -> bool:
    """« M. BLOT » and « M. Jean BLOT » of one body, on one mandate."""
    first, last = row.person_key
    known_first, known_last = person_key(member.first_name, member.last_name)
    return (
        bool(row.values.get("last_name"))
        and last == known_last
        and not (first and known_first)
        and overlap(row.mandate, _mandate(member))
    )


def _mandate(member: MemberLike) -> tuple[date | None, date | None]:
    return member.starts_on, member.ends_on


def _refuse_overlaps(body: PlannedBody) -> None:
    """Refuse lines after which a mandate would end before it starts, or overlap another one."""
    moved = {line.member.pk: line for line in body.rows if line.member is not None}
    held: dict[tuple[str, str], list[tuple[Any, PlannedRow | None]]] = defaultdict(list)
    entries: list[tuple[Any, PlannedRow | None]] = [(m, moved.get(m.pk)) for m in body.members]
    entries += [(None, line) for line in body.rows if line.member is None]
    for member, line in entries:
        if line is not None and (line.state == ImportRowState.REFUSED or not line.row.has_person):
            continue
        start, end = (_after(member, line, name) for name in ("starts_on", "ends_on"))
        if line is not None and start and end and end < start:
            line.refuse("ends_on", f"la fin du mandat précède son début, le {start:%d/%m/%Y}.")
            continue
        key = person_key(*(_after(member, line, n) or "" for n in ("first_name", "last_name")))
        if not any(key):
            continue
        for other_mandate, other in held[key]:
            if overlap((start, end), other_mandate):
                _refuse_twin(line, other)
        held[key].append(((start, end), line))


def _refuse_twin(line: PlannedRow | None, other: PlannedRow | None) -> None:
    """Refuse the line that makes two mandates overlap; two untouched records are nobody's fault."""
    guilty = line if line is not None and line.state != ImportRowState.SAME else other
    if guilty is not None and guilty.state not in (ImportRowState.SAME, ImportRowState.REFUSED):
        guilty.refuse(
            "last_name",
            f"{guilty.row.person} figure déjà dans {quoted(guilty.row.values['organisation'])} sur une "
            "période qui recouvre celle-ci. Corrigez les dates, ou retirez cette ligne.",
        )


def _after(member: Any, line: PlannedRow | None, name: str) -> Any:
    """Return a value as it would stand once the file is applied."""
    if line is not None and name in line.values:
        return line.values[name]
    return getattr(member, name) if member is not None else None


# --- Values -----------------------------------------------------------------------------------


def _stored(column: str, value: Any) -> Any:
    return date.fromisoformat(value) if column in _DATES else value


def _changes(record: Any, values: dict[str, Any], fields: dict[str, str]) -> list[Change]:
    """Return what differs; apostrophes and spaces are not a difference."""
    return [
        Change(TITLES[column], shown(column, getattr(record, name)), shown(column, values[name]))
        for column, name in fields.items()
        if name in values and not _same(getattr(record, name), values[name])
    ]


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        return as_text(old) == as_text(new)
    return bool(old == new)


def _kept(
    values: dict[str, Any], changes: list[Change], fields: dict[str, str], record: Any
) -> dict[str, Any]:
    """Return the values to write: all of them for a new record, else those that change."""
    if record is None:
        return values
    changed = {change.title for change in changes}
    names = {name for column, name in fields.items() if TITLES[column] in changed}
    return {name: value for name, value in values.items() if name in names}
