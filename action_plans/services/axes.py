"""Axes of the plan: added, renamed, put in order, taken off."""

from django.db import transaction
from django.db.models import Max

from accounts.models import Prefecture
from action_plans.models import Axis
from action_plans.services.ordering import shift
from modules.models.scoping import kept
from modules.services.writing import remove, restore, write


@transaction.atomic
def add_axis(*, prefecture: Prefecture, title: str) -> Axis:
    """Add an axis at the end."""
    last = Axis.objects.filter(prefecture=prefecture).aggregate(last=Max("position"))["last"]
    axis = Axis(prefecture=prefecture, position=0 if last is None else last + 1)
    write(axis, {"title": title})
    return axis


@transaction.atomic
def rename_axis(*, axis: Axis, title: str) -> Axis:
    """Give another title; actions follow."""
    write(axis, {"title": title})
    return axis


@transaction.atomic
def shift_axis(*, axis: Axis, up: bool) -> Axis:
    """Move an axis one place up or down; at the end of the list, nothing moves."""
    rows = Axis.objects.filter(kept(), prefecture=axis.prefecture_id)
    shift(axis, rows.order_by("position", "title", "pk"), up=up)
    return axis


@transaction.atomic
def remove_axis(*, axis: Axis) -> Axis:
    """Take an axis off the pages: its actions are shown without one, and find it again if it is put back."""
    return remove(axis)


@transaction.atomic
def restore_axis(*, axis: Axis) -> Axis:
    """Put an axis back; ``ValidationError`` when a twin was written meanwhile."""
    return restore(axis)
