"""Frozen data become a page: French spaces, what is escaped, what the preview says."""

from datetime import date, time
from decimal import Decimal

import pytest

from accounts.models import Prefecture
from common.typography import NBSP
from reports.models import Document
from reports.paper import paper_of, pdf_name
from reports.rendering import freeze, french_html, render_html
from reports.verification import ALPHABET, new_code, normalise_code
from tests.client import html_defects
from tests.reports.specimen import LandscapeSpecimen, Specimen


PREFECTURE = Prefecture(
    pk=1,
    code="41",
    name="Loir-et-Cher",
    of_name="de Loir-et-Cher",
    brand_block="Préfet\nde Loir-et-Cher\nLiberté\nÉgalité\nFraternité",
    city="Blois",
    address="Place de la République\n41018 Blois",
)


class DraftSpecimen(Specimen):
    draft = True
    notice = "Version 2 : corrige la version 1 du 4 juillet 2022."


def page_of(kind: Specimen, document: Document | None = None) -> str:
    return render_html(kind, freeze(kind.collect(PREFECTURE)), document=document)


# --- Freezing ---------------------------------------------------------------------------------


def test_freeze_gives_plain_data() -> None:
    paper = paper_of(PREFECTURE, title="T", running_title="R", dated_on=date(2022, 7, 4))
    frozen = freeze({"paper": paper, "at": time(14, 30), "rate": Decimal("0.52"), "none": None})
    assert frozen["paper"]["dated_on"] == "2022-07-04"
    assert frozen["paper"]["brand_lines"] == ["Préfet", "de Loir-et-Cher"]
    assert frozen["paper"]["motto_lines"] == ["Liberté", "Égalité", "Fraternité"]
    assert frozen["paper"]["place"] == "Blois"
    assert (frozen["at"], frozen["rate"], frozen["none"]) == ("14:30:00", "0.52", None)


def test_freeze_refuses_live_objects() -> None:
    with pytest.raises(TypeError):
        freeze({"prefecture": PREFECTURE})


# --- The page ---------------------------------------------------------------------------------


def test_page_says_what_was_frozen() -> None:
    html = page_of(Specimen())
    assert html_defects(html) == []
    assert '<html lang="fr">' in html
    assert "<title>Compte rendu du CLU du 30 juin 2022</title>" in html
    assert f"30{NBSP}juin 2022, de 14{NBSP}h{NBSP}30 à 16{NBSP}h{NBSP}05" in html
    assert f"Mme{NBSP}Pascale SILBERMANN" in html
    assert "Projet." not in html
    assert "PRÉFET" not in html  # capitals are the stylesheet's


def test_preview_has_no_code_and_the_document_has_one() -> None:
    assert "figureront ici dans le document produit" in page_of(Specimen())
    html = page_of(Specimen(), Document(verification_code="ABCD-EFGH-JKMN"))
    assert "ABCD-EFGH-JKMN" in html
    assert 'href="http://localhost:8000/documents/verifier/ABCD-EFGH-JKMN/"' in html
    assert 'src="data:image/svg+xml' in html


def test_draft_says_so_and_can_not_be_verified() -> None:
    html = page_of(DraftSpecimen(), Document(verification_code="ABCD-EFGH-JKMN"))
    assert '<body class="page-portrait-draft">' in html
    assert "Ce document n’est pas validé" in html
    assert f"Version 2{NBSP}: corrige la version 1 du 4{NBSP}juillet 2022." in html
    assert "ne peut pas être vérifié comme authentique" in html
    assert "data:image/svg+xml" not in html


def test_landscape() -> None:
    assert '<body class="page-landscape">' in page_of(LandscapeSpecimen())


def test_what_people_typed_is_escaped() -> None:
    kind = Specimen()
    frozen = freeze(kind.collect(PREFECTURE))
    frozen["location"] = '<script>alert("x")</script> & Cie'
    frozen["paper"]["running_title"] = '"><img src=x onerror=alert(1)>'
    html = render_html(kind, frozen)
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "&amp; Cie" in html
    assert html_defects(html) == []


# --- French spaces ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Lieu : Blois</p>", f"<p>Lieu{NBSP}: Blois</p>"),
        ("<b>Lieu</b> : Blois", f"<b>Lieu</b>{NBSP}: Blois"),
        ("<b>Lieu :</b> Blois", f"<b>Lieu{NBSP}:</b> Blois"),
        ("<b>52</b> % des usagers", f"<b>52</b>{NBSP}% des usagers"),
        ("<p>R&amp;D et a &lt; b ; c</p>", f"<p>R&amp;D et a &lt; b{NBSP}; c</p>"),
        ("<p>Fin&nbsp;!</p>", f"<p>Fin{NBSP}!</p>"),
        ('<a href="/x?a=1 : 2">x</a>', '<a href="/x?a=1 : 2">x</a>'),
        ("<title>A : b</title>", "<title>A : b</title>"),
        ("<code>a ; b</code>", "<code>a ; b</code>"),
        ("<!-- a : b -->", "<!-- a : b -->"),
        ("<p>http://x.fr/?q : oui</p>", f"<p>http://x.fr/?q{NBSP}: oui</p>"),
    ],
)
def test_french_html(before: str, after: str) -> None:
    assert french_html(before) == after
    assert french_html(after) == after


# --- Names and codes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "version", "name"),
    [
        ((date(2022, 6, 30), "CLU", "Compte rendu"), 1, "2022-06-30_CLU_compte-rendu_v1.pdf"),
        (("2022-06-30", "CLUAC", "Ordre du jour"), None, "2022-06-30_CLUAC_ordre-du-jour.pdf"),
        ((None, "Feuille d’émargement"), None, "feuille-demargement.pdf"),
        (("2022-06-30", "../../etc/passwd"), None, "2022-06-30_etcpasswd.pdf"),
        (("2022-06-30", "x" * 300), None, f"2022-06-30_{'x' * 60}.pdf"),
    ],
)
def test_pdf_name(arguments: tuple[str, ...], version: int | None, name: str) -> None:
    assert pdf_name(*arguments, version=version) == name


def test_codes_are_read_aloud_without_mistakes() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 14 and code[4] == code[9] == "-" for code in codes)
    assert not set("ILO01") & set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    ["ABCD-EFGH-JKMN", "abcdefghjkmn", " abcd efgh jkmn ", "ABCD–EFGH—JKMN", "ab cd-ef.gh_jkmn"],
)
def test_codes_are_found_however_typed(typed: str) -> None:
    assert normalise_code(typed) == "ABCD-EFGH-JKMN"
