"""Who may audit a démarche: the auditors of the préfecture, until when, and what is open to them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import Role
from accounts.models import Membership, User
from modules.models import CycleAuditor, LabelCycle


@dataclass(frozen=True, slots=True)
class AuditorLine:
    """An auditor; ``ends_on`` is the end of their role, ``None`` when they hold it no more.

    ``opened`` is their ``CycleAuditor``, ``None`` when the démarche is not open to them.
    """

    user: User
    ends_on: date | None
    starts_on: date | None
    opened: CycleAuditor | None


def auditor_lines(cycle: LabelCycle, today: date) -> list[AuditorLine]:
    """Return the auditors of the préfecture and those to whom the démarche is open (2 queries)."""
    opened = {
        item.user_id: item
        for item in CycleAuditor.objects.filter(cycle=cycle)
        .select_related("user", "opened_by")
        .order_by("user__last_name", "pk")
    }
    roles = {item.user_id: item for item in _roles(cycle, today).select_related("user")}
    people = {user_id: role.user for user_id, role in roles.items()}
    people |= {user_id: item.user for user_id, item in opened.items()}
    lines = [
        AuditorLine(
            user=user,
            ends_on=roles[key].ends_on if key in roles else None,
            starts_on=roles[key].starts_on if key in roles else None,
            opened=opened.get(key),
        )
        for key, user in people.items()
    ]
    return sorted(lines, key=lambda line: (line.user.last_name, line.user.pk))


def _roles(cycle: LabelCycle, today: date) -> QuerySet[Any]:
    return Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today),
        role=Role.AUDITOR,
        prefecture=cycle.prefecture_id,
        user__is_active=True,
    ).order_by("pk")


def is_auditor_of(cycle: LabelCycle, user: User, today: date) -> bool:
    """Tell whether this account holds the role of auditor in the préfecture, now or soon."""
    return _roles(cycle, today).filter(user=user).exists()


def open_auditors(cycle: LabelCycle) -> QuerySet[Any]:
    """Auditors to whom the démarche is open."""
    return CycleAuditor.objects.filter(cycle=cycle).select_related("user")
