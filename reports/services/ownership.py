"""Who owns a document in production: conditional UPDATEs that only its owner passes.

Whoever updates nothing has lost the document and stops. So a message delivered twice does nothing
the second time, and a file is stored once.
"""

import logging

from django.db.models import F
from django.utils import timezone

from reports.enums import DocumentState
from reports.errors import DocumentError, LostClaim
from reports.models import STEPS, Document
from reports.processes import process_identity


logger = logging.getLogger(__name__)
UNCLAIMED = {
    "claimed_by": "",
    "claimed_at": None,
    "progress_done": 0,
    "progress_total": len(STEPS),
    "progress_label": "",
}


def claim_document(document_id: int) -> Document | None:
    """Take a queued document for this process; None when it is not queued (any more)."""
    claimed = Document.objects.filter(pk=document_id, state=DocumentState.QUEUED).update(
        state=DocumentState.RUNNING,
        claimed_by=process_identity(),
        claimed_at=timezone.now(),
        attempts=F("attempts") + 1,
        progress_done=0,
        progress_label="",
    )
    if not claimed:
        return None
    return Document.objects.select_related("prefecture", "requested_by").get(pk=document_id)


def change_owned(document: Document, **changes: object) -> None:
    """Change the row as long as this process owns it; ``LostClaim`` when it does not."""
    owned = Document.objects.filter(
        pk=document.pk,
        state=DocumentState.RUNNING,
        claimed_by=document.claimed_by,
        attempts=document.attempts,
    )
    if not owned.update(**changes):
        raise LostClaim(document.pk)
    for name, value in changes.items():
        setattr(document, name, value)


def fail_document(document: Document, error: DocumentError) -> None:
    try:
        change_owned(
            document,
            state=DocumentState.FAILED,
            error_code=error.code,
            error_message=error.message,
            finished_at=timezone.now(),
        )
    except LostClaim:
        logger.warning("document %s was taken over while it failed", document.pk)


def report_progress(document: Document, done: int) -> None:
    """Tell the page which step is under way (1 is the first); ``LostClaim`` when it is not ours."""
    change_owned(
        document,
        progress_done=done,
        progress_total=len(STEPS),
        progress_label=STEPS[done - 1],
    )


def report_part(document: Document, done: int, total: int, label: str) -> None:
    """Tell the page how many parts of a composed document are made; ``LostClaim`` as above."""
    change_owned(document, progress_done=done, progress_total=total, progress_label=label)


def put_back(document: Document) -> None:
    """Queue again a composed document that reached the time limit of a task while it went forward.

    The sweep of lost documents sends it to a worker; an attempt that made parts does not count.
    """
    change_owned(
        document,
        state=DocumentState.QUEUED,
        sent_at=timezone.now(),
        attempts=document.attempts - 1,
        **UNCLAIMED,
    )
