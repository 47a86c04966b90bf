"""One act on many actions: each is checked apart, what is refused is told by its number.

What can be done is done; nothing is overwritten in silence: an action changed since it was chosen is
refused, and the others are not held back by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import Scope
from action_plans.models import Action
from action_plans.selectors.rights import NOT_YOURS, may_edit
from action_plans.services.actions import move_action, update_action
from action_plans.workflow import TRANSITIONS


CHANGED = "Quelqu’un l’a modifiée depuis que vous l’avez choisie. Relisez-la ci-dessous, puis recommencez."


@dataclass(frozen=True, slots=True)
class Refusal:
    """An action left as it was, and why."""

    action: Action
    reason: str


@dataclass(slots=True)
class BulkResult:
    """What one act did: actions changed, already so, refused."""

    changed: list[Action] = field(default_factory=list)
    unchanged: list[Action] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BulkAct:
    """What is asked of every action: new values, and an act of the workflow with its reason."""

    values: Mapping[str, Any]
    code: str = ""
    reason: str = ""


def act_on_many(*, actions: list[tuple[Action, int]], act: BulkAct, scope: Scope) -> BulkResult:
    """Do one act on actions, each with the revision at which the reader chose it.

    Each action is a transaction of its own.
    """
    result = BulkResult()
    for action, read in actions:
        try:
            is_changed = _act_on(action, read, act, scope)
        except ValidationError as refusal:
            result.refused.append(Refusal(action, " ".join(refusal.messages)))
        else:
            (result.changed if is_changed else result.unchanged).append(action)
    return result


@transaction.atomic
def _act_on(action: Action, read: int, act: BulkAct, scope: Scope) -> bool:
    values = {name: value for name, value in act.values.items() if getattr(action, name) != value}
    transition = TRANSITIONS.get(act.code)
    is_moved = transition is not None and action.state == transition.target
    if not values and (transition is None or is_moved):
        return False
    if action.revision != read:
        raise ValidationError(CHANGED)
    if values:
        if not may_edit(action, scope):
            raise ValidationError(NOT_YOURS)
        update_action(action=action, values=values)
    if transition is not None and not is_moved:
        move_action(action=action, code=act.code, scope=scope, reason=act.reason)
    return True
