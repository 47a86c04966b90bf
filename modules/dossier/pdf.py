"""The one PDF: cover and index, then each piece behind its own page, numbered from end to end.

Parts are files of the workshop, one per piece: what is already made is not made again, and no more
than one piece is in memory at a time.
"""

import base64
import io
import json
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from PIL import Image, ImageOps

from modules.dossier.sources import copied
from modules.dossier.stamp import stamp_pages
from reports.pdf import typeset
from reports.registry import DocumentKind, Frozen
from reports.rendering import french_html, render_html
from reports.workshop import ComposedFile, Workshop


IMAGE_WIDTH = 1400
IN_ARCHIVE = "Ce fichier ({kind}) ne s’imprime pas ici : il est dans l’archive du dossier."
UNREADABLE = "Ce PDF n’a pas pu être repris page à page : il est dans l’archive du dossier."


def compose_pdf(
    kind: DocumentKind, frozen: Frozen, workshop: Workshop, *, document: Any
) -> ComposedFile:
    """Write the dossier and return it with its number of pages."""
    parts = _parts(frozen, workshop)
    counts = [_page_count(part) for part in parts]
    workshop.progress(len(parts), len(parts), "Pièces mises en page")
    front, starts = _front(kind, frozen, workshop, counts, document)
    merged = _merged([front, *parts], workshop)
    path = workshop.path("dossier.pdf")
    title = frozen["paper"]["running_title"]
    with _opened(merged) as dossier:
        stamp_pages(dossier, title)
        _describe(dossier, frozen)
        _bookmark(dossier, frozen, starts)
        dossier.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return ComposedFile(path, len(dossier.pages))


# --- Pieces -----------------------------------------------------------------------------------
def _parts(frozen: Frozen, workshop: Workshop) -> list[Path]:
    pieces = frozen["pieces"]
    made = []
    for done, piece in enumerate(pieces):
        workshop.progress(done, len(pieces), "Pièces mises en page")
        key = json.dumps(piece, sort_keys=True)
        made.append(workshop.part(key, ".pdf", partial(_make_part, piece, workshop)))
    return made


def _make_part(piece: dict[str, Any], workshop: Workshop, path: Path) -> None:
    """Write the page that presents a piece, followed by its own pages when it has some."""
    stored = piece["stored"]
    source = copied(piece, workshop.path("source")) if stored else None
    kind = stored["content_type"] if stored else ""
    image, note, pages = "", "", None
    with ExitStack() as stack:
        if source and kind == "application/pdf":
            try:
                pages = stack.enter_context(_opened(source))
            except pikepdf.PdfError:
                note = UNREADABLE
        elif source and kind.startswith("image/"):
            image = _small_image(source)
        elif stored:
            note = IN_ARCHIVE.format(kind=Path(stored["name"]).suffix.lstrip(".").upper())
        context = {"piece": piece, "image": image, "note": note}
        html = french_html(render_to_string("documents/dossier_piece.html", context))
        head = stack.enter_context(pikepdf.open(io.BytesIO(typeset(html).content)))
        if pages is not None:
            head.pages.extend(pages.pages)
        head.save(path)
    if source:
        source.unlink()


def _small_image(source: Path) -> str:
    """Return the picture as the address of an image in the page, wide enough for paper, upright."""
    with Image.open(source) as image:
        # A telephone keeps its photographs lying and says beside how to turn them.
        small = ImageOps.exif_transpose(image).convert("RGB")
        small.thumbnail((IMAGE_WIDTH, IMAGE_WIDTH))
        kept = io.BytesIO()
        small.save(kept, "JPEG", quality=85)
    return f"data:image/jpeg;base64,{base64.b64encode(kept.getvalue()).decode()}"


def _page_count(path: Path) -> int:
    with _opened(path) as part:
        return len(part.pages)


# --- Cover and index --------------------------------------------------------------------------
def _front(
    kind: DocumentKind, frozen: Frozen, workshop: Workshop, counts: list[int], document: Any
) -> tuple[Path, list[int]]:
    """Return the cover and the index, and the first page of each piece (from 1).

    The index tells pages that come after it: it is laid out until its own length stops changing.
    """
    length = 1
    while True:
        starts = [length + 1]
        for count in counts[:-1]:
            starts.append(starts[-1] + count)
        html = render_html(kind, _with_pages(frozen, starts), document=document)
        made = typeset(html)
        if made.page_count <= length:
            break
        length = made.page_count
    path = workshop.path("front.pdf")
    path.write_bytes(made.content)
    if made.page_count < length:
        # A shorter index than the one that gave the numbers: blank pages keep them true.
        with pikepdf.open(path, allow_overwriting_input=True) as front:
            for _ in range(length - made.page_count):
                front.add_blank_page(page_size=(595.3, 841.9))
            front.save(path)
    return path, starts


def _with_pages(frozen: Frozen, starts: list[int]) -> Frozen:
    pieces = [
        {**piece, "page": start} for piece, start in zip(frozen["pieces"], starts, strict=False)
    ]
    modules = [
        {
            **module,
            "commitments": [
                {**item, "pieces": [pieces[rank - 1] for rank in item["pieces"]]}
                for item in module["commitments"]
            ],
        }
        for module in frozen["modules"]
    ]
    return {**frozen, "modules": modules, "pieces": pieces}


def _opened(path: Path) -> pikepdf.Pdf:
    """Open a file that is read as it is needed: mapped in memory, all of it would count as used."""
    return pikepdf.open(path, access_mode=pikepdf.AccessMode.stream)


# --- One file ---------------------------------------------------------------------------------
def _merged(parts: list[Path], workshop: Workshop) -> Path:
    """Merge the parts without holding their pages in memory.

    Done by qpdf itself: ``pages.extend`` would copy each stream in memory as soon as it is called.
    """
    path = workshop.path("merged.pdf")
    command = ["qpdf", "--empty", "--no-warn", "--warning-exit-0", "--object-streams=generate"]
    pikepdf.Job([*command, "--pages", *map(str, parts), "--", str(path)]).run()
    return path


def _describe(dossier: pikepdf.Pdf, frozen: Frozen) -> None:
    """Title, author, language; tags do not outlive the merging of foreign pages."""
    paper = frozen["paper"]
    with dossier.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = paper["running_title"]
        metadata["dc:creator"] = [paper["author"]]
        metadata["dc:language"] = ["fr"]
    dossier.docinfo["/Title"] = paper["running_title"]
    dossier.docinfo["/Author"] = paper["author"]
    dossier.Root.Lang = pikepdf.String("fr")
    dossier.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)


def _bookmark(dossier: pikepdf.Pdf, frozen: Frozen, starts: list[int]) -> None:
    item = pikepdf.OutlineItem
    with dossier.open_outline() as outline:
        outline.root.append(item("Présentation et index", 0))
        for module in frozen["modules"]:
            branches = []
            for commitment in module["commitments"]:
                if commitment["pieces"]:
                    first = starts[commitment["pieces"][0] - 1] - 1
                    branch = item(f"{commitment['code']} – {commitment['wording']}"[:120], first)
                    for rank in commitment["pieces"]:
                        title = frozen["pieces"][rank - 1]["title"]
                        branch.children.append(item(title, starts[rank - 1] - 1))
                    branch.is_closed = True
                    branches.append((first, branch))
            if branches:
                root = item(f"Module {module['number']} – {module['title']}", branches[0][0])
                root.children.extend(branch for _, branch in branches)
                outline.root.append(root)
