"""Steps of an action: added, changed, ticked, put in order, taken off."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from action_plans.models import Action, Step
from action_plans.services.ordering import shift
from common.typography import date_in_words
from modules.models.scoping import kept
from modules.services.writing import remove, restore, write


@transaction.atomic
def add_step(*, action: Action, values: Mapping[str, Any]) -> Step:
    """Add a step at the end: ``title``, ``owner_name``, ``due_on``.

    The same step sent twice is one step. Raises ``ValidationError``.
    """
    rows = Step.objects.filter(kept(), action=action)
    twin: Step | None = rows.filter(done_on__isnull=True, **dict(values)).first()
    if twin is not None:
        return twin
    last = rows.aggregate(last=Max("position"))["last"]
    step = Step(action=action, position=0 if last is None else last + 1)
    _write(step, values)
    return step


@transaction.atomic
def update_step(*, step: Step, values: Mapping[str, Any]) -> Step:
    """Change some fields of a step."""
    _write(step, values)
    return step


def _write(step: Step, values: Mapping[str, Any]) -> None:
    _refuse_after_action(step.action, values.get("due_on"))
    write(step, values)


def _refuse_after_action(action: Action, due_on: date | None) -> None:
    if due_on is not None and action.due_on is not None and due_on > action.due_on:
        raise ValidationError(
            {
                "due_on": f"L’étape finirait le {date_in_words(due_on)}, après l’échéance de l’action, "
                f"le {date_in_words(action.due_on)}. Avancez l’étape, ou repoussez d’abord l’échéance."
            }
        )


@transaction.atomic
def tick_step(*, step: Step, done: bool) -> Step:
    """Say that a step is done today, or not yet; saying it twice changes nothing."""
    if done != (step.done_on is not None):
        write(step, {"done_on": timezone.localdate() if done else None})
    return step


@transaction.atomic
def shift_step(*, step: Step, up: bool) -> Step:
    """Move a step one place up or down; at the end of the list, nothing moves."""
    rows = Step.objects.filter(kept(), action=step.action_id).order_by("position", "pk")
    shift(step, rows, up=up)
    return step


@transaction.atomic
def remove_step(*, step: Step) -> Step:
    """Take a step off the page."""
    return remove(step)


@transaction.atomic
def restore_step(*, step: Step) -> Step:
    """Put a step back, unless the action now ends before it."""
    if step.done_on is None:
        _refuse_after_action(step.action, step.due_on)
    return restore(step)
