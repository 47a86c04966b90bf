"""Two démarches side by side: référentiel, dates, modules, results of the last auto-diagnostic."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from accounts.access import Permission, Scope
from modules.enums import AssessmentResult, AuditKind
from modules.models import (
    AssessmentSheet,
    Evidence,
    EvidenceLink,
    LabelCycle,
    PlannedAudit,
    SelfAssessment,
)


@dataclass(frozen=True, slots=True)
class ResultCount:
    """How many answers of one kind."""

    result: AssessmentResult
    number: int


@dataclass(frozen=True, slots=True)
class CycleSide:
    """One of the two démarches; ``audits`` are kept ones, ``pieces`` is ``None`` when not readable."""

    cycle: LabelCycle
    modules: dict[int, str]
    audits: list[PlannedAudit]
    assessment: SelfAssessment | None
    results: dict[int, list[ResultCount]]
    pieces: int | None

    @property
    def numbers(self) -> str:
        """« 1, 4 »."""
        return ", ".join(str(number) for number in sorted(self.modules))

    def last_audit(self, kind: AuditKind) -> date | None:
        """Day of the last audit of this kind."""
        return max((item.on for item in self.audits if item.kind == kind), default=None)

    @property
    def internal_on(self) -> date | None:
        return self.last_audit(AuditKind.INTERNAL)

    @property
    def certification_on(self) -> date | None:
        return self.last_audit(AuditKind.CERTIFICATION)


@dataclass(frozen=True, slots=True)
class ModuleCell:
    """A module in one démarche: its title there, its results; no title when it is not retained."""

    title: str
    results: list[ResultCount]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two démarches, the older first; ``modules``: (number, cell of each)."""

    sides: tuple[CycleSide, CycleSide]
    modules: list[tuple[int, tuple[ModuleCell, ModuleCell]]]
    is_assessed: bool


def cycles_to_compare(scope: Scope) -> QuerySet[Any]:
    """Démarches that the scope may put side by side, newest first."""
    visible = LabelCycle.objects.visible_to(scope).select_related("prefecture", "referential")
    return visible.order_by("-started_on", "-pk")


def comparison_of(first: LabelCycle, second: LabelCycle, scope: Scope) -> Comparison:
    """Gather both (5 queries for each whatever the rows)."""
    sides = _side(first, scope), _side(second, scope)
    numbers = sorted(set(sides[0].modules) | set(sides[1].modules))
    modules = [(number, (_cell(sides[0], number), _cell(sides[1], number))) for number in numbers]
    return Comparison(sides, modules, is_assessed=any(side.assessment for side in sides))


def _cell(side: CycleSide, number: int) -> ModuleCell:
    return ModuleCell(side.modules.get(number, ""), side.results.get(number, []))


def _side(cycle: LabelCycle, scope: Scope) -> CycleSide:
    assessment = None
    if scope.may(Permission.ASSESSMENT_READ):
        campaigns = SelfAssessment.objects.visible_to(scope).filter(cycle=cycle)
        assessment = campaigns.order_by("-opened_on", "-pk").first()
    modules = cycle.modules.order_by("number").values_list("number", "title")
    return CycleSide(
        cycle=cycle,
        modules=dict(modules),
        audits=list(PlannedAudit.objects.kept().filter(cycle=cycle).order_by("on", "pk")),
        assessment=assessment,
        results=_results(assessment, scope) if assessment else {},
        pieces=_pieces(cycle, scope) if scope.may(Permission.EVIDENCE_READ) else None,
    )


def _results(assessment: SelfAssessment, scope: Scope) -> dict[int, list[ResultCount]]:
    """Answers by number of module, counted by the database; only those that the scope may read."""
    counted = (
        AssessmentSheet.objects.visible_to(scope)
        .filter(assessment=assessment, rows__isnull=False)
        .values_list("rows__commitment__heading__module__number", "rows__result")
        .annotate(number=Count("rows"))
        .order_by("rows__commitment__heading__module__number", "rows__result")
    )
    found: dict[int, Counter[AssessmentResult]] = defaultdict(Counter)
    for module, result, number in counted:
        found[module][AssessmentResult(result)] = number
    return {
        module: [
            ResultCount(result, counts[result]) for result in AssessmentResult if counts[result]
        ]
        for module, counts in found.items()
    }


def _pieces(cycle: LabelCycle, scope: Scope) -> int:
    """Pieces joined to the démarche that the scope may read."""
    links = EvidenceLink.objects.visible_to(scope).filter(
        cycle=cycle,
        evidence__in=Evidence.objects.visible_to(scope),
        evidence__removed_at__isnull=True,
    )
    return links.aggregate(number=Count("evidence", distinct=True))["number"] or 0
