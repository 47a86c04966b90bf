"""Actions for the tests."""

from datetime import date
from typing import Any

from accounts.models import Prefecture
from action_plans.models import Action, Step
from action_plans.services.actions import open_action
from action_plans.services.steps import add_step


DUE_ON = date(2022, 6, 30)


def make_action(
    prefecture: Prefecture, title: str = "Ajouter des créneaux", by: Any = None, **values: Any
) -> Action:
    """Open an action due on ``DUE_ON`` unless told otherwise."""
    given = {"title": title, "due_on": DUE_ON, **values}
    return open_action(prefecture=prefecture, values=given, by=by)


def make_undated(prefecture: Prefecture, *args: Any, **values: Any) -> Action:
    """Open an action without any day unless told otherwise; the rest as ``make_action``."""
    return make_action(prefecture, *args, **{"due_on": None, **values})


def make_step(action: Action, title: str = "Écrire la note", **values: Any) -> Step:
    """Add a step without a date unless told otherwise."""
    return add_step(
        action=action, values={"title": title, "owner_name": "", "due_on": None, **values}
    )
