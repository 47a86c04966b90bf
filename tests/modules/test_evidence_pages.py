"""Pages of the pieces: forms, list, rights, what an auditor never gets, files."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from modules.enums import Sensitivity
from modules.models import Evidence, EvidenceLink, EvidenceVersion
from modules.services import evidence as services
from tests.cast import Cast
from tests.modules.builders import Scene, make_assessment, make_evidence, make_scene
from tests.modules.examples_evidence import with_file


pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>“<b>"
PDF_PAGES = ("evidence_download", "evidence_open", "evidence_preview")


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


def url(name: str, *args: Any, **query: Any) -> str:
    address = reverse(f"modules:{name}", args=args)
    return (
        f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}"
        if query
        else address
    )


def text(response: HttpResponse) -> str:
    return response.content.decode()


def titles(response: HttpResponse) -> list[str]:
    return [line.piece.title for line in response.context["lines"]]  # type: ignore[attr-defined]


def form_data(scene: Scene, **given: Any) -> dict[str, Any]:
    """What the browser sends to add an address, joined to the first commitment."""
    first = scene.commitments[0]
    return {
        "title": "Horaires",
        "kind": "screen",
        "service": scene.services[0].pk,
        "dated_on": "2022-03-08",
        "sensitivity": "audit",
        "url": "https://exemple.fr/horaires",
        f"rubrique-{first.heading_id}": [first.pk],
        **given,
    }


# --- Adding -----------------------------------------------------------------------------------
def test_from_the_grid_and_back(cast: Cast, scene: Scene) -> None:
    sheet = make_assessment(scene).sheets.get(service=cast.service)
    first = scene.commitments[0]
    address = url(
        "evidence_create",
        scene.cycle.pk,
        engagement=first.code,
        service=cast.service.pk,
        retour=sheet.pk,
    )
    client = cast.client("correspondant")
    form = client.get(address).context["form"]
    assert form.initial["service"] == cast.service
    assert form.fields[f"rubrique-{first.heading_id}"].initial == [first.pk]
    response = client.post(address, form_data(scene))
    row = sheet.rows.get(commitment=first)
    assert response.url == f"{url('sheet_detail', sheet.pk)}#ligne-{row.pk}"
    link = EvidenceLink.objects.get()
    assert (link.commitment, link.service) == (first, cast.service)
    grid = text(client.get(url("sheet_detail", sheet.pk)))
    assert url("evidence_detail", link.evidence_id) in grid
    assert f"&amp;retour={sheet.pk}" in grid


def test_a_file_by_the_page(cast: Cast, scene: Scene) -> None:
    client = cast.client("referente")
    data = form_data(scene, url="", service="", upload=SimpleUploadedFile("a.csv", b"a;b\n"))
    client.post(url("evidence_create", scene.cycle.pk), data)
    piece = Evidence.objects.get()
    assert piece.service is None
    assert "déposée" in text(client.get(url("evidence_detail", piece.pk)))
    # The same content under another name: told, not refused.
    data = form_data(scene, url="", title="Copie", upload=SimpleUploadedFile("b.csv", b"a;b\n"))
    response = client.post(url("evidence_create", scene.cycle.pk), data, follow=True)
    assert "déjà déposé sous « Horaires »" in text(response).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"url": ""}, "upload", "l’un ou l’autre"),
        ({"url": "ftp://exemple.fr/a"}, "url", "valide"),
        ({"title": ""}, "title", "intitulé"),
        ({"expires_on": "2022-03-01"}, "__all__", "précède"),
        ({"service": ""}, "service", "un de vos services"),
    ],
)
def test_what_the_page_refuses(
    cast: Cast, scene: Scene, given: dict[str, str], field: str, words: str
) -> None:
    response = cast.client("correspondant").post(
        url("evidence_create", scene.cycle.pk), form_data(scene, **given)
    )
    assert words in " ".join(response.context["form"].errors[field])
    assert not Evidence.objects.exists()


def test_a_file_lost_by_another_error_is_told(cast: Cast, scene: Scene) -> None:
    data = form_data(scene, title="", url="", upload=SimpleUploadedFile("a.csv", b"a;b\n"))
    response = cast.client("referente").post(url("evidence_create", scene.cycle.pk), data)
    assert "choisissez-le de nouveau" in response.context["form"].errors["upload"][0]


def test_a_correspondant_adds_for_their_services_only(cast: Cast, scene: Scene) -> None:
    data = form_data(scene, service=scene.services[1].pk)
    response = cast.client("correspondant").post(url("evidence_create", scene.cycle.pk), data)
    assert "service" in response.context["form"].errors


# --- Joining ----------------------------------------------------------------------------------
def test_join_among_the_pieces(cast: Cast, scene: Scene) -> None:
    pieces = [make_evidence(scene, title=title) for title in ("Registre", "Charte", "Affiche")]
    foreign = make_evidence(scene, title="D’un autre", service=scene.services[1])
    code, client = scene.commitments[0].code, cast.client("correspondant")
    address = url("evidence_join", scene.cycle.pk, engagement=code, service=cast.service.pk)
    assert "D’un autre" not in text(client.get(address))
    found = text(client.get(f"{address}&q=regist"))
    assert "Registre" in found
    assert "Charte" not in found
    refused = client.post(address, {"service": cast.service.pk, "pieces": [foreign.pk]})
    assert "pieces" in refused.context["form"].errors
    client.post(address, {"service": cast.service.pk, "pieces": [pieces[0].pk, pieces[1].pk]})
    assert set(EvidenceLink.objects.values_list("evidence_id", "service_id")) == {
        (pieces[0].pk, cast.service.pk),
        (pieces[1].pk, cast.service.pk),
    }


def test_join_without_a_commitment_leads_to_what_is_lacking(cast: Cast, scene: Scene) -> None:
    response = cast.client("referente").get(url("evidence_join", scene.cycle.pk))
    assert response.url == url("evidence_gaps", scene.cycle.pk)


def test_attach_detach_and_undo(cast: Cast, scene: Scene) -> None:
    piece = make_evidence(scene)
    first, client = scene.commitments[0], cast.client("referente")
    page = url("evidence_attach", piece.pk)
    assert "Cochez au moins un" in text(client.post(page, {"service": ""}))
    client.post(page, {"service": "", f"rubrique-{first.heading_id}": [first.pk]})
    link = EvidenceLink.objects.get()
    response = client.post(url("evidence_detach", piece.pk), {"lien": link.pk})
    assert not EvidenceLink.objects.exists()
    key = client.get(response.url).context["detached"]
    client.post(url("evidence_rejoin", piece.pk), {"lien": key})
    assert EvidenceLink.objects.get().commitment == first
    # Taken back: the page of the undo, reloaded, offers nothing more.
    assert client.get(response.url).context["detached"] == ""


def test_a_correspondant_does_not_touch_what_is_for_all(cast: Cast, scene: Scene) -> None:
    piece = make_evidence(scene, scene.commitments[0])
    client = cast.client("correspondant")
    client.post(url("evidence_detach", piece.pk), {"lien": piece.links.get().pk})
    key = f"{scene.cycle.pk}-{scene.commitments[1].pk}-0"
    client.post(url("evidence_rejoin", piece.pk), {"lien": key})
    assert piece.links.get().commitment == scene.commitments[0]


@pytest.mark.parametrize("name", ["evidence_edit", "evidence_version_add", "evidence_delete"])
def test_a_piece_of_another_service_is_not_changed(cast: Cast, scene: Scene, name: str) -> None:
    piece = make_evidence(scene, service=scene.services[1])
    response = cast.client("correspondant").post(url(name, piece.pk), {}, follow=True)
    assert "celle d’un autre service" in text(response)
    piece.refresh_from_db()
    assert (piece.removed_at, piece.versions.count()) == (None, 1)


# --- Changing ---------------------------------------------------------------------------------
def test_edit_and_replace(cast: Cast, scene: Scene) -> None:
    piece = make_evidence(scene, service=cast.service)
    client = cast.client("correspondant")
    page = url("evidence_edit", piece.pk)
    form = client.get(page).context["form"]
    data = form_data(scene, title="Charte 2023", revision=form["revision"].value())
    client.post(page, data)
    page = url("evidence_version_add", piece.pk)
    data = {
        "upload": SimpleUploadedFile("a.csv", b"a;b\n"),
        "dated_on": "2023-01-02",
        "note": "Année 2023",
        "revision": client.get(page).context["form"]["revision"].value(),
    }
    client.post(page, data)
    piece.refresh_from_db()
    assert piece.title == "Charte 2023"
    assert (piece.current.number, piece.current.note) == (2, "Année 2023")


def test_removed_then_restored(cast: Cast, scene: Scene) -> None:
    piece = make_evidence(scene, scene.commitments[0])
    client = cast.client("referente")
    response = client.post(url("evidence_delete", piece.pk))
    listed = client.get(response.url)
    assert listed.context["undo"].url == url("evidence_restore", piece.pk)
    assert titles(listed) == []
    assert client.get(url("evidence_detail", piece.pk)).status_code == 404
    client.post(url("evidence_restore", piece.pk))
    assert titles(client.get(url("evidence_list", scene.cycle.pk))) == [piece.title]
    assert piece.links.count() == 1


# --- List -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Affiche", "Charte", "Registre"]),
        ({"q": "CHAR"}, ["Charte"]),
        ({"state": "expired"}, ["Registre"]),
        ({"state": "soon"}, ["Charte"]),
        ({"state": "valid"}, ["Affiche"]),
        ({"joined": "no"}, ["Affiche"]),
        ({"joined": "yes"}, ["Charte", "Registre"]),
        ({"module": "second"}, ["Registre"]),
        ({"commitment": "first"}, ["Charte"]),
        ({"service": "mine"}, ["Affiche"]),
        ({"kind": "record"}, []),
        ({"sort": "expiry"}, ["Registre", "Charte", "Affiche"]),
        ({"state": "x", "service": "999", "sort": "y"}, ["Affiche", "Charte", "Registre"]),
    ],
)
def test_filters(cast: Cast, scene: Scene, query: dict[str, str], expected: list[str]) -> None:
    today = timezone.localdate()
    make_evidence(scene, scene.commitments[0], title="Charte", expires_on=today)
    make_evidence(
        scene, scene.commitments[-1], title="Registre", expires_on=today - timedelta(days=1)
    )
    make_evidence(scene, title="Affiche", service=cast.service)
    known = {
        "second": scene.commitments[-1].heading.module_id,
        "first": scene.commitments[0].pk,
        "mine": cast.service.pk,
    }
    query = {name: known.get(value, value) for name, value in query.items()}  # type: ignore[misc]
    response = cast.client("agent").get(url("evidence_list", scene.cycle.pk, **query))
    assert titles(response) == expected


def test_what_is_lacking_is_for_those_who_prepare(cast: Cast, scene: Scene) -> None:
    make_evidence(scene, scene.commitments[0])
    page = url("evidence_gaps", scene.cycle.pk)
    response = cast.client("agent").get(page)
    assert response.context["gap_count"] == len(scene.commitments) - 1
    assert cast.client("auditeur").get(page).status_code == 403
    assert "Ce qui manque" not in text(
        cast.client("auditeur").get(url("evidence_list", scene.cycle.pk))
    )


def test_hostile_words_are_words(cast: Cast, scene: Scene) -> None:
    piece = make_evidence(scene, scene.commitments[0], title=HOSTILE, by=cast.user("agent"))
    client = cast.client("referente")
    code = scene.commitments[1].code
    for address in (
        url("evidence_list", scene.cycle.pk),
        url("evidence_detail", piece.pk),
        url("evidence_join", scene.cycle.pk, engagement=code),
        url("evidence_attach", piece.pk),
    ):
        page = text(client.get(address))
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page


# --- Auditors ---------------------------------------------------------------------------------
def test_an_auditor_never_gets_what_is_internal(cast: Cast, scene: Scene) -> None:
    shown = make_evidence(scene, scene.commitments[0], title="Montrée")
    internal = with_file(
        make_evidence(
            scene, scene.commitments[0], title="Interne", sensitivity=Sensitivity.RESTRICTED
        )
    )
    make_evidence(scene, title="Jointe à rien")
    client = cast.client("auditeur")
    assert titles(client.get(url("evidence_list", scene.cycle.pk))) == [shown.title]
    assert client.get(url("evidence_detail", internal.pk)).status_code == 404
    for name in PDF_PAGES:
        assert client.get(url(name, internal.pk, 1)).status_code == 404
    for name in ("evidence_attach", "evidence_detach", "evidence_delete"):
        assert client.post(url(name, internal.pk)).status_code == 404
    page = client.get(url("evidence_detail", shown.pk))
    assert "Historique" not in text(page)
    # Once closed to auditors, a piece that was open leaves at once.
    services.update_evidence(evidence=shown, values={"sensitivity": Sensitivity.RESTRICTED})
    assert client.get(url("evidence_detail", shown.pk)).status_code == 404


def test_an_auditor_gets_the_current_version_only(cast: Cast, scene: Scene) -> None:
    piece = with_file(make_evidence(scene, scene.commitments[0]))
    old = piece.current
    piece.current = EvidenceVersion.objects.create(
        evidence=piece, number=2, url="https://exemple.fr"
    )
    piece.save()
    address = url("evidence_download", piece.pk, old.number)
    assert cast.client("auditeur").get(address).status_code == 404
    response = cast.client("agent").get(address)
    assert response.status_code == 200
    response.close()


def test_an_auditor_of_another_cycle_sees_nothing(cast: Cast, scene: Scene) -> None:
    closed = make_scene(cast.prefecture, name="Autre démarche")
    closed.cycle.auditors.all().delete()
    piece = make_evidence(closed, closed.commitments[0])
    client = cast.client("auditeur")
    assert client.get(url("evidence_detail", piece.pk)).status_code == 404
    assert client.get(url("evidence_list", closed.cycle.pk)).status_code == 404


# --- Files ------------------------------------------------------------------------------------
def test_files_are_sent_with_care(cast: Cast, scene: Scene) -> None:
    piece = with_file(make_evidence(scene, scene.commitments[0]))
    client = cast.client("agent")
    expected = {
        "evidence_download": ("attachment", "application/pdf"),
        "evidence_open": ("inline", "application/pdf"),
        "evidence_preview": ("", "image/jpeg"),
    }
    for name, (disposition, content_type) in expected.items():
        response = client.get(url(name, piece.pk, 1))
        assert response["Content-Type"] == content_type
        assert response.get("Content-Disposition", "").startswith(disposition)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]
        response.close()
        assert client.get(url(name, piece.pk, 9)).status_code == 404


def test_an_address_has_no_file(cast: Cast, scene: Scene) -> None:
    piece = make_evidence(scene, scene.commitments[0])
    client = cast.client("agent")
    for name in PDF_PAGES:
        assert client.get(url(name, piece.pk, 1)).status_code == 404
    page = text(client.get(url("evidence_detail", piece.pk)))
    assert 'href="https://exemple.fr/charte"' in page
    assert "noreferrer" in page
