"""A page number on each page of a merged PDF, at the bottom right whatever its size and rotation."""

import pikepdf


SIZE = 8  # points
MARGIN_RIGHT, MARGIN_BOTTOM = 36, 14  # points
# Widths of Helvetica, in thousandths of its size; 556 for what is not here.
_WIDTHS = {
    **dict.fromkeys(" .,:;/·'’|il!t", 278),
    **dict.fromkeys("fr()-", 333),
    **dict.fromkeys("cksvxyzJ", 500),
    **dict.fromkeys("mM", 833),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("ABEKPSVXY", 667),
    "–": 556,
    "F": 611,
    "I": 278,
    "Q": 778,
}


def stamp_pages(document: pikepdf.Pdf, title: str) -> None:
    """Write « title · page x / y » on every page, over a white band that keeps it legible."""
    font = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )
    total = len(document.pages)
    for number, page in enumerate(document.pages, start=1):
        text = f"{title} · page {number} / {total}"
        name = page.add_resource(font, pikepdf.Name.Font)
        # What the page draws is closed in, so that its own marks do not shift ours.
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ\n" + _drawing(text, str(name), _matrix(page, _width(text))))


def _width(text: str) -> float:
    return sum(_WIDTHS.get(sign, 556) for sign in text) * SIZE / 1000


def _matrix(page: pikepdf.Page, width: float) -> tuple[float, ...]:
    """Return where the text begins and which way it runs, so that it reads upright."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    along, up = MARGIN_RIGHT + width, MARGIN_BOTTOM
    match int(page.obj.get("/Rotate", 0)) % 360:
        case 90:
            return (0, 1, -1, 0, right - up, top - along)
        case 180:
            return (-1, 0, 0, -1, left + along, top - up)
        case 270:
            return (0, -1, 1, 0, left + up, bottom + along)
    return (1, 0, 0, 1, right - along, bottom + up)


def _drawing(text: str, font: str, matrix: tuple[float, ...]) -> bytes:
    placed = " ".join(f"{value:.2f}" for value in matrix)
    written = text.encode("cp1252", "replace")
    for sign in (b"\\", b"(", b")"):
        written = written.replace(sign, b"\\" + sign)
    band = f"1 1 1 rg -3 -3 {_width(text) + 6:.2f} {SIZE + 5} re f 0 0 0 rg".encode()
    return b"q %b cm %b BT %b %d Tf (%b) Tj ET Q" % (
        placed.encode(),
        band,
        font.encode(),
        SIZE,
        written,
    )
