"""Reads of the working groups."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.access import Permission, Scope
from modules.enums import DeliverableState
from modules.models import Deliverable, GroupMember, LabelCycle, WorkingGroup
from modules.models.scoping import kept
from modules.rules.deliverables import OWED


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in the list. ``next_deliverable`` stays empty for who does not read deliverables."""

    group: WorkingGroup
    members: list[GroupMember] = field(default_factory=list)
    next_deliverable: Deliverable | None = None
    is_late: bool = False

    @property
    def pilots(self) -> list[GroupMember]:
        return [member for member in self.members if member.is_pilot]


@dataclass(frozen=True, slots=True)
class DeliverableCounts:
    """How many deliverables of the démarche are owed, late, to be looked at, accepted."""

    owed: int
    late: int
    delivered: int
    accepted: int

    @property
    def total(self) -> int:
        return self.owed + self.delivered + self.accepted


def members_of(group: WorkingGroup) -> QuerySet[Any]:
    """Members of the group, pilots first."""
    rows = GroupMember.objects.filter(kept(), group=group)
    return rows.select_related("service", "user").order_by("-is_pilot", "name", "pk")


def groups_of(cycle: LabelCycle) -> QuerySet[Any]:
    """Groups of the démarche, in the order of their names."""
    return WorkingGroup.objects.filter(cycle=cycle).kept().order_by("name", "pk")


def group_list(cycle: LabelCycle, scope: Scope, today: date) -> list[GroupLine]:
    """Gather the groups for their list (3 queries)."""
    members = GroupMember.objects.filter(kept()).order_by("-is_pilot", "name", "pk")
    owed = Deliverable.objects.filter(kept(), state__in=OWED).order_by("due_on", "title", "pk")
    groups = groups_of(cycle).prefetch_related(Prefetch("members", members, to_attr="kept_members"))
    reads = scope.may(Permission.DELIVERABLE_READ)
    if reads:
        groups = groups.prefetch_related(Prefetch("deliverables", owed, to_attr="owed"))
    lines = []
    for group in groups:
        coming = next(iter(group.owed), None) if reads else None
        is_late = coming is not None and coming.is_late_on(today)
        lines.append(GroupLine(group, list(group.kept_members), coming, is_late))
    return lines


def deliverable_counts(cycle: LabelCycle, today: date) -> DeliverableCounts:
    """Count the deliverables of the démarche (1 query)."""
    rows = list(Deliverable.objects.filter(cycle=cycle).kept().order_by("pk"))
    states = [row.state for row in rows]
    return DeliverableCounts(
        owed=sum(state in OWED for state in states),
        late=sum(row.is_late_on(today) for row in rows),
        delivered=states.count(DeliverableState.DELIVERED),
        accepted=states.count(DeliverableState.ACCEPTED),
    )


def removable_groups(cycle: LabelCycle) -> QuerySet[Any]:
    """Groups of the démarche, those taken off the pages too."""
    return WorkingGroup.objects.filter(cycle=cycle).order_by("pk")


def removable_members(group: WorkingGroup) -> QuerySet[Any]:
    """Members of the group, those taken out too."""
    return GroupMember.objects.filter(group=group).select_related("group__cycle").order_by("pk")


def groups_to_choose(prefecture: Any) -> QuerySet[Any]:
    """Groups that a committee may stand for: of every démarche of the préfecture."""
    rows = WorkingGroup.objects.filter(cycle__prefecture=prefecture).kept()
    return rows.select_related("cycle").order_by("-cycle__started_on", "name", "pk")
