"""What the pages of documents read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from accounts.access import Scope
from common.history import HistoryEntry
from common.templatetags.typography import words
from reports.enums import Authenticity
from reports.errors import SubjectNotFound
from reports.models import Document, DocumentQuerySet, WorkerHeartbeat
from reports.registry import DocumentKind, get_kind
from reports.rendering import freeze, render_html
from reports.verification import normalise_code
from reports.wording import count_of


def documents_for_list(scope: Scope) -> DocumentQuerySet:
    """Return the documents that this scope may read, newest first, without their frozen data."""
    return Document.objects.readable_by(scope).light().select_related("requested_by")


def latest_document(*, kind: str, subject_id: object, scope: Scope) -> Document | None:
    """Return the newest document of one thing, whatever its state; None when none was asked for."""
    return documents_for_list(scope).for_subject(kind, subject_id).first()


def kind_of(document: Document) -> DocumentKind | None:
    """Return the kind of a document; None when its app no longer declares it."""
    try:
        return get_kind(document.kind)
    except LookupError:
        return None


def check_readable(document: Document, scope: Scope) -> None:
    """Raise ``PermissionDenied`` unless the scope holds a reading permission of the kind.

    ``SubjectNotFound`` (404) when the kind limits what this scope reads, and this is not in it.
    """
    kind = kind_of(document)
    if kind is None:
        return
    subjects = kind.readable_subjects(scope)
    if subjects is not None and document.subject_id not in set(subjects):
        raise SubjectNotFound(document.pk)
    if not scope.may(*kind.read_permissions):
        raise PermissionDenied


def document_page(document: Document) -> dict[str, Any]:
    """Return what the page of one document shows: its facts, its story, the page it comes from."""
    kind = kind_of(document)
    return {
        "document": document,
        "kind_label": kind.label if kind else "Document",
        "subject_url": kind.subject_url(document.subject_id) if kind else "",
        "subject_link": kind.subject_link if kind else "",
        "newer": newer_document(document) if document.is_ready else None,
        "history": history_of(document),
    }


def facts_of(document: Document) -> list[tuple[str, str]]:
    """Return what the public page says of a document: nothing personal but its title."""
    return [
        ("Préfecture", str(document.prefecture)),
        ("Produit le", words(document.finished_at)),
        ("Version", "Projet" if document.is_draft else str(document.version)),
    ]


def history_of(document: Document) -> list[HistoryEntry]:
    """Return what happened to the document, newest first."""
    user = document.requested_by
    who = str(user) if user else "L’application"
    story = [HistoryEntry(document.requested_at, who, f"{who} a demandé ce document")]
    if document.claimed_at:
        attempt = f" (essai n° {document.attempts})" if document.attempts > 1 else ""
        sentence = f"L’application a commencé la production{attempt}"
        story.append(HistoryEntry(document.claimed_at, "L’application", sentence))
    if document.finished_at:
        end = f"La production a échoué : {document.error_message}"
        if document.is_ready:
            end = "Le document est prêt"
            if document.page_count:
                end += f" : {count_of(document.page_count, 'page')}"
        story.append(HistoryEntry(document.finished_at, "L’application", end))
    return story[::-1]


def preview_html(*, kind: str, subject_id: object, scope: Scope) -> str:
    """Return the page that a document would be if it were produced now; nothing is kept.

    ``SubjectNotFound`` outside the scope, ``PermissionDenied`` without a reading permission.
    """
    registered = get_kind(kind)
    subject = registered.subject(scope, str(subject_id))
    if not scope.may(*registered.read_permissions):
        raise PermissionDenied
    return render_html(registered, freeze(registered.collect(subject)))


# --- Verification (public) --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verification:
    """Answer of the public page; ``document`` is None when nothing was recognised."""

    answer: Authenticity
    document: Document | None = None
    newer: Document | None = None


def verification_by_code(typed: str, *, sha256: str = "") -> Verification:
    """Answer for a code, and for a file when its fingerprint is given."""
    document = _kept().filter(verification_code=normalise_code(typed)).first()
    if document is None:
        return Verification(Authenticity.UNKNOWN_CODE)
    if sha256 and sha256 != document.sha256:
        return Verification(Authenticity.FORGED, document)
    return _recognised(document, with_file=bool(sha256))


def verification_by_file(sha256: str) -> Verification:
    """Answer for a file alone."""
    document = _kept().filter(sha256=sha256).first()
    if document is None:
        return Verification(Authenticity.UNKNOWN_FILE)
    return _recognised(document, with_file=True)


def _kept() -> DocumentQuerySet:
    return Document.objects.ready().light().select_related("prefecture")


def _recognised(document: Document, *, with_file: bool) -> Verification:
    if document.is_draft:
        return Verification(Authenticity.DRAFT, document)
    answer = Authenticity.SAME_FILE if with_file else Authenticity.AUTHENTIC
    return Verification(answer, document, newer_document(document))


def newer_document(document: Document) -> Document | None:
    """Return the newest authentic document of the same series that came after this one."""
    after = Q(version__gt=document.version) | Q(
        version=document.version, finished_at__gt=document.finished_at
    )
    return (
        Document.objects.ready()
        .light()
        .filter(after, prefecture=document.prefecture_id, kind=document.kind)
        .filter(series=document.series, is_draft=False)
        .order_by("-version", "-finished_at")
        .first()
    )


# --- Health -----------------------------------------------------------------------------------


def last_worker_heartbeat() -> datetime | None:
    """Return when a worker last executed a task; None when none ever did."""
    return WorkerHeartbeat.objects.values_list("seen_at", flat=True).first()


def pending_document_count() -> int:
    """Return how many documents wait or are in production, all préfectures together."""
    return Document.objects.pending().count()
