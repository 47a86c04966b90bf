"""Corrections of modules and rubriques « à confirmer », and loading the file again after them."""

from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from modules import services
from modules.models import (
    Heading,
    HeadingRevision,
    Module,
    ModuleMapping,
    ModuleRevision,
    Referential,
)
from modules.referential_files import SHIPPED, read
from modules.referential_files_entries import ReferentialFileError
from tests.cast import Cast
from tests.modules.examples import make_referential


pytestmark = pytest.mark.django_db
FILE = "qual-e-pref-2019.yaml"
SOURCE = "Référentiel imprimé, page 12"


@pytest.fixture
def referential() -> Referential:
    return make_referential()


@pytest.fixture
def heading(referential: Referential) -> Heading:
    return Heading.objects.get(module__referential=referential, code="M1-PIL")


def module(referential: Referential, number: int) -> Module:
    return Module.objects.get(referential=referential, number=number)


def correct(row: Module, cast: Cast, **values: object) -> ModuleRevision:
    names = ("number", "number_certainty", "title", "title_certainty")
    given = {name: getattr(row, name) for name in names} | {"source": SOURCE} | values
    return services.correct_module(module=row, by=cast.user("admin"), **given)


def correct_heading(heading: Heading, cast: Cast, **values: str) -> HeadingRevision:
    given = {"title": heading.title, "certainty": heading.certainty, "source": SOURCE} | values
    return services.correct_heading(heading=heading, by=cast.user("admin"), **given)


# --- Services ---------------------------------------------------------------------------------
def test_a_correction_keeps_what_the_module_said(cast: Cast, referential: Referential) -> None:
    row = module(referential, 8)
    old = row.source
    made = correct(row, cast, title="Polices de Paris", title_certainty="sourced")
    row.refresh_from_db()
    assert (row.title, row.title_certainty, row.source) == ("Polices de Paris", "sourced", SOURCE)
    assert made.before == {
        "title": "Titre non retrouvé à ce jour",
        "title_certainty": "to_confirm",
        "source": old,
    }
    assert made.made_by == cast.user("admin")


def test_the_sourced_half_of_a_module_stays_with_its_source(
    cast: Cast, referential: Referential
) -> None:
    row = module(referential, 5)
    with pytest.raises(ValidationError, match="C’est sourcé") as refusal:
        correct(row, cast, title="Autre")
    assert set(refusal.value.message_dict) == {"title"}
    old = row.source
    correct(row, cast, number_certainty="sourced")
    row.refresh_from_db()
    assert row.source == f"{old} Correction : {SOURCE}"
    assert not row.is_correctable


def test_two_modules_never_share_a_number(cast: Cast, referential: Referential) -> None:
    with pytest.raises(ValidationError, match="déjà un module de ce numéro"):
        correct(module(referential, 8), cast, number=7)
    assert ModuleRevision.objects.count() == 0


def test_nothing_changed_or_somebody_was_faster(
    cast: Cast, referential: Referential, heading: Heading
) -> None:
    row, late = module(referential, 8), module(referential, 8)
    with pytest.raises(ValidationError, match="Rien n’a changé"):
        correct(row, cast)
    correct(row, cast, title="Un")
    with pytest.raises(ValidationError, match="Quelqu’un vient de corriger ce module"):
        correct(late, cast, title="Deux")
    late_heading = Heading.objects.get(pk=heading.pk)
    correct_heading(heading, cast, title="Un")
    with pytest.raises(ValidationError, match="Quelqu’un vient de corriger cette rubrique"):
        correct_heading(late_heading, cast, title="Deux")


def test_a_sourced_rubrique_never_changes(cast: Cast, referential: Referential) -> None:
    sourced = Heading.objects.filter(certainty="sourced").order_by("pk")[0]
    with pytest.raises(ValidationError, match="C’est sourcé"):
        correct_heading(sourced, cast, title="Autre")


