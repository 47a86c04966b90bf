"""What somebody does with a page besides clicking: reads it, downloads from it."""

from pathlib import Path

from playwright.sync_api import Page


def plain(text: str) -> str:
    """Return the text as somebody reads it: no line ends, no hyphens of the margin."""
    for sign in ("\u2010\n", "\u00ad\n"):
        text = text.replace(sign, "")
    return " ".join(text.replace("\u00a0", " ").split())


def download(page: Page, folder: Path, rank: int = 0) -> Path:
    """Follow one of the links « Télécharger » of the page; return the file that comes."""
    with page.expect_download() as started:
        page.get_by_role("link", name="Télécharger").nth(rank).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path
