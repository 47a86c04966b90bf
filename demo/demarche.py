"""The démarches of the demo: the present one, the finished one before it, the other préfecture’s."""

from datetime import date, timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Prefecture, User
from demo import content_demarche as content
from demo.assessments import (
    build_accepted_assessment,
    build_assessments,
    build_empty_assessment,
)
from demo.content_assessments import AssessmentFacts
from demo.content_demarche import DeliverableFacts, DocumentFacts
from demo.content_evidence import PieceFacts
from demo.evidence import build_evidence, build_procedures
from demo.scenery import Scenery, scenery_of
from modules.enums import AuditKind, CycleState, EvidenceKind
from modules.models import (
    CycleAuditor,
    CycleDocument,
    Evidence,
    LabelCycle,
    Procedure,
    Referential,
    SelfAssessment,
    StoredFile,
    WorkingGroup,
)
from modules.services import create_cycle, plan_audit, record_choice, validate_perimeter
from modules.services.correspondents import name_correspondent
from modules.services.deliverables import fix_deliverable
from modules.services.groups import add_member, form_group


DEMONSTRATION = "Démonstration."


def build_demarche(*, cycle: LabelCycle, users: dict[str, User]) -> dict[str, WorkingGroup]:
    """Fill the present démarche of Loir-et-Cher: perimeter, grids, pieces, sheets, groups.

    Return its working groups by name.
    """
    scenery = scenery_of(cycle, users, users["referente@loir-et-cher.demo"])
    _name_services(scenery, content.CONCERNED)
    for document in content.DOCUMENTS:
        _add_document(scenery, document)
    CycleAuditor.objects.create(cycle=cycle, user=users["auditeur@loir-et-cher.demo"])
    build_assessments(scenery)
    build_evidence(scenery)
    build_procedures(scenery)
    _name_correspondents(scenery)
    groups = _form_groups(scenery)
    for facts in content.DELIVERABLES:
        _add_deliverable(scenery, groups, facts)
    return groups


def _name_services(scenery: Scenery, by_module: dict[int, tuple[str, ...]]) -> None:
    """Say which services (acronyms by number of module) and sites each module concerns."""
    sites = list(scenery.prefecture.sites.order_by("pk"))
    for item in scenery.cycle.cycle_modules.select_related("module").order_by("position"):
        concerned = by_module[item.module.number]
        item.services.set(scenery.services[acronym] for acronym in concerned)
        item.sites.set(sites if item.module.is_compulsory else sites[:1])


def _add_document(scenery: Scenery, facts: DocumentFacts) -> None:
    CycleDocument.objects.create(
        cycle=scenery.cycle,
        kind=facts.kind,
        title=facts.title,
        stored=scenery.store(facts.file, facts.title),
        added_by=scenery.by,
    )


def _name_correspondents(scenery: Scenery) -> None:
    for facts in content.CORRESPONDENTS:
        name_correspondent(
            cycle=scenery.cycle,
            service=scenery.services[facts.service],
            user=scenery.user(facts.account),
            name=facts.name,
            function="" if facts.account else content.FICTITIOUS,
            named_on=content.NAMED_ON,
            is_deputy=facts.is_deputy,
        )


def _form_groups(scenery: Scenery) -> dict[str, WorkingGroup]:
    """Form the working groups; return them by name."""
    groups = {}
    for facts in content.GROUPS:
        group = groups[facts.name] = form_group(
            cycle=scenery.cycle, name=facts.name, theme=facts.theme, mission=facts.mission
        )
        for member in facts.members:
            add_member(
                group=group,
                user=scenery.user(member.account),
                name=member.name,
                function="" if member.account else content.FICTITIOUS,
                service=scenery.services[member.service],
                is_pilot=member.is_pilot,
            )
    return groups


def _add_deliverable(
    scenery: Scenery, groups: dict[str, WorkingGroup], facts: DeliverableFacts
) -> None:
    """Fix what is owed, in the state and with the day that it tells."""
    is_past = isinstance(facts.due, date)
    due_on = (
        facts.due
        if isinstance(facts.due, date)
        else timezone.localdate() + timedelta(days=facts.due)
    )
    assessments = SelfAssessment.objects.filter(cycle=scenery.cycle, name=facts.assessment)
    procedures = scenery.prefecture.procedures.filter(reference=facts.procedure)
    fix_deliverable(
        cycle=scenery.cycle,
        values={
            "kind": facts.kind,
            "title": facts.title,
            "group": groups[facts.group],
            "service": scenery.services[facts.service],
            "owner": scenery.user(facts.owner),
            "owner_name": facts.owner_name,
            "due_on": due_on,
            "state": facts.state,
            "delivered_on": facts.delivered_on,
            "stored": scenery.store(facts.file, facts.title) if facts.file else None,
            "procedure": procedures.first(),
            "assessment": assessments.first(),
            "note": facts.note,
            # As for the grids: nothing is sent on the day of loading.
            "reminded_at": None if is_past else timezone.now(),
        },
    )


