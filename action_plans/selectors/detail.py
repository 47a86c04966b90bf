"""The page of one action: everything it draws, in a constant number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.access import Scope
from action_plans.models import (
    Action,
    ActionComment,
    ActionEvidence,
    Origin,
    Step,
    SuccessMeasure,
)
from action_plans.registry import DrawnCard, action_cards
from action_plans.selectors import actions as reads
from action_plans.selectors.rights import Rights, may_move, rights_on
from action_plans.selectors.signals import MeasureLine, OriginLine, measures_of, origins_of
from action_plans.workflow import Transition, transitions_from
from common.history import HistoryEntry, history_entries
from modules.models import Commitment, LabelCycle, Module


@dataclass(frozen=True, slots=True)
class ActionPage:
    """What ``action_plans/actions/detail.html`` draws."""

    action: Action
    rights: Rights
    is_late: bool
    life: list[dict[str, str]]
    primary: Transition | None
    others: list[Transition]
    may_conclude: bool
    follow_up: reads.FollowUp
    modules: list[Module]
    commitments: list[Commitment]
    origins: tuple[OriginLine, ...]
    measures: tuple[MeasureLine, ...]
    steps: list[reads.StepLine]
    pieces: list[ActionEvidence]
    comments: list[ActionComment]
    cards: list[DrawnCard]
    cycle: LabelCycle | None
    history: list[HistoryEntry] | None

    @property
    def done_count(self) -> int:
        """Number of steps done."""
        return sum(line.step.done_on is not None for line in self.steps)


def action_page(action: Action, scope: Scope, today: date) -> ActionPage:
    """Collect the page of an action for this reader; what is private is left out for an auditor."""
    action = reads.action_for_page(action)
    rights = rights_on(action, scope)
    steps = reads.steps_of(action, today)
    acts = [item for item in transitions_from(action.state) if may_move(action, scope, item)]
    measures = measures_of(action, today)
    may_conclude = any(item.code in _CONCLUSIONS for item in acts)
    primary = next((item for item in acts if item.code in _NEXT), None)
    return ActionPage(
        action=action,
        rights=rights,
        is_late=action.is_late_on(today),
        life=reads.life_of(action),
        primary=primary,
        others=[item for item in acts if item is not primary and item.code not in _CONCLUSIONS],
        may_conclude=may_conclude,
        follow_up=reads.follow_up(action, steps, today, bool(measures)),
        modules=list(action.modules.order_by("number", "pk")),
        commitments=list(
            action.commitments.select_related("heading__module").order_by(
                "heading__module__number", "position", "pk"
            )
        ),
        origins=origins_of(action, scope),
        measures=measures,
        steps=steps,
        pieces=list(reads.pieces_of(action, scope)),
        comments=list(reads.comments_of(action)) if rights.read_comments else [],
        cards=action_cards(action, scope),
        cycle=reads.open_cycle(scope),
        history=_history(action) if rights.read_comments else None,
    )


# The next step of the life of an action, in this order: « réalisée » from « à lancer » comes second.
_NEXT = ("start", "finish")
# One page asks which conclusion.
_CONCLUSIONS = ("judge_effective", "judge_ineffective")


def _history(action: Action) -> list[HistoryEntry]:
    children: list[tuple[Any, str]] = [
        (Step, "action"),
        (Origin, "action"),
        (SuccessMeasure, "action"),
        (ActionComment, "action"),
    ]
    return history_entries(action, children=children)
