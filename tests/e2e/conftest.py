"""A real browser on the running application, with the demonstration in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.stack import Stack


DEMO_PASSWORD = "demo-qualepref"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
AXE_SOURCE = (files("axe_playwright_python") / "axe.min.js").read_text()


@pytest.fixture(scope="session")
def live_stack(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Iterator[Stack]:
    """The embedded installation: gunicorn, one worker with its clock, the demonstration."""
    yield from _running(tmp_path_factory.mktemp("live"), demo_data)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, demo_data: Path) -> Iterator[Stack]:
    """An installation that the journey of one file may change: the other tests share theirs."""
    yield from _running(tmp_path_factory.mktemp("journey"), demo_data)


def _running(folder: Path, demo_data: Path) -> Iterator[Stack]:
    shutil.copytree(demo_data, folder, dirs_exist_ok=True)
    stack = Stack(folder)
    try:
        stack.start_web()
        stack.start_worker()
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium (CHROMIUM names another); missing, it fails in CI and is skipped elsewhere."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("no Chromium on this machine: apt-get install chromium")
    # Playwright keeps an event loop running in this thread; the other tests here use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, live_stack: Stack) -> Iterator[BrowserContext]:
    """A browser of its own: French, at 1280 px, refusing errors of the pages' scripts."""
    context = browser.new_context(
        base_url=live_stack.url, locale="fr-FR", timezone_id="Europe/Paris", viewport=DESKTOP
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose script errors and refusals by the Content-Security-Policy fail the test."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text)
            if message.type == "error" and "Content Security Policy" in message.text
            else None
        ),
    )
    yield page
    assert faults == []


@pytest.fixture
def sign_in(page: Page) -> Callable[..., None]:
    """Sign in by the page, as anybody would: ``sign_in("referente@loir-et-cher.demo")``."""

    def sign_in(email: str, password: str = DEMO_PASSWORD) -> None:
        _sign_in(page, email, password)

    return sign_in


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/connexion/")
    page.locator("input[name=username]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    expect(page).not_to_have_url("/connexion/")


@pytest.fixture
def as_person(browser: Browser, stack: Stack) -> Iterator[Callable[[str], Page]]:
    """Open a browser signed in as somebody on the ``stack``: ``as_person(PREFET)``."""
    contexts = []

    def open_browser(email: str) -> Page:
        context = browser.new_context(base_url=stack.url, locale="fr-FR", viewport=DESKTOP)
        contexts.append(context)
        page = context.new_page()
        _sign_in(page, email, DEMO_PASSWORD)
        return page

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def axe(page: Page) -> Callable[..., None]:
    """Refuse the accessibility defects that axe finds on the page as it is now."""

    def check(selector: str | None = None) -> None:
        # Evaluated by the debugger, not inserted in the page: its policy does not apply.
        page.evaluate(f"() => {{ {AXE_SOURCE} }}")
        found = page.evaluate(
            "([root, tags]) => axe.run(root || document,"
            " {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
            [selector, AXE_TAGS],
        )
        faults = [_readable(violation) for violation in found["violations"]]
        assert not faults, f"axe on {page.url} at {page.viewport_size}:\n" + "\n".join(faults)

    return check


def _readable(violation: dict[str, Any]) -> str:
    nodes = "\n".join(
        f"      {' '.join(map(str, node['target']))}\n        {node['html'][:160]}"
        for node in violation["nodes"][:5]
    )
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """A folder for what the browser downloads."""
    return tmp_path
