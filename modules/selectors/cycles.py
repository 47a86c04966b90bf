"""Reads of the pages of the démarche, and the facts that other apps take from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.access import Scope
from accounts.models import Prefecture
from common.people import with_function
from common.typography import date_in_words
from modules.enums import CLOSED_STATES, AuditKind, Certainty, CycleDocumentKind, CycleState
from modules.models import CycleDocument, CycleModule, LabelCycle, Module, PlannedAudit, Referential
from modules.rules.label import is_end_to_confirm
from modules.rules.progress import (
    AuditDate,
    Progress,
    progress,
    sentence_of_label,
    sentence_of_next_step,
)
from modules.selectors.referentials import modules_of


def _with_perimeter(cycles: QuerySet[Any]) -> QuerySet[Any]:
    return cycles.select_related(
        "prefecture",
        "referential",
        "choice_recorded_by",
        "validation_recorded_by",
        "predecessor",
    ).prefetch_related(
        Prefetch(
            "cycle_modules",
            queryset=CycleModule.objects.select_related("module").order_by("position"),
        ),
        Prefetch(
            "audits",
            queryset=PlannedAudit.objects.kept().order_by("on", "pk"),
            to_attr="kept_audits",
        ),
    )


def cycles_for_list(scope: Scope) -> QuerySet[Any]:
    """Démarches that the scope sees, newest first (3 queries whatever the rows)."""
    cycles = LabelCycle.objects.visible_to(scope)
    return _with_perimeter(cycles).order_by("prefecture__code", "-started_on", "-pk")


@dataclass(frozen=True, slots=True)
class CyclePage:
    """One démarche, ready for its page or for its line in the list."""

    cycle: LabelCycle
    items: list[CycleModule]
    audits: list[PlannedAudit]
    documents: list[CycleDocument]
    progress: Progress
    next_step: str
    is_label_end_to_confirm: bool

    @property
    def modules(self) -> list[Module]:
        return [item.module for item in self.items]

    @property
    def steps(self) -> list[dict[str, str]]:
        """Steps as the stepper component wants them."""
        return [{"label": step, "state": state} for step, state in self.progress.steps]

    @property
    def next_audit(self) -> PlannedAudit | None:
        coming = self.progress.next_audit
        if coming is None:
            return None
        return next(
            audit for audit in self.audits if (audit.kind, audit.on) == (coming.kind, coming.on)
        )

    @property
    def are_audits_past(self) -> bool:
        """Whether audits were planned and none is to come."""
        return bool(self.audits) and self.progress.next_audit is None

    @property
    def numbers(self) -> str:
        """« 1, 4 »."""
        return ", ".join(str(module.number) for module in self.modules)


def cycle_for_page(cycle: LabelCycle, today: date) -> CyclePage:
    """Gather what the page of one démarche shows (6 queries)."""
    cycles = _with_perimeter(LabelCycle.objects.filter(pk=cycle.pk)).prefetch_related(
        "cycle_modules__services", "cycle_modules__sites"
    )
    documents = act_documents(cycle).filter(removed_at__isnull=True)
    return page_of(cycles.get(), today, list(documents.order_by("kind", "added_at", "pk")))


def page_of(cycle: Any, today: date, documents: Sequence[CycleDocument] = ()) -> CyclePage:
    """Describe a démarche whose perimeter and audits are already fetched.

    ``documents`` bear out its acts; a line of the list needs none.
    """
    audits = list(cycle.kept_audits)
    state = progress(
        is_chosen=cycle.chosen_on is not None,
        is_validated=cycle.validated_on is not None,
        audits=[AuditDate(audit.kind, audit.on) for audit in audits],
        today=today,
        is_labelled=cycle.labelled_on is not None,
        is_closed=cycle.is_closed,
    )
    has_decision = any(item.kind == CycleDocumentKind.DECISION for item in documents)
    return CyclePage(
        cycle=cycle,
        items=list(cycle.cycle_modules.all()),
        audits=audits,
        documents=list(documents),
        progress=state,
        next_step=_next_step(cycle, state, today),
        is_label_end_to_confirm=is_end_to_confirm(
            cycle.labelled_on, cycle.label_ends_on, has_document=has_decision
        ),
    )


def _next_step(cycle: Any, state: Progress, today: date) -> str:
    if cycle.is_closed:
        return "La démarche est close : rien n’y est plus attendu."
    if cycle.state == CycleState.LABELLED:
        return sentence_of_label(cycle.label_ends_on, today)
    return sentence_of_next_step(state, is_audit_planned=bool(cycle.kept_audits))


def optional_modules(referential: Referential) -> QuerySet[Any]:
    """Modules left to the préfet's choice."""
    return modules_of(referential).filter(is_compulsory=False)


