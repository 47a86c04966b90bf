"""The pages of the documents: list, detail, polled state, file, relaunch."""

import hashlib
from typing import Any

import pytest
from django.urls import reverse

from accounts.access import Permission
from reports import services
from reports.enums import DocumentState
from reports.models import Document
from reports.services import producing
from tests.cast import Cast
from tests.reports.examples import ready_document
from tests.reports.specimen import Specimen


pytestmark = pytest.mark.django_db
PAGES = ("document_detail", "document_status", "document_download")
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name: str, document: Document) -> str:
    return reverse(f"reports:{name}", args=[document.pk])


@pytest.fixture
def pending(cast: Cast) -> Document:
    return services.request_document(
        kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
    )


@pytest.fixture
def failed(pending: Document, monkeypatch: pytest.MonkeyPatch) -> Document:
    def broken(html: str) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(producing, "typeset", broken)
        document = services.produce_document(pending.pk)
    assert document is not None
    return document


# --- Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_outside_the_prefecture(cast: Cast, document: Document, page: str) -> None:
    assert cast.client("other_referent").get(url(page, document)).status_code == 404
    assert cast.client("national").get(url(page, document)).status_code == 403
    assert cast.client("anonymous").get(url(page, document)).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_without_the_permission_of_the_kind(
    cast: Cast, document: Document, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Specimen, "read_permissions", (Permission.MINUTES_SIGN,))
    assert cast.client("agent").get(url(page, document)).status_code == 403
    response = cast.client("prefet").get(url(page, document))
    assert response.status_code == 200
    response.close()
    assert b"CLU du" not in cast.client("agent").get(reverse("reports:document_list")).content


# --- List -------------------------------------------------------------------------------------


def test_list_shows_the_prefecture_s_documents(cast: Cast, document: Document) -> None:
    page = cast.client("agent").get(reverse("reports:document_list")).content.decode()
    assert "Compte rendu du CLU du" in page
    assert "1 document<" in page
    other = cast.client("other_referent").get(reverse("reports:document_list")).content.decode()
    assert "Compte rendu du CLU du" not in other
    assert "Aucun document n’a encore été produit" in other


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("kind=tests.specimen", True),
        ("kind=tests.landscape", False),
        ("state=ready", True),
        ("state=failed", False),
        ("kind=tests.specimen&state=ready", True),
        ("kind=nonsense", True),
        ("page=99", True),
    ],
)
def test_list_filters(cast: Cast, document: Document, query: str, found: bool) -> None:
    response = cast.client("referente").get(reverse("reports:document_list") + f"?{query}")
    assert list(response.context["page"]) == ([document] if found else [])


def test_list_is_paginated(cast: Cast) -> None:
    for number in range(26):
        ready_document(cast.prefecture, kind=Specimen.code, subject_id=str(number))
    client = cast.client("referente")
    assert len(client.get(reverse("reports:document_list")).context["page"]) == 25
    assert len(client.get(reverse("reports:document_list") + "?page=2").context["page"]) == 1


# --- Detail -----------------------------------------------------------------------------------


def test_detail_of_a_ready_document(cast: Cast, document: Document) -> None:
    page = cast.client("agent").get(url("document_detail", document)).content.decode()
    assert document.sha256 in page
    assert document.verification_code in page
    assert "2022-06-30_CLU_compte-rendu_v1.pdf" in page
    assert "Mme Pascale MARTIN a demandé ce document" in page.replace("\u00a0", " ")
    assert "Le document est prêt : 3 pages" in page.replace("\u00a0", " ")
    assert f'href="/comites/{document.subject_id}/"' in page
    assert "hx-get" not in page


def test_detail_of_a_kind_that_is_gone(cast: Cast) -> None:
    document = ready_document(cast.prefecture)
    assert cast.client("agent").get(url("document_detail", document)).status_code == 200


def test_newer_version_is_told(cast: Cast, document: Document) -> None:
    newer = services.produce_now(
        kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
    )
    page = cast.client("agent").get(url("document_detail", document)).content.decode()
    assert "Un document plus récent existe" in page
    assert url("document_detail", newer) in page
    assert (
        b"plus r\xc3\xa9cent" not in cast.client("agent").get(url("document_detail", newer)).content
    )


# --- State ------------------------------------------------------------------------------------


