"""The perimeter: whom each module concerns, and what becomes of the work when a module leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Service, Site
from modules.enums import CLOSED_STATES, AssessmentState, CycleState, LeftWork
from modules.models import (
    AssessmentRow,
    Commitment,
    CycleModule,
    EvidenceLink,
    LabelCycle,
    Module,
    Procedure,
)
from modules.selectors.perimeter import ModuleWork, work_of_modules
from modules.services.assessments import complete_sheets


@dataclass
class WorkInTheWayError(Exception):
    """Modules that hold work are about to leave, and nobody said what becomes of it.

    Nothing was written.
    """

    works: list[ModuleWork]


def refuse_unless_open(cycle: LabelCycle) -> None:
    """Raise ``ValidationError`` once the perimeter of the démarche may not change any more."""
    if not cycle.is_open:
        raise ValidationError(
            f"Cette démarche est {CycleState(cycle.state).label.lower()} : son périmètre ne change "
            "plus. Ouvrez une nouvelle démarche."
        )


@transaction.atomic
def set_module_perimeter(
    *, item: CycleModule, services: Iterable[Service], sites: Iterable[Site]
) -> CycleModule:
    """Say which services and sites a module concerns; none of a kind means all of them."""
    refuse_unless_open(item.cycle)
    chosen: tuple[list[Service], list[Site]] = (list(services), list(sites))
    if any(row.prefecture_id != item.cycle.prefecture_id for rows in chosen for row in rows):
        raise ValidationError("Choisissez des services et des sites de la préfecture.")
    item.services.set(chosen[0])
    item.sites.set(chosen[1])
    complete_open_sheets(item.cycle)
    return item


def complete_open_sheets(cycle: LabelCycle) -> None:
    """Give the open auto-diagnostic the rows that a larger perimeter asks for."""
    running = cycle.assessments.filter(state=AssessmentState.OPEN).first()
    if running is not None:
        complete_sheets(assessment=running)


def settle_work(cycle: LabelCycle, modules: Sequence[Module], left_work: str) -> None:
    """Settle the work of modules about to leave, as ``left_work`` (``LeftWork``) says.

    Raises ``WorkInTheWayError`` when there is some and ``left_work`` is blank. What is kept aside
    stays in the tables: pages read it through the perimeter, and so it comes back with the module.
    """
    works = work_of_modules(cycle, modules)
    if not works or left_work == LeftWork.KEEP:
        return
    if left_work != LeftWork.DELETE:
        raise WorkInTheWayError(works)
    gone = Commitment.objects.filter(heading__module__in=[work.module for work in works])
    EvidenceLink.objects.filter(cycle=cycle, commitment__in=gone).delete()
    AssessmentRow.objects.filter(sheet__assessment__cycle=cycle, commitment__in=gone).delete()
    for work in works:
        _detach_procedures(cycle, work.module)


def _detach_procedures(cycle: LabelCycle, module: Module) -> None:
    """Sheets belong to the préfecture: another démarche that retains the module keeps their links."""
    others = LabelCycle.objects.filter(prefecture=cycle.prefecture_id, modules=module)
    if others.exclude(pk=cycle.pk).exclude(state__in=CLOSED_STATES).exists():
        return
    commitments = Commitment.objects.filter(heading__module=module)
    served = Procedure.objects.filter(
        prefecture=cycle.prefecture_id, commitments__in=commitments
    ).distinct()
    for procedure in served.order_by("pk"):
        procedure.commitments.remove(*commitments.order_by("pk"))
