"""What an answer becomes under another référentiel. Pure: plain values in, frozen dataclasses out.

A mapping links commitments of the old référentiel to those of the new one. Kept, an answer is taken over
as it is; changed in any way, it is taken over « à revoir »; merged, the worst answer stands for all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from modules import limits
from modules.enums import AssessmentResult, ChangeKind


class Fate(StrEnum):
    """What the new démarche finds for one commitment and one service."""

    AS_IS = "as_is"
    TO_REVIEW = "to_review"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class MappingRow:
    """One link: keys of commitments; ``old`` is ``None`` when added, ``new`` when removed."""

    kind: ChangeKind
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a commitment of the new référentiel comes from, in the order of the mapping."""

    kind: ChangeKind
    old: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service had answered; ``row`` is the key of that row."""

    row: int
    result: AssessmentResult
    maturity: int | None
    comment: str
    private_note: str


@dataclass(frozen=True, slots=True)
class CarriedAnswer:
    """What a service finds on a commitment of the new référentiel."""

    fate: Fate
    answer: Answer | None

    @property
    def needs_review(self) -> bool:
        return self.fate is Fate.TO_REVIEW


# The worst first. « Non évalué » stands before « conforme »: half a proof is not one.
_WORST_FIRST = (
    AssessmentResult.NONCONFORMING,
    AssessmentResult.PARTIAL,
    AssessmentResult.NOT_ASSESSED,
    AssessmentResult.CONFORMING,
    AssessmentResult.NOT_APPLICABLE,
)
NOTHING = CarriedAnswer(Fate.NEW, None)


def origins(rows: Iterable[MappingRow]) -> dict[int, Origin]:
    """Return where each commitment of the new référentiel comes from (key: the new one)."""
    kinds: dict[int, ChangeKind] = {}
    old: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if row.new is None:
            continue
        kinds[row.new] = row.kind
        if row.old is not None:
            old[row.new].append(row.old)
    return {key: Origin(kind, tuple(old[key])) for key, kind in kinds.items()}


def destinations(found: Mapping[int, Origin]) -> dict[int, list[int]]:
    """Return where each commitment of the old référentiel leads: several when split."""
    led: dict[int, list[int]] = defaultdict(list)
    for new, origin in found.items():
        for old in origin.old:
            led[old].append(new)
    return dict(led)


def carry(origin: Origin | None, answers: Mapping[int, Answer]) -> CarriedAnswer:
    """Return what becomes of the answers of one service (key: the old commitment).

    A commitment without an answer has nothing to carry: the new one is to be assessed.
    """
    if origin is None:
        return NOTHING
    given = [answers[key] for key in origin.old if key in answers]
    if not given:
        return NOTHING
    if origin.kind is ChangeKind.KEPT:
        return CarriedAnswer(Fate.AS_IS, given[0])
    if len(given) == 1 and len(origin.old) == 1:
        return CarriedAnswer(Fate.TO_REVIEW, given[0])
    return CarriedAnswer(Fate.TO_REVIEW, _worst(given, is_whole=len(given) == len(origin.old)))


def _worst(given: Sequence[Answer], *, is_whole: bool) -> Answer:
    """One answer for several; what was not answered counts as « non évalué »."""
    ranked = sorted(given, key=lambda item: _WORST_FIRST.index(item.result))
    worst = ranked[0]
    result = worst.result
    if not is_whole:
        result = min(result, AssessmentResult.NOT_ASSESSED, key=_WORST_FIRST.index)
    levels = [item.maturity for item in given if item.maturity is not None]
    return Answer(
        row=worst.row,
        result=result,
        maturity=min(levels) if levels else None,
        comment=_together(item.comment for item in given),
        private_note=_together(item.private_note for item in given),
    )


def _together(texts: Iterable[str]) -> str:
    """Put texts one under the other; what does not fit stays in the rows they come from."""
    text = "\n\n".join(dict.fromkeys(text for text in texts if text))
    return text if len(text) <= limits.LONG_TEXT else f"{text[: limits.LONG_TEXT - 1]}…"
