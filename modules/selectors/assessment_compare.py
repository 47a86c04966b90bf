"""Reads of the difference between two auto-diagnostics, or between two services."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.access import Scope
from accounts.models import Service
from modules.enums import AssessmentResult
from modules.models import AssessmentRow, Commitment, LabelCycle, Module, SelfAssessment
from modules.rules.assessments import Answer, Difference, Move, differences
from modules.selectors.assessments import rows_for_cycle


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: an auto-diagnostic, of one service or of all (``None``)."""

    assessment: SelfAssessment
    service: Service | None


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One commitment on both sides; ``service`` when the comparison runs over all of them."""

    commitment: Commitment
    service: Service | None
    difference: Difference


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides compared: counts of every move, then the lines asked for."""

    before: Side
    after: Side
    counts: dict[Move, int]
    lines: list[DifferenceLine]

    @property
    def totals(self) -> list[tuple[Move, int]]:
        return list(self.counts.items())

    @property
    def is_by_service(self) -> bool:
        """Whether each line is about one service among all."""
        return self.before.service is None and self.after.service is None

    @property
    def names(self) -> tuple[str, str]:
        """How each side is called in the head of the table: what tells one from the other."""
        sides = (self.before, self.after)
        if self.before.service == self.after.service:
            named = [side.assessment.name for side in sides]
        elif self.before.assessment == self.after.assessment:
            named = [str(side.service) for side in sides]
        else:
            named = [f"{side.assessment.name}, {side.service}" for side in sides]
        return named[0], named[1]


def comparable_assessments(cycle: LabelCycle, scope: Scope) -> QuerySet[Any]:
    """Auto-diagnostics of the préfecture under the same référentiel, newest first."""
    return (
        SelfAssessment.objects.visible_to(scope)
        .filter(cycle__prefecture=cycle.prefecture_id, cycle__referential=cycle.referential_id)
        .order_by("-opened_on", "-pk")
    )


def comparable_services(cycle: LabelCycle, scope: Scope) -> QuerySet[Any]:
    """Services of the préfecture, by name."""
    return (
        Service.objects.visible_to(scope)
        .filter(prefecture=cycle.prefecture_id)
        .order_by("name", "pk")
    )


def compare(
    before: Side,
    after: Side,
    scope: Scope,
    *,
    module: Module | None = None,
    moves: frozenset[Move] = frozenset(set(Move) - {Move.SAME}),
) -> Comparison:
    """Compare two sides as this scope sees them (2 queries).

    The same service on both sides, or all of them: service by service. Two services: commitment by
    commitment. ``moves``: the lines to list; the counts hold every move.
    """
    by_service = before.service == after.service
    old, new = (_answers(side, scope, module, by_service) for side in (before, after))
    found = differences(old, new)
    counted = Counter(item.move for item in found)
    return Comparison(
        before,
        after,
        {move: counted[move] for move in Move},
        [_line(item, by_service) for item in found if item.move in moves],
    )


def _answers(
    side: Side, scope: Scope, module: Module | None, by_service: bool
) -> dict[Hashable, Answer]:
    rows = rows_for_cycle(side.assessment, scope)
    if side.service is not None:
        rows = rows.filter(sheet__service=side.service)
    if module is not None:
        rows = rows.filter(commitment__heading__module=module)
    return {
        (row.sheet.service_id if by_service else None, row.commitment_id): Answer(
            AssessmentResult(row.result), row.maturity, row
        )
        for row in rows.defer("private_note")
    }


def _line(difference: Difference, by_service: bool) -> DifferenceLine:
    side = difference.after or difference.before
    row: AssessmentRow = side.row  # type: ignore[union-attr]
    return DifferenceLine(row.commitment, row.sheet.service if by_service else None, difference)
