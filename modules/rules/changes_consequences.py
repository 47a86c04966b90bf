"""What a change of référentiel does to the work of a démarche, module by module. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from modules.rules.changes import Comparison, Consequence, ModuleChange, consequence_of


@dataclass(frozen=True, slots=True)
class Held:
    """What a démarche holds on a commitment: answers of services, ids of the pieces joined."""

    answers: int = 0
    pieces: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class ModuleConsequence:
    """What becomes of it under one change of module; ``new``: commitments to assess.

    ``kept_pieces`` follow a commitment that goes on, ``lost_pieces`` follow none.
    """

    change: ModuleChange
    answers: Mapping[Consequence, int]
    new: int
    kept_pieces: int
    lost_pieces: int

    @property
    def sentence(self) -> str:
        """« 12 réponses reprises telles quelles, 3 à relire ; 1 engagement nouveau à évaluer. »"""
        parts = [part for part in (self._answers(), self._new(), self._pieces()) if part]
        return f"{' ; '.join(parts)}." if parts else "Rien à reprendre."

    @property
    def line(self) -> str:
        """The same after the number of the module, for a list."""
        return f"Module {self.change.main.number} : {self.sentence}"

    def _answers(self) -> str:
        told = (
            (Consequence.CARRIED, "reprise telle quelle", "reprises telles quelles"),
            (Consequence.TO_REVIEW, "à relire", "à relire"),
            (Consequence.DROPPED, "sans suite", "sans suite"),
        )
        counts = [(self.answers.get(what, 0), one, many) for what, one, many in told]
        parts = [
            f"{number} {many if number > 1 else one}" for number, one, many in counts if number
        ]
        if not parts:
            return ""
        first = next(number for number, _, _ in counts if number)
        word = "réponses" if first > 1 else "réponse"
        return ", ".join([parts[0].replace(" ", f" {word} ", 1), *parts[1:]])

    def _new(self) -> str:
        many = "s" if self.new > 1 else ""
        adjective = "nouveaux" if self.new > 1 else "nouveau"
        return f"{self.new} engagement{many} {adjective} à évaluer" if self.new else ""

    def _pieces(self) -> str:
        parts = []
        if self.kept_pieces:
            many = self.kept_pieces > 1
            parts.append(
                f"{self.kept_pieces} pièce{'s' if many else ''} reprise{'s' if many else ''}"
            )
        if self.lost_pieces:
            many = self.lost_pieces > 1
            parts.append(f"{self.lost_pieces} pièce{'s' if many else ''} sans engagement à prouver")
        return ", ".join(parts)


def consequences_by_module(
    comparison: Comparison, held: Mapping[str, Held], retained: Collection[int]
) -> list[ModuleConsequence]:
    """Return what becomes of ``held`` (by old code), in the order of the comparison.

    ``retained``: numbers of the old modules of the démarche; what is new counts in them only.
    """
    found = [
        _consequence(change, held, is_retained=any(item.number in retained for item in change.old))
        for change in comparison.modules
    ]
    return [
        item
        for item in found
        if item.new or item.kept_pieces or item.lost_pieces or any(item.answers.values())
    ]


def _consequence(
    change: ModuleChange, held: Mapping[str, Held], *, is_retained: bool
) -> ModuleConsequence:
    answers: Counter[Consequence] = Counter()
    kept: set[int] = set()
    lost: set[int] = set()
    for item in change.commitments:
        what = consequence_of(item.kind)
        for old in item.old:
            work = held.get(old.code, Held())
            answers[what] += work.answers
            (lost if what is Consequence.DROPPED else kept).update(work.pieces)
    added = [item for item in change.commitments if consequence_of(item.kind) is Consequence.NEW]
    return ModuleConsequence(
        change=change,
        answers=answers,
        new=len(added) if is_retained else 0,
        kept_pieces=len(kept),
        # A piece that proves something else too is not lost.
        lost_pieces=len(lost - kept),
    )
