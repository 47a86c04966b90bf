"""Allowed transitions of a measure, as data."""

from dataclasses import dataclass

from indicators.enums import MeasureState


S = MeasureState


@dataclass(frozen=True, slots=True)
class Transition:
    """One act: from which states to which, in the user's words; ``needs_reason``: it asks why."""

    code: str
    label: str
    sources: frozenset[MeasureState]
    target: MeasureState
    needs_reason: bool = False


TRANSITIONS: dict[str, Transition] = {
    item.code: item
    for item in (
        Transition("validate", "Valider", frozenset({S.ENTERED}), S.VALIDATED),
        Transition("publish", "Publier", frozenset({S.VALIDATED}), S.PUBLISHED),
        Transition(
            "reopen", "Rouvrir", frozenset({S.VALIDATED, S.PUBLISHED}), S.ENTERED, needs_reason=True
        ),
    )
}
