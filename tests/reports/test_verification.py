"""The public page: authentic, forged, draft, unknown."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reports import services
from reports.models import Document
from tests.cast import Cast
from tests.client import StrictClient
from tests.reports.specimen import Specimen


pytestmark = pytest.mark.django_db
VERIFY = reverse("reports:verify")


@pytest.fixture(autouse=True)
def _no_one_was_here() -> None:
    cache.clear()


@pytest.fixture
def draft(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Document:
    monkeypatch.setattr(Specimen, "draft", True)
    return services.produce_now(
        kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
    )


def code_url(code: str) -> str:
    return reverse("reports:verify_code", args=[code])


def file_of(document: Document) -> SimpleUploadedFile:
    with document.file.open() as file:
        return SimpleUploadedFile("reçu.pdf", file.read(), "application/pdf")


FORGED = SimpleUploadedFile("faux.pdf", b"%PDF-1.7 faux", "application/pdf")


def text(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ")


# --- By code ----------------------------------------------------------------------------------


def test_authentic(client: StrictClient, document: Document) -> None:
    page = text(client.get(code_url(document.verification_code)))
    assert "Document authentique" in page
    assert "Compte rendu du CLU du 30 juin 2022" in page
    assert "Préfecture de Loir-et-Cher" in page
    assert document.sha256 in page
    assert "plus récent" not in page
    # Nothing personal beyond the title.
    for name in ("MARTIN", "Pascale", "exemple.fr"):
        assert name not in page


@pytest.mark.parametrize("typed", ["{0}", " {1} ", "{2}"])
def test_the_form_leads_to_the_code_s_page(
    client: StrictClient, document: Document, typed: str
) -> None:
    code = document.verification_code
    written = typed.format(code, code.lower().replace("-", " "), code.replace("-", ""))
    response = client.get(VERIFY, {"code": written})
    assert response.status_code == 302
    assert response.url == code_url(code)


def test_unknown_code(client: StrictClient, document: Document) -> None:
    response = client.get(code_url("ABCD-EFGH-JKMN"))
    assert response.status_code == 404
    assert "Code inconnu" in text(response)
    assert document.title not in text(response)


def test_code_of_a_document_that_is_not_ready(client: StrictClient, cast: Cast) -> None:
    pending = services.request_document(
        kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
    )
    assert client.get(code_url(pending.verification_code)).status_code == 404


def test_draft_is_never_authentic(client: StrictClient, draft: Document) -> None:
    page = text(client.get(code_url(draft.verification_code)))
    assert "Ce document est un projet" in page
    assert "authentique" not in page.split("<main")[1].split("</h2>")[0]
    page = text(client.post(code_url(draft.verification_code), {"file": file_of(draft)}))
    assert "Ce document est un projet" in page


def test_empty_code(client: StrictClient) -> None:
    for typed in ("", "   ", "---"):
        response = client.get(VERIFY, {"code": typed})
        assert response.status_code == 200
        assert "Saisissez le code imprimé" in text(response)


def test_newer_document(client: StrictClient, cast: Cast, document: Document) -> None:
    services.produce_now(
        kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
    )
    page = text(client.get(code_url(document.verification_code)))
    assert "Document authentique" in page
    assert "Un document plus récent a été produit" in page


def test_a_later_draft_supersedes_nothing(
    client: StrictClient, document: Document, draft: Document
) -> None:
    assert "plus récent" not in text(client.get(code_url(document.verification_code)))


# --- By file ----------------------------------------------------------------------------------


def test_same_file(client: StrictClient, document: Document) -> None:
    for address in (VERIFY, code_url(document.verification_code)):
        page = text(client.post(address, {"file": file_of(document)}))
        assert "Ce fichier est authentique" in page
        assert "Compte rendu du CLU du 30 juin 2022" in page


def test_one_changed_byte(client: StrictClient, document: Document) -> None:
    changed = file_of(document)
    changed.file.seek(-1, 2)
    changed.file.write(b" ")
    changed.file.seek(0)
    page = text(client.post(code_url(document.verification_code), {"file": changed}))
    assert "Ce fichier n’est pas celui que nous conservons" in page


def test_file_of_nobody(client: StrictClient, document: Document) -> None:
    FORGED.seek(0)
    page = text(client.post(VERIFY, {"file": FORGED}))
    assert "Fichier inconnu" in page
    assert document.title not in page


def test_no_file_an_empty_one_and_one_too_big(
    client: StrictClient, document: Document, settings: Any
) -> None:
    settings.MAX_UPLOAD_BYTES = 2048
    page = text(client.post(VERIFY, {}))
    assert "Choisissez le fichier à vérifier" in page
    page = text(client.post(VERIFY, {"file": SimpleUploadedFile("vide.pdf", b"")}))
    assert "Ce fichier est vide" in page
    big = SimpleUploadedFile("gros.pdf", b"x" * 3000)
    for address in (VERIFY, code_url(document.verification_code)):
        big.seek(0)
        page = text(client.post(address, {"file": big}))
        assert "Ce fichier pèse 3 ko ; la limite est de 2 ko." in page
        assert "Ce fichier est authentique" not in page


# --- Limits -----------------------------------------------------------------------------------


def test_a_file_that_could_not_be_compared_is_not_told_authentic(
    client: StrictClient, document: Document, settings: Any
) -> None:
    settings.MAX_UPLOAD_BYTES = 2048
    heavy = SimpleUploadedFile("faux.pdf", b"%PDF" + b"0" * 4096, "application/pdf")
    page = client.post(code_url(document.verification_code), {"file": heavy}).content.decode()
    assert "Votre fichier n’a pas été comparé" in page
    assert "Document authentique" not in page


def test_too_many_questions_from_one_address(client: StrictClient, document: Document) -> None:
    for _ in range(30):
        client.get(code_url("ABCD-EFGH-JKMN"))
    response = client.get(code_url(document.verification_code))
    assert response.status_code == 429
    assert "Attendez une minute" in text(response)
    assert document.title not in text(response)
    assert client.get(VERIFY, {"code": document.verification_code}).status_code == 429
    assert client.get(VERIFY).status_code == 200
    elsewhere = client.get(code_url(document.verification_code), REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200
