"""Reads of the correspondants qualité: who answers for each service."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Membership, Prefecture, Service, User
from modules.models import Correspondent, CycleModule, LabelCycle


# A référent fills the grid of every service: no role of correspondant is missing then.
_ROLES_THAT_FILL = (Role.CORRESPONDENT, Role.QUALITY_REFERENT)


@dataclass(frozen=True, slots=True)
class CorrespondentLine:
    """One person, and what keeps them from working in the application (blank: nothing)."""

    correspondent: Correspondent
    warning: str


@dataclass(slots=True)
class ServiceLine:
    """A service and its correspondants, holder first."""

    service: Service
    is_in_perimeter: bool
    people: list[CorrespondentLine] = field(default_factory=list)

    @property
    def is_missing(self) -> bool:
        """Whether the service is in the perimeter and has no holder."""
        return self.is_in_perimeter and all(line.correspondent.is_deputy for line in self.people)


@dataclass(frozen=True, slots=True)
class CorrespondentList:
    """Every service concerned, those without a correspondant first."""

    lines: list[ServiceLine]

    @property
    def service_count(self) -> int:
        return sum(line.is_in_perimeter for line in self.lines)

    @property
    def covered_count(self) -> int:
        return sum(line.is_in_perimeter and not line.is_missing for line in self.lines)

    @property
    def missing_count(self) -> int:
        return self.service_count - self.covered_count


def services_in_perimeter(cycle: LabelCycle) -> list[Service]:
    """Services concerned by the modules retained; all of the préfecture's when one names none."""
    retained = CycleModule.objects.filter(cycle=cycle).order_by("position")
    named: dict[int, set[int]] = {pk: set() for pk in retained.values_list("pk", flat=True)}
    through = CycleModule.services.through.objects.filter(cyclemodule__cycle=cycle)
    for module_pk, service_pk in through.order_by("pk").values_list("cyclemodule", "service"):
        named[module_pk].add(service_pk)
    services = Service.objects.filter(prefecture=cycle.prefecture_id).order_by("name", "pk")
    if named and all(named.values()):
        services = services.filter(pk__in=set().union(*named.values()))
    return list(services)


def correspondents_of(cycle: LabelCycle) -> QuerySet[Any]:
    """Correspondants of the démarche, by service, holder first."""
    return (
        Correspondent.objects.filter(cycle=cycle)
        .kept()
        .select_related("service", "user")
        .order_by("service__name", "is_deputy", "name", "pk")
    )


def removable_correspondents(cycle: LabelCycle) -> QuerySet[Any]:
    """Correspondants of the démarche, those taken off the list too."""
    return Correspondent.objects.filter(cycle=cycle).select_related("cycle").order_by("pk")


def correspondent_list(cycle: LabelCycle, today: date) -> CorrespondentList:
    """Gather who answers for each service (6 queries)."""
    lines = {item.pk: ServiceLine(item, True) for item in services_in_perimeter(cycle)}
    rows = list(correspondents_of(cycle))
    held = _held_services(cycle, {row.user_id for row in rows if row.user_id}, today)
    for row in rows:
        line = lines.setdefault(row.service_id, ServiceLine(row.service, False))
        line.people.append(CorrespondentLine(row, _warning(row, held)))
    return CorrespondentList(
        sorted(
            lines.values(),
            key=lambda line: (not line.is_missing, not line.is_in_perimeter, line.service.name),
        )
    )


def _held_services(
    cycle: LabelCycle, users: set[int], today: date
) -> dict[int, tuple[bool, set[int]]]:
    """For each account: whether it fills every grid, and the services whose grid it fills."""
    memberships = (
        Membership.objects.filter(
            user__in=users, prefecture=cycle.prefecture_id, role__in=_ROLES_THAT_FILL
        )
        .active_on(today)
        .prefetch_related("services")
        .order_by("pk")
    )
    held: dict[int, tuple[bool, set[int]]] = {}
    for membership in memberships:
        fills_all, services = held.get(membership.user_id, (False, set()))
        held[membership.user_id] = (
            fills_all or membership.role == Role.QUALITY_REFERENT,
            services | {service.pk for service in membership.services.all()},
        )
    return held


def _warning(row: Correspondent, held: dict[int, tuple[bool, set[int]]]) -> str:
    if row.user is None:
        return "Sans compte : ne peut pas remplir l’auto-diagnostic."
    if not row.user.is_active:
        return "Compte fermé."
    fills_all, services = held.get(row.user_id or 0, (False, set()))
    if fills_all or row.service_id in services:
        return ""
    return "Le compte n’a pas le rôle de correspondant pour ce service."


def accounts_to_choose(prefecture: Prefecture) -> QuerySet[Any]:
    """Open accounts of the préfecture's own people (an auditor is none of them)."""
    own = Membership.objects.filter(prefecture=prefecture).exclude(role=Role.AUDITOR)
    return User.objects.filter(is_active=True, pk__in=own.values("user")).order_by(
        "last_name", "first_name", "pk"
    )
