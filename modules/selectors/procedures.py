"""Reads of the procedure sheets: lists, one of them, who has read it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from accounts.access import Permission, Scope
from accounts.enums import Role
from accounts.models import Membership, Prefecture, Service
from modules.enums import CLOSED_STATES, ProcedureState
from modules.models import (
    Commitment,
    LabelCycle,
    Procedure,
    ProcedureReading,
    ProcedureVersion,
)
from modules.models.scoping import kept
from modules.rules.procedures import is_review_due, is_review_soon, next_reference


S = ProcedureState
OPEN = (S.DRAFT, S.SUBMITTED)
# Versions that were in force one day: what everybody may read.
PUBLISHED = (S.APPROVED, S.REPLACED)
# Whose reading counts for a service: its agents and its correspondants.
_READERS = (Role.AGENT, Role.CORRESPONDENT)


# --- Who sees and writes what -----------------------------------------------------------------
def sees_drafts(scope: Scope) -> bool:
    """Whether the reader sees versions that are not approved yet: who writes or approves."""
    return scope.may(Permission.PROCEDURE_EDIT, Permission.PROCEDURE_APPROVE)


def may_write(procedure: Procedure, scope: Scope) -> bool:
    """Whether the reader may write this sheet.

    A correspondant: one they answer for, or one of their services. A référent: all.
    """
    if not scope.may(Permission.PROCEDURE_EDIT):
        return False
    if scope.may(Permission.PROCEDURE_APPROVE):
        return True
    is_owner = scope.user is not None and procedure.owner_id == scope.user.pk
    return is_owner or procedure.service_id in scope.service_ids


def versions_for(procedure: Procedure, scope: Scope) -> QuerySet[Any]:
    """Versions that the reader may read, newest first."""
    rows = ProcedureVersion.objects.filter(procedure=procedure)
    if not sees_drafts(scope):
        rows = rows.filter(state__in=PUBLISHED)
    return rows.select_related("stored", "written_by", "approved_by").order_by("-number")


def open_version(procedure: Procedure) -> ProcedureVersion | None:
    """The version being written or waiting for approval, if any."""
    rows = ProcedureVersion.objects.filter(procedure=procedure, state__in=OPEN)
    return rows.select_related("stored", "procedure__prefecture").order_by("-number").first()


# --- List -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """A sheet in the list. ``opened`` is the version in preparation, for who sees drafts."""

    procedure: Procedure
    opened: ProcedureVersion | None
    is_review_due: bool
    is_review_soon: bool
    read_count: int
    service_count: int
    is_to_read: bool


def to_read(scope: Scope) -> Q:
    """Sheets in force that one of the reader's services must read, and that they did not read."""
    read = ProcedureReading.objects.filter(version=OuterRef("approved"), user=scope.user)
    return Q(~Exists(read), approved__isnull=False, services__in=scope.service_ids)


def procedures_for_list(scope: Scope) -> QuerySet[Any]:
    """Sheets that the reader sees, by reference."""
    rows = Procedure.objects.visible_to(scope).filter(kept())
    opened = ProcedureVersion.objects.filter(state__in=OPEN).order_by("-number")
    if not sees_drafts(scope):
        opened = opened.none()
    return (
        rows.select_related("service", "owner", "approved")
        .prefetch_related(Prefetch("versions", opened, to_attr="opened"))
        .annotate(service_count=Count("services", distinct=True))
        .order_by("reference", "pk")
    )


def procedures_to_read(scope: Scope) -> QuerySet[Any]:
    """Sheets that the reader has to read for one of their services."""
    if not (scope.may(Permission.PROCEDURE_ACKNOWLEDGE) and scope.service_ids):
        return Procedure.objects.none()
    rows = Procedure.objects.visible_to(scope).filter(kept()).filter(to_read(scope))
    return rows.distinct().order_by("reference", "pk")


def lines_of(procedures: Iterable[Any], waiting: Iterable[int], today: date) -> list[ProcedureLine]:
    """Describe sheets of ``procedures_for_list`` (1 query more); ``waiting``: keys to be read."""
    procedures, waiting = list(procedures), set(waiting)
    # Only the services concerned count: one taken off the sheet since owes nothing more.
    readings = ProcedureReading.objects.filter(
        version__in=[row.approved_id for row in procedures],
        service__procedures_to_read=F("version__procedure"),
    )
    read: dict[int, set[int]] = defaultdict(set)
    for version_pk, service_pk in readings.order_by("pk").values_list("version", "service"):
        read[version_pk].add(service_pk)
    return [
        ProcedureLine(
            procedure=row,
            opened=next(iter(row.opened), None),
            is_review_due=is_review_due(row.review_on, today),
            is_review_soon=is_review_soon(row.review_on, today),
            read_count=len(read[row.approved_id]) if row.approved_id else 0,
            service_count=row.service_count,
            is_to_read=row.pk in waiting,
        )
        for row in procedures
    ]


