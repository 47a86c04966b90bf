"""A card of the board is put in another column: once, knowingly, or not at all."""

from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import Scope
from action_plans.enums import ActionState
from action_plans.models import Action
from action_plans.selectors.board import targets_of
from action_plans.selectors.rights import NOT_YOURS, may_move
from action_plans.services.actions import move_action
from action_plans.workflow import transition_between
from common.typography import NBSP


class MoveOutcome(StrEnum):
    """What became of a move."""

    DONE = "done"
    ALREADY = "already"  # the answer to a first sending was lost: nothing is written twice
    STALE = "stale"  # somebody changed the action meanwhile
    REFUSED = "refused"
    NEEDS_REASON = "reason"


@dataclass(frozen=True, slots=True)
class Moved:
    """The outcome, and a sentence for whoever moved the card."""

    outcome: MoveOutcome
    message: str


@transaction.atomic
def move_card(
    *, action: Action, target: ActionState, revision: int, scope: Scope, reason: str = ""
) -> Moved:
    """Put the action in the state ``target`` if it is still at ``revision``; never twice.

    Writes nothing unless the outcome is « done »; ``action`` is then as stored.
    """
    if action.state == target:
        return Moved(
            MoveOutcome.ALREADY,
            f"L’action n°{NBSP}{action.number} est «{NBSP}{target.label}{NBSP}».",
        )
    if action.revision != revision:
        return Moved(MoveOutcome.STALE, _who_changed(action))
    transition = transition_between(action.state, target)
    if transition is None or not may_move(action, scope, transition):
        return Moved(MoveOutcome.REFUSED, _why_not(action, target, scope))
    if transition.needs_reason and not reason.strip():
        return Moved(MoveOutcome.NEEDS_REASON, "Dites pourquoi en une phrase.")
    try:
        move_action(action=action, code=transition.code, scope=scope, reason=reason)
    except ValidationError as refusal:
        action.refresh_from_db()
        return Moved(MoveOutcome.REFUSED, " ".join(refusal.messages))
    return Moved(
        MoveOutcome.DONE,
        f"L’action n°{NBSP}{action.number} est passée à «{NBSP}{target.label}{NBSP}».",
    )


def _who_changed(action: Action) -> str:
    latest = (
        action.history.select_related("history_user")
        .order_by("-history_date", "-history_id")
        .first()
    )
    who = str(latest.history_user) if latest and latest.history_user else "Quelqu’un"
    return (
        f"{who} a modifié l’action n°{NBSP}{action.number} entre-temps : elle est maintenant "
        f"«{NBSP}{action.current_state.label}{NBSP}». Votre déplacement n’a pas été appliqué ; "
        "recommencez-le s’il est toujours utile."
    )


def _why_not(action: Action, target: ActionState, scope: Scope) -> str:
    labels = [f"«{NBSP}{item.state.label}{NBSP}»" for item in targets_of(action, scope)]
    if not labels:
        return NOT_YOURS
    return (
        f"Vous ne pouvez pas passer cette action de «{NBSP}{action.current_state.label}{NBSP}» à "
        f"«{NBSP}{target.label}{NBSP}». Elle peut passer à : {', '.join(labels)}."
    )
