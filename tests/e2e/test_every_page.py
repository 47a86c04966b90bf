"""Every page that links lead to, for each kind of reader: it answers, it fits, axe finds nothing."""

from collections.abc import Callable

import pytest
from django.urls import resolve
from playwright.sync_api import Page

from tests.e2e.conftest import DESKTOP, PHONE


# A reader of everything follows some two hundred links.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
# Pages are visited once by name, whatever their arguments; files are not pages.
FILES = {
    "reports:document_download",
    "action_plans:action_export",
    "indicators:figure_export",
    "indicators:import_file",
    "indicators:pilote_file",
    "indicators:points_export",
    "indicators:prefecture_export",
    "meetings:composition_export",
    "meetings:import_template",
    "meetings:delivery_download",
    "modules:act_document_file",
    "modules:evidence_download",
    "modules:evidence_open",
    "modules:evidence_preview",
}
READERS = {
    "": 8,
    "referente@loir-et-cher.demo": 70,
    "prefet@loir-et-cher.demo": 35,
    "correspondant@loir-et-cher.demo": 35,
    "auditeur@loir-et-cher.demo": 30,
    "national@ministere.demo": 12,
    "admin@qualepref.demo": 24,
}


@pytest.mark.parametrize(("reader", "at_least"), READERS.items())
def test_every_page_is_accessible_and_fits(
    page: Page,
    axe: Callable[..., None],
    sign_in: Callable[..., None],
    reader: str,
    at_least: int,
) -> None:
    if reader:
        sign_in(reader)
    waiting, seen = ["/", "/plan-du-site/"], {}
    while waiting:
        path = waiting.pop(0)
        name = resolve(path).view_name
        if name in seen or name in FILES:
            continue
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} answers {answer.status}"
        seen[name] = path
        axe()
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{path} is {width} px wide at {PHONE['width']} px"
        page.set_viewport_size(DESKTOP)
        waiting += page.eval_on_selector_all(
            "a[href^='/']", "links => links.map(link => new URL(link.href).pathname)"
        )
    assert len(seen) >= at_least, sorted(seen)
