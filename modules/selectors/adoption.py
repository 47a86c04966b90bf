"""What adopting a new référentiel would do: the same plan is shown before, and carried out after."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.access import Scope
from accounts.models import Service
from modules.enums import ChangeKind
from modules.models import (
    Adoption,
    AssessmentRow,
    Commitment,
    CommitmentMapping,
    CycleModule,
    EvidenceLink,
    LabelCycle,
    Module,
    ModuleMapping,
    Procedure,
    Referential,
    SelfAssessment,
)
from modules.rules.adoption import (
    Answer,
    CarriedAnswer,
    Fate,
    MappingRow,
    Origin,
    carry,
    destinations,
    origins,
)
from modules.selectors.module_work import BLANK_ROW


@dataclass(frozen=True, slots=True)
class ModulePlan:
    """A module of the new démarche: what it comes from, whom it concerns (nobody named: all)."""

    module: Module
    kind: ChangeKind
    old: tuple[Module, ...]
    services: tuple[int, ...]
    sites: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RowPlan:
    """A line of the new auto-diagnostic: keys of its service and commitment, what it is given."""

    service: int
    commitment: int
    carried: CarriedAnswer


@dataclass(frozen=True, slots=True)
class AdoptionPlan:
    """Everything that adopting ``referential`` from ``cycle`` would write.

    ``links``: (present link, key of the new commitment). ``procedures``: (key of the sheet, key of the
    new commitment). ``summary``: only texts, numbers, lists, as ``Adoption.summary`` keeps it.
    """

    cycle: LabelCycle
    referential: Referential
    source: SelfAssessment | None
    modules: list[ModulePlan]
    rows: list[RowPlan]
    links: list[tuple[EvidenceLink, int]]
    procedures: list[tuple[int, int]]
    summary: dict[str, Any]


@dataclass(slots=True)
class _Facts:
    """What is read once, then arranged."""

    modules: list[ModulePlan]
    commitments: dict[int, Commitment]
    origins: dict[int, Origin]
    led: dict[int, list[int]]
    answers: dict[int, dict[int, Answer]]
    links: list[EvidenceLink]
    old_commitments: dict[int, Commitment]


def referentials_to_adopt(cycle: LabelCycle) -> QuerySet[Any]:
    """Référentiels that say what became of the one of this démarche."""
    return Referential.objects.filter(predecessor=cycle.referential_id).order_by(
        "-published_on", "pk"
    )


def adoptions_for_page(cycle: LabelCycle, scope: Scope) -> QuerySet[Any]:
    """Adoptions made from this démarche, newest first."""
    visible = Adoption.objects.visible_to(scope).filter(old_cycle=cycle)
    return visible.select_related("new_cycle").order_by("-made_at", "-pk")


def adoption_plan(cycle: LabelCycle, referential: Referential) -> AdoptionPlan:
    """Work out the whole adoption (15 queries whatever the rows)."""
    source = SelfAssessment.objects.filter(cycle=cycle).order_by("-opened_on", "-pk").first()
    modules = _modules(cycle, referential)
    found = origins(
        MappingRow(ChangeKind(row.kind), row.old_id, row.new_id)
        for row in referential.commitment_mappings.order_by("position", "pk")
    )
    facts = _Facts(
        modules=modules,
        commitments=_commitments([plan.module for plan in modules]),
        origins=found,
        led={},
        answers=_answers(source),
        links=list(_links(cycle)),
        old_commitments=_commitments(cycle.modules.order_by("number")),
    )
    # Only what lands in the new perimeter is carried.
    facts.led = {
        old: kept
        for old, new in destinations(found).items()
        if (kept := [key for key in new if key in facts.commitments])
    }
    rows = _rows(cycle, facts) if source else []
    links = [(link, new) for link in facts.links for new in facts.led.get(link.commitment_id, [])]
    procedures = _procedures(cycle, facts)
    return AdoptionPlan(
        cycle=cycle,
        referential=referential,
        source=source,
        modules=modules,
        rows=rows,
        links=_without_twins(links),
        procedures=procedures,
        summary=_summary(cycle, referential, source, facts, rows, procedures),
    )


# --- What is read -----------------------------------------------------------------------------
def _modules(cycle: LabelCycle, referential: Referential) -> list[ModulePlan]:
    retained = {
        item.module_id: item
        for item in CycleModule.objects.filter(cycle=cycle)
        .select_related("module")
        .prefetch_related("services", "sites")
        .order_by("position")
    }
    links = ModuleMapping.objects.filter(referential=referential, new__isnull=False)
    from_old: dict[int, list[CycleModule]] = defaultdict(list)
    kinds: dict[int, ChangeKind] = {}
    for link in links.order_by("position", "pk"):
        if link.new_id is not None and link.old_id in retained:
            from_old[link.new_id].append(retained[link.old_id])
            kinds[link.new_id] = ChangeKind(link.kind)
    wanted = [
        module
        for module in referential.modules.order_by("-is_compulsory", "number")
        if module.is_compulsory or module.pk in from_old
    ]
    return [
        ModulePlan(
            module=module,
            kind=kinds.get(module.pk, ChangeKind.ADDED),
            old=tuple(item.module for item in from_old[module.pk]),
            services=_union(item.services.all() for item in from_old[module.pk]),
            sites=_union(item.sites.all() for item in from_old[module.pk]),
        )
        for module in wanted
    ]


def _union(places: Iterable[Iterable[Any]]) -> tuple[int, ...]:
    """Keys of all these places; none when one of the modules concerned everybody."""
    keys = [{place.pk for place in group} for group in places]
    return tuple(sorted(set().union(*keys))) if keys and all(keys) else ()


def _commitments(modules: Iterable[Module]) -> dict[int, Commitment]:
    rows = (
        Commitment.objects.filter(heading__module__in=[module.pk for module in modules])
        .select_related("heading__module")
        .order_by("heading__module__number", "position", "pk")
    )
    return {row.pk: row for row in rows}


def _answers(source: SelfAssessment | None) -> dict[int, dict[int, Answer]]:
    """Answers given (key: service, then commitment)."""
    found: dict[int, dict[int, Answer]] = defaultdict(dict)
    if source is None:
        return found
    rows = AssessmentRow.objects.filter(sheet__assessment=source).exclude(BLANK_ROW)
    values = ("pk", "result", "maturity", "comment", "private_note")
    named = rows.order_by("pk").values_list("sheet__service_id", "commitment_id", *values)
    for service, commitment, *answer in named:
        found[service][commitment] = Answer(*answer)
    return found


def _links(cycle: LabelCycle) -> QuerySet[Any]:
    return EvidenceLink.objects.filter(cycle=cycle, evidence__removed_at__isnull=True).order_by(
        "pk"
    )


# --- What is planned --------------------------------------------------------------------------
def _rows(cycle: LabelCycle, facts: _Facts) -> list[RowPlan]:
    """One line for each commitment and service concerned, and wherever an answer leads."""
    everybody = list(
        Service.objects.filter(prefecture=cycle.prefecture_id)
        .order_by("name", "pk")
        .values_list("pk", flat=True)
    )
    concerned = {plan.module.pk: plan.services or everybody for plan in facts.modules}
    wanted: dict[tuple[int, int], None] = {}
    for key, commitment in facts.commitments.items():
        for service in concerned[commitment.heading.module_id]:
            wanted[service, key] = None
    for service, answers in facts.answers.items():
        for old in answers:
            for new in facts.led.get(old, []):
                wanted[service, new] = None
    return [
        RowPlan(service, key, carry(facts.origins.get(key), facts.answers.get(service, {})))
        for service, key in wanted
    ]


def _without_twins(links: list[tuple[EvidenceLink, int]]) -> list[tuple[EvidenceLink, int]]:
    """Merged commitments may receive the same piece twice: once is enough."""
    once: dict[tuple[int, int, int | None], tuple[EvidenceLink, int]] = {}
    for link, new in links:
        once.setdefault((link.evidence_id, new, link.service_id), (link, new))
    return list(once.values())


def _procedures(cycle: LabelCycle, facts: _Facts) -> list[tuple[int, int]]:
    """Procedure sheets that follow their commitments, those that already do left out."""
    pairs = Procedure.commitments.through.objects.filter(
        procedure__prefecture=cycle.prefecture_id, procedure__removed_at__isnull=True
    ).order_by("pk")
    held = set(pairs.values_list("procedure_id", "commitment_id"))
    wanted = {
        (procedure, new) for procedure, old in held for new in facts.led.get(old, []) if old != new
    }
    return sorted(wanted - held)


# --- What is told -----------------------------------------------------------------------------
def _summary(
    cycle: LabelCycle,
    referential: Referential,
    source: SelfAssessment | None,
    facts: _Facts,
    rows: list[RowPlan],
    procedures: list[tuple[int, int]],
) -> dict[str, Any]:
    fates: dict[int, Counter[Fate]] = defaultdict(Counter)
    for row in rows:
        fates[facts.commitments[row.commitment].heading.module_id][row.carried.fate] += 1
    pieces = Counter(link.commitment_id for link in facts.links)
    carried = sum(number for key, number in pieces.items() if key in facts.led)
    total = sum(fates.values(), Counter())
    dropped = _dropped(facts, pieces, referential)
    return {
        "old_referential": cycle.referential.name,
        "new_referential": referential.name,
        "assessment": source.name if source else "",
        "services": len({row.service for row in rows}),
        "rows": {fate.value: total[fate] for fate in Fate},
        "dropped_answers": sum(item["answers"] for item in dropped),
        "links": {"carried": carried, "dropped": sum(pieces.values()) - carried},
        "procedures": len({procedure for procedure, _ in procedures}),
        "procedure_links": [list(pair) for pair in procedures],
        "modules": [_module_line(plan, facts, fates[plan.module.pk]) for plan in facts.modules],
        "dropped_modules": _dropped_modules(cycle, facts),
        "dropped": dropped,
    }


def _module_line(plan: ModulePlan, facts: _Facts, fates: Counter[Fate]) -> dict[str, Any]:
    kinds = Counter(
        facts.origins[key].kind if key in facts.origins else ChangeKind.ADDED
        for key, commitment in facts.commitments.items()
        if commitment.heading.module_id == plan.module.pk
    )
    return {
        "number": plan.module.number,
        "title": plan.module.title,
        "kind": plan.kind.value,
        "old": [module.number for module in plan.old],
        "commitments": {kind.value: kinds[kind] for kind in ChangeKind if kinds[kind]},
        "rows": {fate.value: fates[fate] for fate in Fate},
    }


def _dropped(facts: _Facts, pieces: Counter[int], referential: Referential) -> list[dict[str, Any]]:
    """Commitments of the old perimeter that lead nowhere in the new one, with what they held."""
    answers = Counter(key for given in facts.answers.values() for key in given)
    mapped = set(
        CommitmentMapping.objects.filter(referential=referential, new__isnull=False)
        .order_by("pk")
        .values_list("old_id", flat=True)
    )
    return [
        {
            "code": commitment.code,
            "wording": commitment.wording,
            "module": commitment.heading.module.number,
            "is_removed": key not in mapped,
            "answers": answers[key],
            "links": pieces[key],
        }
        for key, commitment in facts.old_commitments.items()
        if key not in facts.led
    ]


def _dropped_modules(cycle: LabelCycle, facts: _Facts) -> list[dict[str, Any]]:
    followed = {module.pk for plan in facts.modules for module in plan.old}
    return [
        {"number": module.number, "title": module.title}
        for module in cycle.modules.order_by("number")
        if module.pk not in followed
    ]
