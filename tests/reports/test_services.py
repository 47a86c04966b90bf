"""Asking, claiming, producing, failing, asking again."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Permission, Scope
from accounts.models import Membership
from reports import services
from reports.enums import DocumentState
from reports.errors import CannotRetry, DocumentError, SubjectNotFound
from reports.models import Document
from reports.processes import process_identity
from reports.services import producing
from tests.cast import Cast
from tests.reports.specimen import Specimen


pytestmark = pytest.mark.django_db


def request(cast: Cast, name: str = "referente") -> Document:
    return services.request_document(
        kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope(name)
    )


# --- Asking -----------------------------------------------------------------------------------


def test_request_queues_on_commit(
    cast: Cast, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = request(cast)
        assert sent == []
    assert sent == [document.pk]
    assert document.state == DocumentState.QUEUED
    assert document.prefecture == cast.prefecture
    assert document.requested_by == cast.user("referente")
    assert document.subject_id == str(cast.prefecture.pk)
    assert document.title == "Spécimen – Préfecture de Loir-et-Cher"


@pytest.mark.parametrize("state", ["queued", "running"])
def test_double_click_returns_the_same_document(
    cast: Cast, sent: list[int], state: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = request(cast)
        if state == "running":
            services.claim_document(first.pk)
        assert request(cast) == first
    assert sent == [first.pk]
    assert Document.objects.count() == 1


def test_the_database_refuses_two_pending_documents_of_one_subject(cast: Cast) -> None:
    first = request(cast)
    first.pk, first.verification_code = None, "AAAA-BBBB-CCCC"
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


def test_a_finished_document_does_not_answer_for_a_new_request(
    cast: Cast, document: Document
) -> None:
    assert request(cast) != document


def test_outside_the_scope_is_not_found(cast: Cast) -> None:
    with pytest.raises(SubjectNotFound):
        request(cast, "other_referent")
    assert not Document.objects.exists()


@pytest.mark.parametrize("subject_id", ["0", "abc", "", "99999999999999999999"])
def test_a_subject_that_is_not_one(cast: Cast, subject_id: str) -> None:
    with pytest.raises(SubjectNotFound):
        services.request_document(
            kind=Specimen.code, subject_id=subject_id, scope=cast.scope("referente")
        )


def test_without_the_permission(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        request(cast, "agent")
    assert not Document.objects.exists()


# --- Producing --------------------------------------------------------------------------------


def test_production_keeps_the_file_and_its_fingerprint(cast: Cast) -> None:
    document = services.produce_document(request(cast).pk)
    assert document is not None
    assert document.state == DocumentState.READY
    assert document.file_name == "2022-06-30_CLU_compte-rendu_v1.pdf"
    assert document.file.name == f"documents/41/{document.pk}/{document.file_name}"
    with document.file.open() as file:
        content = file.read()
    assert content.startswith(b"%PDF-1.7")
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.size == len(content)
    assert document.page_count == 3
    assert document.attempts == 1
    assert document.title == "Compte rendu du CLU du 30 juin 2022"
    assert not document.is_draft


def test_frozen_data_are_plain_and_render_alike_later(cast: Cast, document: Document) -> None:
    frozen = Document.objects.get(pk=document.pk).frozen
    assert frozen["held_on"] == "2022-06-30"
    assert frozen["paper"]["brand_lines"] == ["Préfet", "de Loir-et-Cher"]
    cast.prefecture.brand_block = "Préfet\nd’ailleurs"
    cast.prefecture.save()
    html = producing.render_html(Specimen(), frozen, document=document)
    assert "de Loir-et-Cher" in html
    assert "ailleurs" not in html


def test_duplicate_delivery_does_nothing(document: Document) -> None:
    before = Document.objects.values().get(pk=document.pk)
    assert services.produce_document(document.pk) is None
    assert Document.objects.values().get(pk=document.pk) == before


def test_a_claim_is_taken_once(cast: Cast) -> None:
    pk = request(cast).pk
    claimed = services.claim_document(pk)
    assert claimed is not None
    assert claimed.state == DocumentState.RUNNING
    assert claimed.claimed_by == process_identity()
    assert services.claim_document(pk) is None


def test_unknown_document_is_claimed_by_nobody(db: None) -> None:
    assert services.produce_document(12345) is None


def test_lost_claim_stores_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    pk = request(cast).pk

    def slow(html: str) -> Any:
        # While we lay out, the sweep gives the document to somebody else.
        Document.objects.filter(pk=pk).update(claimed_by="elsewhere:1:1", attempts=2)
        return producing.TypesetPdf(b"%PDF-late", 1)

    monkeypatch.setattr(producing, "typeset", slow)
    monkeypatch.setattr(producing, "report_progress", lambda document, done: None)
    services.produce_document(pk)
    document = Document.objects.get(pk=pk)
    assert document.state == DocumentState.RUNNING
    assert document.claimed_by == "elsewhere:1:1"
    assert document.sha256 == ""
    assert not default_storage.exists(f"documents/41/{pk}/2022-06-30_CLU_compte-rendu_v1.pdf")


def test_progress_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    pk = request(cast).pk
    told = [Document.objects.get(pk=pk).progress_words]
    original = producing.report_progress

    def spy(document: Document, done: int) -> None:
        original(document, done)
        told.append(Document.objects.get(pk=pk).progress_words)

    monkeypatch.setattr(producing, "report_progress", spy)
    services.produce_document(pk)
    assert told == [
        "En attente d’un poste de production libre",
        "Étape 1 sur 3 : rassemblement des données",
        "Étape 2 sur 3 : mise en page",
        "Étape 3 sur 3 : enregistrement du fichier",
    ]


# --- Failing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DocumentError("no_date", "La séance n’a pas de date."), "no_date"),
        (SoftTimeLimitExceeded(), "too_long"),
        (OSError("disk full"), "storage"),
        (ZeroDivisionError(), "unexpected"),
    ],
)
def test_a_failing_render_never_stays_running(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    def broken(html: str) -> Any:
        raise error

    monkeypatch.setattr(producing, "typeset", broken)
    document = services.produce_document(request(cast).pk)
    assert document is not None
    assert document.state == DocumentState.FAILED
    assert document.error_code == code
    assert document.error_message.endswith(".")
    assert document.finished_at is not None


def test_a_kind_that_collects_objects_fails(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Specimen, "collect", lambda self, subject: {"paper": subject})
    document = services.produce_document(request(cast).pk)
    assert document is not None
    assert document.error_code == "unexpected"


def test_rights_lost_since_the_request(cast: Cast) -> None:
    pk = request(cast).pk
    Membership.objects.filter(user=cast.user("referente")).update(role="agent")
    document = services.produce_document(pk)
    assert document is not None
    assert (document.state, document.error_code) == (DocumentState.FAILED, "forbidden")


def test_requester_who_left_the_prefecture(cast: Cast) -> None:
    pk = request(cast).pk
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=cast.user("referente")).update(ends_on=yesterday)
    document = services.produce_document(pk)
    assert document is not None
    assert (document.state, document.error_code) == (DocumentState.FAILED, "subject_not_found")


def test_the_scope_of_the_role_under_which_it_was_asked(cast: Cast) -> None:
    """Somebody who is first an agent elsewhere, and référent here, acted as référent here."""
    Membership.objects.filter(user=cast.user("referente")).delete()
    for prefecture, role in (
        (cast.other_prefecture, "agent"),
        (cast.prefecture, "quality_referent"),
    ):
        Membership.objects.create(user=cast.user("referente"), prefecture=prefecture, role=role)
    document = Document(
        prefecture=cast.prefecture,
        requested_by=cast.user("referente"),
        requested_role="quality_referent",
    )
    scope = services.requester_scope(document)
    assert scope.prefecture == cast.prefecture
    assert scope.may(Permission.COMMITTEE_EDIT)


def test_a_document_asked_on_the_server_stays_in_its_prefecture(cast: Cast) -> None:
    scope = services.requester_scope(Document(prefecture=cast.prefecture))
    assert scope == Scope(prefecture=cast.prefecture, permissions=frozenset(Permission))


# --- Asking again -----------------------------------------------------------------------------


@pytest.fixture
def failed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Document:
    def broken(html: str) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(producing, "typeset", broken)
        document = services.produce_document(request(cast).pk)
    assert document is not None
    return document


def test_retry_queues_again_and_succeeds(
    cast: Cast, failed: Document, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        again = services.retry_document(document=failed, scope=cast.scope("referente"))
    assert again == failed
    assert (again.state, again.error_code, again.attempts) == (DocumentState.QUEUED, "", 0)
    assert sent == [failed.pk]
    produced = services.produce_document(again.pk)
    assert produced is not None
    assert produced.state == DocumentState.READY


def test_retry_without_the_permission_changes_nothing(cast: Cast, failed: Document) -> None:
    with pytest.raises(PermissionDenied):
        services.retry_document(document=failed, scope=cast.scope("agent"))
    failed.refresh_from_db()
    assert failed.state == DocumentState.FAILED


def test_retry_of_a_ready_document_is_refused(cast: Cast, document: Document) -> None:
    with pytest.raises(CannotRetry):
        services.retry_document(document=document, scope=cast.scope("referente"))
    document.refresh_from_db()
    assert document.state == DocumentState.READY


def test_retry_when_another_was_asked_for_since(cast: Cast, failed: Document) -> None:
    pending = request(cast)
    assert services.retry_document(document=failed, scope=cast.scope("referente")) == pending
    failed.refresh_from_db()
    assert failed.state == DocumentState.FAILED


# --- What the database refuses ----------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [{"sha256": ""}, {"file": ""}, {"finished_at": None}, {"frozen": None}]
)
def test_ready_is_complete(document: Document, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)


def test_failed_says_why(failed: Document) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=failed.pk).update(error_message="")


def test_running_has_an_owner(document: Document) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(state=DocumentState.RUNNING, claimed_by="")
