"""The work already done on modules that would leave a perimeter."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from modules.enums import AssessmentResult, AssessmentState
from modules.models import AssessmentRow, EvidenceLink, LabelCycle, Module, Procedure


BLANK_ROW = Q(
    result=AssessmentResult.NOT_ASSESSED, maturity__isnull=True, comment="", private_note=""
)


@dataclass(frozen=True, slots=True)
class ModuleWork:
    """How much was done on modules. ``archived`` answers are those of closed auto-diagnostics."""

    modules: list[Module]
    links: int
    answers: int
    archived: int
    procedures: int

    @property
    def is_any(self) -> bool:
        """Whether somebody must say what becomes of it."""
        return bool(self.links or self.answers or self.archived or self.procedures)

    @property
    def titles(self) -> str:
        """« module 4 », « modules 4 et 5 »."""
        numbers = [str(module.number) for module in self.modules]
        if len(numbers) == 1:
            return f"module {numbers[0]}"
        return f"modules {', '.join(numbers[:-1])} et {numbers[-1]}"


def work_of_modules(cycle: LabelCycle, modules: Collection[Module]) -> ModuleWork:
    """Count the pieces joined, the answers given and the procedure sheets (4 queries; 0 if none)."""
    if not modules:
        return ModuleWork([], 0, 0, 0, 0)
    keys = [module.pk for module in modules]
    rows = rows_of_modules(cycle, keys).exclude(BLANK_ROW)
    procedures = Procedure.objects.kept().filter(
        prefecture=cycle.prefecture_id, commitments__heading__module__in=keys
    )
    return ModuleWork(
        modules=sorted(modules, key=lambda module: module.number),
        links=links_of_modules(cycle, keys).filter(evidence__removed_at__isnull=True).count(),
        answers=rows.filter(sheet__assessment__state=AssessmentState.OPEN).count(),
        archived=rows.filter(sheet__assessment__state=AssessmentState.CLOSED).count(),
        procedures=procedures.distinct().count(),
    )


def rows_of_modules(cycle: LabelCycle, modules: Collection[int]) -> QuerySet[Any]:
    """Rows of the auto-diagnostics of the démarche about these modules (keys)."""
    return AssessmentRow.objects.filter(
        sheet__assessment__cycle=cycle, commitment__heading__module__in=modules
    )


def links_of_modules(cycle: LabelCycle, modules: Collection[int]) -> QuerySet[Any]:
    """Pieces joined in the démarche to commitments of these modules (keys)."""
    return EvidenceLink.objects.filter(cycle=cycle, commitment__heading__module__in=modules)


def leaving_modules(cycle: LabelCycle, wanted: Collection[Module]) -> list[Module]:
    """Modules retained that this choice would take out; the compulsory ones never leave."""
    keys = {module.pk for module in wanted}
    retained = cycle.modules.filter(is_compulsory=False).order_by("number")
    return [module for module in retained if module.pk not in keys]
