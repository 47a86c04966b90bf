"""The documents of a meeting: agenda, sign-in sheet, minutes. Imported when the server starts."""

from typing import Any, ClassVar

from django.urls import reverse

from accounts.access import Permission
from accounts.models import Prefecture
from meetings import sections  # noqa: F401 - it declares itself
from meetings.models import Meeting, Minutes
from meetings.selectors import documents as data
from reports.errors import DocumentError
from reports.paper import pdf_name
from reports.registry import DocumentKind, Frozen, register_document


P = Permission


class MeetingDocument(DocumentKind):
    """What the documents of a meeting share; ``words`` are the last ones of the file's name."""

    request_permissions = (
        P.DOCUMENT_REQUEST,
        P.MINUTES_WRITE,
        P.MINUTES_WRITE_ASSIGNED,
        P.MINUTES_SIGN,
    )
    read_permissions = (P.DOCUMENT_READ,)
    words: ClassVar[str]

    def meeting(self, subject: Any) -> Meeting:
        return subject

    def prefecture(self, subject: Any) -> Prefecture:
        return self.meeting(subject).committee.prefecture

    def file_name(self, frozen: Frozen) -> str:
        meeting = frozen["meeting"]
        return pdf_name(meeting["held_on"] or "sans-date", meeting["acronym"], self.words)


@register_document
class AgendaDocument(MeetingDocument):
    code = data.AGENDA_KIND
    label = "Ordre du jour"
    template = "documents/agenda.html"
    model = Meeting
    words = "Ordre du jour"

    def collect(self, subject: Meeting) -> Frozen:
        return data.agenda_data(subject)

    def subject_url(self, subject_id: str) -> str:
        return _meeting_url("meetings:agenda", Meeting.objects.filter(pk=subject_id))


@register_document
class AttendanceDocument(MeetingDocument):
    code = data.ATTENDANCE_KIND
    label = "Feuille d’émargement"
    template = "documents/attendance_sheet.html"
    landscape = True
    model = Meeting
    words = "Feuille d émargement"

    def collect(self, subject: Meeting) -> Frozen:
        return data.attendance_data(subject)

    def subject_url(self, subject_id: str) -> str:
        return _meeting_url("meetings:attendance", Meeting.objects.filter(pk=subject_id))


class AnyMinutes(MeetingDocument):
    """One version of the minutes, whatever its state; its versions make one series."""

    template = "documents/minutes.html"
    model = Minutes

    def meeting(self, subject: Minutes) -> Meeting:
        return subject.meeting

    def series(self, subject: Minutes, subject_id: str) -> str:
        return f"meeting-{subject.meeting_id}"

    def file_name(self, frozen: Frozen) -> str:
        meeting = frozen["meeting"]
        return pdf_name(
            meeting["held_on"] or "sans-date",
            meeting["acronym"],
            self.words,
            version=frozen["paper"]["version"],
        )

    def is_draft(self, frozen: Frozen) -> bool:
        return frozen["is_draft"]

    def subject_url(self, subject_id: str) -> str:
        meetings = Meeting.objects.filter(minutes_versions__pk=int(subject_id))
        return _meeting_url("meetings:minutes_state", meetings)


@register_document
class MinutesDocument(AnyMinutes):
    """The official minutes: what was frozen when they were signed, and nothing else."""

    code = data.MINUTES_KIND
    label = "Compte rendu"
    words = "Compte rendu"

    def collect(self, subject: Minutes) -> Frozen:
        if not subject.is_final or subject.frozen is None:
            raise DocumentError(
                "not_validated",
                "Ce compte rendu n’est pas validé : seul son projet peut être produit.",
            )
        return subject.frozen


@register_document
class DraftDocument(AnyMinutes):
    """The minutes as they stand, with « Projet » across each page.

    A kind of its own: a draft still in production when the minutes are signed must not be taken for
    the official document.
    """

    code = data.DRAFT_KIND
    label = "Projet de compte rendu"
    words = "Projet de compte rendu"

    def collect(self, subject: Minutes) -> Frozen:
        if subject.is_final:
            raise DocumentError(
                "already_validated",
                "Ce compte rendu est validé : téléchargez sa version officielle.",
            )
        return data.draft_minutes(subject)


def _meeting_url(url_name: str, meetings: Any) -> str:
    """Return the page of the meeting, or the committees when it is gone."""
    slug = meetings.values_list("slug", flat=True).first()
    return reverse(url_name, args=[slug]) if slug else reverse("meetings:committee_list")
