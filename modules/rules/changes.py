"""What changes from one référentiel to the next. Pure: plain values in, frozen dataclasses out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from common.textdiff import Change, Piece, word_diff
from modules.enums import Certainty, ChangeKind


# Below this share of the shorter text, the words in common are chance (« de », « à »).
LEAST_IN_COMMON = 1 / 3
# Order of the kinds on a page: what asks for work comes first.
KINDS = (
    ChangeKind.ADDED,
    ChangeKind.REWORDED,
    ChangeKind.NARROWED,
    ChangeKind.MERGED,
    ChangeKind.SPLIT,
    ChangeKind.MOVED,
    ChangeKind.REMOVED,
    ChangeKind.KEPT,
)


_VERBS = {
    ChangeKind.ADDED: "ajouté",
    ChangeKind.REWORDED: "reformulé",
    ChangeKind.NARROWED: "restreint",
    ChangeKind.MERGED: "issu d’une fusion",
    ChangeKind.SPLIT: "scindé",
    ChangeKind.MOVED: "déplacé",
    ChangeKind.REMOVED: "retiré",
    ChangeKind.KEPT: "repris",
}
_PLURALS = {kind: f"{verb}s" for kind, verb in _VERBS.items()} | {
    ChangeKind.MERGED: "issus d’une fusion",
    ChangeKind.KEPT: "repris",
}


def participle(kind: ChangeKind, number: int) -> str:
    """« ajouté », « ajoutés »."""
    return (_PLURALS if number > 1 else _VERBS)[kind]


class Consequence(StrEnum):
    """What becomes of the work done on a commitment when the référentiel changes."""

    CARRIED = "carried"
    TO_REVIEW = "to_review"
    NEW = "new"
    DROPPED = "dropped"


def consequence_of(kind: ChangeKind) -> Consequence:
    """Tell what a change asks: only what is taken over as it is needs no reading."""
    return _CONSEQUENCES.get(kind, Consequence.TO_REVIEW)


_CONSEQUENCES = {
    ChangeKind.KEPT: Consequence.CARRIED,
    ChangeKind.ADDED: Consequence.NEW,
    ChangeKind.REMOVED: Consequence.DROPPED,
}


def readable_diff(old: str, new: str) -> list[Piece]:
    """Return the words that changed; two texts with little in common stand one under the other."""
    pieces = word_diff(old, new)
    same = sum(len(piece.text) for piece in pieces if piece.change is Change.SAME)
    if not old or not new or same >= LEAST_IN_COMMON * min(len(old), len(new)):
        return pieces
    return [Piece(Change.REMOVED, old), Piece(Change.SAME, "\n"), Piece(Change.ADDED, new)]


class NoMappingError(Exception):
    """The second référentiel does not say what became of the rows of the first."""


@dataclass(frozen=True, slots=True)
class ModuleText:
    """A module; ``certainty`` is that of its title."""

    number: int
    title: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class CommitmentText:
    """A commitment, in which module and rubrique."""

    code: str
    wording: str
    certainty: Certainty
    module: int
    heading: str


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the mapping: ``old`` and ``new`` are codes, or numbers of modules as text."""

    kind: ChangeKind
    old: tuple[str, ...]
    new: tuple[str, ...]
    note: str
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class Version:
    """A référentiel as it is compared; its links start from the référentiel ``previous``."""

    slug: str
    name: str
    modules: tuple[ModuleText, ...]
    commitments: tuple[CommitmentText, ...]
    previous: str | None
    mapping_note: str
    module_links: tuple[Link, ...]
    commitment_links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CommitmentChange:
    """What became of commitments; ``pieces`` lead from the old wordings to the new ones."""

    kind: ChangeKind
    old: tuple[CommitmentText, ...]
    new: tuple[CommitmentText, ...]
    note: str
    certainty: Certainty
    source: str

    @property
    def pieces(self) -> list[Piece]:
        """Word by word, from the old wordings to the new ones."""
        old, new = ("\n".join(item.wording for item in side) for side in (self.old, self.new))
        return readable_diff(old, new)

    @property
    def is_code_changed(self) -> bool:
        """Whether the codes are not the same on both sides."""
        return [item.code for item in self.old] != [item.code for item in self.new]

    @property
    def codes(self) -> str:
        """« M1-AP-1, M1-AP-3 → SPP-1 »."""
        old, new = (", ".join(item.code for item in side) for side in (self.old, self.new))
        return " → ".join(side for side in (old, new) if side) if self.is_code_changed else old