def test_the_fragment_asks_again_only_while_somebody_works(cast: Cast, pending: Document) -> None:
    client = cast.client("referente")
    fragment = client.get(url("document_status", pending)).content.decode()
    assert 'hx-trigger="every 1s"' in fragment
    assert "En attente" in fragment
    claimed = services.claim_document(pending.pk)
    assert claimed is not None
    services.report_progress(claimed, 2)
    fragment = client.get(url("document_status", pending)).content.decode()
    assert "Étape 2 sur 3 : mise en page" in fragment.replace("\u00a0", " ")
    Document.objects.filter(pk=pending.pk).update(state=DocumentState.QUEUED)
    services.produce_document(pending.pk)
    fragment = client.get(url("document_status", pending)).content.decode()
    assert "hx-trigger" not in fragment
    assert url("document_download", pending) in fragment


def test_the_fragment_is_silent_while_nothing_changes(cast: Cast, pending: Document) -> None:
    client = cast.client("referente")
    seen = f"{url('document_status', pending)}?seen={pending.stamp}"
    assert client.get(seen).status_code == 204
    services.produce_document(pending.pk)
    assert client.get(seen).status_code == 200


def test_the_whole_page_follows_without_reload(cast: Cast, pending: Document) -> None:
    client = cast.client("referente")
    page = client.get(url("document_detail", pending)).content.decode()
    assert f"{url('document_status', pending)}?seen={pending.stamp}&amp;full" in page
    services.produce_document(pending.pk)
    fragment = client.get(url("document_status", pending) + "?full").content.decode()
    assert Document.objects.get(pk=pending.pk).sha256 in fragment


# --- Relaunch ---------------------------------------------------------------------------------


def test_relaunch_from_the_page(cast: Cast, failed: Document, sent: list[int]) -> None:
    page = cast.client("referente").get(url("document_detail", failed)).content.decode()
    assert "Relancer" in page
    response = cast.client("referente").post(url("document_retry", failed))
    assert response.status_code == 302
    assert response.url == url("document_detail", failed)
    assert sent[-1] == failed.pk


def test_relaunch_without_reload(cast: Cast, failed: Document) -> None:
    response = cast.client("referente").post(url("document_retry", failed), **HTMX)
    assert response.status_code == 200
    assert 'hx-trigger="every 1s"' in response.content.decode()


@pytest.mark.parametrize("name", ["agent", "auditeur"])
def test_relaunch_is_for_who_may_request(cast: Cast, failed: Document, name: str) -> None:
    page = cast.client(name).get(url("document_detail", failed)).content.decode()
    assert "Relancer" not in page
    assert cast.client(name).post(url("document_retry", failed)).status_code == 403
    failed.refresh_from_db()
    assert failed.state == DocumentState.FAILED


def test_relaunch_of_what_did_not_fail(cast: Cast, document: Document) -> None:
    response = cast.client("referente").post(url("document_retry", document), follow=True)
    assert "il n’y a rien à relancer" in response.content.decode()
    retired = ready_document(cast.prefecture)
    response = cast.client("referente").post(url("document_retry", retired), follow=True)
    assert "ne sont plus produits" in response.content.decode()


# --- File -------------------------------------------------------------------------------------


def test_download_sends_the_kept_bytes(cast: Cast, document: Document) -> None:
    response = cast.client("auditeur").get(url("document_download", document))
    content = b"".join(response.streaming_content)
    response.close()
    assert hashlib.sha256(content).hexdigest() == document.sha256
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        'attachment; filename="2022-06-30_CLU_compte-rendu_v1.pdf"'
    )
    assert response["Content-Length"] == str(document.size)
    assert response["ETag"] == f'"{document.sha256}"'
    assert "private" in response["Cache-Control"]


def test_download_renders_nothing(
    cast: Cast, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(producing, "typeset", None)
    monkeypatch.setattr(producing, "render_html", None)
    response = cast.client("agent").get(url("document_download", document))
    assert response.status_code == 200
    response.close()


def test_download_inline_and_not_modified(cast: Cast, document: Document) -> None:
    client = cast.client("agent")
    response = client.get(url("document_download", document) + "?inline=1")
    response.close()
    assert response["Content-Disposition"].startswith("inline")
    again = client.get(
        url("document_download", document), HTTP_IF_NONE_MATCH=f'"{document.sha256}"'
    )
    assert (again.status_code, again.content) == (304, b"")


def test_download_of_what_is_not_ready(cast: Cast, pending: Document) -> None:
    response = cast.client("referente").get(url("document_download", pending), follow=True)
    assert response.redirect_chain == [(url("document_detail", pending), 302)]
    assert "n’est pas prêt" in response.content.decode()


def test_download_of_a_file_that_is_gone(cast: Cast, document: Document) -> None:
    document.file.storage.delete(document.file.name)
    response = cast.client("referente").get(url("document_download", document), follow=True)
    assert "introuvable sur le serveur" in response.content.decode()
