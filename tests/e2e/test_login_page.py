"""The first page that everybody meets."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_login_page_is_accessible(
    page: Page, axe: Callable[[], None], size: dict[str, int]
) -> None:
    page.set_viewport_size(size)
    page.goto("/connexion/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    axe()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"], "the page scrolls sideways"


def test_errors_are_told_and_reachable(page: Page, axe: Callable[[], None]) -> None:
    page.goto("/connexion/")
    page.locator("input[name=username]").fill("inconnu@exemple.fr")
    page.locator("input[name=password]").fill("pas-le-bon-mot-de-passe")
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("input[name=username]")).to_have_value("inconnu@exemple.fr")
    axe()


def test_keyboard_alone_signs_in(page: Page) -> None:
    page.goto("/connexion/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#contenu")
    page.locator("input[name=username]").focus()
    page.keyboard.type("referente@loir-et-cher.demo")
    page.locator("input[name=password]").focus()
    page.keyboard.type("demo-qualepref")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url("/connexion/")
