"""Reads of the axes of a plan."""

from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When

from accounts.access import Scope
from action_plans.models import Axis
from modules.models.scoping import kept


def _of_shown_axis(name: str) -> Case:
    return Case(When(axis__removed_at__isnull=True, then=F(name)))


# The axis under which an action is shown, as ``Action.shown_axis``: rank, title and key, for ordering.
SHOWN_AXIS_ORDER: tuple[Any, ...] = tuple(
    _of_shown_axis(name) for name in ("axis__position", "axis__title", "axis")
)


def axes_of(scope: Scope) -> QuerySet[Axis]:
    """Axes of the plan of the préfecture, in their order."""
    rows: QuerySet[Axis] = Axis.objects.visible_to(scope).filter(kept())
    return rows.order_by("position", "title", "pk")


def axes_for_list(scope: Scope) -> QuerySet[Axis]:
    """Axes with ``action_count``, the number of actions on the pages (1 query)."""
    return axes_of(scope).annotate(
        action_count=Count("actions", filter=Q(actions__removed_at__isnull=True))
    )


def removable_axes(scope: Scope) -> QuerySet[Axis]:
    """Axes of the préfecture, those taken off the pages too."""
    rows: QuerySet[Axis] = Axis.objects.visible_to(scope)
    return rows.order_by("pk")
