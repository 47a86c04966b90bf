"""Reads of the composition of a committee: bodies by category, members, mandates, what is missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from meetings.enums import BodyCategory, MandateState
from meetings.models import Body, Committee, Member
from meetings.rules.composition import (
    ENDS_SOON,
    CompositionFinding,
    MemberFacts,
    SeatedBody,
    composition_findings,
    overlap,
    person_key,
)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member ready to be shown; ``mandate`` is in words, blank when no date is known."""

    member: Member
    state: MandateState
    mandate: str


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body with its members: those who sit today, those to come, those of before."""

    body: Body
    current: list[MemberRow]
    coming: list[MemberRow]
    past: list[MemberRow]

    @property
    def seats_used(self) -> int:
        return len(self.current)

    @property
    def is_overfull(self) -> bool:
        return self.seats_used > self.body.seats

    @property
    def seats_label(self) -> str:
        """« 3 sièges pourvus sur 4 », « 1 siège à pourvoir »."""
        seats = self.body.seats
        if self.is_overfull:
            return f"{self.seats_used} membres pour {seats} siège{'s' if seats > 1 else ''}"
        if not self.seats_used:
            return f"{seats} sièges à pourvoir" if seats > 1 else "1 siège à pourvoir"
        if seats == 1:
            return "1 siège pourvu"
        return f"{self.seats_used} siège{'s' if self.seats_used > 1 else ''} sur {seats}"


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    """The bodies of one category, in protocol order."""

    category: BodyCategory
    bodies: list[BodyRow]

    @property
    def seats(self) -> int:
        return sum(row.body.seats for row in self.bodies)

    @property
    def member_count(self) -> int:
        return sum(row.seats_used for row in self.bodies)


@dataclass(frozen=True, slots=True)
class Composition:
    """The whole composition of a committee on one day."""

    groups: list[CategoryGroup]
    findings: list[CompositionFinding]

    @property
    def bodies(self) -> list[BodyRow]:
        return [row for group in self.groups for row in group.bodies]

    @property
    def seats(self) -> int:
        return sum(group.seats for group in self.groups)

    @property
    def member_count(self) -> int:
        return sum(group.member_count for group in self.groups)

    @property
    def summary(self) -> str:
        """« 16 organismes, 21 sièges, 8 membres en cours de mandat »."""
        counts = (
            (len(self.bodies), "organisme"),
            (self.seats, "siège"),
            (self.member_count, "membre"),
        )
        told = [f"{count} {noun}{'s' if count > 1 else ''}" for count, noun in counts]
        return f"{', '.join(told)} en cours de mandat"


def composition_of(committee: Committee, today: date) -> Composition:
    """Return the composition, its bodies by category in protocol order (2 queries)."""
    members = Prefetch("members", Member.objects.filter(removed_at__isnull=True))
    bodies = list(committee.bodies.kept().prefetch_related(members))
    rows = [_body_row(body, today) for body in bodies]
    groups = [
        CategoryGroup(category, [row for row in rows if row.body.category == category])
        for category in BodyCategory
    ]
    return Composition(
        groups=[group for group in groups if group.bodies],
        findings=composition_findings([_seated(body) for body in bodies], today),
    )


def _body_row(body: Body, today: date) -> BodyRow:
    rows = [member_row(member, today) for member in body.members.all()]
    return BodyRow(
        body=body,
        current=[r for r in rows if r.state in (MandateState.CURRENT, MandateState.ENDING)],
        coming=[r for r in rows if r.state == MandateState.COMING],
        past=[r for r in rows if r.state == MandateState.ENDED],
    )


def member_row(member: Member, today: date) -> MemberRow:
    """Describe one member on a day."""
    return MemberRow(member, mandate_state(member, today), mandate_in_words(member))


def mandate_state(member: Member, today: date) -> MandateState:
    """Tell where a mandate stands on a day (both ends included)."""
    if member.starts_on is not None and member.starts_on > today:
        return MandateState.COMING
    if member.ends_on is None:
        return MandateState.CURRENT
    if member.ends_on < today:
        return MandateState.ENDED
    return MandateState.ENDING if member.ends_on - today <= ENDS_SOON else MandateState.CURRENT


def mandate_in_words(member: Member) -> str:
    """Return « du 01/04/2021 au 31/03/2024 », « depuis le … », « jusqu’au … », or nothing."""
    if member.starts_on and member.ends_on:
        return f"du {member.starts_on:%d/%m/%Y} au {member.ends_on:%d/%m/%Y}"
    if member.starts_on:
        return f"depuis le {member.starts_on:%d/%m/%Y}"
    return f"jusqu’au {member.ends_on:%d/%m/%Y}" if member.ends_on else ""


def _seated(body: Body) -> SeatedBody:
    return SeatedBody(
        name=body.name,
        seats=body.seats,
        members=tuple(
            MemberFacts(
                label=member.label,
                key=person_key(member.first_name, member.last_name),
                email=member.email,
                starts_on=member.starts_on,
                ends_on=member.ends_on,
            )
            for member in body.members.all()
        ),
    )


def members_of(committee: Committee) -> QuerySet[Any]:
    """Return the members of a committee, removed ones too, each with its body."""
    return Member.objects.filter(body__committee=committee).select_related("body__committee")


def body_asked(committee: Committee, number: str) -> Body | None:
    """Return the body that an address asks for (« ?organisme=12 »), if it is in the composition."""
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return committee.bodies.kept().filter(pk=int(number)).first()


def other_bodies_of(member: Member) -> list[str]:
    """Return the other bodies of the committee where the same person sits at the same time."""
    key = person_key(member.first_name, member.last_name)
    if not any(key):
        return []
    elsewhere = (
        Member.objects.filter(removed_at__isnull=True, body__committee=member.body.committee_id)
        .exclude(body=member.body_id)
        .select_related("body")
    )
    return [
        other.body.name
        for other in elsewhere
        if person_key(other.first_name, other.last_name) == key
        and overlap((member.starts_on, member.ends_on), (other.starts_on, other.ends_on))
    ]


def next_protocol_order(committee: Committee) -> int:
    """Return the place after the last body of the composition."""
    last = (
        committee.bodies.kept().order_by("-protocol_order").values_list("protocol_order", flat=True)
    )
    return min((last.first() or 0) + 1, 32000)


# --- Export -----------------------------------------------------------------------------------


def composition_rows(committee: Committee) -> list[dict[str, Any]]:
    """Return the composition line by line, as ``composition_files.write_composition`` takes it."""
    members = Prefetch("members", Member.objects.filter(removed_at__isnull=True))
    rows: list[dict[str, Any]] = []
    for body in committee.bodies.kept().prefetch_related(members):
        facts = {
            "organisation": body.name,
            "category": body.category,
            "seats": body.seats,
            "body_order": body.protocol_order,
        }
        people = [_member_values(member) for member in body.members.all()]
        rows += [{**facts, **person} for person in people or [{}]]
    return rows


def _member_values(member: Member) -> dict[str, Any]:
    return {
        "civility": member.civility,
        "first_name": member.first_name,
        "last_name": member.last_name,
        "function": member.function,
        "member_order": member.protocol_order,
        "email": member.email,
        "phone": member.phone,
        "starts_on": member.starts_on,
        "ends_on": member.ends_on,
    }