def build_former_cycle(*, successor: LabelCycle, users: dict[str, User]) -> LabelCycle:
    """Build the finished démarche under QUALIPREF 2.0: labelled, then ended at its term."""
    facts = content.FORMER
    prefecture = successor.prefecture
    referential = Referential.objects.get(slug=facts.referential)
    cycle = create_cycle(
        prefecture=prefecture,
        referential=referential,
        name=facts.name,
        started_on=facts.started_on,
        context=facts.context,
    )
    record_choice(
        cycle=cycle,
        modules=referential.modules.filter(number__in=facts.modules),
        chosen_on=facts.chosen_on,
        chosen_by_name="Préfet d’alors (démonstration)",
        choice_note=DEMONSTRATION,
        by=users["prefet@loir-et-cher.demo"],
    )
    validate_perimeter(
        cycle=cycle,
        validated_on=facts.validated_on,
        validated_by="Ministère de l’Intérieur",
        validation_note=DEMONSTRATION,
        by=users["national@ministere.demo"],
    )
    plan_audit(cycle=cycle, kind=AuditKind.INTERNAL, on=facts.internal_audit_on)
    plan_audit(
        cycle=cycle,
        kind=AuditKind.CERTIFICATION,
        on=facts.certification_audit_on,
        body=facts.certification_body,
        note=DEMONSTRATION,
    )
    _label_and_end(scenery_of(cycle, users, users["referente@loir-et-cher.demo"]))
    successor.predecessor = cycle
    successor.save()
    return cycle


def _label_and_end(scenery: Scenery) -> None:
    """Fill the finished démarche: its auto-diagnostic, its label, its end."""
    facts, cycle = content.FORMER, scenery.cycle
    _name_services(scenery, facts.concerned)
    campaign = AssessmentFacts(
        facts.assessment, facts.opened_on, facts.closed_on, DEMONSTRATION, facts.closed_on
    )
    build_accepted_assessment(scenery, campaign, facts.partial)
    _add_document(scenery, facts.document)
    cycle.state = CycleState.ENDED
    cycle.labelled_on = facts.labelled_on
    cycle.label_ends_on = facts.ended_on
    cycle.label_body = facts.certification_body
    cycle.ended_on = facts.ended_on
    cycle.end_reason = facts.end_reason
    cycle.full_clean()
    cycle.save()


def build_other_cycle(*, prefecture: Prefecture, users: dict[str, User]) -> LabelCycle:
    """Build the démarche of the second préfecture: an auto-diagnostic just opened, one piece."""
    facts = content.OTHER
    referential = Referential.objects.get(slug=facts.referential)
    referent = users["referent@autre.demo"]
    cycle = create_cycle(
        prefecture=prefecture,
        referential=referential,
        name=facts.name,
        started_on=facts.started_on,
        context=facts.context,
    )
    record_choice(
        cycle=cycle,
        modules=referential.modules.filter(number__in=facts.modules),
        chosen_on=facts.started_on,
        chosen_by_name="Mme Jeanne COLIN",
        chosen_by_function="préfète",
        choice_note=DEMONSTRATION,
        by=referent,
    )
    scenery = scenery_of(cycle, users, referent)
    campaign = AssessmentFacts(facts.assessment, facts.opened_on, facts.due_on, DEMONSTRATION)
    build_empty_assessment(scenery, campaign)
    piece = PieceFacts(
        facts.piece,
        EvidenceKind.DISPLAY,
        facts.started_on,
        (facts.proves,),
        url="https://prefecture.example/charte",
    )
    build_evidence(scenery, (piece,))
    return cycle


def remove_demarches(prefectures: QuerySet[Prefecture]) -> None:
    """Remove the démarches of these préfectures, their pieces, their sheets and the files kept.

    The rows that protect others go first: grids and deliverables with the démarches, then sheets and
    pieces, then the files themselves, which leave the disk once all this is sure.
    """
    LabelCycle.objects.filter(prefecture__in=prefectures).delete()
    Procedure.objects.filter(prefecture__in=prefectures).delete()
    Evidence.objects.filter(prefecture__in=prefectures).delete()
    stored = StoredFile.objects.filter(prefecture__in=prefectures)
    names = [
        name for row in stored.order_by("pk") for name in (row.file.name, row.preview.name) if name
    ]
    stored.delete()

    def erase() -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(erase)
