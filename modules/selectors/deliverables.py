"""Reads of the deliverables: who owes what, what is late, who is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import Permission, Scope
from modules.enums import CLOSED_STATES
from modules.models import Correspondent, Deliverable, GroupMember, LabelCycle, WorkingGroup
from modules.models.scoping import kept
from modules.rules.deliverables import OWED


@dataclass(frozen=True, slots=True)
class DeliverableLine:
    """A deliverable with what the day and the reader make of it."""

    deliverable: Deliverable
    is_late: bool
    days_late: int

    @property
    def person(self) -> str:
        """Who answers for it by name; empty when only a service or a group does."""
        owner = self.deliverable.owner
        return owner.full_name if owner is not None else self.deliverable.owner_name

    @property
    def who(self) -> str:
        """The person, else the service, else the group."""
        return self.person or str(self.deliverable.service or self.deliverable.group or "")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is called for a deliverable."""

    name: str
    email: str


def deliverables_of(cycle: LabelCycle, scope: Scope) -> QuerySet[Any]:
    """Deliverables of the démarche by day; none for who may not read them."""
    return _readable(Deliverable.objects.filter(cycle=cycle), scope)


def deliverables_of_group(group: WorkingGroup, scope: Scope) -> QuerySet[Any]:
    """Deliverables of a working group by day; none for who may not read them."""
    return _readable(Deliverable.objects.filter(group=group), scope)


def _readable(rows: Any, scope: Scope) -> QuerySet[Any]:
    if not scope.may(Permission.DELIVERABLE_READ):
        return Deliverable.objects.none()
    found: QuerySet[Any] = rows.kept().select_related("group", "service", "owner")
    return found.order_by("due_on", "title", "pk")


def removable_deliverables(cycle: LabelCycle) -> QuerySet[Any]:
    """Deliverables of the démarche, those taken off the pages too."""
    return Deliverable.objects.filter(cycle=cycle).order_by("pk")


def mine(scope: Scope) -> Q:
    """What the reader answers for: by name, by one of their services, by one of their groups."""
    groups = GroupMember.objects.filter(kept(), user=scope.user).order_by().values("group")
    return Q(owner=scope.user) | Q(service__in=scope.service_ids) | Q(group__in=groups)


def is_mine(deliverable: Deliverable, scope: Scope) -> bool:
    """Whether the reader answers for this deliverable."""
    return Deliverable.objects.filter(mine(scope), pk=deliverable.pk).exists()


def lines_of(rows: Iterable[Deliverable], today: date) -> list[DeliverableLine]:
    """Describe deliverables whose group, service and owner are already fetched."""
    return [
        DeliverableLine(
            deliverable=row,
            is_late=row.is_late_on(today),
            days_late=(today - row.due_on).days if row.is_late_on(today) else 0,
        )
        for row in rows
    ]


def late_deliverables(cycle: LabelCycle, today: date) -> QuerySet[Any]:
    """What is owed and whose day has passed, the oldest first."""
    rows = Deliverable.objects.filter(cycle=cycle, state__in=OWED, due_on__lt=today).kept()
    return rows.select_related("group", "service", "owner").order_by("due_on", "title", "pk")


def owed_everywhere() -> QuerySet[Any]:
    """What is owed in every démarche that goes on, for the daily reminders."""
    rows = Deliverable.objects.filter(state__in=OWED).kept()
    return (
        rows.exclude(cycle__state__in=CLOSED_STATES)
        .select_related("cycle__prefecture", "group", "service", "owner")
        .order_by("due_on", "pk")
    )


def recipients_of(deliverable: Deliverable) -> list[Recipient]:
    """Who is called: the owner, else the correspondants of the service, else the group's pilots.

    Holders before deputies: a deputy is called when no holder can be.
    """
    owner = deliverable.owner
    if owner is not None and owner.is_active:
        return [Recipient(owner.full_name, owner.email)]
    return _correspondents(deliverable) or _pilots(deliverable)


def _correspondents(deliverable: Deliverable) -> list[Recipient]:
    if deliverable.service_id is None:
        return []
    rows = (
        Correspondent.objects.filter(cycle=deliverable.cycle_id, service=deliverable.service_id)
        .kept()
        .exclude(email="")
        .order_by("is_deputy", "name", "pk")
    )
    people = list(rows)
    holders = [row for row in people if not row.is_deputy]
    return [Recipient(row.name, row.email) for row in holders or people]


def _pilots(deliverable: Deliverable) -> list[Recipient]:
    if deliverable.group_id is None:
        return []
    rows = GroupMember.objects.filter(
        kept(), group=deliverable.group_id, is_pilot=True, user__is_active=True
    )
    rows = rows.select_related("user").order_by("name", "pk")
    return [Recipient(row.name, row.user.email) for row in rows if row.user is not None]