def proposed_reference(prefecture: Prefecture) -> str:
    """The next reference of the préfecture, « FP-08 »; one taken off the pages is not given again."""
    rows = Procedure.objects.filter(prefecture=prefecture).order_by("pk")
    return next_reference(rows.values_list("reference", flat=True))


# --- One sheet --------------------------------------------------------------------------------
@dataclass(slots=True)
class ServiceReading:
    """What a service did of the version in force. ``account_count``: its agents with an account."""

    service: Service
    account_count: int
    readings: list[ProcedureReading] = field(default_factory=list)

    @property
    def is_owing(self) -> bool:
        return not self.readings


def readings_of(procedure: Procedure, today: date) -> list[ServiceReading]:
    """Who has read the version in force, those who owe it first (3 queries); empty without one."""
    if procedure.approved_id is None:
        return []
    services = list(procedure.services.order_by("name", "pk"))
    accounts: dict[int, set[int]] = defaultdict(set)
    through = Membership.services.through.objects.filter(
        service__in=services,
        membership__in=Membership.objects.filter(role__in=_READERS, user__is_active=True).active_on(
            today
        ),
    )
    pairs = through.order_by("pk").values_list("service", "membership__user")
    for service_pk, user_pk in pairs:
        accounts[service_pk].add(user_pk)
    lines = {item.pk: ServiceReading(item, len(accounts[item.pk])) for item in services}
    readings = ProcedureReading.objects.filter(version=procedure.approved_id, service__in=services)
    for reading in readings.select_related("user").order_by("read_at", "pk"):
        lines[reading.service_id].readings.append(reading)
    return sorted(lines.values(), key=lambda line: (not line.is_owing, line.service.name))


def services_to_attest(procedure: Procedure, scope: Scope) -> list[Service]:
    """Services for which the reader may still attest that they read the version in force."""
    if procedure.approved_id is None or not scope.may(Permission.PROCEDURE_ACKNOWLEDGE):
        return []
    done = ProcedureReading.objects.filter(version=procedure.approved_id, user=scope.user)
    rows = procedure.services.filter(pk__in=scope.service_ids)
    return list(rows.exclude(pk__in=done.values("service")).order_by("name", "pk"))


def commitments_of(procedure: Procedure) -> QuerySet[Any]:
    """Commitments that the sheet serves, in the order of their référentiels."""
    rows = procedure.commitments.select_related("heading__module", "referential")
    return rows.order_by("referential__published_on", "position", "pk")


def commitments_to_choose(procedure: Procedure, scope: Scope) -> list[Commitment]:
    """Commitments of the modules retained by the démarches that go on, and those already served."""
    cycles = LabelCycle.objects.visible_to(scope).filter(prefecture=procedure.prefecture_id)
    cycles = cycles.exclude(state__in=CLOSED_STATES)
    rows = Commitment.objects.filter(
        Q(heading__module__cycle_modules__cycle__in=cycles) | Q(procedures=procedure)
    )
    rows = rows.select_related("heading__module", "referential").distinct()
    return list(rows.order_by("referential__published_on", "position", "pk"))


def present_cycle(scope: Scope) -> LabelCycle | None:
    """The démarche under whose tabs the list of sheets stands: the last begun that goes on."""
    if scope.prefecture is None:
        return None
    cycles = LabelCycle.objects.visible_to(scope).exclude(state__in=CLOSED_STATES)
    found: LabelCycle | None = cycles.order_by("-started_on", "-pk").first()
    return found


# --- For the other parts of the démarche ------------------------------------------------------
def procedures_by_commitment(prefecture: Prefecture, scope: Scope) -> dict[int, list[Procedure]]:
    """Sheets of the préfecture that the reader sees, by key of the commitment they serve (2 queries).

    ``approved`` is fetched: a sheet without it proves nothing yet.
    """
    rows = Procedure.objects.visible_to(scope).filter(kept(), prefecture=prefecture)
    found: dict[int, list[Procedure]] = defaultdict(list)
    served = rows.select_related("approved").prefetch_related("commitments")
    for procedure in served.order_by("reference", "pk"):
        for commitment in procedure.commitments.all():
            found[commitment.pk].append(procedure)
    return dict(found)
