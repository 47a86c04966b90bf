"""Produce a document: collect → freeze → render → store (docs/adr/0005-documents-figes.md)."""

import hashlib
import logging
from functools import partial

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile, File
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator

from accounts.access import Permission, Scope
from accounts.models import Membership
from accounts.scopes import scope_of
from reports.enums import DocumentState
from reports.errors import DocumentError, LostClaim, SubjectNotFound
from reports.models import Document, stored_path
from reports.pdf import typeset
from reports.registry import ComposedKind, DocumentKind, Frozen, get_kind
from reports.rendering import freeze, render_html
from reports.services.ownership import (
    change_owned,
    claim_document,
    fail_document,
    put_back,
    report_part,
    report_progress,
)
from reports.workshop import Workshop, close_workshop


logger = logging.getLogger(__name__)


def produce_document(document_id: int) -> Document | None:
    """Claim the document and bring it to READY or FAILED; None when somebody else has it."""
    document = claim_document(document_id)
    if document is None:
        return None
    try:
        _produce(document)
    except LostClaim:
        logger.warning("document %s was taken over while it was produced", document.pk)
    except Exception as error:
        known = _explained(error)
        if known.code == "unexpected":
            logger.exception("document %s failed", document.pk)
        fail_document(document, known)
    document.refresh_from_db()
    return document


def _produce(document: Document) -> None:
    kind = get_kind(document.kind)
    report_progress(document, 1)
    frozen = _collect(kind, document)
    # Counted as characters by the database: a title typed by people may be as long as they like.
    change_owned(
        document,
        frozen=frozen,
        title=Truncator(kind.title(frozen)).chars(300),
        file_name=kind.file_name(frozen)[-200:],
        version=kind.version(frozen),
        is_draft=kind.is_draft(frozen),
    )
    report_progress(document, 2)
    if isinstance(kind, ComposedKind):
        _compose(kind, frozen, document)
    else:
        pdf = typeset(render_html(kind, frozen, document=document))
        report_progress(document, 3)
        _store(document, ContentFile(pdf.content), pdf.page_count)


def _compose(kind: ComposedKind, frozen: Frozen, document: Document) -> None:
    """Put the file together in its workshop, which outlives this process until the file is kept."""
    workshop = Workshop(document.pk, partial(report_part, document))
    try:
        made = kind.compose(frozen, workshop, document=document)
        with made.path.open("rb") as file:
            _store(document, File(file), made.page_count)
    except LostClaim:
        raise
    except SoftTimeLimitExceeded:
        if not workshop.made_count:
            close_workshop(document.pk)
            raise
        put_back(document)
    except Exception:
        close_workshop(document.pk)
        raise
    else:
        close_workshop(document.pk)


def _collect(kind: DocumentKind, document: Document) -> Frozen:
    scope = requester_scope(document)
    subject = kind.subject(scope, document.subject_id)
    if not scope.may(*kind.request_permissions):
        raise PermissionDenied
    return freeze(kind.collect(subject))


def requester_scope(document: Document) -> Scope:
    """Return the rights of whoever asked, as they are now, under the role they acted under.

    A document asked for by nobody comes from a command typed on the server, which may all of that
    préfecture.
    """
    user = document.requested_by
    if user is None:
        return Scope(prefecture=document.prefecture, permissions=frozenset(Permission))
    membership = Membership.objects.filter(user=user, role=document.requested_role).filter(
        Q(prefecture=document.prefecture_id) | Q(prefecture=None)
    )
    chosen = membership.order_by("pk").values_list("pk", flat=True).first()
    return scope_of(user, today=timezone.localdate(), membership_id=chosen)


def _store(document: Document, file: "File[bytes]", page_count: int) -> None:
    """Keep the file and say READY, in this order; the file goes away if the claim was lost."""
    storage = document.file.storage
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    name = storage.save(stored_path(document, document.file_name), file)
    try:
        change_owned(
            document,
            state=DocumentState.READY,
            file=name,
            size=file.size,
            page_count=page_count,
            sha256=digest.hexdigest(),
            finished_at=timezone.now(),
        )
    except Exception:
        storage.delete(name)
        raise
    if document.attempts > 1:
        _sweep_leftovers(document, name)


def _sweep_leftovers(document: Document, kept: str) -> None:
    """Remove the files of attempts that died between storing the file and saying so."""
    storage = document.file.storage
    folder = kept.rsplit("/", 1)[0]
    for name in storage.listdir(folder)[1]:
        if f"{folder}/{name}" != kept:
            storage.delete(f"{folder}/{name}")


def _explained(error: Exception) -> DocumentError:
    """Return what to tell about this error."""
    if isinstance(error, DocumentError):
        return error
    if isinstance(error, SubjectNotFound):
        return DocumentError(
            "subject_not_found",
            "Ce que ce document devait décrire n’existe plus, ou n’est plus accessible au compte "
            "qui l’a demandé.",
        )
    if isinstance(error, PermissionDenied):
        return DocumentError(
            "forbidden",
            "Le compte qui a demandé ce document n’a plus le droit de le produire. Une personne "
            "habilitée peut le relancer.",
        )
    if isinstance(error, SoftTimeLimitExceeded):
        return DocumentError(
            "too_long",
            "La production a dépassé le temps permis. Relancez-la ; si elle échoue encore, "
            "allégez les textes les plus longs.",
        )
    if isinstance(error, OSError):
        return DocumentError(
            "storage",
            "Le fichier n’a pas pu être enregistré sur le serveur. Relancez dans quelques minutes ; "
            "si l’échec dure, prévenez l’administrateur technique.",
        )
    return DocumentError(
        "unexpected",
        "Une erreur imprévue a arrêté la production. Relancez-la ; si elle échoue encore, prévenez "
        "l’administrateur technique : le journal du service en garde la cause.",
    )
