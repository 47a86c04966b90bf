"""Actions: opened, changed, moved from state to state, taken off and put back."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Permission, Scope
from accounts.models import Prefecture, User
from action_plans.enums import ActionState, Verdict
from action_plans.models import Action, ActionCounter
from action_plans.workflow import TRANSITIONS, Transition
from modules.services.writing import remove, restore, write


MANY = ("modules", "commitments")
_VERDICTS = {
    ActionState.EFFECTIVE: Verdict.EFFECTIVE,
    ActionState.INEFFECTIVE: Verdict.INEFFECTIVE,
}


def next_number(prefecture: Prefecture) -> int:
    """Take the next number of the préfecture; its counter stays locked until the commit."""
    ActionCounter.objects.get_or_create(prefecture=prefecture)
    counter = ActionCounter.objects.select_for_update().get(prefecture=prefecture)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return counter.last_number


@transaction.atomic
def open_action(
    *, prefecture: Prefecture, values: Mapping[str, Any], by: User | None = None
) -> Action:
    """Open an action: ``values`` by field name (``modules``, ``commitments``: lists of rows).

    Raises ``ValidationError``; nothing is written then.
    """
    action = Action(
        prefecture=prefecture,
        number=next_number(prefecture),
        state_since=timezone.localdate(),
        created_by=by,
    )
    write_action(action, values)
    return action


@transaction.atomic
def update_action(*, action: Action, values: Mapping[str, Any]) -> Action:
    """Change some fields; never the state, which has its own acts."""
    if "state" in values:
        raise ValidationError("L’état change par ses boutons, qui demandent pourquoi.")
    write_action(action, values)
    return action


def write_action(action: Action, values: Mapping[str, Any]) -> None:
    """Check and save; rows of another préfecture are refused."""
    plain = {name: value for name, value in values.items() if name not in MANY}
    _refuse_strangers(action, plain)
    write(action, plain)
    for name in MANY:
        if name in values:
            getattr(action, name).set(values[name])


def _refuse_strangers(action: Action, values: Mapping[str, Any]) -> None:
    for name in ("service", "axis"):
        row = values.get(name)
        if row is not None and row.prefecture_id != action.prefecture_id:
            raise ValidationError({name: "Ce choix est celui d’une autre préfecture."})


@transaction.atomic
def move_action(*, action: Action, code: str, scope: Scope, reason: str = "") -> Action:
    """Take one act of ``workflow.TRANSITIONS``; ``ValidationError`` when it is not allowed now."""
    transition = TRANSITIONS.get(code)
    if transition is None or action.state not in transition.sources:
        raise ValidationError(
            f"L’action est « {action.current_state.label.lower()} » : cet acte n’est plus possible. "
            "Rechargez la page."
        )
    if transition.is_judgement and not scope.may(Permission.ACTION_JUDGE):
        raise ValidationError("Le référent qualité conclut sur l’effet d’une action.")
    if transition.needs_reason and not reason.strip():
        raise ValidationError({"reason": "Dites pourquoi en une phrase."})
    write(action, {**_values_of(transition, scope), "state_reason": reason.strip()})
    return action


def _values_of(transition: Transition, scope: Scope) -> dict[str, Any]:
    today = timezone.localdate()
    values: dict[str, Any] = {"state": transition.target, "state_since": today}
    if transition.target == ActionState.DONE and not transition.is_judgement:
        values |= {"done_on": today, "progress": 100}
    if transition.target == ActionState.ONGOING:
        values |= {"done_on": None}
    verdict = _VERDICTS.get(transition.target)
    values |= (
        {"verdict": verdict, "verdict_on": today, "verdict_by": scope.user}
        if verdict
        else {"verdict": "", "verdict_on": None, "verdict_by": None}
    )
    return values


@transaction.atomic
def conclude_unknown(*, action: Action, scope: Scope, reason: str) -> Action:
    """Say honestly that nobody knows the effect: the action stays « réalisée », with that verdict."""
    if not scope.may(Permission.ACTION_JUDGE):
        raise ValidationError("Le référent qualité conclut sur l’effet d’une action.")
    if action.state != ActionState.DONE:
        raise ValidationError("On conclut sur l’effet d’une action réalisée.")
    if not reason.strip():
        raise ValidationError({"reason": "Dites pourquoi on ne sait pas."})
    write(
        action,
        {
            "verdict": Verdict.UNKNOWN,
            "verdict_on": timezone.localdate(),
            "verdict_by": scope.user,
            "state_reason": reason.strip(),
        },
    )
    return action


@transaction.atomic
def remove_action(*, action: Action) -> Action:
    """Take an action off the pages; its number is never given again."""
    return remove(action)


@transaction.atomic
def restore_action(*, action: Action) -> Action:
    """Put an action back."""
    return restore(action)
