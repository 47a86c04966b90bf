"""« Ce qui change »: its document, its buttons, and the section of an agenda item."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.access import Permission, Scope
from modules.models import AssessmentRow, Referential
from modules.selectors.changes_documents import news_of
from modules.services import prepare_modules
from reports import services
from reports.errors import SubjectNotFound
from reports.models import Document
from reports.registry import get_section
from tests.cast import Cast
from tests.modules.builders import Scene, accept_sheets, make_assessment
from tests.modules.examples import make_cycle, make_referential


KIND = "modules.whats_new"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_apart(tmp_path: Path, settings: Any) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    settings.DATA_DIR = tmp_path


@pytest.fixture
def newest() -> Referential:
    """The last of the shipped référentiels; the one before is Qual-e-Pref."""
    return make_referential("services-publics-plus-2023.yaml")


def produce(cast: Cast, referential: Referential, name: str = "referente") -> Document:
    document = services.produce_now(kind=KIND, subject_id=referential.slug, scope=cast.scope(name))
    assert document.is_ready, document.error_message
    return document


def frozen_of(document: Document) -> dict[str, Any]:
    assert document.frozen is not None
    return document.frozen


def answered(cast: Cast) -> Scene:
    """Open a démarche on Qual-e-Pref, module 1, where every service answered every commitment."""
    cycle = make_cycle(cast.prefecture)
    prepare_modules(cycle=cycle, modules=cycle.referential.modules.filter(number=1))
    commitments = list(
        cycle.referential.commitments.filter(heading__module__number=1).order_by("position")
    )
    scene = Scene(cycle, cycle.referential, commitments, [cast.service])
    accept_sheets(make_assessment(scene))
    return scene


def test_word_by_word_and_as_it_now_reads(cast: Cast) -> None:
    document = produce(cast, make_referential())
    pypdf = pytest.importorskip("pypdf")
    with document.file.open() as file:
        pages = pypdf.PdfReader(io.BytesIO(file.read())).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert (
        "Réaliser des enquêtes de satisfaction. satisfaction et en afficher les résultats." in text
    )
    assert "Se lit désormais : « Réaliser des enquêtes de satisfaction et en afficher" in text
    # Wholly written anew: the new wording stands by itself already.
    assert "Se lit désormais : « Mettre à profit" not in text
    assert document.file_name.endswith("_ce-qui-change_qual-e-pref.pdf")
    assert document.title == "Ce qui change de QUALIPREF 2.0 à Qual-e-Pref"


def test_every_commitment_is_told_once(cast: Cast, newest: Referential) -> None:
    modules = frozen_of(produce(cast, newest))["modules"]
    changed = [item for module in modules for item in module["changes"]]
    # Kept ones are told by their codes, « A » or « A → B ».
    kept = [item["codes"].split(" → ")[0] for module in modules for item in module["kept"]]
    told = [code for item in changed for code in item["old"]] + kept
    expected = newest.predecessor.commitments.order_by("code").values_list("code", flat=True)
    assert sorted(told) == list(expected)


def test_what_becomes_of_the_work_is_for_those_who_may_read_it(
    cast: Cast, newest: Referential
) -> None:
    scene = answered(cast)
    rows = AssessmentRow.objects.filter(sheet__assessment__cycle=scene.cycle).count()
    data = frozen_of(produce(cast, newest))
    assert scene.cycle.name in data["consequence"]
    assert any(f"{rows - 4} réponses à relire" in line for line in data["work"]), data["work"]
    assert list(Document.objects.readable_by(cast.scope("agent"))) != []
    assert list(Document.objects.readable_by(cast.scope("auditeur"))) == []


def test_an_installation_without_demarche_has_no_consequence(
    cast: Cast, newest: Referential
) -> None:
    data = frozen_of(produce(cast, newest))
    assert (data["consequence"], data["work"]) == ("", [])


def test_the_first_referential_has_nothing_to_compare(cast: Cast) -> None:
    first = make_referential("qualipref-2.0.yaml")
    document = services.produce_now(kind=KIND, subject_id=first.slug, scope=cast.scope("referente"))
    assert document.error_code == "no_predecessor"
    address = reverse("modules:referential_changes_document", args=[first.slug])
    assert cast.client("referente").post(address).status_code == 404


def test_nobody_asks_without_a_prefecture(cast: Cast) -> None:
    referential = make_referential()
    everything = Scope(permissions=frozenset(Permission))
    with pytest.raises(SubjectNotFound):
        services.request_document(kind=KIND, subject_id=referential.slug, scope=everything)


# --- Pages ------------------------------------------------------------------------------------


def test_the_button_of_the_comparison(cast: Cast) -> None:
    page = reverse("modules:referential_changes", args=[make_referential().slug])
    asked = reverse("modules:referential_changes_document", args=[make_referential().slug])
    client = cast.client("referente")
    assert "Produire le document PDF" in client.get(page).content.decode()
    assert client.post(asked).headers["Location"] == f"{page}#document"
    waiting = client.get(page).content.decode()
    assert "En attente" in waiting
    assert "Produire" not in waiting
    document = Document.objects.get(kind=KIND)
    services.produce_document(document.pk)
    ready = client.get(page).content.decode()
    assert reverse("reports:document_download", args=[document.pk]) in ready
    assert "Produire de nouveau le document" in ready


@pytest.mark.parametrize("name", ["agent", "auditeur", "national"])
def test_who_may_not_ask_sees_no_button(cast: Cast, name: str) -> None:
    page = reverse("modules:referential_changes", args=[make_referential().slug])
    assert "Produire" not in cast.client(name).get(page).content.decode()


def test_the_page_of_the_demarche_offers_what_was_and_what_comes(
    cast: Cast, newest: Referential
) -> None:
    cycle = make_cycle(cast.prefecture)
    page = reverse("modules:cycle_documents", args=[cycle.pk])
    client = cast.client("referente")
    content = client.get(page).content.decode()
    places = [content.index(f"De {name} à") for name in ("QUALIPREF 2.0", "Qual-e-Pref")]
    assert places == sorted(places)
    asked = reverse("modules:cycle_document_request", args=[cycle.pk])
    client.post(asked, {"kind": KIND, "subject_id": newest.slug})
    assert Document.objects.get().subject_id == newest.slug
    assert "De Qual-e-Pref" not in cast.client("auditeur").get(page).content.decode()


# --- Agenda item ------------------------------------------------------------------------------


def test_the_section_tells_the_referential_of_the_demarche(cast: Cast, newest: Referential) -> None:
    section = get_section("modules.nouveautes")
    assert section.frozen(cast.prefecture) is None
    answered(cast)
    item = section.frozen(cast.prefecture)
    assert item is not None
    assert (item["data"]["old"], item["data"]["new"]) == ("QUALIPREF 2.0", "Qual-e-Pref")
    assert [module["number"] for module in item["data"]["modules"]] == list(range(1, 9))


def test_the_section_says_nothing_of_what_services_answered(
    cast: Cast, newest: Referential
) -> None:
    scene = answered(cast)
    data = news_of(cast.prefecture)
    assert data is not None
    assert "work" not in data
    assert scene.cycle.name in data["consequence"]
    assert "réponse" not in str(data)
