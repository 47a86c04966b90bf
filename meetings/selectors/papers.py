"""The documents of a meeting on its pages, and the page where the minutes become official."""

from dataclasses import dataclass, field

from django.db.models import Q

from accounts.access import Permission, Scope
from common.history import HistoryEntry, history_entries
from meetings.enums import MinutesState, SignatureKind
from meetings.models import Delivery, Meeting, Minutes, Signature
from meetings.rules import Finding
from meetings.selectors.consistency import meeting_findings
from meetings.selectors.delivery import (
    DeliveryCounts,
    Recipients,
    delivery_counts,
    official_document,
    recipients,
)
from meetings.selectors.documents import AGENDA_KIND, ATTENDANCE_KIND, DRAFT_KIND, MINUTES_KIND
from meetings.workflow import TRANSITIONS, transitions_from
from reports.models import Document
from reports.registry import get_kind


@dataclass(frozen=True, slots=True)
class DocumentSlot:
    """One document that the meeting may have: its newest production, whatever its state."""

    kind: str
    subject_id: int
    label: str
    document: Document | None
    may_request: bool

    @property
    def button(self) -> str:
        return "Produire de nouveau" if self.document else "Produire le PDF"


def document_slots(meeting: Meeting, minutes: Minutes | None, scope: Scope) -> list[DocumentSlot]:
    """Return agenda, sign-in sheet and minutes (draft, or official once signed); 1 query.

    The official minutes are asked for by the signature itself: there is nothing to request.
    """
    wanted = [(AGENDA_KIND, meeting.pk), (ATTENDANCE_KIND, meeting.pk)]
    if minutes is not None:
        wanted.append((MINUTES_KIND if minutes.is_final else DRAFT_KIND, minutes.pk))
    matching = Q()
    for kind, pk in wanted:
        matching |= Q(kind=kind, subject_id=str(pk))
    newest: dict[str, Document] = {}
    for document in Document.objects.readable_by(scope).filter(matching).light():
        newest.setdefault(document.kind, document)
    may_ask = may_request_documents(meeting, scope)
    return [
        DocumentSlot(
            kind=kind,
            subject_id=pk,
            label=get_kind(kind).label,
            document=newest.get(kind),
            may_request=may_ask and (kind != MINUTES_KIND or kind not in newest),
        )
        for kind, pk in wanted
    ]


def may_request_documents(meeting: Meeting, scope: Scope) -> bool:
    """Tell whether the scope may have the documents of this meeting produced."""
    return scope.may(Permission.DOCUMENT_REQUEST) or meeting.is_writable_by(scope)


# --- The page « Validation et diffusion » -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version, its dates, and its signed PDF once it is there."""

    minutes: Minutes
    document: Document | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands in the way, and what is only to check."""

    blocking: list[Finding]
    warnings: list[Finding]


def findings_of(meeting: Meeting, minutes: Minutes) -> Findings:
    """Return the findings of a version; a signed one has none any more."""
    found = [] if minutes.is_final else meeting_findings(meeting, minutes)
    return Findings(
        blocking=[finding for finding in found if finding.is_blocking],
        warnings=[finding for finding in found if not finding.is_blocking],
    )


@dataclass(frozen=True, slots=True)
class StatePage:
    """All that the page shows. ``acts`` are the codes that both the state and the role allow."""

    minutes: Minutes
    acts: frozenset[str]
    findings: Findings
    signatures: list[Signature]
    official: Document | None
    recipients: Recipients
    counts: DeliveryCounts
    deliveries: list[Delivery]
    may_retry: bool
    is_pdf_pending: bool
    versions: list[VersionRow] = field(default_factory=list)
    history: list[HistoryEntry] = field(default_factory=list)

    @property
    def is_moving(self) -> bool:
        """Tell whether a worker still has something to do: the page then asks again by itself."""
        return self.is_pdf_pending or self.counts.is_going_on

    @property
    def has_visa(self) -> bool:
        return any(row.kind == SignatureKind.VISA for row in self.signatures)


def state_page(meeting: Meeting, minutes: Minutes, scope: Scope) -> StatePage:
    """Return the page of the newest version (constant number of queries)."""
    official = Document.objects.for_subject(MINUTES_KIND, minutes.pk)
    return StatePage(
        minutes=minutes,
        acts=allowed_acts(meeting, minutes, scope),
        findings=findings_of(meeting, minutes),
        signatures=list(minutes.signatures.order_by("signed_at", "pk")),
        official=official_document(minutes),
        recipients=recipients(meeting),
        counts=delivery_counts(minutes),
        deliveries=list(minutes.deliveries.order_by("pk")),
        may_retry=scope.may(*TRANSITIONS["diffuse"].permissions),
        is_pdf_pending=official.pending().exists(),
        versions=version_rows(meeting),
        history=history_entries(minutes, children=[(Signature, "minutes")]),
    )


def allowed_acts(meeting: Meeting, minutes: Minutes, scope: Scope) -> frozenset[str]:
    """Return the acts open to this scope in this state: transitions, « visa », « correct »."""
    acts = {
        transition.code
        for transition in transitions_from(minutes.current_state)
        if scope.may(*transition.permissions)
    }
    if not meeting.is_writable_by(scope):
        acts.discard("submit")
    if minutes.current_state == MinutesState.SUBMITTED and scope.may(Permission.MINUTES_SIGN):
        acts.add("visa")
    if minutes.is_final and scope.may(*CORRECTION_PERMISSIONS):
        acts.add("correct")
    return frozenset(acts)


CORRECTION_PERMISSIONS = (Permission.MINUTES_WRITE, Permission.MINUTES_SIGN)


def version_rows(meeting: Meeting) -> list[VersionRow]:
    """Return every version, newest first, with its signed PDF (2 queries)."""
    versions = list(meeting.minutes_versions.defer("frozen").order_by("-version"))
    documents: dict[str, Document] = {}
    ready = Document.objects.filter(
        kind=MINUTES_KIND, subject_id__in=[str(row.pk) for row in versions]
    ).ready()
    for document in ready.light().order_by("finished_at", "pk"):
        documents.setdefault(document.subject_id, document)
    return [VersionRow(row, documents.get(str(row.pk))) for row in versions]
