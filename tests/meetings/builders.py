"""The committee of Loir-et-Cher in 2022 as its published minutes tell it, for tests.

Facts come from ``demo.content``; the agenda's texts and the minutes are left to who tests them.
"""

from dataclasses import dataclass, field

from accounts.models import Prefecture
from demo import content
from meetings.enums import BodyCategory, MinutesState, Presence
from meetings.models import (
    AgendaItem,
    Attendance,
    Body,
    Committee,
    Guest,
    Meeting,
    Member,
    Minutes,
)
from tests.cast import Cast


@dataclass
class Source:
    """The meeting of the source with what tests point at: members by surname, else by function."""

    meeting: Meeting
    bodies: dict[str, Body] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    items: dict[str, AgendaItem] = field(default_factory=dict)
    guests: list[Guest] = field(default_factory=list)

    @property
    def committee(self) -> Committee:
        return self.meeting.committee

    def lock(self, state: MinutesState = MinutesState.SUBMITTED) -> Minutes:
        """Give the meeting minutes that close it."""
        return Minutes.objects.create(meeting=self.meeting, state=state)


def build_source(
    cast: Cast, prefecture: Prefecture | None = None, *, slug: str = "clu-loir-et-cher-2022"
) -> Source:
    """Build committee, composition, meeting, agenda, attendance and guest of the source."""
    facts = {**content.COMMITTEE, "slug": f"comite-{slug}"}
    committee = Committee.objects.create(prefecture=prefecture or cast.prefecture, **facts)
    meeting = Meeting.objects.create(committee=committee, **{**content.MEETING, "slug": slug})
    source = Source(meeting)
    _add_composition(source)
    for position, item in enumerate(content.AGENDA):
        _add_item(source, item, None, position)
    for person in content.GUESTS:
        source.guests.append(
            Guest.objects.create(
                meeting=meeting,
                civility=person.civility,
                first_name=person.first_name,
                last_name=person.last_name,
                function=person.function,
                protocol_order=person.order,
            )
        )
    meeting.chair = source.members["Pesneau"]
    meeting.secretary = cast.user("agent")
    meeting.save()
    return source


def _add_composition(source: Source) -> None:
    for order, facts in enumerate(content.BODIES, start=1):
        body = Body.objects.create(
            committee=source.committee,
            name=facts.name,
            category=facts.category,
            seats=facts.seats,
            protocol_order=order,
            names_absentees=facts.names_absentees,
        )
        source.bodies[body.name] = body
        for person in facts.people:
            member = Member.objects.create(
                body=body,
                civility=person.civility,
                first_name=person.first_name,
                last_name=person.last_name,
                function=person.function,
                protocol_order=person.order,
            )
            source.members[person.last_name or person.function] = member
            if person.is_present:
                mark(source.meeting, member, Presence.PRESENT)
        if facts.absent_note:
            mark(source.meeting, body, Presence.ABSENT, note=facts.absent_note)


def _add_item(
    source: Source, facts: content.ItemFacts, parent: AgendaItem | None, position: int
) -> None:
    item = AgendaItem.objects.create(
        meeting=source.meeting,
        parent=parent,
        position=position,
        title=facts.title,
        expects_opinion=facts.expects_opinion,
    )
    source.items[facts.title] = item
    for child_position, child in enumerate(facts.children):
        _add_item(source, child, item, child_position)


def mark(meeting: Meeting, target: Member | Body, presence: Presence, **facts: str) -> Attendance:
    """Tick somebody or a whole body, past the services."""
    key = "body" if isinstance(target, Body) else "member"
    return Attendance.objects.create(meeting=meeting, presence=presence, **{key: target}, **facts)


def add_rows(source: Source, numbers: range) -> None:
    """Add as many bodies with a ticked member, items and guests: what pages grow by."""
    for number in numbers:
        body = Body.objects.create(
            committee=source.committee,
            name=f"Organisme {number}",
            category=BodyCategory.OTHER,
            protocol_order=200 + number,
        )
        member = Member.objects.create(body=body, last_name=f"Nom{number}", function="membre")
        mark(source.meeting, member, Presence.PRESENT)
        AgendaItem.objects.create(
            meeting=source.meeting, title=f"Point {number}", position=100 + number
        )
        Guest.objects.create(meeting=source.meeting, last_name=f"Invité{number}")
