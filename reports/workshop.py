"""Where a composed document is put together, part by part, so that an interrupted one goes on."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings


Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ComposedFile:
    """The finished file of a composed document; ``page_count`` is 0 when it has no pages."""

    path: Path
    page_count: int = 0


class Workshop:
    """The folder of one document under the data folder, kept until it is ready or has failed.

    ``progress(done, total, label)`` tells the page how far the work is; it raises ``LostClaim`` when
    the document was given to somebody else: what is made stays, the work stops.
    """

    def __init__(self, document_id: int, progress: Progress) -> None:
        self.folder = workshop_folder(document_id)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.progress = progress
        self.made_count = 0

    def part(self, key: str, suffix: str, make: Callable[[Path], object]) -> Path:
        """Return the part of this key, made by ``make(path)`` unless an earlier attempt made it.

        ``key`` says all that the part is made from: another content, another key. The part takes its
        name only when it is complete.
        """
        path = self.folder / f"{sha256(key.encode()).hexdigest()}{suffix}"
        if not path.exists():
            unfinished = path.with_name(f"{path.stem}.unfinished{suffix}")
            make(unfinished)
            os.replace(unfinished, path)
            self.made_count += 1
        return path

    def path(self, name: str) -> Path:
        """Return where to write something that each attempt makes again."""
        return self.folder / name


def workshop_folder(document_id: int) -> Path:
    return Path(settings.DATA_DIR) / "work" / f"document-{document_id}"


def close_workshop(document_id: int) -> None:
    """Remove the parts of a document that is ready or has failed."""
    shutil.rmtree(workshop_folder(document_id), ignore_errors=True)
