"""Reads of who came: facts for the rules, the printed sheet, the grid of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from django.urls import reverse

from common.people import with_function
from common.typography import french_spaces
from meetings import rules
from meetings.enums import Presence
from meetings.models import Attendance, Body, Guest, Meeting, Member


def attendance_facts(
    meeting: Meeting,
) -> tuple[tuple[rules.BodyFacts, ...], tuple[rules.PersonFacts, ...]]:
    """Return bodies with their people, and guests, each in protocol order (4 queries).

    People are those whose mandate covers the day, and those who were ticked all the same; so with
    bodies and people taken off the composition since.
    """
    marks = list(meeting.attendances.order_by("pk"))
    by_member = {mark.member_id: _mark(mark) for mark in marks if mark.member_id}
    by_body = {mark.body_id: _mark(mark) for mark in marks if mark.body_id}
    people: dict[int, list[rules.PersonFacts]] = {}
    rows = Member.objects.filter(body__committee=meeting.committee_id).select_related("body")
    for member in rows.order_by("protocol_order", "last_name", "first_name", "pk"):
        holds = _holds(member, meeting.held_on)
        if member.pk in by_member or (holds and member.body.removed_at is None):
            facts = _person(member, by_member.get(member.pk), in_mandate=holds)
            people.setdefault(member.body_id, []).append(facts)
    bodies = tuple(
        rules.BodyFacts(
            pk=body.pk,
            name=body.name,
            seats=body.seats,
            order=body.protocol_order,
            names_absentees=body.names_absentees,
            mark=by_body.get(body.pk),
            people=tuple(people.get(body.pk, ())),
        )
        for body in Body.objects.filter(committee=meeting.committee_id).order_by(
            "protocol_order", "name", "pk"
        )
        if body.removed_at is None or body.pk in by_body or body.pk in people
    )
    return bodies, tuple(_guest(guest) for guest in kept_guests(meeting))


def kept_guests(meeting: Meeting) -> list[Guest]:
    """Return the guests in protocol order (1 query)."""
    guests = meeting.guests.filter(removed_at__isnull=True)
    return list(guests.order_by("protocol_order", "last_name", "pk"))


def attendance_sheet(meeting: Meeting) -> rules.AttendanceSheet:
    """Return the lists of the minutes: present, excused, represented, absent (4 queries)."""
    return rules.attendance_sheet(*attendance_facts(meeting))


# --- The grid ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of the grid: a whole body, or one of its members.

    ``key`` is « body-3 » or « member-7 »; ``presence`` is empty when nothing is ticked; ``seen`` is
    what the page read, compared when it is saved; ``flags`` are sentences of the consistency rules.
    """

    key: str
    kind: rules.LineKind
    pk: int
    name: str
    function: str
    presence: str
    represented_by: str
    note: str
    seen: str
    flags: tuple[str, ...]
    seats: int = 0
    has_people: bool = False
    error: str = ""

    @property
    def is_body(self) -> bool:
        return self.kind == rules.LineKind.BODY

    @property
    def state(self) -> Presence | None:
        """Return the presence with its words and tone; ``None`` when nothing is ticked."""
        return Presence(self.presence) if self.presence else None

    @property
    def label(self) -> str:
        """How the row is called aloud."""
        return with_function(self.name, self.function)


@dataclass(frozen=True, slots=True)
class Grid:
    """The attendance page: rows, what they add up to, and the lists as they will print."""

    rows: list[GridRow]
    guests: list[Guest]
    sheet: rules.AttendanceSheet
    flags: dict[str, list[str]]

    @property
    def totals(self) -> list[tuple[str, str, int]]:
        """(code, words, count) of each list; guests count as present."""
        sheet = self.sheet
        counts = (
            (Presence.PRESENT, len(sheet.present)),
            (Presence.EXCUSED, len(sheet.excused)),
            (Presence.REPRESENTED, len(sheet.represented)),
            (Presence.ABSENT, sheet.absent_count),
        )
        return [
            (presence.value, f"{presence.label}s" if count > 1 else presence.label, count)
            for presence, count in counts
        ]


def attendance_grid(meeting: Meeting) -> Grid:
    """Return the attendance page of a meeting (4 queries, whatever its size)."""
    bodies, _ = attendance_facts(meeting)
    guests = kept_guests(meeting)
    facts = tuple(_guest(guest) for guest in guests)
    flags = _flags(meeting, bodies, facts)
    rows: list[GridRow] = []
    for body in bodies:
        rows.append(_body_row(body, flags))
        rows += [_member_row(person, flags) for person in body.people]
    return Grid(rows, guests, rules.attendance_sheet(bodies, facts), flags)


def with_typed(
    grid: Grid, typed: Mapping[str, Mapping[str, str]], errors: Mapping[str, str]
) -> Grid:
    """Return the grid with what was typed on refused rows, and why: nothing typed is lost."""
    rows = [
        replace(
            row,
            presence=typed[row.key]["presence"],
            represented_by=typed[row.key]["represented_by"],
            note=typed[row.key]["note"],
            error=errors[row.key],
        )
        if row.key in typed
        else row
        for row in grid.rows
    ]
    return replace(grid, rows=rows)


