"""The committees of the demo: composition, meeting, agenda, attendance, minutes being written."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Prefecture, User
from demo import content, content_demarche
from meetings.enums import BodyCategory, CommitteeKind, Presence, Slot
from meetings.models import (
    AgendaItem,
    Attendance,
    Body,
    Committee,
    Guest,
    Meeting,
    Member,
    Minutes,
    Question,
)
from meetings.services.minutes import save_text, start_minutes
from modules.models import WorkingGroup


SECRETARY = "agent@loir-et-cher.demo"
WRITER = "referente@loir-et-cher.demo"


def build_committee(*, prefecture: Prefecture, users: dict[str, User]) -> Meeting:
    """Build the Loir-et-Cher committee and its meeting of 2022, minutes in draft."""
    committee = Committee.objects.create(prefecture=prefecture, **content.COMMITTEE)
    members = _build_composition(committee)
    meeting = Meeting.objects.create(
        committee=committee,
        chair=members["Pesneau"],
        secretary=users[SECRETARY],
        **content.MEETING,
    )
    _build_attendance(meeting, members)
    minutes = start_minutes(meeting=meeting)
    writer = users[WRITER]
    _write(minutes, Slot.OPENING, None, content.OPENING, writer)
    for position, facts in enumerate(content.AGENDA):
        item = _build_item(meeting, minutes, facts, None, position, writer)
    _write(minutes, Slot.CLOSING, None, content.CLOSING, writer)
    _build_questions(minutes, item, members)
    _build_copil(prefecture)
    return meeting


def remove_committees(prefectures: QuerySet[Prefecture]) -> None:
    """Remove the committees of these préfectures with their meetings, minutes and deliveries."""
    meetings = Meeting.objects.filter(committee__prefecture__in=prefectures)
    Minutes.objects.filter(meeting__in=meetings).delete()
    meetings.update(chair=None)
    Attendance.objects.filter(meeting__in=meetings).delete()
    meetings.delete()
    Committee.objects.filter(prefecture__in=prefectures).delete()


def _build_composition(committee: Committee) -> dict[str, Member]:
    """Create bodies and members; return the members by surname, else by function."""
    members: dict[str, Member] = {}
    for order, facts in enumerate(content.BODIES, start=1):
        body = Body.objects.create(
            committee=committee,
            name=facts.name,
            category=facts.category,
            seats=facts.seats,
            protocol_order=order,
            names_absentees=facts.names_absentees,
        )
        for person in facts.people:
            members[person.last_name or person.function] = Member.objects.create(
                body=body,
                civility=person.civility,
                first_name=person.first_name,
                last_name=person.last_name,
                function=person.function,
                protocol_order=person.order,
                # The demo never writes to a real person: the folder of e-mails is all it reaches.
                email=_address(person) if person.is_present and person.last_name else "",
            )
    return members


def _address(person: content.Person) -> str:
    """Return an address that leads nowhere, for the demo of the diffusion."""
    return f"{person.last_name.lower()}@membre.demo"


def _build_attendance(meeting: Meeting, members: dict[str, Member]) -> None:
    bodies = {body.name: body for body in meeting.committee.bodies.all()}
    for facts in content.BODIES:
        for person in facts.people:
            if person.is_present:
                Attendance.objects.create(
                    meeting=meeting,
                    member=members[person.last_name or person.function],
                    presence=Presence.PRESENT,
                )
        if facts.absent_note:
            Attendance.objects.create(
                meeting=meeting,
                body=bodies[facts.name],
                presence=Presence.ABSENT,
                note=facts.absent_note,
            )
    for person in content.GUESTS:
        Guest.objects.create(
            meeting=meeting,
            civility=person.civility,
            first_name=person.first_name,
            last_name=person.last_name,
            function=person.function,
            protocol_order=person.order,
        )


def _build_item(
    meeting: Meeting,
    minutes: Minutes,
    facts: content.ItemFacts,
    parent: AgendaItem | None,
    position: int,
    writer: User,
) -> AgendaItem:
    item = AgendaItem.objects.create(
        meeting=meeting,
        parent=parent,
        position=position,
        title=facts.title,
        expects_opinion=facts.expects_opinion,
        section=facts.section,
    )
    if facts.text:
        _write(minutes, Slot.ITEM, item, facts.text, writer)
    for child_position, child in enumerate(facts.children):
        _build_item(meeting, minutes, child, item, child_position, writer)
    return item


def _write(minutes: Minutes, slot: Slot, item: AgendaItem | None, text: str, writer: User) -> None:
    save_text(minutes=minutes, slot=slot, item=item, text=text, revision=0, by=writer)


def _build_questions(minutes: Minutes, item: AgendaItem, members: dict[str, Member]) -> None:
    for position, facts in enumerate(content.QUESTIONS):
        Question.objects.create(
            minutes=minutes,
            item=item,
            position=position,
            asker=members[facts.member] if facts.member else None,
            asker_name=facts.name,
            text=facts.text,
            answer=facts.answer,
        )


def _build_copil(prefecture: Prefecture) -> None:
    """Add a steering committee with a meeting in preparation: an empty page has to be seen too."""
    copil = Committee.objects.create(
        prefecture=prefecture,
        slug="copil-qualite-loir-et-cher",
        name="Comité de pilotage qualité",
        kind="COPIL",
        default_place=content.COMMITTEE["default_place"],
        service_line=content.COMMITTEE["service_line"],
    )
    meeting = Meeting.objects.create(
        committee=copil,
        slug="copil-loir-et-cher-preparation",
        title="Comité de pilotage qualité (en préparation)",
        held_on=timezone.localdate() + content.COPIL_IN,
    )
    for position, title in enumerate(content.COPIL_AGENDA):
        AgendaItem.objects.create(meeting=meeting, position=position, title=title)


def build_group_committee(*, group: WorkingGroup) -> Meeting:
    """Give a working group the meeting that the minutes tell of."""
    committee = Committee.objects.create(
        prefecture=group.prefecture,
        slug="gt-accueil-loir-et-cher",
        name=f"Groupe de travail « {group.name} »",
        kind=CommitteeKind.WORKING_GROUP,
        working_group=group,
        default_place=content.COMMITTEE["default_place"],
    )
    meeting = Meeting.objects.create(committee=committee, **content_demarche.GROUP_MEETING)
    for position, title in enumerate(content_demarche.GROUP_AGENDA):
        AgendaItem.objects.create(meeting=meeting, position=position, title=title)
    return meeting


def build_other_committee(*, prefecture: Prefecture) -> Meeting:
    """Give the second préfecture a small committee of its own: nobody else may see it."""
    committee = Committee.objects.create(
        prefecture=prefecture, slug="clu-autre", name="Comité local des usagers"
    )
    body = Body.objects.create(
        committee=committee, name="Préfecture", category=BodyCategory.STATE, protocol_order=1
    )
    Body.objects.create(committee=committee, name="Association des usagers", protocol_order=2)
    chair = Member.objects.create(
        body=body, civility="Mme", first_name="Jeanne", last_name="Colin", function="préfète"
    )
    meeting = Meeting.objects.create(
        committee=committee, slug="clu-autre-2022", title="Comité local des usagers", chair=chair
    )
    AgendaItem.objects.create(meeting=meeting, title="Présentation des résultats")
    return meeting
