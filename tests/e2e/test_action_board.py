"""The board of actions without a mouse: a card is taken, carried, dropped; the network comes and goes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect


pytestmark = pytest.mark.browser
TITLE = "Afficher les délais moyens à l’accueil"


@pytest.fixture
def grip(page: Page, sign_in: Callable[..., None]) -> Locator:
    """The handle of the one card on the board: an action that has just been opened."""
    sign_in("referente@loir-et-cher.demo")
    page.goto("/actions/nouvelle/")
    page.locator("input[name=title]").fill(TITLE)
    page.locator(
        "form:has(input[name=title]) button[type=submit], input[type=submit]"
    ).first.click()
    expect(page.locator("h1")).to_contain_text(TITLE)
    page.goto(f"/actions/tableau/?q={TITLE}")
    return page.get_by_role("button", name=f": {TITLE}")


def test_a_card_changes_column_by_keyboard(
    page: Page, grip: Locator, context: BrowserContext, axe: Callable[..., None]
) -> None:
    said = page.locator("[data-live]")

    # Space takes it, an arrow chooses, Escape gives up: nothing is sent.
    grip.focus()
    page.keyboard.press("Space")
    expect(said).to_contain_text("prise, dans «\u00a0À lancer\u00a0»")
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("En cours : Lancer l’action.")
    page.keyboard.press("Escape")
    expect(said).to_contain_text("reste dans «\u00a0À lancer\u00a0»")
    expect(column(page, "to_start")).to_contain_text(TITLE)

    # Without network the card is in its new place, and waits; the focus follows it.
    context.set_offline(True)
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(column(page, "ongoing")).to_contain_text("Enregistrement en attente")
    expect(page.locator("[data-pending]")).to_be_visible()
    expect(grip).to_be_focused()
    axe()
    context.set_offline(False)
    expect(said).to_contain_text("est passée à «\u00a0En cours\u00a0»")
    expect(page.locator("[data-pending]")).to_be_hidden()

    # An act that needs a reason asks for it; giving up leaves the card where it is.
    grip.focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
    dialog = page.get_by_role("dialog", name="Abandonner l’action")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(column(page, "ongoing")).to_contain_text(TITLE)
    expect(grip).to_be_focused()
    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
    dialog.get_by_label("Pourquoi").fill("Déjà fait par la mairie.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("est passée à «\u00a0Abandonnée\u00a0»")

    # What the page shows is what is stored.
    page.reload()
    expect(column(page, "abandoned")).to_contain_text(TITLE)


def column(page: Page, state: str) -> Locator:
    return page.locator(f'[data-column="{state}"]')
