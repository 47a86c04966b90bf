"""Actions in a browser: what is typed is found again, many are changed at once, a telephone is enough."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE


pytestmark = pytest.mark.browser
TITLE = "Tenir un registre des appels perdus au standard, le relire chaque lundi avec le service"


def test_an_action_from_a_lost_draft_to_its_end(
    page: Page, axe: Callable[..., None], sign_in: Callable[..., None]
) -> None:
    sign_in("referente@loir-et-cher.demo")
    page.goto("/actions/nouvelle/")
    page.get_by_label("Intitulé").fill(TITLE)
    page.get_by_label("Analyse des causes").fill("Personne ne les compte.")
    expect(page.get_by_text("Gardé sur cet ordinateur")).to_be_visible()
    page.goto("/actions/")
    page.goto("/actions/nouvelle/")
    page.get_by_role("button", name="Reprendre cette saisie").click()
    expect(page.get_by_label("Intitulé")).to_have_value(TITLE)
    page.get_by_role("button", name="Ouvrir l’action").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tenir un registre")
    page.goto("/actions/nouvelle/")
    expect(page.get_by_role("button", name="Reprendre cette saisie")).to_have_count(0)

    page.set_viewport_size(PHONE)
    page.goto("/actions/?q=registre+appels")
    page.get_by_label("Choisir l’action").check(force=True)
    expect(page.get_by_text("1 action cochée")).to_be_visible()
    axe()
    page.get_by_role("button", name="Modifier les actions cochées").click()
    page.get_by_label("Changer l’état").select_option("Lancer l’action")
    page.get_by_role("button", name="Appliquer aux actions choisies").click()
    expect(page.get_by_text("1 action est à jour.")).to_be_visible()
    page.goto("/actions/?q=registre+appels")
    page.get_by_role("link", name="Tenir un registre").click()
    page.get_by_role("button", name="Déclarer réalisée").click()
    page.get_by_role("link", name="Conclure sur l’effet").click()
    page.get_by_label("On ne sait pas").check(force=True)
    page.get_by_label("Pourquoi").fill("Aucune mesure avant.")
    page.get_by_role("button", name="Conclure sur l’effet").click()
    expect(page.get_by_text("Aucune mesure avant.").first).to_be_visible()
    axe()
