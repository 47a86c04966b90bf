"""The documents of an auto-diagnostic and the page that offers them."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from common.spreadsheets import read_lines
from modules.enums import AssessmentResult, SheetState
from modules.models import AssessmentRow, SelfAssessment
from reports import services
from reports.models import Document
from reports.registry import get_section
from tests.cast import Cast
from tests.modules.builders import Scene, make_assessment, make_evidence, make_scene
from tests.modules.examples import make_cycle, make_referential


@pytest.fixture(autouse=True)
def _files_apart(tmp_path: Path, settings: Any) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.DATA_DIR = tmp_path


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


@pytest.fixture
def assessment(scene: Scene) -> SelfAssessment:
    """Two services; the first one's grid is accepted, with a gap and a private remark."""
    made = make_assessment(scene)
    sheet = made.sheets.get(service=scene.services[0])
    sheet.state = SheetState.ACCEPTED
    sheet.save()
    rows = AssessmentRow.objects.filter(sheet=sheet)
    rows.update(result=AssessmentResult.CONFORMING, private_note="SECRET DE SERVICE", maturity=3)
    rows.filter(commitment=scene.commitments[1]).update(
        result=AssessmentResult.PARTIAL, comment="=Le délai n’est pas tenu"
    )
    make_evidence(scene, scene.commitments[0], title="Charte affichée")
    return made


def produce(cast: Cast, kind: str, subject_id: int) -> Document:
    document = services.produce_now(kind=kind, subject_id=subject_id, scope=cast.scope("referente"))
    assert document.is_ready, document.error_message
    return document


def content_of(document: Document) -> bytes:
    with document.file.open() as file:
        return file.read()


