"""Actions: opened, changed, moved from state to state, taken off and put back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Permission, Scope
from accounts.models import Prefecture, User
from action_plans.enums import ActionState, Verdict
from action_plans.models import Action, ActionCounter, Step
from action_plans.selectors.rights import NOT_YOURS, may_move
from action_plans.services.signals import add_origin
from action_plans.workflow import TRANSITIONS, Transition
from common.typography import date_in_words
from modules.models.scoping import kept
from modules.services.writing import remove, restore, write


MANY = ("modules", "commitments")
# A form sent twice within this time is one act.
TWICE = timedelta(minutes=1)
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
def open_action_from(
    *, source: str, reference: str, values: Mapping[str, Any], scope: Scope
) -> Action:
    """Open an action in the préfecture of the reader and tie it to what gave rise to it.

    Raises ``ValidationError``; neither is written then.
    """
    if scope.prefecture is None:
        raise ValidationError("Une action s’ouvre dans une préfecture.")
    action = open_action(prefecture=scope.prefecture, values=values, by=scope.user)
    add_origin(action=action, source=source, reference=reference, scope=scope)
    return action


def twin_just_opened(*, prefecture: Prefecture, title: str, by: User | None) -> Action | None:
    """Return the action that the same person has just opened under this title, if any."""
    rows = Action.objects.kept().filter(prefecture=prefecture, title=title, created_by=by)
    found: Action | None = rows.filter(created_at__gte=timezone.now() - TWICE).first()
    return found


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
    if action.pk is not None and plain.get("due_on") is not None:
        _refuse_before_steps(action, plain["due_on"])
    write(action, plain)
    for name in MANY:
        if name in values:
            getattr(action, name).set(values[name])


def _refuse_strangers(action: Action, values: Mapping[str, Any]) -> None:
    for name in ("service", "axis"):
        row = values.get(name)
        if row is not None and row.prefecture_id != action.prefecture_id:
            raise ValidationError({name: "Ce choix est celui d’une autre préfecture."})


def _refuse_before_steps(action: Action, due_on: date) -> None:
    after = Step.objects.filter(kept(), action=action, done_on__isnull=True, due_on__gt=due_on)
    step = after.order_by("-due_on", "pk").first()
    if step is not None:
        raise ValidationError(
            {
                "due_on": f"L’étape « {step.title} » est prévue le {date_in_words(step.due_on)}, après "
                "cette échéance. Avancez d’abord l’étape, ou choisissez une échéance plus lointaine."
            }
        )


@transaction.atomic
def report_progress(*, action: Action, progress: int) -> Action:
    """Say how far an open action is, in percent; the first progress launches it."""
    if not action.is_open:
        raise ValidationError(
            f"L’action est « {action.current_state.label.lower()} » : son avancement ne change plus."
        )
    values: dict[str, Any] = {"progress": progress}
    if action.state == ActionState.TO_START and progress > 0:
        values |= {"state": ActionState.ONGOING, "state_since": timezone.localdate()}
    if action.progress != progress:
        write(action, values)
    return action


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
    if not may_move(action, scope, transition):
        raise ValidationError(NOT_YOURS)
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
def conclude(*, action: Action, scope: Scope, verdict: str, reason: str) -> Action:
    """Give the référent's verdict on a finished action; see ``Verdict``."""
    if verdict == Verdict.UNKNOWN:
        return conclude_unknown(action=action, scope=scope, reason=reason)
    return move_action(action=action, code=f"judge_{verdict}", scope=scope, reason=reason)


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
