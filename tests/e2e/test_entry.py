"""Figures entered by keyboard, doubted, undone, seen by somebody else, validated; read in a workbook."""

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from playwright.sync_api import Page, expect


# Two browsers and the start of the demonstration: more than most.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
REFERENT, CORRESPONDENT = "referente@loir-et-cher.demo", "correspondant@loir-et-cher.demo"
# Long before the demonstration: nothing is entered there.
GRID = "/indicateurs/saisie/2009-06/"
CODES = ("ECR-MAIL", "ECR-COUR")


def test_figures_entered_by_keyboard_then_validated(as_person: Callable[[str], Page]) -> None:
    page = as_person(CORRESPONDENT)
    page.goto(GRID)
    bar = page.locator("[data-toolbar]")
    expect(bar).to_contain_text("Tout est enregistré")
    mails, letters = (page.locator("tr[data-row]").filter(has_text=code).first for code in CODES)

    mails.locator("[name$=-numerator]").focus()
    page.keyboard.type("1 902")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("2 000")
    expect(mails.locator("[name$=-value]")).to_have_value("95,1")
    page.keyboard.press("Enter")
    expect(mails.locator("[data-saved]")).to_contain_text("Enregistré à")
    expect(letters.locator("[name$=-denominator]")).to_be_focused()

    page.keyboard.type("10")
    letters.locator("[name$=-numerator]").fill("12")
    letters.locator("[name$=-numerator]").press("Tab")
    expect(letters.locator("[data-doubts]")).to_contain_text("dépasse le dénominateur")
    expect(bar).to_contain_text("1 ligne à vérifier")
    letters.get_by_label("Pourquoi cette valeur est juste").fill("Courriers du mois de mai")
    letters.get_by_label("Pourquoi cette valeur est juste").press("Enter")
    expect(bar).to_contain_text("Tout est enregistré")
    expect(bar).to_contain_text("2 sur")
    page.get_by_role("button", name="Annuler la dernière modification").click()
    expect(letters.locator("[data-saved]")).to_contain_text("Effacé à")
    expect(bar).to_contain_text("1 sur")
    letters.locator("[name$=-value]").press("s")
    expect(bar).to_contain_text("2 sur")

    # The référent opened the page before: the figure of the correspondant is not overwritten.
    other = as_person(REFERENT)
    other.goto(GRID)
    key = mails.get_attribute("data-row")
    theirs = other.locator(f"tr[data-row='{key}']")
    mails.locator("[name$=-numerator]").fill("1 800")
    mails.locator("[name$=-numerator]").press("Tab")
    expect(mails.locator("[name$=-value]")).to_have_value("90")
    expect(bar).to_contain_text("Tout est enregistré")
    theirs.locator("[name$=-numerator]").fill("1 700")
    theirs.locator("[name$=-numerator]").press("Tab")
    expect(theirs.locator("[data-conflict]")).to_contain_text(re.compile(r"Sa version\s: 90,0\s%"))
    theirs.get_by_role("button", name="Prendre sa version").click()
    expect(theirs.locator("[name$=-numerator]")).to_have_value(re.compile(r"1\s800"))

    other.get_by_role("button", name="Valider les mesures saisies").click()
    expect(other.locator("main")).to_contain_text("2 mesures sont validées.")
    expect(other.locator(f"[id='ligne-{key}']")).to_contain_text("Validée")


def _workbook() -> bytes:
    """A rate of the demonstration under a name that nobody can know."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.title = "Appels"
    for line in (["Suivi du trimestre"], ["Trimestre", "Indice Z41"], ["T2 2022", "91,5 %"]):
        sheet.append(line)
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_applied_followed_to_its_cell_then_undone(
    as_person: Callable[[str], Page],
) -> None:
    page = as_person(REFERENT)
    main = page.locator("main")
    page.goto("/indicateurs/importer/")
    page.set_input_files(
        "input[type=file]",
        {"name": "appels.xlsx", "mimeType": "application/octet-stream", "buffer": _workbook()},
    )
    page.locator("form:has(input[type=file]) button[type=submit]").click()
    expect(main).to_contain_text("1 question")
    page.get_by_label("Quel indicateur désigne").select_option("TEL-ABOUTI")
    page.get_by_role("button", name="Relire avec ces réponses").click()
    row = page.locator(".qp-import-rows tbody tr")
    expect(row.locator("del")).to_contain_text(re.compile(r"93,34\s%"))
    expect(row.locator("ins")).to_contain_text(re.compile(r"91,50\s%"))
    preview = page.url
    page.get_by_role("button", name="Appliquer la mesure").click()
    expect(main).to_contain_text("1 mesure est enregistrée")

    # From the list to the file and the cell.
    page.goto("/indicateurs/?q=TEL-ABOUTI")
    expect(main).to_contain_text(re.compile(r"91,50\s%"))
    page.get_by_role("link", name="Taux d’appels aboutis").first.click()
    page.get_by_role("link", name=re.compile("appels.xlsx")).first.click()
    expect(main).to_contain_text("Lue dans le fichier appels.xlsx, feuille « Appels », cellule B3")
    page.get_by_role("link", name="Voir l’import de ce fichier").click()
    expect(page).to_have_url(preview)

    page.get_by_role("button", name="Annuler cet import").click()
    expect(main).to_contain_text("1 mesure remplacée est redevenue ce qu’elle était.")
    expect(main).to_contain_text(re.compile(r"de nouveau 93,34\s% \(19\s029 sur 20\s386\)"))
    page.goto("/indicateurs/?q=TEL-ABOUTI")
    expect(main).to_contain_text(re.compile(r"93,34\s%"))
