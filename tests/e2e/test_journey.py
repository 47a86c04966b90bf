"""The main job, from the sign-in to the PDF that everybody receives, on an installation of its own."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.reading import download, plain
from tests.stack import Stack, wait_until


pytestmark = pytest.mark.browser
MEETING = "/comites/seances/clu-loir-et-cher-2022/"
REFERENT, PREFET = "referente@loir-et-cher.demo", "prefet@loir-et-cher.demo"
STRANGER = "referent@autre.demo"
SENTENCE = "La référente remercie les correspondants qualité."
# Facts of the published minutes that the PDF must hold (non-breaking spaces made plain).
FACTS = (
    "M. François PESNEAU, préfet de Loir-et-Cher",
    "M. Nicolas HAUPTMANN, secrétaire général",
    "M. Pierre-Louis SIRE, stagiaire de l’ENA",
    "M. Hervé GUESTAULT, directeur du SGCD",
    "Mme Pascale SILBERMANN, sous-préfète, référente qualité",
    "M. Christophe MARION, député",
    "Chambre de commerce et d’industrie du 41, trésorière",
    "M. BLOT, défenseur des droits",
    "M. Thierry BENOIST, président AMRF 41",
    "M. Marc FESNEAU",
    "M. Roger CHUDEAU",
    "Conseil départemental 41",
    "APF France Handicap 41",
    "Association de prévention routière du 41",
    "Association des maires de France du 41",
    "Association des maires ruraux du 41",
    "Conseil national des professionnels de l’automobile 41",
    "Chambre des métiers et de l’artisanat du 41",
    "Comité départemental de la protection de la nature et de l’environnement 41",
    "Délégué du défenseur des droits",
    "EMMAÜS 41",
    "UFC Que Choisir 41",
    "Union départementale des associations familiales du 41",
    "Unité départementale de la Croix-Rouge du 41",
    "13 juillet 2022",
    "28 juillet 2022",
    "SOCOTEC",
    "34 00",
    "auto-diagnostic",
    "fiches de procédure",
    "outils de suivi",
    "du 18 novembre au 16 décembre 2021",
    "52 %",
    "L’adjointe au chef du bureau des étrangers",
    "cheffe de section",
    "plages de rendez-vous en ligne",
    "rendez-vous en mairie",
    "Mme Claudine MARTINS DE SOUSA",
    "PILOTE",
    "remercie les participants de leur présence",
    "démonstration",
)


def sign(page: Page) -> None:
    page.goto(f"{MEETING}validation/")
    page.get_by_role("button", name="Valider et signer le compte rendu").click()
    expect(page.locator("text=Diffuser").first).to_be_visible()


def sent_in(folder: Path) -> list[str]:
    """Return the messages written there; two of the same second may share a file."""
    files = sorted(folder.iterdir()) if folder.exists() else []
    return [text for file in files for text in file.read_text().split("-" * 79) if text.strip()]


def test_minutes_from_the_text_to_the_mailbox(
    as_person: Callable[[str], Page], stack: Stack, tmp_path: Path
) -> None:
    referent = as_person(REFERENT)
    referent.goto(f"{MEETING}redaction/")
    opening = referent.locator("#texte-ouverture")
    opening.fill(f"{opening.input_value()}\n\n{SENTENCE}")
    expect(referent.locator("#etat-ouverture")).to_contain_text("Enregistré à")
    referent.goto(f"{MEETING}validation/")
    referent.get_by_role("button", name="Soumettre à la signature du préfet").first.click()
    expect(referent.locator("text=Soumis").first).to_be_visible()

    prefet = as_person(PREFET)
    sign(prefet)
    # The PDF is made by the worker; the page shows it without being reloaded.
    expect(prefet.get_by_role("link", name="Télécharger").first).to_be_visible(timeout=30_000)

    pdf = download(prefet, tmp_path)
    assert pdf.name == "2022-07-05_CLU_compte-rendu_v1.pdf"
    read = plain("\n".join(page.extract_text() for page in PdfReader(pdf).pages))
    assert [fact for fact in (*FACTS, SENTENCE) if fact not in read] == []
    with pikepdf.open(pdf) as opened:
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang).startswith("fr")
        assert str(opened.docinfo["/Title"]).startswith("Compte rendu du CLU")
        assert "/StructTreeRoot" in opened.Root

    # Everybody receives it, once.
    referent.reload()
    referent.get_by_role("button", name="Diffuser").first.click()
    mails = stack.folder / "emails"
    wait_until(lambda: len(sent_in(mails)) == 7, "the seven e-mails")
    assert all("compte-rendu_v1.pdf" in mail for mail in sent_in(mails))

    # A correction opens a second version, which says what it replaces and why.
    referent.goto(f"{MEETING}validation/")
    referent.locator("summary", has_text="Corriger le compte rendu").click()
    referent.locator("#corriger textarea, #corriger input[type=text]").or_(
        referent.locator("[name$=reason]").locator("visible=true")
    ).first.fill("Le nom d’un service était inexact.")
    referent.get_by_role("button", name="version 2").first.click()
    referent.goto(f"{MEETING}apercu/document/")
    assert "Le nom d’un service était inexact." in referent.locator("body").inner_text()


def test_a_stranger_finds_nothing(as_person: Callable[[str], Page]) -> None:
    stranger = as_person(STRANGER)
    parts = ("", "modifier/", "ordre-du-jour/", "presences/", "redaction/", "apercu/",
             "apercu/document/", "validation/")  # fmt: skip
    answers = {part: stranger.request.get(f"{MEETING}{part}").status for part in parts}
    assert answers == dict.fromkeys(parts, 404)
