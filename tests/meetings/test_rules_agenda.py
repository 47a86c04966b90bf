"""Numbers of the agenda, moves in its tree, and a new order received whole."""

import pytest

from meetings.rules import Branch, TreeError, attached, moved, numbered, placed


# 1 ─ 11, 12 ─ 121        2        3 ─ 31
TREE = [
    Branch(121, 12, 0),
    Branch(3, None, 2),
    Branch(12, 1, 1),
    Branch(1, None, 0),
    Branch(31, 3, 0),
    Branch(2, None, 1),
    Branch(11, 1, 0),
]


def shape(branches: list[Branch]) -> list[tuple[str, int]]:
    return [(item.number, item.pk) for item in numbered(branches)]


def test_items_are_numbered_in_reading_order() -> None:
    assert shape(TREE) == [
        ("1", 1),
        ("1.1", 11),
        ("1.2", 12),
        ("1.2.1", 121),
        ("2", 2),
        ("3", 3),
        ("3.1", 31),
    ]
    assert [item.level for item in numbered(TREE)] == [1, 2, 2, 3, 1, 1, 2]
    assert [item.pk for item in numbered(TREE) if item.is_leaf] == [11, 121, 2, 31]


def test_each_item_knows_where_it_can_go() -> None:
    moves = {
        item.pk: "".join(
            letter
            for letter, allowed in (
                ("u", item.can_move_up),
                ("d", item.can_move_down),
                ("i", item.can_move_in),
                ("o", item.can_move_out),
            )
            if allowed
        )
        for item in numbered(TREE)
    }
    # 12 carries a third level: one deeper would be a fourth.
    assert moves == {1: "d", 11: "do", 12: "uo", 121: "o", 2: "udi", 3: "ui", 31: "o"}


def test_what_an_item_announces_is_what_a_move_accepts() -> None:
    for item in numbered(TREE):
        for direction in ("up", "down", "in", "out"):
            if getattr(item, f"can_move_{direction}"):
                assert len(moved(TREE, item.pk, direction)) == len(TREE)
            else:
                with pytest.raises(TreeError):
                    moved(TREE, item.pk, direction)


def test_an_item_under_one_that_left_stands_at_the_first_level() -> None:
    assert shape([Branch(1, None, 0), Branch(2, 99, 1)]) == [("1", 1), ("2", 2)]


def test_up_and_down_exchange_siblings_with_all_they_carry() -> None:
    assert shape(moved(TREE, 2, "up")) == [
        ("1", 2),
        ("2", 1),
        ("2.1", 11),
        ("2.2", 12),
        ("2.2.1", 121),
        ("3", 3),
        ("3.1", 31),
    ]
    assert shape(moved(moved(TREE, 2, "up"), 2, "down")) == shape(TREE)


def test_in_goes_last_under_the_previous_one_and_out_comes_just_after_the_parent() -> None:
    inside = moved(TREE, 3, "in")
    assert shape(inside)[-3:] == [("2", 2), ("2.1", 3), ("2.1.1", 31)]
    assert shape(moved(TREE, 11, "out")) == [
        ("1", 1),
        ("1.1", 12),
        ("1.1.1", 121),
        ("2", 11),
        ("3", 2),
        ("4", 3),
        ("4.1", 31),
    ]


def test_an_unknown_direction_or_item_is_refused() -> None:
    with pytest.raises(TreeError, match="n’existe pas"):
        moved(TREE, 2, "sideways")
    with pytest.raises(TreeError, match="n’est plus à l’ordre du jour"):
        moved(TREE, 77, "up")


def test_a_whole_order_is_read() -> None:
    order = [{"id": 2, "children": [{"id": 1, "children": [{"id": 3}]}]}, {"id": 4}]
    assert placed(order) == [
        Branch(2, None, 0),
        Branch(1, 2, 0),
        Branch(3, 1, 0),
        Branch(4, None, 1),
    ]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("abc", "lisible"),
        ({"id": 1}, "lisible"),
        ([1], "lisible"),
        ([{"id": "1"}], "lisible"),
        ([{"id": True}], "lisible"),
        ([{"id": 1, "children": 5}], "lisible"),
        ([{"id": 1}, {"id": 1}], "deux fois"),
        ([{"id": 1, "children": [{"id": 1}]}], "deux fois"),
        (
            [{"id": 1, "children": [{"id": 2, "children": [{"id": 3, "children": [{"id": 4}]}]}]}],
            "au plus 3 niveaux",
        ),
    ],
)
def test_what_is_not_an_order_is_refused(order: object, reason: str) -> None:
    with pytest.raises(TreeError, match=reason):
        placed(order)


def test_an_item_is_attached_last_with_all_that_it_carries() -> None:
    assert shape(attached(TREE, 3, 2))[-3:] == [("2", 2), ("2.1", 3), ("2.1.1", 31)]
    assert shape(attached(TREE, 99, 1))[4] == ("1.3", 99)
    # Already there: it keeps its rank.
    assert shape(attached(TREE, 11, 1)) == shape(TREE)


@pytest.mark.parametrize(
    ("pk", "parent", "reason"),
    [
        (1, 1, "sous lui-même"),
        (1, 121, "sous lui-même"),
        (3, 77, "n’est plus à l’ordre du jour"),
        (99, 121, "au plus 3 niveaux"),
        (3, 12, "au plus 3 niveaux"),
    ],
)
def test_loops_and_fourth_levels_are_refused(pk: int, parent: int, reason: str) -> None:
    with pytest.raises(TreeError, match=reason):
        attached(TREE, pk, parent)
