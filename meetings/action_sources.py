"""What a committee gives rise to: its decisions, and the questions that it left without an answer.

A reference is the ``lineage`` of a row, which every version of the minutes shares: a correction does
not orphan the actions opened before it. The row described is the newest version's; one that the
correction took away is gone.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils.text import Truncator

from accounts.access import Permission, Scope
from action_plans.registry import OriginFact, OriginSource, register_origin, row_keys
from common.search import holding
from common.typography import date_in_words
from meetings.models import Decision, Question


DECISION, QUESTION = "meetings.decision", "meetings.question"


class RowSource(OriginSource):
    """What decisions and questions share."""

    permissions = (Permission.COMMITTEE_READ,)
    is_signal = True
    model: ClassVar[type[Any]]
    searched: ClassVar[tuple[str, ...]]
    anchor: ClassVar[str]

    def search(self, scope: Scope, query: str, limit: int = 20) -> list[OriginFact]:
        rows = self._rows(scope)
        if query:
            rows = rows.filter(holding(query, *self.searched, "minutes__meeting__title"))
        return [self._fact(row) for row in rows[:limit]]

    def describe(self, scope: Scope, references: Iterable[str]) -> dict[str, OriginFact]:
        keys = row_keys(references)
        rows = self._rows(scope).filter(Q(pk__in=keys) | Q(first_row__in=keys))
        return {str(row.lineage): self._fact(row) for row in rows}

    def weak_points(self, scope: Scope) -> list[OriginFact]:
        return [self._fact(row) for row in self._signals(self._rows(scope))]

    def named(self, row: Any) -> OriginFact:
        """Name a row of the page that is being read, without its meeting."""
        return OriginFact(reference=str(row.lineage), label=_short(row.text))

    def _signals(self, rows: Any) -> Any:
        raise NotImplementedError

    def _suggestion(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def _rows(self, scope: Scope) -> Any:
        """Rows of the newest version of each minutes, the latest meeting first."""
        if scope.prefecture_id is None:
            return self.model.objects.none()
        return (
            self.model.objects.filter(
                minutes__meeting__committee__prefecture=scope.prefecture_id,
                removed_at__isnull=True,
            )
            .annotate(newest=Max("minutes__meeting__minutes_versions__version"))
            .filter(minutes__version=F("newest"))
            .select_related("minutes__meeting__committee")
            .order_by(F("minutes__meeting__held_on").desc(nulls_last=True), "position", "pk")
        )

    def _fact(self, row: Any) -> OriginFact:
        meeting = row.minutes.meeting
        held = f" du {date_in_words(meeting.held_on)}" if meeting.held_on else ""
        return OriginFact(
            reference=str(row.lineage),
            label=_short(row.text),
            detail=_short(f"{self.label}, {meeting.committee.name}{held}"),
            url=f"{reverse('meetings:minutes', args=[meeting.slug])}#{self.anchor}-{row.pk}",
            suggestion=self._suggestion(row),
        )


@register_origin
class DecisionSource(RowSource):
    """What a committee decided: each decision calls for an action."""

    code = DECISION
    label = "Décision d’un comité"
    model = Decision
    searched = ("text", "owner")
    anchor = "decision"

    def _signals(self, rows: Any) -> Any:
        return rows

    def _suggestion(self, row: Decision) -> dict[str, Any]:
        return {
            "title": Truncator(" ".join(row.text.split())).chars(200),
            "problem": f"Décision du comité : {row.text}",
            "owner_name": row.owner[:160],
            "due_on": row.due_on,
        }


@register_origin
class QuestionSource(RowSource):
    """What somebody asked the committee. Without an answer, it is owed one."""

    code = QUESTION
    label = "Question posée en comité"
    model = Question
    searched = ("text", "asker_name", "asker__last_name")
    anchor = "question"

    def _signals(self, rows: Any) -> Any:
        return rows.filter(answer="")

    def _suggestion(self, row: Question) -> dict[str, Any]:
        answer = f"\nRéponse : {row.answer}" if row.answer else ""
        return {"problem": f"Question posée en comité : {row.text}{answer}"}


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(300)
