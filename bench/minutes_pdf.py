"""The minutes as a PDF: what our pipeline adds to the renderer, and what it takes beside an office."""

import mimetypes
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter
from urllib.parse import unquote, urlsplit

import weasyprint
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcherResponse

from accounts.models import User
from accounts.scopes import scope_of
from bench.registry import bench, compared, ratio, waited
from meetings.models import Minutes
from meetings.selectors.documents import DRAFT_KIND
from reports.enums import DocumentState
from reports.models import Document
from reports.pdf import VARIANT, typeset
from reports.registry import get_kind
from reports.rendering import render_html
from reports.services import produce_now


PAGE_URL = "http://localhost/"
DEMO_MEETING = "clu-loir-et-cher-2022"
WRITER = "referente@loir-et-cher.demo"


def produce() -> Document:
    """Produce the draft minutes of the demonstration by the code of the worker."""
    minutes = Minutes.objects.get(meeting__slug=DEMO_MEETING)
    scope = scope_of(User.objects.get(email=WRITER), today=timezone.localdate())
    document = produce_now(kind=DRAFT_KIND, subject_id=minutes.pk, scope=scope)
    if document.state != DocumentState.READY:
        raise RuntimeError(f"the minutes were not produced: {document.error_message}")
    return document


def bare(html: str) -> bytes:
    """Render the same page with WeasyPrint and nothing else: its fonts, its stylesheet, its PDF."""
    page = weasyprint.HTML(string=html, base_url=PAGE_URL, url_fetcher=_from_static_folder)
    return page.write_pdf(pdf_variant=VARIANT, font_config=FontConfiguration())


def _from_static_folder(url: str) -> URLFetcherResponse:
    name = unquote(urlsplit(url).path).removeprefix(settings.STATIC_URL)
    path = finders.find(name) if url.startswith(PAGE_URL) else None
    if path is None:
        return weasyprint.default_url_fetcher(url)
    kind = mimetypes.guess_type(name)[0] or "font/woff2"
    return URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": kind})


def page_of(document: Document) -> str:
    return render_html(get_kind(document.kind), document.frozen, document=document)


@bench("minutes_pdf_overhead", limit=1.15)
def minutes_pdf_overhead() -> dict[str, float]:
    """CPU time of asking, collecting, freezing, rendering and storing, over WeasyPrint alone."""
    document = produce()
    html = page_of(document)
    ours, floor, warm = compared(produce, lambda: bare(html), lambda: typeset(html))
    # The second floor has our fonts and stylesheet already read: what the rest of the pipeline adds.
    return ratio(
        ours, floor, warm_floor_s=warm, ratio_to_warm=ours / warm, pages=document.page_count
    )


@bench("minutes_pdf_over_office", limit=0.5)
def minutes_pdf_over_office() -> dict[str, float] | None:
    """What a warm worker takes, over a cold headless LibreOffice on the same page."""
    if shutil.which("soffice") is None:
        return None
    document = produce()
    (ours,) = compared(produce, rounds=5, clock=perf_counter)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "minutes.html"
        static = (Path(settings.BASE_DIR) / "static").as_uri()
        source.write_text(page_of(document).replace('="/static/', f'="{static}/'))
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(source)]
        floor = waited(lambda: subprocess.run(command, check=True, capture_output=True))
    return ratio(ours, floor, pages=document.page_count)


@bench("stored_document_over_rendering", limit=0.05)
def stored_document_over_rendering() -> dict[str, float]:
    """Reading a document that is kept, over producing it again."""
    document = produce()

    def read() -> None:
        with Document.objects.get(pk=document.pk).file.open() as file:
            file.read()

    ours, floor = compared(read, produce, rounds=5)
    return ratio(ours, floor)
