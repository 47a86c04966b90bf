"""Who owes what this week, for the letters."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from accounts.models import Prefecture
from action_plans.enums import OPEN_STATES
from action_plans.follow_up_links import Owner, link_to, owner_of
from action_plans.models import Action, Step
from action_plans.rules.follow_up import Owed, in_order


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person owes in one préfecture, late first."""

    prefecture: Prefecture
    owner: Owner
    items: list[Owed]


def open_steps() -> Prefetch:
    """Fetch the steps still to do, in their order, as ``open_steps`` (1 query)."""
    rows = Step.objects.filter(removed_at__isnull=True, done_on__isnull=True)
    return Prefetch("steps", rows.order_by("position", "pk"), to_attr="open_steps")


def digests() -> Iterator[Digest]:
    """Gather what is owed everywhere by somebody who can be written to (2 queries)."""
    actions: Any = (
        Action.objects.filter(state__in=OPEN_STATES, removed_at__isnull=True)
        .select_related("owner", "prefecture")
        .prefetch_related(open_steps())
        .order_by("prefecture", "number")
    )
    owed: dict[tuple[int, str], list[tuple[Owner, Action]]] = defaultdict(list)
    for action in actions:
        owner = owner_of(action)
        if owner is not None:
            owed[action.prefecture_id, owner.email.strip().lower()].append((owner, action))
    for pairs in owed.values():
        owner, first = pairs[0]
        yield Digest(
            first.prefecture, owner, in_order(_owed(action, holder) for holder, action in pairs)
        )


def _owed(action: Any, owner: Owner) -> Owed:
    """Tell an action by its nearest day: its own, or that of a step to do."""
    dated = [step for step in action.open_steps if step.due_on is not None]
    step = min(dated, key=lambda item: item.due_on, default=None)
    is_step = step is not None and (action.due_on is None or step.due_on < action.due_on)
    return Owed(
        number=action.number,
        title=action.title,
        due_on=step.due_on if is_step and step is not None else action.due_on,
        step=step.title if is_step and step is not None else "",
        link=link_to(action, owner),
    )
