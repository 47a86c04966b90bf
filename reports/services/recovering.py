"""Take over from dead workers, send again lost messages, note who works."""

from datetime import timedelta

from django.utils import timezone

from reports import queue
from reports.enums import DocumentState
from reports.errors import DocumentError, LostClaim
from reports.models import Document, WorkerHeartbeat
from reports.processes import is_gone
from reports.services.ownership import UNCLAIMED, change_owned, fail_document
from reports.workshop import close_workshop


MAX_ATTEMPTS = 3
# Longer than a task may last (reports.tasks): past it, whoever claimed no longer works on it.
LEASE = timedelta(minutes=5)
# A message not taken after this long is taken for lost.
UNSENT_AFTER = timedelta(seconds=20)


def requeue_lost_documents() -> list[int]:
    """Queue again what a dead worker left and send again what no worker took; returns their ids.

    At once when the process was of this machine and is dead; after ``LEASE`` in every other case.
    After ``MAX_ATTEMPTS`` the document fails: what kills a worker each time must not come back.
    """
    now = timezone.now()
    again = []
    for document in Document.objects.filter(state=DocumentState.RUNNING).defer("frozen"):
        if is_gone(document.claimed_by) or document.claimed_at < now - LEASE:
            again += _release(document)
    unsent = Document.objects.filter(state=DocumentState.QUEUED, sent_at__lt=now - UNSENT_AFTER)
    for pk in unsent.values_list("pk", flat=True):
        again += [pk] if unsent.filter(pk=pk).update(sent_at=now) else []
    for pk in again:
        queue.send(pk)
    return sorted(again)


def _release(document: Document) -> list[int]:
    """Take a document from its dead owner; returns its id when it is queued again."""
    if document.attempts >= MAX_ATTEMPTS:
        close_workshop(document.pk)
        fail_document(
            document,
            DocumentError(
                "interrupted",
                f"La production a été interrompue {MAX_ATTEMPTS} fois de suite. Relancez-la ; si "
                "elle s’interrompt encore, prévenez l’administrateur technique.",
            ),
        )
        return []
    try:
        change_owned(document, state=DocumentState.QUEUED, sent_at=timezone.now(), **UNCLAIMED)
    except LostClaim:
        return []
    return [document.pk]


def record_heartbeat(*, worker: str) -> WorkerHeartbeat:
    """Note that this worker executes tasks."""
    heartbeat, _ = WorkerHeartbeat.objects.update_or_create(
        worker=worker[:120], defaults={"seen_at": timezone.now()}
    )
    return heartbeat