def grid_target(meeting: Meeting, key: str) -> Member | Body | None:
    """Return the member or the body that « member-7 », « body-3 » names in this committee."""
    return grid_targets(meeting, [key]).get(key)


def grid_targets(meeting: Meeting, keys: Iterable[str]) -> dict[str, Member | Body]:
    """Return the members and bodies of this committee by their key (2 queries); unknown keys left out."""
    wanted: dict[str, set[int]] = {rules.LineKind.BODY: set(), rules.LineKind.MEMBER: set()}
    for key in keys:
        kind, _, number = key.partition("-")
        if kind in wanted and number.isascii() and number.isdigit() and len(number) < 19:
            wanted[kind].add(int(number))
    bodies = Body.objects.filter(committee=meeting.committee_id, pk__in=wanted[rules.LineKind.BODY])
    members = Member.objects.filter(
        body__committee=meeting.committee_id, pk__in=wanted[rules.LineKind.MEMBER]
    ).select_related("body")
    found: list[Member | Body] = [*bodies.order_by("pk"), *members.order_by("pk")]
    return {row_key(target): target for target in found}


def row_key(target: Member | Body) -> str:
    kind = rules.LineKind.BODY if isinstance(target, Body) else rules.LineKind.MEMBER
    return f"{kind}-{target.pk}"


def stored_row(meeting: Meeting, target: Member | Body) -> dict[str, str]:
    """Return what is stored for one row, as its cells show it."""
    key = "body" if isinstance(target, Body) else "member"
    mark = stored_mark(meeting.attendances.filter(**{key: target.pk}).first())
    return {
        "presence": mark.presence if mark else "",
        "represented_by": mark.represented_by if mark else "",
        "note": mark.note if mark else "",
        "seen": seen_value(mark),
    }


def seen_value(mark: rules.Mark | None) -> str:
    """Return a short fingerprint of a mark: what the page read is compared with what is stored."""
    if mark is None:
        return ""
    told = "\x1f".join((mark.presence, mark.represented_by, mark.note))
    return sha256(told.encode()).hexdigest()[:16]


def stored_mark(row: Attendance | None) -> rules.Mark | None:
    """Return the mark of a stored row; ``None`` when nothing is ticked."""
    return _mark(row) if row else None


def _flags(
    meeting: Meeting,
    bodies: tuple[rules.BodyFacts, ...],
    guests: tuple[rules.PersonFacts, ...],
) -> dict[str, list[str]]:
    """Return the sentences to show on each row, by its key."""
    flags: dict[str, list[str]] = {}
    url = reverse("meetings:attendance", args=[meeting.slug])
    for finding in rules.attendance_findings(bodies, guests, meeting.chair_id, url):
        key = finding.url.partition("#")[2]
        if key:
            flags.setdefault(key, []).append(french_spaces(finding.message))
    return flags


def _body_row(body: rules.BodyFacts, flags: dict[str, list[str]]) -> GridRow:
    row = _row(rules.LineKind.BODY, body.pk, body.name, "", body.mark, flags)
    return replace(row, seats=body.seats, has_people=bool(body.people))


def _member_row(person: rules.PersonFacts, flags: dict[str, list[str]]) -> GridRow:
    name, function = person.name, person.function
    if not name:
        name, function = function, ""
    return _row(rules.LineKind.MEMBER, person.pk, name, function, person.mark, flags)


def _row(
    kind: rules.LineKind,
    pk: int,
    name: str,
    function: str,
    mark: rules.Mark | None,
    flags: dict[str, list[str]],
) -> GridRow:
    key = f"{kind}-{pk}"
    return GridRow(
        key=key,
        kind=kind,
        pk=pk,
        name=name,
        function=function,
        presence=mark.presence if mark else "",
        represented_by=mark.represented_by if mark else "",
        note=mark.note if mark else "",
        seen=seen_value(mark),
        flags=tuple(flags.get(key, ())),
    )


def _holds(member: Member, day: date | None) -> bool:
    """Tell whether a mandate covers the day; all do when no day is known."""
    if member.removed_at is not None:
        return False
    return day is None or (
        (member.starts_on is None or member.starts_on <= day)
        and (member.ends_on is None or member.ends_on >= day)
    )


def _mark(row: Attendance) -> rules.Mark:
    return rules.Mark(Presence(row.presence), row.represented_by, row.note)


def _person(member: Member, mark: rules.Mark | None, *, in_mandate: bool) -> rules.PersonFacts:
    return rules.PersonFacts(
        pk=member.pk,
        name=member.full_name,
        first_name=member.first_name,
        last_name=member.last_name,
        function=member.function,
        organisation=member.body.name,
        order=member.protocol_order,
        mark=mark,
        in_mandate=in_mandate,
    )


def _guest(guest: Guest) -> rules.PersonFacts:
    return rules.PersonFacts(
        pk=guest.pk,
        name=guest.full_name,
        first_name=guest.first_name,
        last_name=guest.last_name,
        function=guest.function,
        organisation=guest.organisation,
        order=guest.protocol_order,
    )
