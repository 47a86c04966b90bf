"""Who is concerned by what: the services and the commitments of a démarche."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import Service
from modules.enums import AssessmentResult
from modules.models import (
    AssessmentRow,
    Commitment,
    EvidenceLink,
    LabelCycle,
    Module,
    Procedure,
)


def services_by_module(cycle: LabelCycle) -> dict[int, list[Service]]:
    """Return the services concerned by each module retained (key: its id), in their order.

    A module for which none was named concerns every service of the préfecture. 3 queries.
    """
    everybody = list(Service.objects.filter(prefecture=cycle.prefecture_id).order_by("name", "pk"))
    retained = cycle.cycle_modules.order_by("position").prefetch_related("services")
    found = {}
    for item in retained:
        named = {service.pk for service in item.services.all()}
        found[item.module_id] = [s for s in everybody if not named or s.pk in named]
    return found


def commitments_of_perimeter(cycle: LabelCycle) -> list[Commitment]:
    """Return the commitments of the modules retained, in the order of the référentiel.

    With ``heading`` and ``heading.module``, 1 query.
    """
    return list(
        Commitment.objects.filter(heading__module__cycle_modules__cycle=cycle)
        .select_related("heading__module")
        .order_by("heading__module__number", "heading__position", "position", "pk")
    )


@dataclass(frozen=True, slots=True)
class ModuleWork:
    """What was already done on a module of a démarche, in numbers.

    ``answers`` are the rows of auto-diagnostic that say something; blank ones are no work.
    """

    module: Module
    links: int
    answers: int
    procedures: int


def work_of_modules(cycle: LabelCycle, modules: Sequence[Module]) -> list[ModuleWork]:
    """Return those of these modules on which something was done (3 queries)."""
    answered = ~Q(result=AssessmentResult.NOT_ASSESSED) | ~Q(comment="") | ~Q(private_note="")
    module = "commitment__heading__module"
    links = _counted(
        EvidenceLink.objects.filter(cycle=cycle, evidence__removed_at__isnull=True), module
    )
    answers = _counted(
        AssessmentRow.objects.filter(answered, sheet__assessment__cycle=cycle), module
    )
    procedures = _counted(
        Procedure.objects.filter(prefecture=cycle.prefecture_id, removed_at__isnull=True),
        "commitments__heading__module",
    )
    works = [
        ModuleWork(item, links.get(item.pk, 0), answers.get(item.pk, 0), procedures.get(item.pk, 0))
        for item in modules
    ]
    return [work for work in works if work.links or work.answers or work.procedures]


def _counted(rows: QuerySet[Any], module: str) -> dict[int, int]:
    """Count the rows of each module, key: its id."""
    counts = rows.order_by().values_list(module).annotate(count=Count("pk", distinct=True))
    return dict(counts)
