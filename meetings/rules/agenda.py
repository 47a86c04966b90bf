"""The agenda as a tree: numbers, moves, and a new order received whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


# « 1.2.3 » at most: deeper, nobody follows, on paper or in the room.
MAX_DEPTH = 3


class TreeError(Exception):
    """The move or the order asked is impossible; ``str()`` is the French reason."""


@dataclass(frozen=True, slots=True)
class Branch:
    """An item as stored: its identity, the item above it (``None``: none), its rank there."""

    pk: int
    parent_pk: int | None
    position: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """An item in reading order, with its number (« 2.1 »), its level (1 to 3) and its moves."""

    pk: int
    number: str
    level: int
    is_leaf: bool
    can_move_up: bool
    can_move_down: bool
    can_move_in: bool
    can_move_out: bool


Children = dict[int | None, list[int]]


def numbered(branches: Iterable[Branch]) -> list[Numbered]:
    """Return the items in reading order with their numbers.

    An item whose parent is not in ``branches`` stands at the first level: nothing is ever hidden.
    """
    children = _children(branches)
    result: list[Numbered] = []

    def visit(parent: int | None, prefix: str, level: int) -> None:
        siblings = children.get(parent, [])
        for rank, pk in enumerate(siblings):
            number = f"{prefix}{rank + 1}"
            result.append(
                Numbered(
                    pk=pk,
                    number=number,
                    level=level,
                    is_leaf=not children.get(pk),
                    can_move_up=rank > 0,
                    can_move_down=rank < len(siblings) - 1,
                    can_move_in=rank > 0 and level + _height(children, pk) <= MAX_DEPTH,
                    can_move_out=parent is not None,
                )
            )
            visit(pk, f"{number}.", level + 1)

    visit(None, "", 1)
    return result


def moved(branches: Iterable[Branch], pk: int, direction: str) -> list[Branch]:
    """Return every item with its place after moving ``pk`` « up », « down », « in » or « out ».

    « in » puts it last under its previous sibling, « out » just after its parent. Raises
    ``TreeError`` when there is nowhere to go.
    """
    children = _children(branches)
    parent, siblings = _family(children, pk)
    rank = siblings.index(pk)
    if direction == "up":
        _swap(siblings, rank - 1, rank, "Ce point est déjà le premier à son niveau.")
    elif direction == "down":
        _swap(siblings, rank, rank + 1, "Ce point est déjà le dernier à son niveau.")
    elif direction == "in":
        if rank == 0:
            raise TreeError("Aucun point ne précède celui-ci à son niveau.")
        siblings.remove(pk)
        children.setdefault(siblings[rank - 1], []).append(pk)
    elif direction == "out":
        if parent is None:
            raise TreeError("Ce point est déjà au premier niveau.")
        siblings.remove(pk)
        _, aunts = _family(children, parent)
        aunts.insert(aunts.index(parent) + 1, pk)
    else:
        raise TreeError("Ce déplacement n’existe pas.")
    _refuse_too_deep(children)
    return _branches(children)


def attached(branches: Iterable[Branch], pk: int, parent_pk: int | None) -> list[Branch]:
    """Return every item with its place once ``pk`` (known or new) stands last under ``parent_pk``.

    An item that is already there keeps its rank. Raises ``TreeError`` for an unknown parent, an item
    put under itself or under one of its own, or one level too many.
    """
    rows = list(branches)
    known = {row.pk: row.parent_pk for row in rows}
    if pk in known and known[pk] == parent_pk:
        return _branches(_children(rows))
    above = parent_pk
    while above is not None:
        if above == pk:
            raise TreeError("Un point ne peut pas être placé sous lui-même.")
        if above not in known:
            raise TreeError("Le point choisi au-dessus n’est plus à l’ordre du jour.")
        above = known[above] if known[above] in known else None
    children = _children(row for row in rows if row.pk != pk)
    # Its own children stood at the first level as long as their parent was left out.
    own = [row.pk for row in sorted(rows, key=_rank) if row.parent_pk == pk]
    children[None] = [item for item in children[None] if item not in own]
    children[pk] = own
    children.setdefault(parent_pk, []).append(pk)
    _refuse_too_deep(children)
    return _branches(children)


def placed(tree: Any) -> list[Branch]:
    """Read a whole order, ``[{"id": 3, "children": [{"id": 7, "children": []}]}]``.

    Raises ``TreeError`` when it is not one: another shape, an item twice, too deep.
    """
    children: Children = {}
    seen: set[int] = set()

    def read(nodes: Any, parent: int | None, level: int) -> None:
        if not isinstance(nodes, list):
            raise TreeError("L’ordre reçu n’est pas lisible.")
        if nodes and level > MAX_DEPTH:
            raise TreeError(_TOO_DEEP)
        for node in nodes:
            pk = node.get("id") if isinstance(node, dict) else None
            if not isinstance(pk, int) or isinstance(pk, bool):
                raise TreeError("L’ordre reçu n’est pas lisible.")
            if pk in seen:
                raise TreeError("Un même point figure deux fois dans l’ordre reçu.")
            seen.add(pk)
            children.setdefault(parent, []).append(pk)
            read(node.get("children", []), pk, level + 1)

    read(tree, None, 1)
    return _branches(children)


_TOO_DEEP = f"L’ordre du jour compte au plus {MAX_DEPTH} niveaux (1.1.1)."


def _children(branches: Iterable[Branch]) -> Children:
    """Return the ordered children of each item; ``None`` holds the first level."""
    rows = sorted(branches, key=_rank)
    known = {row.pk for row in rows}
    children: Children = {None: []}
    for row in rows:
        parent = row.parent_pk if row.parent_pk in known else None
        children.setdefault(parent, []).append(row.pk)
    return children


def _rank(branch: Branch) -> tuple[int, int]:
    return branch.position, branch.pk


def _family(children: Children, pk: int) -> tuple[int | None, list[int]]:
    for parent, siblings in children.items():
        if pk in siblings:
            return parent, siblings
    raise TreeError("Ce point n’est plus à l’ordre du jour.")


def _swap(siblings: list[int], first: int, second: int, refusal: str) -> None:
    if first < 0 or second >= len(siblings):
        raise TreeError(refusal)
    siblings[first], siblings[second] = siblings[second], siblings[first]


def _height(children: Children, pk: int) -> int:
    """Return how many levels stand on this item, itself included."""
    return 1 + max((_height(children, child) for child in children.get(pk, [])), default=0)


def _refuse_too_deep(children: Children) -> None:
    if max((_height(children, pk) for pk in children[None]), default=0) > MAX_DEPTH:
        raise TreeError(_TOO_DEEP)


def _branches(children: Children) -> list[Branch]:
    """Return the items in reading order, their positions counted from 0 under each parent."""
    result: list[Branch] = []

    def visit(parent: int | None, siblings: Sequence[int]) -> None:
        for rank, pk in enumerate(siblings):
            result.append(Branch(pk, parent, rank))
            visit(pk, children.get(pk, []))

    visit(None, children.get(None, []))
    return result
