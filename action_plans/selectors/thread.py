"""The « fil rouge »: signal → cause → action → evidence → measure, one line for each action."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.access import Permission, Scope
from action_plans.models import Action, ActionEvidence, Origin
from action_plans.rules.attention import lacks_measure
from action_plans.selectors.conditions import with_effect, with_origin, without_measure
from action_plans.selectors.signals import (
    MeasureLine,
    OriginLine,
    facts_of,
    measure_lines,
    origin_lines,
    with_readings,
)
from modules.enums import Sensitivity
from modules.models import Evidence


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One action from what gave rise to it to what it changed."""

    action: Action
    origins: tuple[OriginLine, ...]
    pieces: tuple[Evidence, ...]
    measures: tuple[MeasureLine, ...]
    is_late: bool
    days_late: int

    @property
    def lacks_measure(self) -> bool:
        """Whether nothing will tell what it changed, and something should."""
        return lacks_measure(self.action.state, bool(self.measures))


@dataclass(frozen=True, slots=True)
class ThreadCounts:
    """What is whole and what is not, among the actions of the plan."""

    actions: int
    without_origin: int
    without_measure: int
    with_effect: int


def thread_actions(scope: Scope) -> QuerySet[Any]:
    """Actions of the plan, those abandoned too: an auditor reads why."""
    if not scope.may(Permission.ACTION_READ):
        return Action.objects.none()
    visible: Any = Action.objects.visible_to(scope)
    return visible.filter(removed_at__isnull=True).order_by("number")


def has_piece(scope: Scope) -> Exists:
    pieces = Evidence.objects.visible_to(scope).order_by().values("pk")
    return Exists(ActionEvidence.objects.filter(action=OuterRef("pk"), evidence__in=pieces))


def thread_lines(
    actions: QuerySet[Any], scope: Scope, today: date, *, only_shared: bool = False
) -> list[ThreadLine]:
    """Draw the lines of these actions (7 queries and those of the sources, whatever their number).

    ``only_shared``: for a document that an auditor will read; what they may not know is left out.
    """
    rows = list(
        actions.select_related("service", "owner", "axis").prefetch_related(
            Prefetch("origins", Origin.objects.order_by("pk")),
            Prefetch("evidence_links", _pieces(scope, only_shared), to_attr="shown_links"),
            with_readings(),
        )
    )
    facts = facts_of((origin for row in rows for origin in row.origins.all()), scope)
    if only_shared:
        facts = {key: fact for key, fact in facts.items() if fact.is_shared}
    return [
        ThreadLine(
            action=row,
            origins=origin_lines(row.origins.all(), facts),
            pieces=tuple(link.evidence for link in row.shown_links),
            measures=measure_lines(row.kept_measures, today),
            is_late=row.is_late_on(today),
            days_late=(today - row.due_on).days if row.is_late_on(today) else 0,
        )
        for row in rows
    ]


def _pieces(scope: Scope, only_shared: bool) -> QuerySet[Any]:
    visible: Any = Evidence.objects.visible_to(scope).order_by()
    kept = visible.filter(removed_at__isnull=True)
    if only_shared:
        kept = kept.exclude(sensitivity=Sensitivity.RESTRICTED)
    links = ActionEvidence.objects.filter(evidence__in=kept.values("pk"))
    return links.select_related("evidence").order_by("evidence__title", "pk")


def thread_counts(scope: Scope) -> ThreadCounts:
    """Count over the whole plan (4 queries)."""
    rows = thread_actions(scope).order_by()
    return ThreadCounts(
        actions=rows.count(),
        without_origin=rows.filter(~with_origin()).count(),
        without_measure=rows.filter(without_measure()).count(),
        with_effect=rows.filter(with_effect()).count(),
    )


def texts_of(lines: Iterable[OriginLine]) -> list[str]:
    """Return origins as a document prints them."""
    return [f"{line.label} – {line.detail}" if line.detail else line.label for line in lines]