@dataclass(frozen=True, slots=True)
class ModuleChange:
    """What became of modules, and of their commitments."""

    kind: ChangeKind
    old: tuple[ModuleText, ...]
    new: tuple[ModuleText, ...]
    note: str
    certainty: Certainty
    source: str
    commitments: tuple[CommitmentChange, ...]

    @property
    def pieces(self) -> list[Piece]:
        """Word by word, from the old titles to the new ones."""
        old, new = ("\n".join(item.title for item in side) for side in (self.old, self.new))
        return readable_diff(old, new)

    @property
    def main(self) -> ModuleText:
        """The module under which the page tells this change."""
        return (self.new or self.old)[0]

    @property
    def anchor(self) -> str:
        """Name of its place on the page."""
        return f"module-{'nouveau' if self.new else 'ancien'}-{self.main.number}"

    @property
    def counts(self) -> list[tuple[ChangeKind, int]]:
        """How many commitments of each kind, the empty kinds left out."""
        numbers = [(kind, len(self.of_kind(kind))) for kind in KINDS]
        return [(kind, number) for kind, number in numbers if number]

    @property
    def counts_in_words(self) -> str:
        """« 8 ajoutés, 1 reformulé »."""
        return ", ".join(f"{number} {participle(kind, number)}" for kind, number in self.counts)

    @property
    def is_title_changed(self) -> bool:
        """Whether its title, or the titles it comes from, are not those it has now."""
        return [item.title for item in self.old] != [item.title for item in self.new]

    @property
    def is_same(self) -> bool:
        """Whether nothing changes: kept with its title, and its commitments kept."""
        return (
            self.kind is ChangeKind.KEPT
            and not self.is_title_changed
            and all(item.kind is ChangeKind.KEPT for item in self.commitments)
        )

    @property
    def kept(self) -> list[CommitmentChange]:
        """Commitments taken over: told apart, they ask for nothing."""
        return self.of_kind(ChangeKind.KEPT)

    def of_kind(self, kind: ChangeKind) -> list[CommitmentChange]:
        """Return the changes of commitments of this kind."""
        return [item for item in self.commitments if item.kind is kind]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two référentiels side by side, module by module."""

    old: Version
    new: Version
    modules: tuple[ModuleChange, ...]


def compare(old: Version, new: Version) -> Comparison:
    """Follow the mapping of ``new``; ``NoMappingError`` when it starts from another référentiel."""
    if new.previous != old.slug:
        raise NoMappingError(
            f"{new.name} ne déclare pas de correspondance avec {old.name}. Comparez un référentiel "
            "et celui qui le précède, l’ancien d’abord."
        )
    was = {item.code: item for item in old.commitments}
    now = {item.code: item for item in new.commitments}
    changes = [
        CommitmentChange(
            kind=link.kind,
            old=tuple(was[code] for code in link.old),
            new=tuple(now[code] for code in link.new),
            note=link.note,
            certainty=link.certainty,
            source=link.source,
        )
        for whole in new.commitment_links
        for link in _by_row(whole)
    ]
    old_modules = {str(item.number): item for item in old.modules}
    new_modules = {str(item.number): item for item in new.modules}
    modules = [
        _module_change(
            link,
            tuple(old_modules[number] for number in link.old),
            tuple(new_modules[number] for number in link.new),
            changes,
        )
        for whole in new.module_links
        for link in _by_row(whole)
    ]
    return Comparison(old, new, tuple(modules))


def _by_row(link: Link) -> list[Link]:
    """Cut an entry that adds or removes several rows: each is a change of its own."""
    if link.old and link.new:
        return [link]
    about = (link.note, link.certainty, link.source)
    return [Link(link.kind, (code,), (), *about) for code in link.old] + [
        Link(link.kind, (), (code,), *about) for code in link.new
    ]


def _module_change(
    link: Link,
    old: tuple[ModuleText, ...],
    new: tuple[ModuleText, ...],
    changes: Sequence[CommitmentChange],
) -> ModuleChange:
    old_numbers, new_numbers = ({item.number for item in side} for side in (old, new))

    def is_here(change: CommitmentChange) -> bool:
        # A change is told once, where the commitment is now; what is removed, where it was.
        if change.new:
            return change.new[0].module in new_numbers
        return change.old[0].module in old_numbers

    here = [change for change in changes if is_here(change)]
    return ModuleChange(
        kind=link.kind,
        old=old,
        new=new,
        note=link.note,
        certainty=link.certainty,
        source=link.source,
        commitments=tuple(sorted(here, key=lambda change: KINDS.index(change.kind))),
    )


# --- As JSON ----------------------------------------------------------------------------------
def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as lists, texts and numbers; shape in docs/how-to/referential.md."""
    return {
        "old": {"slug": comparison.old.slug, "name": comparison.old.name},
        "new": {"slug": comparison.new.slug, "name": comparison.new.name},
        "note": comparison.new.mapping_note,
        "summary": _summary(comparison),
        "modules": [_module_json(module) for module in comparison.modules],
    }


def _summary(comparison: Comparison) -> dict[str, dict[str, list[Any]]]:
    modules: dict[str, list[Any]] = {kind.value: [] for kind in ChangeKind}
    commitments: dict[str, list[Any]] = {kind.value: [] for kind in ChangeKind}
    for module in comparison.modules:
        modules[module.kind.value].append(module.main.number)
        for change in module.commitments:
            commitments[change.kind.value].append(change.codes)
    del modules[ChangeKind.REWORDED.value], commitments[ChangeKind.RENAMED.value]
    return {"modules": modules, "commitments": commitments}


def _module_json(change: ModuleChange) -> dict[str, Any]:
    def text(item: ModuleText) -> dict[str, Any]:
        return {"number": item.number, "title": item.title, "certainty": item.certainty.value}

    by_kind: dict[str, list[dict[str, Any]]] = {kind.value: [] for kind in KINDS}
    for item in change.commitments:
        by_kind[item.kind.value].append(_commitment_json(item))
    return {
        "kind": change.kind.value,
        "old": [text(item) for item in change.old],
        "new": [text(item) for item in change.new],
        "certainty": change.certainty.value,
        "note": change.note,
        "source": change.source,
        "commitments": by_kind,
    }


def _commitment_json(change: CommitmentChange) -> dict[str, Any]:
    def text(item: CommitmentText) -> dict[str, Any]:
        return {
            "code": item.code,
            "module": item.module,
            "heading": item.heading,
            "wording": item.wording,
            "certainty": item.certainty.value,
        }

    return {
        "old": [text(item) for item in change.old],
        "new": [text(item) for item in change.new],
        "certainty": change.certainty.value,
        "note": change.note,
        "source": change.source,
        "words": [{"change": piece.change.value, "text": piece.text} for piece in change.pieces],
    }
