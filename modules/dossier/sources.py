"""The kept files of the pieces, copied and compared with their fingerprint."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from reports.errors import DocumentError


CHUNK = 256 * 1024


def copy_piece(piece: dict[str, Any], write: Callable[[bytes], object]) -> None:
    """Give the file of a piece by chunks; ``DocumentError`` when it is not what was handed in."""
    stored = piece["stored"]
    digest = hashlib.sha256()
    try:
        with default_storage.open(stored["path"], "rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                write(chunk)
    except FileNotFoundError:
        raise DocumentError(
            "piece_missing",
            f"Le fichier de la pièce « {piece['title']} » est introuvable sur le serveur. Remplacez-la "
            "par une nouvelle version, puis relancez.",
        ) from None
    if digest.hexdigest() != stored["sha256"]:
        raise DocumentError(
            "piece_altered",
            f"Le fichier de la pièce « {piece['title']} » n’est plus celui qui a été déposé : son "
            "empreinte a changé. Remplacez-la par une nouvelle version, puis relancez.",
        )


def copied(piece: dict[str, Any], path: Path) -> Path:
    """Copy the file of a piece to ``path``."""
    with path.open("wb") as target:
        copy_piece(piece, target.write)
    return path
