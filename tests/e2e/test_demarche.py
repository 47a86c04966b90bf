"""The démarche, from the grid that a correspondant fills to what the auditor reads."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect


pytestmark = pytest.mark.browser
REFERENT, CORRESPONDENT = "referente@loir-et-cher.demo", "correspondant@loir-et-cher.demo"
AUDITOR = "auditeur@loir-et-cher.demo"
CYCLE, CAMPAIGN = "Qual-e-Pref 2022", "Auto-diagnostic de mars 2022"
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
    return page.locator(f'tr[data-code="{code}"]')


def test_1_correspondent_fills_the_grid_by_keyboard(as_person: Callable[[str], Page]) -> None:
    page = as_person(CORRESPONDENT)
    open_campaign(page)
    page.get_by_role("link", name="Remplir la grille de mon service").click()
    bar = page.locator("[data-toolbar]")
    expect(bar).to_contain_text("10 sur 19")

    # One key answers, the arrow goes down; the mouse is not used any more.
    row_of(page, "M1-TEL-1").get_by_role("radio").first.focus()
    for key in ("s", "s", "s", "p", "s", "c", "s", "s", "c"):
        page.keyboard.press(key)
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
