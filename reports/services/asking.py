"""Ask for a document, once, and ask again for one that failed."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import Truncator

from accounts.access import Scope
from reports import queue
from reports.enums import PENDING, DocumentState
from reports.errors import CannotRetry
from reports.models import Document
from reports.registry import get_kind
from reports.services.ownership import UNCLAIMED
from reports.services.producing import produce_document


def request_document(*, kind: str, subject_id: object, scope: Scope) -> Document:
    """Return the document that a worker will produce, queued on commit.

    A second request while the first waits or runs returns the first. ``SubjectNotFound`` (404)
    outside the scope, ``PermissionDenied`` (403) without one of the kind's request permissions.
    """
    with transaction.atomic():
        document, created = _pending_document(kind, str(subject_id), scope)
        if created:
            transaction.on_commit(partial(queue.send, document.pk))
    return document


def produce_now(*, kind: str, subject_id: object, scope: Scope) -> Document:
    """Ask for a document and produce it in this process: commands, demo, benchmarks.

    The same code as the worker's; look at ``document.state`` afterwards.
    """
    with transaction.atomic():
        document, _ = _pending_document(kind, str(subject_id), scope)
    return produce_document(document.pk) or document


def _pending_document(code: str, subject_id: str, scope: Scope) -> tuple[Document, bool]:
    kind = get_kind(code)
    subject = kind.subject(scope, subject_id)
    if not scope.may(*kind.request_permissions):
        raise PermissionDenied
    now = timezone.now()
    return Document.objects.get_or_create(
        prefecture=kind.prefecture(subject),
        kind=code,
        subject_id=subject_id,
        state__in=PENDING,
        defaults={
            "series": kind.series(subject, subject_id),
            "title": Truncator(f"{kind.label} – {subject}").chars(300),
            "requested_by": scope.user,
            "requested_role": scope.role or "",
            "requested_at": now,
            "sent_at": now,
        },
    )


def retry_document(*, document: Document, scope: Scope) -> Document:
    """Queue a failed document again, for whoever asks now; returns the one that will be produced.

    ``CannotRetry`` (French message) when it has not failed.
    """
    try:
        kind = get_kind(document.kind)
    except LookupError:
        raise CannotRetry("Les documents de cette nature ne sont plus produits.") from None
    if not scope.may(*kind.request_permissions):
        raise PermissionDenied
    now = timezone.now()
    failed = Document.objects.filter(pk=document.pk, state=DocumentState.FAILED)
    try:
        with transaction.atomic():
            updated = failed.update(
                state=DocumentState.QUEUED,
                attempts=0,
                requested_by=scope.user,
                requested_role=scope.role or "",
                sent_at=now,
                finished_at=None,
                error_code="",
                error_message="",
                **UNCLAIMED,
            )
            if updated:
                transaction.on_commit(partial(queue.send, document.pk))
    except IntegrityError:
        # Somebody asked for the same document since: that one answers for both.
        pending = Document.objects.for_subject(document.kind, document.subject_id).pending()
        return pending.get(prefecture_id=document.prefecture_id)
    document.refresh_from_db()
    if not updated and not document.is_pending:
        raise CannotRetry("Ce document n’a pas échoué : il n’y a rien à relancer.")
    return document
