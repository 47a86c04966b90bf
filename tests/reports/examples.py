"""Documents for the guards: of a kind that no app declares any more, which everybody may meet."""

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Prefecture
from reports.enums import DocumentState
from reports.models import Document
from tests.cast import Cast
from tests.examples import example, growing


def ready_document(prefecture: Prefecture, **details: object) -> Document:
    """Return a document that is ready, without rendering anything."""
    now = timezone.now()
    document = Document(
        **{
            "prefecture": prefecture,
            "kind": "tests.retired",
            "subject_id": "1",
            "title": "Compte rendu du CLU du 30 juin 2022",
            "file_name": "2022-06-30_CLU_compte-rendu_v1.pdf",
            "state": DocumentState.READY,
            "requested_at": now,
            "sent_at": now,
            "finished_at": now,
            "frozen": {},
            "sha256": "0" * 64,
            **details,
        }
    )
    document.file.name = "pending"
    document.save()
    document.file.save(document.file_name, ContentFile(b"%PDF-1.7"))
    return document


@example(
    "reports:document_detail",
    "reports:document_status",
    "reports:document_download",
    "reports:document_retry",
)
def document(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": ready_document(prefecture).pk}


@example("reports:verify_code", scoped=False)
def code(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"code": ready_document(prefecture).verification_code}


@growing("reports:document_list", reader="referente", budget=9)
def documents(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        ready_document(
            cast.prefecture,
            kind="meetings.agenda",
            subject_id=str(number),
            requested_by=cast.user("referente"),
        )
    return {}
