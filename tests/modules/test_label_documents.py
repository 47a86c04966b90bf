"""Documents of the acts of a démarche."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from modules.models import CycleDocument, LabelCycle
from tests.cast import Cast
from tests.client import StrictClient
from tests.modules.builders import make_stored
from tests.modules.examples import make_cycle


TEXT = b"Je choisis les modules 1 et 4."


@pytest.fixture
def cycle(cast: Cast) -> LabelCycle:
    return make_cycle(cast.prefecture)


def url(name: str, *args: object) -> str:
    return reverse(f"modules:{name}", args=args)


def read(client: StrictClient, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    response.close()
    return content


def add(cast: Cast, cycle: LabelCycle, content: bytes = TEXT) -> object:
    return cast.client("prefet").post(
        url("act_document_add", cycle.pk),
        {
            "kind": "choice",
            "title": "Lettre de choix",
            "upload": SimpleUploadedFile("Lettre.txt", content),
        },
    )


def test_added_downloaded_removed_put_back(cast: Cast, cycle: LabelCycle) -> None:
    assert add(cast, cycle).status_code == 302
    document = CycleDocument.objects.get()
    assert document.added_by == cast.user("prefet")
    reader = cast.client("agent")
    assert read(reader, url("act_document_file", cycle.pk, document.pk)) == TEXT
    assert "Lettre de choix" in reader.get(url("cycle_detail", cycle.pk)).content.decode()
    client = cast.client("referente")
    response = client.post(url("act_document_remove", cycle.pk, document.pk), follow=True)
    assert "est retiré" in response.content.decode()
    assert reader.get(url("act_document_file", cycle.pk, document.pk)).status_code == 404
    client.post(url("act_document_restore", cycle.pk, document.pk))
    assert read(reader, url("act_document_file", cycle.pk, document.pk)) == TEXT


def test_refused_file_is_said_beside_the_field(cast: Cast, cycle: LabelCycle) -> None:
    response = add(cast, cycle, b"MZ\x90\x00")
    assert set(response.context["form"].errors) == {"upload"}
    assert CycleDocument.objects.count() == 0


def test_document_of_another_demarche_is_not_found(cast: Cast, cycle: LabelCycle) -> None:
    other = make_cycle(cast.prefecture, "Voisine")
    document = CycleDocument.objects.create(
        cycle=other, kind="decision", title="Attestation", stored=make_stored(cast.prefecture)
    )
    client = cast.client("referente")
    assert client.get(url("act_document_file", cycle.pk, document.pk)).status_code == 404
    assert read(client, url("act_document_file", other.pk, document.pk)).startswith(b"%PDF")


def test_kind_asked_is_ticked(cast: Cast, cycle: LabelCycle) -> None:
    page = cast.client("referente").get(url("act_document_add", cycle.pk) + "?nature=decision")
    assert page.context["form"].initial["kind"] == "decision"
