"""The PDF is accessible, carries its own fonts, and fetched nothing from elsewhere."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.checks import run_checks

from reports import checks, pdf
from reports.pdf import ForbiddenResource, StaticFetcher, render_pdf, typeset
from reports.services import produce_now
from tests.cast import Cast
from tests.reports.specimen import Specimen


HTML = """<!DOCTYPE html><html lang="fr"><head><title>{title}</title></head>
<body class="page-portrait"><h1 data-running="Titre courant">Titre</h1>{body}</body></html>"""


class Response:
    """Stands for the renderer's response."""

    def __init__(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        self.url, self.body, self.headers = url, body, headers


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def structure(document: pikepdf.Pdf) -> list[str]:
    """Return the kinds of the tagged elements, in reading order."""
    found: list[str] = []

    def walk(element: Any) -> None:
        if isinstance(element, pikepdf.Array):
            for item in element:
                walk(item)
        elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
            found.append(str(element.S))
            walk(element.get("/K", pikepdf.Array()))

    walk(document.Root.StructTreeRoot.K)
    return found


@pytest.fixture
def produced(cast: Cast) -> bytes:
    document = produce_now(
        kind=Specimen.code, subject_id=cast.prefecture.pk, scope=cast.scope("referente")
    )
    with document.file.open() as file:
        return file.read()


# --- Accessibility ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_tags_language_and_title(produced: bytes) -> None:
    with opened(produced) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked) is True
        assert str(root.Lang) == "fr"
        assert bool(root.ViewerPreferences.DisplayDocTitle) is True
        assert str(document.docinfo.Title) == "Compte rendu du CLU du 30 juin 2022"
        assert str(document.docinfo.Author) == "Préfecture de Loir-et-Cher"
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Compte rendu du CLU du 30 juin 2022"
        assert all("/StructParents" in page for page in document.pages)


@pytest.mark.django_db
def test_structure_is_what_a_screen_reader_needs(produced: bytes) -> None:
    with opened(produced) as document:
        kinds = structure(document)
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 8
    # Facts of the session, decisions.
    assert kinds.count("/Table") >= 2
    assert "/Caption" in kinds
    assert "/THead" in kinds
    assert {"/TH", "/TD", "/L", "/LI", "/Figure", "/Link"} <= set(kinds)


@pytest.mark.django_db
def test_every_figure_has_an_alternative(produced: bytes) -> None:
    with opened(produced) as document:
        figures = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
        assert [str(figure.Alt).split(",")[0] for figure in figures] == [
            "Code QR : adresse de vérification de ce document"
        ]


@pytest.mark.django_db
def test_bookmarks_follow_the_headings(produced: bytes) -> None:
    with opened(produced) as document, document.open_outline() as outline:
        (title,) = outline.root
        assert title.title == "Compte rendu du comité local des usagers"
        assert [item.title for item in title.children][:3] == [
            "Personnes présentes",
            "Personnes absentes",
            "1. Périmètre de labellisation et calendrier des audits",
        ]


@pytest.mark.django_db
def test_fonts_are_marianne_embedded(produced: bytes) -> None:
    with opened(produced) as document:
        fonts = {
            str(item.BaseFont).split("+")[-1]
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        }
        assert fonts
        assert all(name.lower().startswith("marianne") for name in fonts), fonts


def test_pages_are_counted() -> None:
    many = "".join(f"<h2>Point {number}</h2>" for number in range(60))
    made = typeset(HTML.format(title="Long", body=many))
    with opened(made.content) as document:
        assert made.page_count == len(document.pages) > 1


def test_a_heading_never_ends_a_page() -> None:
    """Whatever the height of what precedes, the heading goes with its text."""
    for lines in range(36, 48):
        body = "<p>Ligne</p>" * lines + "<h2>Sous-titre</h2><h3>Point</h3><p>Suite</p>"
        first = pages_of(HTML.format(title="H", body=body))[0]
        assert ("Sous-titre" in first) == ("Suite" in first), f"{lines} lines"


def pages_of(html: str) -> list[str]:
    """Return the text of each page as it was laid out."""
    return [text_of(box) for box in boxes_of(html)]


def boxes_of(html: str) -> list[Any]:
    engine = pdf._engine()
    page = engine.html_class(
        string=html, base_url=engine.fetcher.base_url, url_fetcher=engine.fetcher
    )
    layout = page.render(stylesheets=[engine.stylesheet], font_config=engine.font_config)
    return [page._page_box for page in layout.pages]


