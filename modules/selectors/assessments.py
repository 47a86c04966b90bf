"""Reads of the auto-diagnostics: the list, a campaign, who answers for each service."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.access import Scope
from accounts.enums import Role
from accounts.models import Membership, Service
from modules.enums import AssessmentResult, AssessmentState, SheetState
from modules.models import (
    AssessmentRow,
    AssessmentSheet,
    Commitment,
    Correspondent,
    LabelCycle,
    SelfAssessment,
)
from modules.models.assessments import asked_rows
from modules.rules.assessments import Progress, sum_of
from modules.selectors.perimeter import commitments_of_perimeter, services_by_module


OWED = frozenset({SheetState.TO_FILL, SheetState.SENT_BACK})


# --- Doors of the other pages -----------------------------------------------------------------
def latest_assessment(cycle: LabelCycle) -> SelfAssessment | None:
    """Return the auto-diagnostic that tells where the démarche stands: the open one, else the newest.

    1 query.
    """
    # « open » comes after « closed » in the alphabet.
    return cycle.assessments.order_by("-state", "-opened_on", "-pk").first()


def rows_for_cycle(assessment: SelfAssessment, scope: Scope | None = None) -> QuerySet[Any]:
    """Return every row of an auto-diagnostic, service by service, in the order of the référentiel.

    With ``sheet.service`` and ``commitment.heading.module``. Given a ``scope``, only the sheets that
    it sees: pass it for whatever an auditor may read.
    """
    rows = AssessmentRow.objects.asked().filter(sheet__assessment=assessment)
    if scope is not None:
        rows = rows.filter(sheet__in=AssessmentSheet.objects.visible_to(scope))
    return rows.select_related("sheet__service", "commitment__heading__module").order_by(
        "sheet__service__name", "sheet_id", *in_order("commitment__")
    )


def in_order(prefix: str = "") -> tuple[str, ...]:
    """Return the fields that order commitments as the référentiel does."""
    names = ("heading__module__number", "heading__position", "position", "pk")
    return tuple(prefix + name for name in names)


def assessment_to_carry(cycle: LabelCycle) -> SelfAssessment | None:
    """Return the last closed auto-diagnostic of the préfecture under the same référentiel (1 query)."""
    return (
        SelfAssessment.objects.filter(
            cycle__prefecture=cycle.prefecture_id,
            cycle__referential=cycle.referential_id,
            state=AssessmentState.CLOSED,
        )
        .order_by("-closed_on", "-opened_on", "-pk")
        .first()
    )


# --- Counts -----------------------------------------------------------------------------------
def _with_counts(sheets: QuerySet[Any]) -> QuerySet[Any]:
    counted = asked_rows("rows__", sheet="")
    counts: dict[str, Any] = {
        f"count_{result.value}": Count("rows", filter=Q(rows__result=result.value) & counted)
        for result in AssessmentResult
    }
    review = Count("rows", filter=Q(rows__needs_review=True) & counted)
    return sheets.annotate(**counts, review_count=review)


def _progress_of(sheet: Any) -> Progress:
    return Progress(
        {result: getattr(sheet, f"count_{result.value}") for result in AssessmentResult}
    )


# --- The list ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One auto-diagnostic in the list of its démarche; counts of the sheets that the reader sees."""

    assessment: SelfAssessment
    progress: Progress
    sheet_count: int
    accepted_count: int


def assessments_for_list(cycle: LabelCycle, scope: Scope) -> list[AssessmentLine]:
    """Return the auto-diagnostics of a démarche, newest first (2 queries)."""
    assessments = list(
        SelfAssessment.objects.visible_to(scope)
        .filter(cycle=cycle)
        .order_by("-opened_on", "-pk")
        .select_related("cycle")
    )
    sheets = AssessmentSheet.objects.visible_to(scope).filter(assessment__in=assessments)
    found: dict[int, list[Any]] = defaultdict(list)
    for sheet in _with_counts(sheets).order_by("pk"):
        found[sheet.assessment_id].append(sheet)
    return [
        AssessmentLine(
            assessment,
            sum_of(_progress_of(sheet) for sheet in found[assessment.pk]),
            len(found[assessment.pk]),
            sum(sheet.state == SheetState.ACCEPTED for sheet in found[assessment.pk]),
        )
        for assessment in assessments
    ]


# --- Who answers for a service ----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who answers for a service; ``email`` may be empty."""

    name: str
    email: str


def contacts_by_service(cycle: LabelCycle, today: date) -> dict[int, list[Contact]]:
    """Return who answers for each service (key: its id), each address once. 3 queries.

    The accounts that hold the role of correspondent of the service, then the people named
    correspondants in the démarche, who need no account.
    """
    found: dict[int, dict[str, Contact]] = defaultdict(dict)
    held = (
        Membership.objects.filter(
            prefecture=cycle.prefecture_id, role=Role.CORRESPONDENT, user__is_active=True
        )
        .active_on(today)
        .select_related("user")
        .prefetch_related("services")
        .order_by("user__last_name", "user__first_name", "pk")
    )
    for membership in held:
        contact = Contact(membership.user.full_name, membership.user.email)
        for service in membership.services.all():
            found[service.pk][contact.email] = contact
    named = Correspondent.objects.filter(cycle=cycle).kept().select_related("user")
    for person in named.order_by("is_deputy", "name", "pk"):
        account = person.user.email if person.user and person.user.is_active else ""
        contact = Contact(person.name, (person.email or account).strip().lower())
        # Without an address, the name alone tells one from another.
        found[person.service_id].setdefault(contact.email or contact.name, contact)
    return {service: list(contacts.values()) for service, contacts in found.items()}


