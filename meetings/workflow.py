"""Allowed transitions of a version of the minutes, as data."""

from dataclasses import dataclass

from accounts.access import Permission
from meetings.enums import MinutesState


@dataclass(frozen=True, slots=True)
class Transition:
    """One act: from which state to which, by whom, in the user's words."""

    code: str
    label: str
    source: MinutesState
    target: MinutesState
    permissions: tuple[Permission, ...]


TRANSITIONS: dict[str, Transition] = {
    transition.code: transition
    for transition in (
        Transition(
            "submit",
            "Soumettre à la signature du préfet",
            MinutesState.DRAFT,
            MinutesState.SUBMITTED,
            (Permission.MINUTES_WRITE, Permission.MINUTES_WRITE_ASSIGNED),
        ),
        Transition(
            "send_back",
            "Renvoyer en rédaction",
            MinutesState.SUBMITTED,
            MinutesState.DRAFT,
            (Permission.MINUTES_SIGN, Permission.MINUTES_WRITE),
        ),
        Transition(
            "validate",
            "Valider et signer le compte rendu",
            MinutesState.SUBMITTED,
            MinutesState.VALIDATED,
            (Permission.MINUTES_SIGN,),
        ),
        Transition(
            "diffuse",
            "Diffuser aux membres du comité",
            MinutesState.VALIDATED,
            MinutesState.DIFFUSED,
            (Permission.MINUTES_WRITE, Permission.MINUTES_SIGN),
        ),
    )
}


def transitions_from(state: MinutesState) -> list[Transition]:
    """Return the acts that this state allows, in their order of declaration."""
    return [transition for transition in TRANSITIONS.values() if transition.source == state]
