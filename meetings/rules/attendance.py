"""Who was there, as printed: present, excused, represented, and the absent who are computed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from common.people import with_function
from meetings.enums import Presence


class LineKind(StrEnum):
    """What a line of the sheet stands for."""

    MEMBER = "member"
    GUEST = "guest"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was ticked for a member or a whole body."""

    presence: Presence
    represented_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A member holding a mandate (or marked), or a guest; ``mark`` is ``None`` when not ticked.

    ``name`` is « Mme Pascale SILBERMANN » or empty when only the function is known.
    ``in_mandate`` is false for a member whose mandate does not cover the day of the meeting.
    """

    pk: int
    name: str
    first_name: str = ""
    last_name: str = ""
    function: str = ""
    organisation: str = ""
    order: int = 100
    mark: Mark | None = None
    in_mandate: bool = True

    @property
    def label(self) -> str:
        """« M. BLOT, défenseur des droits », or the body and the function: « CCI, trésorière »."""
        return _label(self.name, self.function, self.organisation)


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """A body with its people, in protocol order."""

    pk: int
    name: str
    seats: int = 1
    order: int = 100
    names_absentees: bool = False
    mark: Mark | None = None
    people: tuple[PersonFacts, ...] = ()

    def people_marked(self, presence: Presence) -> tuple[PersonFacts, ...]:
        return tuple(person for person in self.people if _presence(person.mark) == presence)

    @property
    def is_there(self) -> bool:
        """Somebody of it is present, excused or represented, or the body itself is."""
        return _is_accounted_for(self.mark) or any(
            _is_accounted_for(person.mark) for person in self.people
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list of the sheet; ``label`` is how it reads."""

    name: str
    function: str
    organisation: str
    note: str
    represented_by: str
    kind: LineKind
    label: str


@dataclass(frozen=True, slots=True)
class Group:
    """Absent under one heading: « Députés » by name, then « Organismes »."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """The four lists of the minutes, in protocol order."""

    present: tuple[Line, ...]
    excused: tuple[Line, ...]
    represented: tuple[Line, ...]
    absent: tuple[Group, ...]

    @property
    def absent_count(self) -> int:
        return sum(len(group.lines) for group in self.absent)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ready to be frozen as JSON."""
        return asdict(self)


BODIES_HEADING = "Organismes"


def attendance_sheet(bodies: Iterable[BodyFacts], guests: Iterable[PersonFacts]) -> AttendanceSheet:
    """Sort everybody into the four lists.

    A body is absent when it is ticked so, or when nobody of it is accounted for. Bodies that name
    their absentees (parliament) give one line per person not accounted for.
    """
    ordered = sorted(bodies, key=lambda body: (body.order, body.name))
    return AttendanceSheet(
        present=_lines(ordered, Presence.PRESENT, guests),
        excused=_lines(ordered, Presence.EXCUSED),
        represented=_lines(ordered, Presence.REPRESENTED),
        absent=_absent(ordered),
    )


def _lines(
    bodies: Sequence[BodyFacts], presence: Presence, guests: Iterable[PersonFacts] = ()
) -> tuple[Line, ...]:
    ranked: list[tuple[tuple[int, int, str], Line]] = []
    for rank, body in enumerate(bodies):
        people = body.people_marked(presence)
        for person in people:
            key = (person.order, rank, person.last_name)
            ranked.append((key, _person_line(person, LineKind.MEMBER)))
        # A body ticked with its people would be read twice.
        if body.mark and _presence(body.mark) == presence and not people:
            ranked.append(((body.order, rank, ""), _body_line(body)))
    for guest in guests:
        ranked.append(((guest.order, len(bodies), guest.last_name), _guest_line(guest)))
    return tuple(line for _, line in sorted(ranked, key=lambda pair: pair[0]))


def _absent(bodies: Sequence[BodyFacts]) -> tuple[Group, ...]:
    groups: list[Group] = []
    whole: list[Line] = []
    for body in bodies:
        if body.names_absentees and body.people:
            lines = tuple(
                _person_line(person, LineKind.MEMBER)
                for person in body.people
                if _is_absent_by_name(body, person)
            )
            if lines:
                groups.append(Group(body.name, lines))
        elif _presence(body.mark) == Presence.ABSENT or not body.is_there:
            whole.append(_body_line(body))
        else:
            whole += [
                _person_line(person, LineKind.MEMBER)
                for person in body.people_marked(Presence.ABSENT)
            ]
    if whole:
        groups.append(Group(BODIES_HEADING, tuple(whole)))
    return tuple(groups)


def _is_absent_by_name(body: BodyFacts, person: PersonFacts) -> bool:
    """An unticked person follows what is ticked for the body, if anything is."""
    if person.mark is not None:
        return person.mark.presence == Presence.ABSENT
    return not _is_accounted_for(body.mark)


def _presence(mark: Mark | None) -> Presence | None:
    return mark.presence if mark else None


def _is_accounted_for(mark: Mark | None) -> bool:
    return mark is not None and mark.presence != Presence.ABSENT


def _label(name: str, function: str, organisation: str) -> str:
    return with_function(name or organisation, function)


def _person_line(person: PersonFacts, kind: LineKind) -> Line:
    mark = person.mark
    return Line(
        name=person.name,
        function=person.function,
        organisation=person.organisation,
        note=mark.note if mark else "",
        represented_by=mark.represented_by if mark else "",
        kind=kind,
        label=person.label,
    )


def _guest_line(guest: PersonFacts) -> Line:
    return _person_line(guest, LineKind.GUEST)


def _body_line(body: BodyFacts) -> Line:
    """Return the line of a whole body; without a remark of its own it takes its people's."""
    notes = [person.mark.note for person in body.people if person.mark and person.mark.note]
    mark = body.mark
    return Line(
        name="",
        function="",
        organisation=body.name,
        note=mark.note if mark else " ; ".join(notes),
        represented_by=mark.represented_by if mark else "",
        kind=LineKind.BODY,
        label=body.name,
    )
