"""HTML → accessible PDF. The only module that knows WeasyPrint.

WeasyPrint is imported when it is first needed: its import takes longer than a document, and the web
processes never render. What costs most in a document (decoding six fonts, parsing the stylesheet:
about as much as laying out three pages) is done once per process and kept.
"""

import atexit
import ctypes
import os
import shutil
import tempfile
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import DataHandler, Request

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.templatetags.static import static


STYLESHEET = "css/document.css"
VARIANT = "pdf/ua-1"
CONTENT_TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".woff2": "font/woff2",
}
# One of each thing that is loaded on first use: fonts, hyphenation, lists, tables.
_WARM_UP = """<!DOCTYPE html><html lang="fr"><head><title>Mise en route</title></head>
<body class="page-portrait"><h1>Mise en route</h1><div class="prose"><p><b>Présentation</b> de la
<i>labellisation</i> des préfectures.</p><ul><li>Accueil</li></ul></div>
<table><thead><tr><th scope="col">Jour</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
</body></html>"""
# Pango and HarfBuzz objects are shared by the documents of a process: one at a time.
_lock = threading.Lock()


class ForbiddenResource(ValueError):
    """The document asked for something that is neither a static file nor an image in its text."""


@dataclass(frozen=True, slots=True)
class TypesetPdf:
    """A finished PDF: its bytes and its number of pages."""

    content: bytes
    page_count: int


def render_pdf(html: str) -> bytes:
    """Return the page as PDF/UA-1: tagged, with its language, title and bookmarks."""
    return typeset(html).content


def typeset(html: str) -> TypesetPdf:
    """Lay out and write a page made by ``reports.rendering``."""
    engine = _engine()
    with _lock:
        page = engine.html_class(
            string=html, base_url=engine.fetcher.base_url, url_fetcher=engine.fetcher
        )
        layout = page.render(
            stylesheets=[engine.stylesheet],
            font_config=engine.font_config,
            pdf_variant=VARIANT,
        )
        content = layout.write_pdf(pdf_variant=VARIANT)
    return TypesetPdf(content, len(layout.pages))


def warm_up() -> None:
    """Load the library, fonts, stylesheet and French hyphenation before the first document."""
    typeset(_WARM_UP)


def harfbuzz_subset_available() -> bool:
    """Tell whether fonts are subset by HarfBuzz; without it a document takes many times longer."""
    try:
        ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError:
        return False
    return True


class StaticFetcher:
    """Give the renderer static files and images written in the page; refuse everything else.

    No network, no file system: an address under ``STATIC_URL`` is looked for by the static files
    finders, then among the collected files (whose names carry a hash in production).
    """

    # Read by WeasyPrint: a refused image shows its alternative text, it does not stop the document.
    _fail_on_errors = False

    def __init__(self, response_class: Any) -> None:
        self.response_class = response_class
        self.base_url = settings.PUBLIC_URL + "/"
        self._static_root = urljoin(self.base_url, settings.STATIC_URL)

    def __call__(self, url: str) -> Any:
        if url.startswith("data:image/"):
            response = DataHandler().data_open(Request(url))  # noqa: S310 (decodes, opens nothing)
            return self.response_class(
                url, response.read(), {"Content-Type": response.headers["content-type"]}
            )
        if url == urljoin(self.base_url, static(STYLESHEET)):
            # Already parsed, once for the process.
            return self.response_class(url, b"", {"Content-Type": "text/css"})
        path = self.static_file(url)
        content_type = CONTENT_TYPES.get(path.suffix)
        if content_type is None:
            raise ForbiddenResource(url)
        return self.response_class(url, path.read_bytes(), {"Content-Type": content_type})

    def static_file(self, url: str) -> Path:
        """Return the file behind an address; ``ForbiddenResource`` when it is not a static one."""
        if not url.startswith(self._static_root):
            raise ForbiddenResource(url)
        name = unquote(urlsplit(url).path).removeprefix(urlsplit(self._static_root).path)
        try:
            found = finders.find(name)
            if not found and staticfiles_storage.exists(name):
                found = staticfiles_storage.path(name)
        except SuspiciousFileOperation:
            found = None
        if not found:
            raise ForbiddenResource(url)
        return Path(found)


@dataclass(frozen=True, slots=True)
class _Engine:
    html_class: Any
    fetcher: StaticFetcher
    font_config: Any
    stylesheet: Any


@cache
def _engine() -> _Engine:
    """Return what every document of this process shares."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcherResponse

    fetcher = StaticFetcher(URLFetcherResponse)
    font_config = FontConfiguration()
    folder = tempfile.mkdtemp(prefix="fonts-", dir=settings.FILE_UPLOAD_TEMP_DIR)
    # Kept with the data rather than in /tmp, which some systems empty of what is ten days old: the
    # worker's children would then print in another font.
    font_config._folder = Path(folder)
    atexit.register(_discard_fonts, font_config, folder, os.getpid())
    stylesheet = weasyprint.CSS(
        filename=finders.find(STYLESHEET),
        base_url=urljoin(fetcher.base_url, settings.STATIC_URL + STYLESHEET),
        url_fetcher=fetcher,
        font_config=font_config,
    )
    return _Engine(weasyprint.HTML, fetcher, font_config, stylesheet)


def _discard_fonts(font_config: Any, folder: str, owner: int) -> None:
    """Remove the fonts written for this process, unless it is a child leaving before its parent."""
    font_config._folder = None
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