def compulsory_modules(referential: Referential) -> QuerySet[Any]:
    """Modules that every démarche retains."""
    return modules_of(referential).filter(is_compulsory=True)


def item_of_cycle(cycle: LabelCycle, number: int) -> CycleModule | None:
    """The module of this number in the perimeter; ``None`` if it is not retained."""
    items = CycleModule.objects.filter(cycle=cycle, module__number=number)
    return items.select_related("module", "cycle__prefecture").first()


def act_documents(cycle: LabelCycle) -> QuerySet[Any]:
    """Documents of the acts of this démarche, even taken off the page."""
    return CycleDocument.objects.filter(cycle=cycle).select_related("stored", "added_by")


def audit_of_cycle(cycle: LabelCycle, pk: int) -> PlannedAudit | None:
    """One audit of this démarche, even taken off the page; ``None`` if it is not one of its own."""
    return audits_of_cycle(cycle).filter(pk=pk).select_related("cycle").first()


def audits_of_cycle(cycle: LabelCycle) -> QuerySet[Any]:
    """Audits of this démarche, even taken off the page."""
    return PlannedAudit.objects.filter(cycle=cycle)


# --- Facts for other apps ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """A module of the perimeter."""

    number: int
    title: str
    is_compulsory: bool
    is_to_confirm: bool


@dataclass(frozen=True, slots=True)
class ActFacts:
    """A dated act. ``on`` is ISO, ``on_words`` « 17 janvier 2022 »."""

    on: str
    on_words: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """A planned audit; ``kind`` is a value of ``AuditKind``, ``label`` its words."""

    kind: str
    label: str
    on: str
    on_words: str
    body: str
    note: str
    is_certification: bool


@dataclass(frozen=True, slots=True)
class PerimeterFacts:
    """The perimeter of a préfecture's present démarche: only texts, numbers, flags and lists."""

    cycle: str
    referential: str
    started_on: str
    started_on_words: str
    state: str
    context: str
    modules: list[ModuleFacts]
    choice: ActFacts | None
    validation: ActFacts | None
    audits: list[AuditFacts]


def current_cycle(prefecture: Prefecture) -> Any:
    """The démarche that the préfecture is in: the last begun of those that are not closed.

    A ``LabelCycle`` with its perimeter and ``kept_audits``, or ``None``.
    """
    cycles = LabelCycle.objects.filter(prefecture=prefecture).exclude(state__in=CLOSED_STATES)
    return _with_perimeter(cycles).order_by("-started_on", "-pk").first()


def perimeter_facts(prefecture: Prefecture) -> PerimeterFacts | None:
    """Facts of the present démarche, ready to be frozen in a document; ``None`` without one."""
    cycle = current_cycle(prefecture)
    if cycle is None:
        return None
    return PerimeterFacts(
        cycle=cycle.name,
        referential=cycle.referential.name,
        started_on=cycle.started_on.isoformat(),
        started_on_words=date_in_words(cycle.started_on),
        state=CycleState(cycle.state).label,
        context=cycle.context,
        modules=[
            ModuleFacts(
                number=item.module.number,
                title=item.module.title,
                is_compulsory=item.module.is_compulsory,
                is_to_confirm=item.module.certainty is Certainty.TO_CONFIRM,
            )
            for item in cycle.cycle_modules.all()
        ],
        choice=_act(
            cycle.chosen_on,
            with_function(cycle.chosen_by_name, cycle.chosen_by_function),
            cycle.choice_note,
        ),
        validation=_act(cycle.validated_on, cycle.validated_by, cycle.validation_note),
        audits=[_audit_facts(audit) for audit in cycle.kept_audits],
    )


def _act(on: date | None, by: str, note: str) -> ActFacts | None:
    if on is None:
        return None
    return ActFacts(on=on.isoformat(), on_words=date_in_words(on), by=by, note=note)


def _audit_facts(audit: PlannedAudit) -> AuditFacts:
    return AuditFacts(
        kind=audit.kind,
        label=AuditKind(audit.kind).label,
        on=audit.on.isoformat(),
        on_words=date_in_words(audit.on),
        body=audit.body,
        note=audit.note,
        is_certification=audit.kind == AuditKind.CERTIFICATION,
    )
