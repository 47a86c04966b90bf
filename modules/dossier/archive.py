"""The archive: the files renamed, an index, the fingerprints, and a page that says how to read them."""

import csv
import io
import zipfile
from datetime import date
from pathlib import PurePath
from typing import Any

from django.utils.text import slugify

from modules.dossier.sources import copy_piece
from reports.registry import Frozen
from reports.workshop import ComposedFile, Workshop


# Already packed: packing again costs time and saves nothing.
_PACKED = {".pdf", ".jpg", ".png", ".odt", ".ods", ".odp", ".docx", ".xlsx", ".pptx"}
HEADERS = (
    "Module",
    "Engagement",
    "Énoncé",
    "Pièce n°",
    "Intitulé",
    "Nature",
    "Service",
    "Date",
    "Valable jusqu’au",
    "Version",
    "Fichier ou adresse",
    "SHA-256",
)
README = """\
DOSSIER DE PREUVES – {name}
{authority}

index.csv           chaque engagement et ses pièces (à ouvrir avec un tableur)
MANIFESTE.sha256    empreinte de chaque fichier (vérification : sha256sum -c MANIFESTE.sha256)
M1-…, M4-…          les pièces, rangées sous le premier engagement qu’elles démontrent

Une pièce qui démontre plusieurs engagements n’est là qu’une fois : index.csv la cite sous chacun.
"""


def archive_name(piece: dict[str, Any]) -> str:
    """« M1-AP-2/001_charte-accueil_v2.pdf »: sorts as the dossier does, opens on every system."""
    suffix = PurePath(piece["stored"]["name"]).suffix
    title = slugify(piece["title"])[:60] or "piece"
    return f"{piece['folder']}/{piece['rank']:03}_{title}_v{piece['version']}{suffix}"


def compose_archive(frozen: Frozen, workshop: Workshop) -> ComposedFile:
    """Write the archive; memory holds one chunk of one file at a time."""
    path = workshop.path("dossier.zip")
    files = [piece for piece in frozen["pieces"] if piece["stored"]]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, piece in enumerate(files):
            workshop.progress(done, len(files), "Pièces rangées")
            name = archive_name(piece)
            packing = (
                zipfile.ZIP_STORED if PurePath(name).suffix in _PACKED else zipfile.ZIP_DEFLATED
            )
            entry = zipfile.ZipInfo(name, _moment(piece))
            entry.compress_type = packing
            with archive.open(entry, "w", force_zip64=True) as target:
                copy_piece(piece, target.write)
        archive.writestr("index.csv", index_csv(frozen).encode("utf-8-sig"))
        archive.writestr("MANIFESTE.sha256", manifest(files))
        archive.writestr("LISEZMOI.txt", _readme(frozen).encode("utf-8-sig"))
    return ComposedFile(path)


def _moment(piece: dict[str, Any]) -> tuple[int, int, int, int, int, int]:
    """Return the day of the piece, as the date of its file in the archive."""
    day = date.fromisoformat(piece["dated_on"])
    return (day.year, day.month, day.day, 0, 0, 0)


def manifest(files: list[dict[str, Any]]) -> str:
    """Return the fingerprints as ``sha256sum`` writes and checks them."""
    return "".join(f"{piece['stored']['sha256']}  {archive_name(piece)}\n" for piece in files)


def index_csv(frozen: Frozen) -> str:
    """Return a line for each piece of each commitment, and for each commitment without any."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADERS)
    for module in frozen["modules"]:
        for commitment in module["commitments"]:
            head = [module["number"], commitment["code"], _safe(commitment["wording"])]
            pieces = [frozen["pieces"][rank - 1] for rank in commitment["pieces"]]
            for piece in pieces:
                writer.writerow([*head, *_cells(piece)])
            if not pieces:
                writer.writerow([*head, "", "aucune pièce", *[""] * 7])
    return text.getvalue()


def _cells(piece: dict[str, Any]) -> list[Any]:
    stored = piece["stored"]
    return [
        piece["rank"],
        _safe(piece["title"]),
        piece["kind"],
        _safe(piece["service"]),
        piece["dated_on"],
        piece["expires_on"] or "",
        piece["version"],
        archive_name(piece) if stored else _safe(piece["url"]) or "texte, dans le dossier PDF",
        stored["sha256"] if stored else "",
    ]


def _safe(text: str) -> str:
    """Disarm what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _readme(frozen: Frozen) -> str:
    return README.format(name=frozen["cycle"]["name"], authority=frozen["paper"]["author"])
