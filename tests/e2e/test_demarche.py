"""The démarche, from the grid that a correspondant fills to what the auditor reads."""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from demo import content_evidence
from demo.scenery import FILES
from tests.e2e.reading import download, plain


pytestmark = pytest.mark.browser
REFERENT, CORRESPONDENT = "referente@loir-et-cher.demo", "correspondant@loir-et-cher.demo"
AUDITOR = "auditeur@loir-et-cher.demo"
CYCLE, CAMPAIGN = "Qual-e-Pref 2022", "Auto-diagnostic de mars 2022"
PIECE = "Affiche de la salle d’attente"
NOTE = "Remarque que l’auditeur ne doit pas lire."


def open_cycle(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Démarche").first.click()
    if CYCLE not in page.locator("h1").inner_text():
        page.get_by_role("link", name=CYCLE).first.click()
    expect(page.locator("h1")).to_contain_text(CYCLE)


def open_campaign(page: Page) -> None:
    open_cycle(page)
    page.get_by_role("link", name="Auto-diagnostic", exact=True).first.click()
    if CAMPAIGN not in page.locator("h1").inner_text():
        page.get_by_role("link", name=CAMPAIGN).first.click()


def row_of(page: Page, code: str) -> Locator:
    """Return the row of a commitment, to fill or to read."""
    return page.locator("tr[data-row]").filter(has=page.get_by_text(code, exact=True))


def test_1_correspondent_fills_the_grid_by_keyboard(as_person: Callable[[str], Page]) -> None:
    page = as_person(CORRESPONDENT)
    open_campaign(page)
    page.get_by_role("link", name="Remplir la grille de mon service").click()
    bar = page.locator("[data-toolbar]")
    expect(bar).to_contain_text("10 sur 19")
    # Written by the script: from then on the keys answer.
    expect(bar).to_contain_text("Tout est enregistré")

    # One key answers, the arrow goes down; the mouse is not used any more.
    row_of(page, "M1-TEL-1").get_by_role("radio").first.focus()
    for key in ("s", "s", "s", "p", "s", "c", "s", "s", "c"):
        page.keyboard.press(key)
        # The focus follows the answer, which stays the one that is framed.
        expect(page.locator(":focus")).to_be_checked()
        page.keyboard.press("ArrowDown")
    expect(bar).to_contain_text("19 sur 19")
    expect(bar).to_contain_text("Tout est enregistré")
    page.keyboard.press("ControlOrMeta+z")
    expect(bar).to_contain_text("18 sur 19")
    page.keyboard.press("s")
    expect(bar).to_contain_text("19 sur 19")

    # A partial answer is explained before the grid leaves.
    gap = row_of(page, "M1-ECR-1")
    gap.get_by_label("Commentaire").fill("Le délai annoncé n’est pas tenu en fin de mois.")
    gap.get_by_label("Remarque interne").fill(NOTE)
    gap.get_by_label("Remarque interne").blur()
    expect(bar).to_contain_text("Tout est enregistré")
    page.reload()
    expect(row_of(page, "M1-ECR-1").get_by_label("Remarque interne")).to_have_value(NOTE)
    page.get_by_role("button", name="Transmettre la grille").click()
    expect(page.locator(".fr-badge", has_text=re.compile("Transmise"))).to_be_visible()


def test_2_correspondent_proves_three_commitments_with_one_piece(
    as_person: Callable[[str], Page],
) -> None:
    page = as_person(CORRESPONDENT)
    open_cycle(page)
    page.get_by_role("link", name="Pièces", exact=True).click()
    page.get_by_role("link", name="Déposer une pièce").click()
    page.locator("input[type=file]").set_input_files(FILES / "photo-affichage-horaires.jpg")
    page.get_by_label("Intitulé").fill(PIECE)
    page.get_by_label("Nature").select_option(label="Photographie")
    codes = ("M1-DG-2", "M1-AP-2", "M1-AP-3")
    for code in codes:
        # The box itself is drawn by its label.
        page.get_by_text(re.compile(f"^\\s*{code} ")).click()
    page.get_by_role("button", name="Déposer la pièce").click()

    expect(page.locator("h1")).to_have_text(PIECE)
    proved = page.get_by_role("table", name="Engagements prouvés")
    for code in codes:
        expect(proved).to_contain_text(code)
    open_campaign(page)
    page.get_by_role("link", name=re.compile(r"\(SMI\)$")).click()
    for code in codes:
        expect(row_of(page, code)).to_contain_text(PIECE)


def test_3_referent_reviews_and_reads_what_is_left(as_person: Callable[[str], Page]) -> None:
    page = as_person(REFERENT)
    open_cycle(page)
    page.get_by_role("link", name="Préparation à l’audit").click()
    before = conclusion(page)
    expect(page.locator("h2", has_text="Les dix écarts les moins coûteux")).to_be_visible()

    open_campaign(page)
    page.get_by_role("link", name=re.compile("^Relire")).click()
    expect(page.locator("h1")).to_contain_text("Bureau de la communication")
    page.get_by_role("button", name="Accepter la grille").click()
    expect(page.locator(".fr-badge", has_text=re.compile("Acceptée")).first).to_be_visible()

    page.get_by_role("link", name="Préparation à l’audit").click()
    assert proved(conclusion(page)) > proved(before)


def conclusion(page: Page) -> str:
    return plain(page.locator(".qp-conclusion").inner_text())


def proved(sentence: str) -> int:
    """Return the number of points « tenus et prouvés » of the conclusion."""
    found = re.search(r"(\d+) tenus et prouvés", sentence)
    assert found is not None, sentence
    return int(found[1])


def test_4_dossier_for_the_auditor(as_person: Callable[[str], Page], downloads: Path) -> None:
    page = as_person(REFERENT)
    open_cycle(page)
    page.get_by_role("link", name="Documents", exact=True).click()
    for kind in ("en un seul PDF", "archive ZIP"):
        page.get_by_role("button", name=re.compile(f"^Produire Dossier.*{kind}")).click()
    links = page.locator("section", has_text="Dossier de preuves").get_by_role(
        "link", name="Télécharger"
    )
    expect(links).to_have_count(2, timeout=60_000)

    auditor = as_person(AUDITOR)
    open_cycle(auditor)
    auditor.get_by_role("link", name="Documents", exact=True).click()
    expect(auditor.get_by_role("button", name=re.compile("Produire"))).to_have_count(0)
    pdf = download(auditor, downloads)
    read = plain("\n".join(sheet.extract_text() for sheet in PdfReader(pdf).pages))
    assert content_evidence.CHARTER in read
    assert content_evidence.TRAINED not in read
    with ZipFile(download(auditor, downloads, rank=1)) as archive:
        manifest = archive.read("MANIFESTE.sha256").decode().splitlines()
        sums = dict(reversed(line.split(None, 1)) for line in manifest)
        assert len(sums) > 10
        for name, expected in sums.items():
            assert sha256(archive.read(name.lstrip("*"))).hexdigest() == expected
        assert not [name for name in archive.namelist() if "nominative" in name]


def test_5_auditor_reads_only_what_auditors_may(as_person: Callable[[str], Page]) -> None:
    referent, auditor = as_person(REFERENT), as_person(AUDITOR)
    open_campaign(referent)
    grids = {
        acronym: referent.get_by_role("link", name=re.compile(rf"\({acronym}\)$")).get_attribute(
            "href"
        )
        for acronym in ("ACC", "STD")
    }
    referent.goto(str(grids["ACC"]))
    expect(referent.locator("body")).to_contain_text("La borne de tickets")
    cycle = referent.get_by_role("link", name="Préparation à l’audit").get_attribute("href")

    auditor.goto(str(grids["ACC"]))
    expect(auditor.locator("body")).to_contain_text("Le temps d’attente n’est mesuré que le matin")
    assert "borne de tickets" not in auditor.content()
    assert auditor.request.get(str(grids["STD"])).status == 404
    assert auditor.request.get(str(cycle)).status == 403
    auditor.goto("/modules/fiches/")
    expect(auditor.locator("body")).to_contain_text("Traiter une réclamation")
    expect(auditor.locator("body")).not_to_contain_text("Prendre un appel au standard")

    referent.get_by_role("link", name="Pièces", exact=True).click()
    pieces = {
        title: str(referent.get_by_role("link", name=title).get_attribute("href"))
        for title in (content_evidence.CHARTER, content_evidence.TRAINED)
    }
    assert auditor.request.get(pieces[content_evidence.CHARTER]).status == 200
    auditor.goto(pieces[content_evidence.CHARTER])
    expect(auditor.locator("body")).not_to_contain_text("Retirer")
    referent.goto(pieces[content_evidence.TRAINED])
    file = str(referent.get_by_role("link", name="Télécharger").first.get_attribute("href"))
    assert referent.request.get(file).status == 200
    assert auditor.request.get(file).status == 404
    assert auditor.request.get(pieces[content_evidence.TRAINED]).status == 404