# --- A campaign -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SheetLine:
    """The sheet of a service on the page of its campaign."""

    sheet: AssessmentSheet
    progress: Progress
    review_count: int
    contacts: list[Contact]
    is_late: bool
    is_own: bool
    reminded_today: bool

    @property
    def is_owed(self) -> bool:
        """Whether the service must still hand it in."""
        return self.sheet.is_fillable

    @property
    def has_address(self) -> bool:
        return any(contact.email for contact in self.contacts)

    @property
    def is_remindable(self) -> bool:
        """Whether a reminder may leave now."""
        return self.is_owed and self.has_address and not self.reminded_today


@dataclass(frozen=True, slots=True)
class Campaign:
    """An auto-diagnostic with its sheets, ready for its page."""

    assessment: SelfAssessment
    lines: list[SheetLine]

    @property
    def progress(self) -> Progress:
        return sum_of(line.progress for line in self.lines)

    @property
    def late(self) -> list[SheetLine]:
        """Sheets owed after their day."""
        return [line for line in self.lines if line.is_late]

    @property
    def late_to_remind(self) -> list[SheetLine]:
        return [line for line in self.late if line.is_remindable]

    @property
    def submitted(self) -> list[SheetLine]:
        """Sheets that wait for the référent."""
        return self._in_state(SheetState.SUBMITTED)

    @property
    def accepted(self) -> list[SheetLine]:
        return self._in_state(SheetState.ACCEPTED)

    @property
    def not_accepted(self) -> list[SheetLine]:
        return [line for line in self.lines if line.sheet.state != SheetState.ACCEPTED]

    @property
    def own_to_fill(self) -> SheetLine | None:
        """The first sheet that the reader must fill."""
        return next((line for line in self.lines if line.is_own and line.is_owed), None)

    def _in_state(self, state: SheetState) -> list[SheetLine]:
        return [line for line in self.lines if line.sheet.state == state]


def campaign_for_page(assessment: SelfAssessment, scope: Scope, today: date) -> Campaign:
    """Gather what the page of an auto-diagnostic shows: the sheets that the scope sees (4 queries)."""
    contacts = contacts_by_service(assessment.cycle, today)
    sheets = _with_counts(AssessmentSheet.objects.visible_to(scope).filter(assessment=assessment))
    sheets = sheets.select_related("service").order_by("service__name", "pk")
    lines = [
        SheetLine(
            sheet=sheet,
            progress=_progress_of(sheet),
            review_count=sheet.review_count,
            contacts=contacts.get(sheet.service_id, []),
            is_late=assessment.is_open and sheet.state in OWED and sheet.due_on < today,
            is_own=sheet.service_id in scope.service_ids,
            reminded_today=reminded_on(sheet) == today,
        )
        for sheet in sheets
    ]
    return Campaign(assessment, lines)


def own_sheet_to_fill(assessment: SelfAssessment, scope: Scope) -> AssessmentSheet | None:
    """Return the first sheet that the reader's own services still owe (1 query)."""
    owed = AssessmentSheet.objects.visible_to(scope).filter(
        assessment=assessment, state__in=OWED, service__in=scope.service_ids
    )
    return owed.order_by("service__name", "pk").first()


def reminded_on(sheet: AssessmentSheet) -> date | None:
    """Return the local day of the last reminder."""
    return timezone.localdate(sheet.reminded_at) if sheet.reminded_at else None


# --- What the perimeter asks ------------------------------------------------------------------
def expected_rows(cycle: LabelCycle) -> dict[Service, list[Commitment]]:
    """Return what each service concerned must answer, in the order of the référentiel (4 queries)."""
    by_module: dict[int, list[Commitment]] = defaultdict(list)
    for commitment in commitments_of_perimeter(cycle):
        by_module[commitment.heading.module_id].append(commitment)
    found: dict[Service, list[Commitment]] = defaultdict(list)
    for module_id, services in services_by_module(cycle).items():
        for service in services:
            found[service] += by_module[module_id]
    return {service: asked for service, asked in found.items() if asked}


def missing_rows(assessment: SelfAssessment) -> dict[Service, list[Commitment]]:
    """Return what the perimeter asks and the sheets lack (5 queries)."""
    held = set(
        AssessmentRow.objects.filter(sheet__assessment=assessment)
        .order_by("pk")
        .values_list("sheet__service_id", "commitment_id")
    )
    expected = expected_rows(assessment.cycle).items()
    missing = {
        service: [item for item in asked if (service.pk, item.pk) not in held]
        for service, asked in expected
    }
    return {service: asked for service, asked in missing.items() if asked}