def test_two_renderings_in_one_process_are_the_same_bytes() -> None:
    """What the documents of a process share (fonts, stylesheet) does not drift."""
    first = HTML.format(title="A", body="<table><tr><td>1</td></tr></table>")
    expected = render_pdf(first)
    render_pdf(HTML.format(title="B", body="<p><i>Autre</i> <b>texte</b></p>" * 40))
    assert render_pdf(first) == expected


def test_landscape_and_portrait_pages() -> None:
    page = HTML.format(title="P", body="")
    with opened(render_pdf(page)) as document:
        assert [round(float(value)) for value in document.pages[0].MediaBox] == [0, 0, 595, 842]
    with opened(render_pdf(page.replace("page-portrait", "page-landscape-draft"))) as document:
        assert [round(float(value)) for value in document.pages[0].MediaBox] == [0, 0, 842, 595]


def test_a_row_is_never_cut_and_the_head_is_repeated() -> None:
    cell = "<td>" + "Texte sur plusieurs lignes. " * 30 + "</td>"
    rows = "".join(f"<tr><td>{number}</td>{cell}</tr>" for number in range(14))
    head = '<thead><tr><th scope="col">N°</th><th scope="col">Objet</th></tr></thead>'
    table = f"<table>{head}<tbody>{rows}</tbody></table>"
    pages = boxes_of(HTML.format(title="T", body=table))
    assert len(pages) > 1
    rows_by_page = [rows_of(box) for box in pages]
    assert all(rows[0].startswith("N°") for rows in rows_by_page)
    told = [row.split()[0] for rows in rows_by_page for row in rows[1:]]
    assert told == [f"{number}Texte" for number in range(14)]


def rows_of(box: Any) -> list[str]:
    if box.element_tag == "tr":
        return [text_of(box)]
    return [row for child in getattr(box, "children", []) for row in rows_of(child)]


def text_of(box: Any) -> str:
    own = getattr(box, "text", None)
    if isinstance(own, str):
        return own
    return "".join(text_of(child) for child in getattr(box, "children", []))


# --- Nothing from elsewhere -------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a.png",
        "https://example.org/static/css/document.css",
        "file:///etc/passwd",
        "ftp://example.org/a.png",
        "http://localhost:8000/documents/1/fichier/",
        "http://localhost:8000/static/../qualepref/settings/base.py",
        "http://localhost:8000/static/%2e%2e/manage.py",
        "http://localhost:8000/static/css/absent.css",
        "http://localhost:8000/static/",
        "http://localhost:8000.example.org/static/css/document.css",
        "data:text/html,<p>x</p>",
        "",
    ],
)
def test_the_fetcher_refuses(url: str) -> None:
    with pytest.raises(ForbiddenResource):
        StaticFetcher(Response)(url)


def test_the_fetcher_gives_static_files_and_written_images() -> None:
    fetcher = StaticFetcher(Response)
    font = fetcher(fetcher.base_url + "static/dsfr/dist/fonts/Marianne-Regular.woff2")
    assert font.body[:4] == b"wOF2"
    assert font.headers == {"Content-Type": "font/woff2"}
    image = fetcher("data:image/svg+xml;charset=utf-8,%3Csvg/%3E")
    assert image.body == b"<svg/>"
    assert image.headers["Content-Type"].startswith("image/svg+xml")


def test_the_fetcher_gives_collected_files_with_hashed_names(tmp_path: Path, settings: Any) -> None:
    """In production the page names the files as collectstatic called them."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "minutes.0123456789ab.css").write_text("p { margin: 0 }")
    fetcher = StaticFetcher(Response)
    sheet = fetcher(fetcher.base_url + "static/minutes.0123456789ab.css")
    assert (sheet.body, sheet.headers) == (b"p { margin: 0 }", {"Content-Type": "text/css"})


def test_a_foreign_image_is_left_out_and_the_document_is_made(caplog: Any) -> None:
    body = '<p><img src="http://example.org/a.png" alt="Absente"></p>'
    assert typeset(HTML.format(title="I", body=body)).page_count == 1
    assert "http://example.org/a.png" in caplog.text


# --- The machine ------------------------------------------------------------------------------


def test_missing_harfbuzz_is_told_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "harfbuzz_subset_available", lambda: False)
    (warning,) = checks.check_harfbuzz()
    assert warning.id == "reports.W001"
    assert "libharfbuzz-subset0" in warning.hint
    monkeypatch.setattr(checks, "harfbuzz_subset_available", lambda: True)
    assert checks.check_harfbuzz() == []


def test_the_check_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "harfbuzz_subset_available", lambda: False)
    assert "reports.W001" in {message.id for message in run_checks()}


def test_an_absent_library_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(pdf.ctypes, "CDLL", absent)
    assert not pdf.harfbuzz_subset_available()
