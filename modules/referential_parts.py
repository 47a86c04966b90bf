"""Parts of a référentiel file that the apps above read and load: a way up without importing up.

A part is a top-level key of the file (``indicators``). It is declared in the ``referential_part.py`` of
an app above, imported when the server starts; from then on the commands read, check, compare and load it
with the rest, in the same transaction. ``indicators/referential_part.py`` is the model.
"""

from collections.abc import Callable, Iterable, Set
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ImproperlyConfigured

from modules.referential_files_blocks import Block
from modules.referential_files_entries import Fault, ReferentialEntry


# Names known outside the file, asked for only when one is missing inside.
Known = Callable[[], Set[str]]


@dataclass(slots=True)
class Counts:
    """What happened to the rows of one table; ``corrected``: left as the application corrected them.

    ``overruled``: corrected in the application, and amended since by this later référentiel.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    corrected: int = 0
    overruled: int = 0


@dataclass(frozen=True, slots=True)
class PartChange:
    """One row that a référentiel adds (no ``fields``) or amends (the words of what changes)."""

    name: str
    label: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = f"amendé ({', '.join(self.fields)})" if self.fields else "défini"
        return f"{self.name} – {self.label} : {what}"


class FilePart:
    """One top-level block. What ``parse`` returns is plain data and is handed to the other methods.

    The checks run on faulty files too: what could not be read is ``None`` there, and was told.
    """

    key: ClassVar[str]
    label: ClassVar[str]

    def parse(self, top: Block) -> Any:
        """Read the block of the file, if it is there; faults are noted with their line."""
        raise NotImplementedError

    def check(self, entry: ReferentialEntry, content: Any) -> list[Fault]:
        """Return what is wrong inside the file. Pure."""
        raise NotImplementedError

    def check_against(
        self, entry: ReferentialEntry, content: Any, known: Iterable[Known]
    ) -> list[Fault]:
        """Return what is wrong between the file and the names known elsewhere."""
        raise NotImplementedError

    def names(self, content: Any) -> Set[str]:
        """Return what the file defines, so that others may name it. Pure."""
        raise NotImplementedError

    def stored_names(self) -> Set[str]:
        """Return what the files already loaded defined."""
        raise NotImplementedError

    def load(self, referential: Any, content: Any) -> tuple[Counts, list[Fault]]:
        """Write the rows inside the import; with faults, nothing of the file is kept."""
        raise NotImplementedError

    def stored(self, referential: Any) -> Any:
        """Return what a loaded référentiel defines, as ``parse`` would."""
        raise NotImplementedError

    def compare(self, old: Any, new: Any) -> list[PartChange]:
        """Return what the second référentiel adds and amends. Pure."""
        raise NotImplementedError


_parts: dict[str, FilePart] = {}
PartClass = TypeVar("PartClass", bound=type[FilePart])


def register_file_part(part: PartClass) -> PartClass:
    """Declare a part (class decorator); two for one key stop the server at start."""
    if part.key in _parts:
        raise ImproperlyConfigured(f"two parts of référentiel files are called {part.key}")
    _parts[part.key] = part()
    return part


def file_parts() -> list[FilePart]:
    """Return the parts in the order of their keys."""
    return [_parts[key] for key in sorted(_parts)]


def changes_as_json(changes: Iterable[PartChange]) -> dict[str, list[dict[str, Any]]]:
    """Return the changes of one part as ``referential_diff --json`` writes them."""
    rows = [asdict(change) for change in changes]
    return {
        "added": [row for row in rows if not row["fields"]],
        "amended": [row for row in rows if row["fields"]],
    }
