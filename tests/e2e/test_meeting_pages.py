"""Agenda and attendance in a browser: keys, drag, lost connection, no JavaScript; what each saves."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DEMO_PASSWORD, PHONE
from tests.stack import Stack


pytestmark = pytest.mark.browser
MEETING = "/comites/seances/clu-loir-et-cher-2022/"
AGENDA, ATTENDANCE = f"{MEETING}ordre-du-jour/", f"{MEETING}presences/"
COPIL_AGENDA = "/comites/seances/copil-loir-et-cher-preparation/ordre-du-jour/"
REFERENT = "referente@loir-et-cher.demo"
PAGES = (
    MEETING,
    f"{MEETING}modifier/",
    AGENDA,
    f"{AGENDA}ajouter/",
    ATTENDANCE,
    f"{ATTENDANCE}invites/ajouter/",
)


@pytest.fixture(autouse=True)
def _signed_in(sign_in: Callable[..., None]) -> None:
    sign_in(REFERENT)


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible_and_fit(page: Page, axe: Callable[..., None], path: str) -> None:
    page.goto(path)
    axe()
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    axe()


# --- Agenda -----------------------------------------------------------------------------------


def titles(page: Page) -> list[str]:
    return page.locator(".qp-agenda__title").all_inner_texts()


def numbers(page: Page) -> list[str]:
    return page.locator(".qp-agenda__number").all_inner_texts()


def button(page: Page, label: str, number: str) -> str:
    return f"button:has-text('{label} : point {number},')"


def test_the_agenda_is_ordered_by_keyboard(page: Page) -> None:
    page.goto(COPIL_AGENDA)
    before = titles(page)
    page.locator(button(page, "Descendre", "1")).focus()
    page.keyboard.press("Enter")

    expect(page.locator("#agenda-live")).to_have_text(
        "Le point 1 est maintenant le point 2.", use_inner_text=True
    )
    assert titles(page) == [before[1], before[0], before[2]]
    # The focus stays on the moved item, on the same button.
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("value", "down")
    expect(focused).to_contain_text("point 2")
    page.keyboard.press("Enter")
    # Last: « Descendre » has nowhere to go, the next button of the item takes the focus.
    expect(page.locator(":focus")).to_have_attribute("value", "up")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#agenda-live")).to_contain_text("le point 1.")
    page.reload()
    assert titles(page) == before


def test_an_item_goes_under_another_and_comes_out(page: Page) -> None:
    page.goto(COPIL_AGENDA)
    page.locator(button(page, "Mettre sous le point précédent", "3")).click()
    expect(page.locator("#agenda-live")).to_contain_text("2.1")
    assert numbers(page) == ["1", "2", "2.1"]
    page.locator(button(page, "Sortir d’un niveau", "2.1")).click()
    expect(page.locator("#agenda-live")).to_contain_text("le point 3.")
    assert numbers(page) == ["1", "2", "3"]


def drag_first_below_second(page: Page) -> None:
    handle = page.locator(".qp-agenda__handle").nth(0)
    target = page.locator(".qp-agenda > li").nth(1)
    handle.hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 20, steps=12)
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 4, steps=6)
    page.mouse.up()


def test_the_agenda_is_ordered_by_drag(page: Page) -> None:
    page.goto(COPIL_AGENDA)
    before = titles(page)
    drag_first_below_second(page)
    expect(page.locator("#agenda-live")).to_contain_text("Le point 1 est maintenant le point")
    after = titles(page)
    assert after != before
    page.reload()
    assert titles(page) == after
    while titles(page) != before:
        moved = titles(page).index(before[0])
        label = "Sortir d’un niveau" if "." in numbers(page)[moved] else "Monter"
        with page.expect_response(re.compile("deplacer")):
            page.locator(button(page, label, numbers(page)[moved])).click()
        page.reload()


def test_a_lost_connection_keeps_the_order_and_tries_again(page: Page) -> None:
    page.goto(COPIL_AGENDA)
    before = titles(page)
    page.route("**/ordre/", lambda route: route.abort())
    drag_first_below_second(page)
    refusal = page.locator("#agenda-error")
    expect(refusal).to_contain_text("n’est pas enregistré")
    shown = titles(page)
    assert shown != before

    page.unroute("**/ordre/")
    refusal.get_by_role("button", name="Réessayer").click()
    expect(page.locator("#agenda-live")).to_contain_text("Le point 1 est maintenant")
    expect(refusal).to_be_hidden()
    page.reload()
    assert titles(page) == shown
    while titles(page) != before:
        moved = titles(page).index(before[0])
        label = "Sortir d’un niveau" if "." in numbers(page)[moved] else "Monter"
        with page.expect_response(re.compile("deplacer")):
            page.locator(button(page, label, numbers(page)[moved])).click()
        page.reload()


def test_somebody_else_s_change_is_told(page: Page, browser: Browser, live_stack: Stack) -> None:
    page.goto(COPIL_AGENDA)
    before = titles(page)
    other = page.context.new_page()
    other.goto(COPIL_AGENDA)
    with other.expect_response(re.compile("deplacer")):
        other.locator(button(other, "Descendre", "1")).click()

    drag_first_below_second(page)
    refusal = page.locator("#agenda-error")
    expect(refusal).to_contain_text("Quelqu’un d’autre vient de modifier l’ordre du jour")
    refusal.get_by_role("button", name="Recharger la page").click()
    expect(page.locator(".qp-agenda__title").first).to_have_text(before[1])
    with other.expect_response(re.compile("deplacer")):
        other.locator(button(other, "Monter", "2")).first.click()
    other.close()


# --- Attendance -------------------------------------------------------------------------------


def row(page: Page, name: str) -> str:
    return f"tr:has(.qp-attendance__name:text-is('{name}'))"


def choice(value: str) -> str:
    return f"input[type=radio][value='{value}']"


UFC = "UFC Que Choisir 41"
EMMAUS = "EMMAÜS 41"


def test_one_key_ticks_saves_and_can_be_taken_back(page: Page) -> None:
    page.goto(ATTENDANCE)
    ufc = page.locator(row(page, UFC))
    ufc.locator(choice("")).focus()
    page.keyboard.press("e")
    expect(ufc.locator("[data-saved]")).to_contain_text("Enregistré")
    expect(ufc.locator(choice("excused"))).to_be_checked()
    expect(page.locator(".qp-totals__item").nth(1)).to_contain_text("1")
    expect(page.locator("#attendance-summary")).not_to_contain_text(UFC)

    ufc.get_by_role("button", name="Annuler").click()
    expect(page.locator("#attendance-summary")).to_contain_text(UFC)
    page.reload()
    expect(page.locator(row(page, UFC)).locator(choice(""))).to_be_checked()


def test_arrows_move_without_ticking(page: Page) -> None:
    page.goto(ATTENDANCE)
    emmaus, ufc = page.locator(row(page, EMMAUS)), page.locator(row(page, UFC))
    emmaus.locator(choice("")).focus()
    page.keyboard.press("ArrowDown")
    expect(ufc.locator(choice(""))).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(ufc.locator(choice("absent"))).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(emmaus.locator(choice("absent"))).to_be_focused()
    expect(emmaus.locator(choice(""))).to_be_checked()
    expect(ufc.locator(choice(""))).to_be_checked()


def test_who_represents_and_a_remark_are_saved_with_the_row(page: Page) -> None:
    page.goto(ATTENDANCE)
    ufc = page.locator(row(page, UFC))
    by = ufc.get_by_label("Représenté par")
    expect(by).to_be_hidden()
    ufc.locator(choice("")).focus()
    page.keyboard.press("r")
    expect(by).to_be_visible()
    by.fill("Mme Ève Roy")
    by.press("Tab")
    remark = ufc.get_by_label("Observation")
    remark.fill("pouvoir remis")
    remark.press("Enter")
    expect(ufc.locator("[data-saved]")).to_contain_text("Enregistré")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(ufc.get_by_label("Représenté par")).to_have_value("Mme Ève Roy")
    expect(ufc.get_by_label("Observation")).to_have_value("pouvoir remis")
    ufc.locator(choice("represented")).focus()
    ufc.get_by_label("Observation").fill("")
    ufc.locator(choice("represented")).focus()
    page.keyboard.press("n")
    expect(page.locator("#attendance-summary")).to_contain_text(UFC)
    page.wait_for_load_state("networkidle")


def test_a_lost_connection_is_told_on_the_row(page: Page) -> None:
    page.goto(ATTENDANCE)
    ufc = page.locator(row(page, UFC))
    page.route("**/pointer/", lambda route: route.abort())
    ufc.locator(choice("")).focus()
    page.keyboard.press("p")
    expect(ufc.locator(".qp-attendance__error")).to_contain_text("n’est pas enregistré")
    page.unroute("**/pointer/")
    ufc.get_by_role("button", name="Réessayer").click()
    expect(ufc.locator("[data-saved]")).to_contain_text("Enregistré")
    ufc.get_by_role("button", name="Annuler").click()
    expect(page.locator("#attendance-summary")).to_contain_text(UFC)


def test_everything_works_without_javascript(browser: Browser, live_stack: Stack) -> None:
    context = browser.new_context(base_url=live_stack.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/connexion/")
    page.locator("input[name=username]").fill(REFERENT)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").click()

    page.goto(COPIL_AGENDA)
    before = titles(page)
    page.locator(button(page, "Descendre", "1")).click()
    assert titles(page) == [before[1], before[0], before[2]]
    expect(page.locator(".fr-alert--success")).to_contain_text("le point 2.")
    page.locator(button(page, "Monter", "2")).click()
    assert titles(page) == before

    page.goto(ATTENDANCE)
    for value, count in (("excused", "1"), ("", "0")):
        page.locator(row(page, UFC)).locator(choice(value)).check(force=True)
        page.get_by_role("button", name="Enregistrer les présences").click()
        expect(page.locator(".fr-alert--success")).to_contain_text("sont enregistrées")
        expect(page.locator(".qp-totals__item").nth(1)).to_contain_text(count)
    context.close()
