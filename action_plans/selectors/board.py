"""Reads of the board: the actions of a préfecture in the column of their state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.access import Scope
from action_plans.enums import CLOSED_STATES, ActionState
from action_plans.models import Action
from action_plans.selectors.actions import ActionLine, lines_of
from action_plans.selectors.rights import may_move
from action_plans.workflow import transitions_from


# Beyond, a column is no longer read: the list is.
CARDS_PER_COLUMN = 50


@dataclass(frozen=True, slots=True)
class Target:
    """A column where this reader may put a card; ``act``: what it does, in the user's words."""

    state: ActionState
    act: str
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class Card:
    """An action as the board shows it, with the columns where this reader may put it."""

    line: ActionLine
    targets: list[Target]


@dataclass(frozen=True, slots=True)
class Column:
    """The actions in one state. ``count`` counts them all, shown or not."""

    state: ActionState
    count: int
    cards: list[Card]

    @property
    def hidden_count(self) -> int:
        """How many the column does not show."""
        return self.count - len(self.cards)


@dataclass(frozen=True, slots=True)
class Board:
    """The columns of what goes on, and those where actions end."""

    going: list[Column]
    closed: list[Column]

    @property
    def columns(self) -> list[Column]:
        """Every column, in the order of the page."""
        return [*self.going, *self.closed]

    @property
    def is_movable(self) -> bool:
        """Whether this reader may move one of the cards."""
        return any(card.targets for column in self.columns for card in column.cards)

    @property
    def count(self) -> int:
        """Actions of every column."""
        return sum(column.count for column in self.columns)


def board_of(actions: QuerySet[Any], scope: Scope, today: date) -> Board:
    """Return the board of these actions (``actions_for_list``, filtered): 2 queries."""
    counted = actions.order_by().values_list("state").annotate(n=Count("pk", distinct=True))
    counts = dict(counted)
    columns = {state: Column(state, counts.get(state, 0), []) for state in ActionState}
    for card in cards_of(_first_of_each_state(actions), scope, today):
        columns[card.line.action.current_state].cards.append(card)
    return Board(
        going=[column for state, column in columns.items() if state not in CLOSED_STATES],
        closed=[column for state, column in columns.items() if state in CLOSED_STATES],
    )


def _first_of_each_state(actions: QuerySet[Any]) -> QuerySet[Any]:
    """Keep the most pressing actions of each state: those due first, then the most urgent."""
    order = (F("due_on").asc(nulls_last=True), F("priority").asc(), F("number").asc())
    ranked = actions.annotate(
        rank=Window(RowNumber(), partition_by=[F("state")], order_by=list(order))
    )
    return ranked.filter(rank__lte=CARDS_PER_COLUMN).order_by(*order)


def cards_of(actions: Iterable[Action], scope: Scope, today: date) -> list[Card]:
    """Describe actions whose service and owner are already fetched."""
    return [Card(line, targets_of(line.action, scope)) for line in lines_of(actions, today)]


def targets_of(action: Action, scope: Scope) -> list[Target]:
    """Return the columns where this reader may put the action, in the order of the board."""
    found = {
        item.target: Target(item.target, item.label, item.needs_reason)
        for item in transitions_from(action.state)
        if may_move(action, scope, item)
    }
    return [found[state] for state in ActionState if state in found]
