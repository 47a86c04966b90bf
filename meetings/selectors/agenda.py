"""Reads of the agenda."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from meetings.models import AgendaItem, Meeting
from meetings.rules import MAX_DEPTH, Branch, numbered
from reports.registry import section_choices


@dataclass(frozen=True, slots=True)
class AgendaNode:
    """An item in its place: number (« 2.1 »), level (1 to 3), where it can go, what it carries."""

    item: AgendaItem
    number: str
    level: int
    is_leaf: bool
    can_move_up: bool
    can_move_down: bool
    can_move_in: bool
    can_move_out: bool
    children: list["AgendaNode"] = field(default_factory=list)

    @property
    def is_first(self) -> bool:
        """First among the items of its level under the same parent."""
        return not self.can_move_up

    @property
    def is_last(self) -> bool:
        return not self.can_move_down

    @property
    def can_carry(self) -> bool:
        """Tell whether there is a level left under it."""
        return self.level < MAX_DEPTH

    @property
    def section_title(self) -> str:
        """Words of the data that it announces; empty without any."""
        return section_title(self.item.section)


def section_title(code: str) -> str:
    """Return the title of declared data; the bare code when no app declares it any more."""
    return dict(section_choices()).get(code, code)


def branches_of(items: Iterable[AgendaItem]) -> list[Branch]:
    """Return the places of these items, as ``meetings.rules`` wants them."""
    return [Branch(item.pk, item.parent_id, item.position) for item in items]


def agenda_tree(meeting: Meeting) -> list[AgendaNode]:
    """Return the items of the agenda in reading order (1 query); ``level == 1`` are the roots."""
    items = {item.pk: item for item in meeting.agenda_items.kept()}
    nodes: dict[int, AgendaNode] = {}
    for place in numbered(branches_of(items.values())):
        item = items[place.pk]
        node = AgendaNode(
            item=item,
            number=place.number,
            level=place.level,
            is_leaf=place.is_leaf,
            can_move_up=place.can_move_up,
            can_move_down=place.can_move_down,
            can_move_in=place.can_move_in,
            can_move_out=place.can_move_out,
        )
        nodes[place.pk] = node
        if item.parent_id in nodes:
            nodes[item.parent_id].children.append(node)
    return list(nodes.values())


def order_of(nodes: Iterable[AgendaNode]) -> list[list[int | None]]:
    """Return the order as the page saw it, ``[[pk, parent pk or None], …]``: compared at each drag."""
    return [[node.item.pk, node.item.parent_id] for node in nodes]


def parent_choices(meeting: Meeting, item: AgendaItem | None = None) -> list[tuple[int, str]]:
    """Return (pk, « 2.1 Titre ») of the items under which ``item`` (or a new one) may stand (1 query).

    Left out: the item itself, what it carries, and places where it would go too deep.
    """
    nodes = agenda_tree(meeting)
    own = next((node for node in nodes if item and node.item.pk == item.pk), None)
    excluded = {node.item.pk for node in _subtree(own)} if own else set()
    height = max((node.level for node in _subtree(own)), default=0) - own.level + 1 if own else 1
    return [
        (node.item.pk, f"{node.number} {node.item.title}")
        for node in nodes
        if node.item.pk not in excluded and node.level + height <= MAX_DEPTH
    ]


def _subtree(node: AgendaNode) -> list[AgendaNode]:
    return [node, *(below for child in node.children for below in _subtree(child))]