# --- Loading the file again -------------------------------------------------------------------
def test_loading_again_leaves_corrections(
    cast: Cast, referential: Referential, heading: Heading
) -> None:
    correct(module(referential, 8), cast, number=9, title="Polices de Paris")
    correct_heading(heading, cast, title="Pilotage de la qualité")
    mappings = ModuleMapping.objects.count()
    report = services.import_referential(text=read(SHIPPED / FILE))
    assert (report.modules.corrected, report.headings.corrected) == (1, 1)
    assert (report.modules.created, report.modules.removed, report.modules.updated) == (0, 0, 0)
    assert (report.mappings.created, report.mappings.removed) == (0, 0)
    assert ModuleMapping.objects.count() == mappings
    assert module(referential, 9).title == "Polices de Paris"
    heading.refresh_from_db()
    assert heading.title == "Pilotage de la qualité"
    # The référentiel that follows still speaks of the old number.
    make_referential("services-publics-plus-2023.yaml")
    assert ModuleMapping.objects.filter(old=module(referential, 9)).exists()


def test_a_file_that_knows_the_new_number_finds_the_module(
    cast: Cast, referential: Referential
) -> None:
    row = module(referential, 8)
    correct(row, cast, number=10)
    row.refresh_from_db()
    correct(row, cast, number=9)
    text = (
        read(SHIPPED / FILE).replace("number: 8\n", "number: 9\n").replace("to: [8]\n", "to: [9]\n")
    )
    report = services.import_referential(text=text)
    assert (report.modules.created, report.modules.removed) == (0, 0)
    assert module(referential, 9).pk == row.pk


def test_a_corrected_row_does_not_leave_with_the_file(
    cast: Cast, referential: Referential, heading: Heading
) -> None:
    correct_heading(heading, cast, title="Pilotage de la qualité")
    text = read(SHIPPED / FILE).replace("code: M1-PIL\n", "code: M1-PILOT\n")
    with pytest.raises(ReferentialFileError, match="l’application l’a corrigée"):
        services.import_referential(text=text)


# --- Pages ------------------------------------------------------------------------------------
def page(cast: Cast, url: str, reader: str = "admin") -> str:
    return unescape(cast.client(reader).get(url).content.decode()).replace("\xa0", " ")


def test_administrator_corrects_on_the_pages(
    cast: Cast, referential: Referential, heading: Heading
) -> None:
    detail = reverse("modules:referential_detail", args=[referential.slug])
    urls = (
        reverse("modules:module_correct", args=[referential.slug, 8]),
        reverse("modules:heading_correct", args=[referential.slug, heading.pk]),
    )
    shown = page(cast, detail)
    assert all(url in shown for url in urls)
    assert not any(url in page(cast, detail, "referente") for url in urls)
    row = module(referential, 8)
    answers = (
        {"number": "8", "number_certainty": "to_confirm", "title": "Polices de Paris"}
        | {"title_certainty": "to_confirm", "revision": str(row.revision)},
        {"title": "Pilotage de la qualité", "certainty": "to_confirm"}
        | {"revision": str(heading.revision)},
    )
    for url, data in zip(urls, answers, strict=True):
        client = cast.client("admin")
        refused = client.post(url, data)
        assert set(refused.context["form"].errors) == {"correction_source"}
        assert client.post(url, {**data, "correction_source": SOURCE}).status_code == 302
        assert SOURCE in page(cast, url)
    shown = page(cast, detail)
    assert "Polices de Paris" in shown
    assert "Pilotage de la qualité" in shown


def test_what_is_sourced_or_unknown_has_no_page(cast: Cast, referential: Referential) -> None:
    client = cast.client("admin")
    sourced = Heading.objects.filter(module__referential=referential, certainty="sourced").order_by(
        "pk"
    )[0]
    for name, key, words in (
        ("module_correct", 1, "Ce module est sourcé"),
        ("heading_correct", sourced.pk, "Cette rubrique est sourcée"),
    ):
        answer = client.get(reverse(f"modules:{name}", args=[referential.slug, key]), follow=True)
        assert words in answer.content.decode()
        unknown = reverse(f"modules:{name}", args=[referential.slug, 999_999])
        assert client.get(unknown).status_code == 404
