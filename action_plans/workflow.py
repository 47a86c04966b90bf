"""Allowed transitions of an action, as data."""

from dataclasses import dataclass

from action_plans.enums import ActionState


S = ActionState


@dataclass(frozen=True, slots=True)
class Transition:
    """One act: from which states to which, in the user's words.

    ``needs_reason``: the act asks why. ``is_judgement``: only who may give a verdict does it.
    """

    code: str
    label: str
    sources: frozenset[ActionState]
    target: ActionState
    needs_reason: bool = False
    is_judgement: bool = False


TRANSITIONS: dict[str, Transition] = {
    item.code: item
    for item in (
        Transition("start", "Lancer l’action", frozenset({S.TO_START}), S.ONGOING),
        Transition("finish", "Déclarer réalisée", frozenset({S.TO_START, S.ONGOING}), S.DONE),
        Transition(
            "postpone",
            "Remettre à plus tard",
            frozenset({S.ONGOING}),
            S.TO_START,
            needs_reason=True,
        ),
        Transition(
            "resume",
            "Reprendre l’action",
            frozenset({S.DONE, S.INEFFECTIVE, S.ABANDONED}),
            S.ONGOING,
            needs_reason=True,
        ),
        Transition(
            "judge_effective",
            "Conclure : efficace",
            frozenset({S.DONE}),
            S.EFFECTIVE,
            needs_reason=True,
            is_judgement=True,
        ),
        Transition(
            "judge_ineffective",
            "Conclure : inefficace",
            frozenset({S.DONE}),
            S.INEFFECTIVE,
            needs_reason=True,
            is_judgement=True,
        ),
        Transition(
            "review",
            "Revoir la conclusion",
            frozenset({S.EFFECTIVE, S.INEFFECTIVE}),
            S.DONE,
            needs_reason=True,
            is_judgement=True,
        ),
        Transition(
            "abandon",
            "Abandonner l’action",
            frozenset({S.TO_START, S.ONGOING, S.DONE}),
            S.ABANDONED,
            needs_reason=True,
        ),
    )
}


def transitions_from(state: str) -> list[Transition]:
    """Return the acts allowed in this state, in the order of their buttons."""
    return [item for item in TRANSITIONS.values() if state in item.sources]


def transition_between(source: str, target: str) -> Transition | None:
    """Return the act that leads from one state to the other; ``None`` when no act does."""
    return next(
        (item for item in TRANSITIONS.values() if source in item.sources and item.target == target),
        None,
    )
