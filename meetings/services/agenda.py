"""Writing the agenda: items, their order, their removal and their return."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.editing import is_stale
from common.typography import NBSP
from meetings import rules
from meetings.errors import ConflictError, RefusedError
from meetings.models import AgendaItem, Meeting
from meetings.selectors.agenda import agenda_tree, branches_of, order_of
from meetings.services.locks import lock_open_meeting


CHANGED_MEANWHILE = (
    "Quelqu’un d’autre vient de modifier l’ordre du jour : votre déplacement n’est pas enregistré. "
    "Rechargez la page, puis recommencez."
)


@transaction.atomic
def add_item(*, meeting: Meeting, item: AgendaItem) -> AgendaItem:
    """Save a new item, last under its parent. ``RefusedError`` when the parent cannot carry it."""
    lock_open_meeting(meeting)
    items = _items(meeting)
    siblings = [other.position for other in items.values() if other.parent_id == item.parent_id]
    item.meeting = meeting
    item.position = max(siblings, default=-1) + 1
    # 0 stands for the item that has no key yet.
    _attached(items, 0, item.parent_id)
    item.save()
    return item


@transaction.atomic
def edit_item(*, item: AgendaItem) -> AgendaItem:
    """Save a changed item; under another parent it comes last there, with all that it carries."""
    lock_open_meeting(item.meeting)
    if is_stale(item):
        raise ConflictError(
            "Quelqu’un vient de modifier ce point. Rechargez la page, puis recommencez."
        )
    items = _items(item.meeting)
    stored = items.get(item.pk)
    if stored is None:
        raise RefusedError("Ce point n’est plus à l’ordre du jour.")
    branches = _attached(items, item.pk, item.parent_id)
    place = next(branch for branch in branches if branch.pk == item.pk)
    item.position = place.position
    item.save()
    _save_places(items, (branch for branch in branches if branch.pk != item.pk))
    return item


@transaction.atomic
def remove_item(*, item: AgendaItem) -> AgendaItem:
    """Take an item off the agenda with all that it carries; ``restore_item`` brings all of it back."""
    lock_open_meeting(item.meeting)
    item.refresh_from_db()
    if item.removed_at is None:
        moment = timezone.now()
        for row in _carried(item, _items(item.meeting).values()):
            row.removed_at = moment
            row.save(update_fields=["removed_at"])
        item.refresh_from_db()
    return item


@transaction.atomic
def restore_item(*, item: AgendaItem) -> AgendaItem:
    """Put a removed item back in its place, with what left at the same moment.

    When its parent is no longer there, or now stands too deep, it comes last at the first level.
    """
    lock_open_meeting(item.meeting)
    item.refresh_from_db()
    if item.removed_at is None:
        return item
    kept = _items(item.meeting)
    gone = item.meeting.agenda_items.filter(removed_at=item.removed_at).order_by("position", "pk")
    for row in _carried(item, gone):
        row.mark_restored()
    item.refresh_from_db()
    if item.parent_id is not None and not _still_fits(item, kept):
        roots = [other.position for other in kept.values() if other.parent_id is None]
        item.parent = None
        item.position = max(roots, default=-1) + 1
        item.save(update_fields=["parent", "position"])
    return item


def _still_fits(item: AgendaItem, kept: dict[int, AgendaItem]) -> bool:
    """Tell whether the parent is still there, and high enough for all that the item carries."""
    levels = [node.level for node in agenda_tree(item.meeting)]
    return item.parent_id in kept and max(levels) <= rules.MAX_DEPTH


@transaction.atomic
def move_item(*, item: AgendaItem, direction: str) -> str:
    """Move an item « up », « down », « in » or « out »; return what happened, in words.

    ``RefusedError`` when there is nowhere to go.
    """
    lock_open_meeting(item.meeting)
    items = _items(item.meeting)
    before = _numbers(item.meeting)
    try:
        branches = rules.moved(branches_of(items.values()), item.pk, direction)
    except rules.TreeError as refusal:
        raise RefusedError(str(refusal)) from refusal
    _save_places(items, branches)
    return _told(before[item.pk], _numbers(item.meeting)[item.pk])


@transaction.atomic
def reorder_items(*, meeting: Meeting, tree: Any, seen: Any, moved_pk: Any = None) -> str:
    """Give the whole agenda the order of ``tree``, and say where ``moved_pk`` went.

    ``tree`` is ``[{"id": 3, "children": […]}]``; ``seen`` is the order that the page had loaded
    (``selectors.agenda.order_of``). ``ConflictError`` when the agenda is no longer that one;
    ``RefusedError`` when ``tree`` is no order or does not hold exactly its items.
    """
    lock_open_meeting(meeting)
    items = _items(meeting)
    nodes = agenda_tree(meeting)
    if seen != order_of(nodes):
        raise ConflictError(CHANGED_MEANWHILE)
    try:
        branches = rules.placed(tree)
    except rules.TreeError as refusal:
        raise RefusedError(str(refusal)) from refusal
    if {branch.pk for branch in branches} != set(items):
        raise ConflictError(CHANGED_MEANWHILE)
    _save_places(items, branches)
    before, after = {node.item.pk: node.number for node in nodes}, _numbers(meeting)
    if isinstance(moved_pk, int) and moved_pk in before:
        return _told(before[moved_pk], after[moved_pk])
    return "L’ordre du jour est enregistré."


def _items(meeting: Meeting) -> dict[int, AgendaItem]:
    return {item.pk: item for item in meeting.agenda_items.kept()}


def _numbers(meeting: Meeting) -> dict[int, str]:
    return {node.item.pk: node.number for node in agenda_tree(meeting)}


def _told(before: str, after: str) -> str:
    if before == after:
        return f"Le point {before} reste à sa place."
    return f"Le point{NBSP}{before} est maintenant le point{NBSP}{after}."


def _attached(items: dict[int, AgendaItem], pk: int, parent_pk: int | None) -> list[rules.Branch]:
    try:
        return rules.attached(branches_of(items.values()), pk, parent_pk)
    except rules.TreeError as refusal:
        raise RefusedError(str(refusal)) from refusal


def _save_places(items: dict[int, AgendaItem], branches: Iterable[rules.Branch]) -> None:
    """Save the items whose place changed, and no other."""
    for branch in branches:
        item = items[branch.pk]
        if (item.parent_id, item.position) != (branch.parent_pk, branch.position):
            item.parent_id = branch.parent_pk
            item.position = branch.position
            item.save(update_fields=["parent", "position"])


def _carried(item: AgendaItem, rows: Iterable[AgendaItem]) -> list[AgendaItem]:
    """Return the item and, among ``rows``, all that it carries."""
    by_parent: dict[int | None, list[AgendaItem]] = {}
    for row in rows:
        by_parent.setdefault(row.parent_id, []).append(row)
    carried = [item]
    for row in carried:
        carried += by_parent.get(row.pk, [])
    return carried
