"""The minutes in a browser: saved while typed, two writers, lost connection, no JavaScript; axe."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import DEMO_PASSWORD, DESKTOP, PHONE
from tests.stack import Stack


pytestmark = pytest.mark.browser
MEETING = "/comites/seances/clu-loir-et-cher-2022/"
WRITING = f"{MEETING}redaction/"
REFERENT, SECRETARY = "referente@loir-et-cher.demo", "agent@loir-et-cher.demo"
PAGES = (
    WRITING,
    f"{WRITING}questions/nouveau/",
    f"{WRITING}avis/nouveau/",
    f"{WRITING}decisions/nouveau/",
    f"{MEETING}apercu/",
    f"{MEETING}validation/",
)
SAVED = re.compile(r"Enregistré à \d+\sh")
CLOSING, OPENING = "#texte-cloture", "#texte-ouverture"


@pytest.fixture(autouse=True)
def _signed_in(sign_in: Callable[..., None]) -> None:
    sign_in(REFERENT)


@pytest.fixture
def writing(page: Page) -> Iterator[Page]:
    """The writing page; its texts are put back afterwards, the demo is shared."""
    page.goto(WRITING)
    texts = {place: page.locator(place).input_value() for place in (OPENING, CLOSING)}
    yield page
    page.context.set_offline(False)
    page.goto(WRITING)
    page.evaluate("localStorage.clear()")
    page.reload()
    for place, text in texts.items():
        page.locator(place).fill(text)
    page.locator("text=Enregistrer tous les textes").click()
    expect(page.locator("text=Textes enregistrés")).to_be_visible()


@contextmanager
def second_writer(browser: Browser, stack: Stack, email: str = SECRETARY) -> Iterator[Page]:
    """Open the writing page in another browser, as somebody else."""
    context = browser.new_context(base_url=stack.url, locale="fr-FR", viewport=DESKTOP)
    page = _sign_in(context, email)
    page.goto(WRITING)
    yield page
    context.close()


def _sign_in(context: BrowserContext, email: str) -> Page:
    page = context.new_page()
    page.goto("/connexion/")
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    expect(page).not_to_have_url("/connexion/")
    return page


def append(page: Page, place: str, text: str) -> None:
    page.locator(place).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def state(place: str) -> str:
    return place.replace("#texte-", "#etat-")


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible_and_fit(page: Page, axe: Callable[..., None], path: str) -> None:
    page.goto(path)
    axe()
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    axe()


def test_a_text_is_saved_while_it_is_typed(writing: Page) -> None:
    append(writing, CLOSING, " Ajout.")
    expect(writing.locator(state(CLOSING))).to_have_text(SAVED)
    expect(writing.locator("[data-save-summary]")).to_have_text("Tous les textes sont enregistrés.")
    writing.reload()
    assert writing.locator(CLOSING).input_value().endswith(" Ajout.")


def test_the_toolbar_by_keyboard(writing: Page) -> None:
    append(writing, CLOSING, "\n\nmot")
    for _ in range(3):
        writing.keyboard.press("Shift+ArrowLeft")
    writing.keyboard.press("Control+b")
    assert writing.locator(CLOSING).input_value().endswith("\n\n**mot**")
    writing.keyboard.press("Control+b")
    assert writing.locator(CLOSING).input_value().endswith("\n\nmot")
    bar = writing.locator("#cloture [role=toolbar] button")
    bar.first.focus()
    writing.keyboard.press("ArrowRight")
    writing.keyboard.press("ArrowRight")
    expect(bar.nth(2)).to_be_focused()
    writing.keyboard.press("Enter")
    assert writing.locator(CLOSING).input_value().endswith("\n\n- mot")


@pytest.mark.parametrize(
    ("choice", "ending"),
    [
        ("mine", "Fin par la référente."),
        ("theirs", "Fin par l’agent."),
        ("both", "Fin par l’agent.\n\nFin par la référente."),
    ],
)
def test_the_second_writer_chooses(
    writing: Page,
    axe: Callable[..., None],
    browser: Browser,
    live_stack: Stack,
    choice: str,
    ending: str,
) -> None:
    with second_writer(browser, live_stack) as other:
        append(other, CLOSING, "\n\nFin par l’agent.")
        expect(other.locator(state(CLOSING))).to_have_text(SAVED)
    append(writing, CLOSING, "\n\nFin par la référente.")
    panel = writing.locator("#conflit-cloture")
    expect(panel).to_contain_text("Mme Camille DURAND a modifié ce texte")
    axe("#cloture")
    panel.locator(f"button[value={choice}]").click()
    expect(panel).to_have_count(0)
    assert writing.locator(CLOSING).input_value().endswith(ending)
    if choice == "both":
        writing.locator("text=Enregistrer tous les textes").click()
        expect(writing.locator("text=Textes enregistrés")).to_be_visible()
    elif choice == "mine":
        expect(writing.locator(state(CLOSING))).to_have_text(SAVED)
    writing.reload()
    assert writing.locator(CLOSING).input_value().endswith(ending)


def test_nothing_typed_is_lost_without_network(writing: Page) -> None:
    writing.context.set_offline(True)
    append(writing, CLOSING, " Hors ligne.")
    expect(writing.locator(state(CLOSING))).to_contain_text("Non enregistré")
    writing.context.set_offline(False)
    expect(writing.locator(state(CLOSING))).to_have_text(SAVED, timeout=20_000)


def test_a_closed_session_keeps_the_text_and_says_so(writing: Page) -> None:
    writing.context.clear_cookies(name="sessionid")
    append(writing, CLOSING, " Sans session.")
    expect(writing.locator(state(CLOSING))).to_contain_text("votre session est fermée")
    _sign_in(writing.context, REFERENT).close()
    expect(writing.locator(state(CLOSING))).to_have_text(SAVED, timeout=20_000)


def test_a_text_too_long_is_told_beside_it_and_found_again(
    writing: Page, axe: Callable[..., None]
) -> None:
    writing.locator(CLOSING).fill("x" * 51_000)
    expect(writing.locator(state(CLOSING))).to_contain_text("la limite est de 50")
    axe("#cloture")
    writing.on("dialog", lambda dialog: dialog.accept())
    writing.reload()
    expect(writing.locator(state(CLOSING))).to_contain_text("retrouvé sur cet ordinateur")
    assert len(writing.locator(CLOSING).input_value()) == 51_000


def test_without_javascript_the_page_is_saved_and_conflicts_are_shown(
    writing: Page, browser: Browser, live_stack: Stack
) -> None:
    context = browser.new_context(
        base_url=live_stack.url, locale="fr-FR", java_script_enabled=False
    )
    plain = _sign_in(context, SECRETARY)
    plain.goto(WRITING)
    text = plain.locator(OPENING).input_value()
    append(writing, OPENING, "\n\nD’un autre navigateur.")
    expect(writing.locator(state(OPENING))).to_have_text(SAVED)
    plain.locator(OPENING).fill(f"{text}\n\nSans JavaScript.")
    plain.locator("text=Enregistrer tous les textes").click()
    expect(plain.locator("#conflit-ouverture")).to_be_visible()
    plain.locator("button[value=both]").click()
    expect(plain.locator(OPENING)).to_have_value(
        f"{text}\n\nD’un autre navigateur.\n\nSans JavaScript."
    )
    plain.locator("text=Enregistrer tous les textes").click()
    expect(plain.locator("text=Textes enregistrés")).to_be_visible()
    context.close()