def pdf_text(document: Document) -> str:
    pypdf = pytest.importorskip("pypdf")
    pages = pypdf.PdfReader(io.BytesIO(content_of(document))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.django_db
def test_the_grid_of_a_service(cast: Cast, scene: Scene, assessment: SelfAssessment) -> None:
    sheet = assessment.sheets.get(service=scene.services[0])
    document = produce(cast, "modules.assessment_sheet", sheet.pk)
    text = pdf_text(document)
    for words in (
        "Engagement 1.2",
        "Partiel",
        "Le délai n’est pas tenu",
        "Charte affichée",
        "Suivie",
    ):
        assert words in text
    assert "SECRET" not in text
    assert "SECRET" not in str(document.frozen)
    assert not document.is_draft


@pytest.mark.django_db
def test_a_grid_that_is_not_accepted_is_a_draft_that_no_auditor_reads(
    cast: Cast, scene: Scene, assessment: SelfAssessment
) -> None:
    sheet = assessment.sheets.get(service=scene.services[1])
    document = produce(cast, "modules.assessment_sheet", sheet.pk)
    assert document.is_draft
    assert "à remplir" in pdf_text(document)
    address = reverse("reports:document_detail", args=[document.pk])
    assert cast.client("auditeur").get(address).status_code == 404
    sheet.state = SheetState.ACCEPTED
    sheet.save()
    # What was produced before stays a draft: only what is produced now is shown.
    assert cast.client("auditeur").get(address).status_code == 404
    later = produce(cast, "modules.assessment_sheet", sheet.pk)
    address = reverse("reports:document_detail", args=[later.pk])
    assert cast.client("auditeur").get(address).status_code == 200


@pytest.mark.django_db
def test_every_service_together(cast: Cast, scene: Scene, assessment: SelfAssessment) -> None:
    document = produce(cast, "modules.assessment", assessment.pk)
    frozen = document.frozen
    assert frozen is not None
    # Conforming, partial, nonconforming, not applicable, not assessed: six rows for each service.
    assert frozen["counts"] == [5, 1, 0, 0, 6]
    assert [(gap["code"], gap["result"]) for gap in frozen["gaps"]] == [("M1-2", "Partiel")]
    assert [line["cells"] for line in frozen["matrix"][0]["lines"]] == [
        ["–", "C"],
        ["–", "P"],
        ["–", "C"],
    ] or [line["cells"] for line in frozen["matrix"][0]["lines"]] == [
        ["C", "–"],
        ["P", "–"],
        ["C", "–"],
    ]
    assert "SECRET" not in str(frozen)
    assert not Document.objects.readable_by(cast.scope("auditeur")).exists()


@pytest.mark.django_db
def test_a_long_name_gives_way_to_its_number_in_the_matrix(
    cast: Cast, scene: Scene, assessment: SelfAssessment
) -> None:
    first, second = assessment.sheets.select_related("service").order_by("service__name", "pk")
    type(first.service).objects.filter(pk=first.service_id).update(acronym="")
    type(second.service).objects.filter(pk=second.service_id).update(acronym="SGCD")
    frozen = produce(cast, "modules.assessment", assessment.pk).frozen
    assert frozen is not None
    assert [service["short"] for service in frozen["services"]] == ["n° 1", "SGCD"]
    assert frozen["matrix"][0]["columns"] == ["n° 1", "SGCD"]


@pytest.mark.django_db
def test_what_changes_word_by_word(cast: Cast) -> None:
    referential = make_referential()
    make_cycle(cast.prefecture)
    address = reverse("modules:referential_changes", args=[referential.slug])
    client = cast.client("referente")
    assert "Produire le document PDF" in client.get(address).content.decode()
    asked = client.post(reverse("modules:referential_changes_document", args=[referential.slug]))
    assert asked.url == f"{address}#document"
    document = Document.objects.get()
    services.produce_document(document.pk)
    document.refresh_from_db()
    assert document.is_ready, document.error_message
    text = pdf_text(document)
    assert "Ce qui change de QUALIPREF 2.0 à Qual-e-Pref" in text
    assert "Module n° 6 – Coordination des politiques publiques" in text
    assert "Pilotage interministériel" in text
    assert "En attente" not in client.get(address).content.decode()
    # Answers of the services may be in it: it is not for the auditor.
    assert not Document.objects.readable_by(cast.scope("auditeur")).exists()


@pytest.mark.django_db
def test_what_changes_is_a_section_of_the_minutes(cast: Cast) -> None:
    section = get_section("modules.nouveautes")
    assert section.frozen(cast.prefecture) is None
    make_cycle(cast.prefecture)
    frozen = section.frozen(cast.prefecture)
    assert frozen is not None
    sentences = {module["number"]: module["sentence"] for module in frozen["data"]["modules"]}
    assert "se restreint à" in sentences[5]
    assert "« Coordination des politiques publiques »" in sentences[6]


@pytest.mark.django_db
@pytest.mark.parametrize("fmt", ["ods", "xlsx"])
def test_as_a_workbook(cast: Cast, assessment: SelfAssessment, fmt: str) -> None:
    document = produce(cast, f"modules.assessment_{fmt}", assessment.pk)
    assert document.format == fmt.upper()
    lines = read_lines(content_of(document))
    assert lines[0][:3] == ["Module", "Rubrique", "Engagement"]
    assert len(lines) == 1 + 12
    gap = next(line for line in lines if line[5] == "Partiel")
    # The comment is a text, whatever it begins by.
    assert gap[7] == "=Le délai n’est pas tenu"
    assert "SECRET" not in str(lines)


@pytest.mark.django_db
def test_the_page_offers_and_asks(cast: Cast, scene: Scene, assessment: SelfAssessment) -> None:
    address = reverse("modules:cycle_documents", args=[scene.cycle.pk])
    page = cast.client("referente").get(address).content.decode()
    assert page.count("Pas encore produit") == 2 + 3 + 2
    ask = reverse("modules:cycle_document_request", args=[scene.cycle.pk])
    data = {"kind": "modules.evidence_dossier", "subject_id": str(scene.cycle.pk)}
    assert cast.client("referente").post(ask, data).url == address
    document = Document.objects.get()
    assert (document.kind, document.subject_id) == (data["kind"], data["subject_id"])
    # Another démarche's key, or a kind that this page does not offer.
    for wrong in ({**data, "subject_id": "999"}, {**data, "kind": "meetings.minutes"}):
        assert cast.client("referente").post(ask, wrong).status_code == 404
    assert cast.client("agent").post(ask, data).status_code == 403


@pytest.mark.django_db
def test_an_auditor_is_offered_what_they_may_read(
    cast: Cast, scene: Scene, assessment: SelfAssessment
) -> None:
    address = reverse("modules:cycle_documents", args=[scene.cycle.pk])
    groups = cast.client("auditeur").get(address).context["groups"]
    offers = [(offer.kind, offer.title) for group in groups for offer in group.offers]
    assert offers == [
        ("modules.evidence_dossier", "Dossier de preuves, en un seul PDF"),
        ("modules.evidence_archive", "Dossier de preuves, archive ZIP"),
        ("modules.assessment_sheet", str(scene.services[0])),
    ]
