"""What the plan of actions made of the decisions and questions of a meeting."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.access import Scope
from action_plans.models import Origin
from action_plans.selectors.signals import OpenedActions, opened_from
from meetings.action_sources import DECISION, DecisionSource, QuestionSource, RowSource
from meetings.models import Decision, Minutes, Question


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A decision, or a question left without an answer, and its actions."""

    kind: str
    text: str
    owner: str
    due_on: date | None
    opened: OpenedActions | None


def add_actions(
    *, decisions: Sequence[Decision], questions: Sequence[Question], scope: Scope
) -> None:
    """Tell, under each of these rows, the actions opened from it (2 queries): ``row.opened``."""
    _add_actions(DecisionSource(), decisions, scope)
    _add_actions(QuestionSource(), questions, scope)


def _add_actions(source: RowSource, rows: Sequence[Decision | Question], scope: Scope) -> None:
    if not rows:
        return
    facts = [source.named(row) for row in rows]
    opened = opened_from(source.code, facts, scope, timezone.localdate())
    for row in rows:
        row.opened = opened.get(str(row.lineage))


def follow_up_of(minutes: Minutes, scope: Scope) -> list[FollowUp]:
    """Return what a version decided and left unanswered, with its actions (4 queries)."""
    kept = {"removed_at__isnull": True}
    decisions = list(minutes.decisions.filter(**kept).order_by("position", "pk"))
    asked = minutes.questions.filter(answer="", **kept).select_related("asker__body")
    questions = list(asked.order_by("position", "pk"))
    add_actions(decisions=decisions, questions=questions, scope=scope)
    rows = [FollowUp("Décision", row.text, row.owner, row.due_on, row.opened) for row in decisions]
    return rows + [
        FollowUp("Question sans réponse", row.text, row.asker_label, None, row.opened)
        for row in questions
    ]


def action_numbers(decisions: Iterable[Decision]) -> dict[int, list[int]]:
    """Return by ``lineage`` the numbers of the actions opened from these decisions (1 query)."""
    references = {str(row.lineage) for row in decisions}
    origins = Origin.objects.filter(
        source=DECISION, reference__in=references, action__removed_at__isnull=True
    )
    found: dict[int, list[int]] = defaultdict(list)
    for reference, number in origins.order_by("action__number").values_list(
        "reference", "action__number"
    ):
        found[int(reference)].append(number)
    return found
