"""What a référentiel file holds, as plain values, and how its faults are told. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from modules.enums import Certainty, ChangeKind


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake of a file: where (« ligne 12, module n° 3, clé title ») and what to mend."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place} : {self.message}"


class ReferentialFileError(Exception):
    """A file that is refused, with all its faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def refusal(place: str, message: str) -> ReferentialFileError:
    """Return the error of a file that has this one fault."""
    return ReferentialFileError([Fault(place, message)])


@dataclass(frozen=True, slots=True)
class CommitmentEntry:
    """One commitment; ``evidence_certainty`` speaks of ``evidence`` and ``audit``, ``None`` without."""

    code: str
    wording: str
    evidence: str
    audit: str
    indicators: tuple[str, ...]
    certainty: Certainty
    evidence_certainty: Certainty | None
    source: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class HeadingEntry:
    """One rubrique."""

    code: str
    title: str
    certainty: Certainty
    source: str
    commitments: tuple[CommitmentEntry, ...]
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    """One module."""

    number: int
    title: str
    is_compulsory: bool
    scope_note: str
    number_certainty: Certainty
    title_certainty: Certainty
    source: str
    headings: tuple[HeadingEntry, ...]
    line: int = field(compare=False)

    @property
    def commitments(self) -> tuple[CommitmentEntry, ...]:
        """Commitments of all its headings, in order."""
        return tuple(item for heading in self.headings for item in heading.commitments)


@dataclass(frozen=True, slots=True)
class MappingEntry:
    """What became of rows of the previous référentiel.

    ``old`` and ``new`` hold codes of commitments, or numbers of modules written as text.
    """

    kind: ChangeKind
    old: tuple[str, ...]
    new: tuple[str, ...]
    note: str
    certainty: Certainty
    source: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class MappingBlock:
    """The whole ``mapping`` block; ``previous`` is the slug of the référentiel it starts from."""

    previous: str
    note: str
    modules: tuple[MappingEntry, ...]
    commitments: tuple[MappingEntry, ...]
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class ReferentialEntry:
    """A whole file; ``parts``: what the apps above read in it, by key (``referential_parts``)."""

    slug: str
    name: str
    publisher: str
    published_on: date
    published_certainty: Certainty
    updated_on: date | None
    pages: int | None
    source: str
    certainty: Certainty
    notes: str
    modules: tuple[ModuleEntry, ...]
    mapping: MappingBlock | None
    parts: Mapping[str, Any]
    line: int = field(compare=False)

    @property
    def commitments(self) -> tuple[CommitmentEntry, ...]:
        """Commitments of all its modules, in order."""
        return tuple(item for module in self.modules for item in module.commitments)
