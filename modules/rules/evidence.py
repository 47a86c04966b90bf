"""Decisions about the pieces of evidence. Pure: plain values in and out."""

from collections.abc import Iterable
from enum import StrEnum

from modules.enums import EvidenceState


class Gap(StrEnum):
    """What a commitment lacks, from the worst."""

    MISSING = "missing"
    EXPIRED = "expired"
    SOON = "soon"


def gap_of(states: Iterable[EvidenceState], procedure_count: int = 0) -> Gap | None:
    """Return what is lacking to a commitment proved by pieces in these states.

    A procedure sheet in force proves as a valid piece does. One valid piece is enough, whatever the
    others; ``None`` when nothing is lacking.

    >>> gap_of([EvidenceState.EXPIRED, EvidenceState.SOON])
    <Gap.SOON: 'soon'>
    """
    found = set(states)
    if procedure_count or EvidenceState.VALID in found:
        return None
    if EvidenceState.SOON in found:
        return Gap.SOON
    return Gap.EXPIRED if found else Gap.MISSING
