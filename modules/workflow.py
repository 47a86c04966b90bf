"""Allowed transitions of a démarche, as data."""

from dataclasses import dataclass

from modules.enums import CycleState


S = CycleState


@dataclass(frozen=True, slots=True)
class Closing:
    """One way for a démarche to close: from which state to which, in the user's words."""

    code: str
    label: str
    source: CycleState
    target: CycleState


CLOSINGS: dict[str, Closing] = {
    closing.code: closing
    for closing in (
        Closing("refused", "Label refusé", S.PREPARATION, S.ENDED),
        Closing("abandoned", "Démarche abandonnée", S.PREPARATION, S.ENDED),
        Closing("expired", "Label arrivé à échéance", S.LABELLED, S.ENDED),
        Closing("lost", "Label perdu", S.LABELLED, S.LOST),
    )
}
# What follows a decision: the démarche gets its label, the one that it renews passes on its own.
TRANSITIONS: dict[CycleState, frozenset[CycleState]] = {
    S.PREPARATION: frozenset({S.LABELLED, S.ENDED}),
    S.LABELLED: frozenset({S.RENEWED, S.LOST, S.ENDED}),
    S.RENEWED: frozenset(),
    S.LOST: frozenset(),
    S.ENDED: frozenset(),
}


def closings_of(state: str) -> list[Closing]:
    """Return the ways to close a démarche in this state; none when it is already closed."""
    return [closing for closing in CLOSINGS.values() if closing.source == state]


def is_allowed(source: str, target: str) -> bool:
    """Tell whether a démarche may pass from one state to the other."""
    return CycleState(target) in TRANSITIONS[CycleState(source)]
