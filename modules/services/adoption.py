"""Adopt a new référentiel: a new démarche that takes over the work of the one before, and its undo.

The old démarche is not touched. What goes where is decided by ``rules.adoption`` and worked out by
``selectors.adoption``, which the page showed before.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from modules.enums import AssessmentResult
from modules.models import (
    Adoption,
    AssessmentRow,
    AssessmentSheet,
    CycleModule,
    EvidenceLink,
    LabelCycle,
    Procedure,
    Referential,
    SelfAssessment,
)
from modules.selectors.adoption import AdoptionPlan, RowPlan, adoption_plan, referentials_to_adopt
from modules.selectors.adoption_undo import work_since
from modules.services.writing import write


# SQLite takes so many values in one statement.
ROWS_PER_STATEMENT = 500


@transaction.atomic
def adopt_referential(
    *,
    cycle: LabelCycle,
    referential: Referential,
    name: str,
    started_on: date,
    due_on: date,
    by: User,
) -> Adoption:
    """Open a démarche under ``referential`` with what the present one holds.

    ``due_on``: when the services hand in the auto-diagnostic taken over. The auditors are not copied.
    """
    if not referentials_to_adopt(cycle).filter(pk=referential.pk).exists():
        raise ValidationError(
            f"{referential} ne dit pas ce que devient {cycle.referential} : rien ne peut être repris."
        )
    if started_on < cycle.started_on:
        raise ValidationError(
            {"started_on": "La nouvelle démarche commencerait avant celle qu’elle suit."}
        )
    plan = adoption_plan(cycle, referential)
    made = LabelCycle(prefecture=cycle.prefecture, referential=referential, predecessor=cycle)
    write(made, {"name": name, "started_on": started_on, "context": cycle.context})
    _copy_modules(plan, made)
    # Saved again so that the first line of the history already holds the modules.
    write(made, {})
    if plan.source is not None:
        _copy_assessment(plan, plan.source, made, due_on)
    _copy_links(plan, made, by)
    _copy_procedures(plan)
    return Adoption.objects.create(
        old_cycle=cycle, new_cycle=made, summary=plan.summary, made_by=by
    )


def _copy_modules(plan: AdoptionPlan, made: LabelCycle) -> None:
    for position, item in enumerate(plan.modules, start=1):
        retained = CycleModule.objects.create(cycle=made, module=item.module, position=position)
        retained.services.set(item.services)
        retained.sites.set(item.sites)


def _copy_assessment(
    plan: AdoptionPlan, source: SelfAssessment, made: LabelCycle, due_on: date
) -> None:
    opened_on = timezone.localdate()
    if due_on < opened_on:
        raise ValidationError({"due_on": "Les services ne peuvent pas rendre avant aujourd’hui."})
    assessment = SelfAssessment(
        cycle=made,
        name=f"Reprise de {source.name}"[:120],
        opened_on=opened_on,
        due_on=due_on,
        note=f"Repris de {plan.cycle.name} ({plan.cycle.referential.name}). "
        "Relisez les lignes « à revoir » et évaluez les engagements nouveaux.",
    )
    assessment.full_clean()
    assessment.save()
    services = sorted({row.service for row in plan.rows})
    sheets = bulk_create_with_history(
        [AssessmentSheet(assessment=assessment, service_id=s, due_on=due_on) for s in services],
        AssessmentSheet,
    )
    by_service = {sheet.service_id: sheet for sheet in sheets}
    stamps = _stamps(source)
    bulk_create_with_history(
        [_row(by_service[row.service], row, stamps) for row in plan.rows],
        AssessmentRow,
        batch_size=ROWS_PER_STATEMENT,
    )


def _stamps(source: SelfAssessment) -> dict[int, tuple[int | None, Any]]:
    """Who answered each row, and when (1 query)."""
    rows = AssessmentRow.objects.filter(sheet__assessment=source).order_by("pk")
    named = rows.values_list("pk", "assessed_by_id", "assessed_at")
    return {key: (who, when) for key, who, when in named}


def _row(
    sheet: AssessmentSheet, plan: RowPlan, stamps: dict[int, tuple[int | None, Any]]
) -> AssessmentRow:
    row = AssessmentRow(sheet=sheet, commitment_id=plan.commitment)
    answer = plan.carried.answer
    if answer is not None:
        row.result = AssessmentResult(answer.result)
        row.maturity = answer.maturity
        row.comment, row.private_note = answer.comment, answer.private_note
        row.carried_from_id = answer.row
        row.needs_review = plan.carried.needs_review
        row.assessed_by_id, row.assessed_at = stamps[answer.row]
    return row


def _copy_links(plan: AdoptionPlan, made: LabelCycle, by: User) -> None:
    copies = [
        EvidenceLink(
            evidence_id=link.evidence_id,
            cycle=made,
            commitment_id=commitment,
            service_id=link.service_id,
            carried_from=link,
            linked_by=by,
        )
        for link, commitment in plan.links
    ]
    bulk_create_with_history(copies, EvidenceLink, batch_size=ROWS_PER_STATEMENT)


def _copy_procedures(plan: AdoptionPlan) -> None:
    through = Procedure.commitments.through
    through.objects.bulk_create(
        [through(procedure_id=key, commitment_id=new) for key, new in plan.procedures],
        batch_size=ROWS_PER_STATEMENT,
    )


@transaction.atomic
def undo_adoption(*, adoption: Adoption, by: User) -> Adoption:
    """Remove the démarche that the adoption made; refused once somebody has worked in it.

    The row stays, marked undone. The refusal says everything that would be lost.
    """
    stored = Adoption.objects.select_for_update(of=("self",)).get(pk=adoption.pk)
    if stored.new_cycle is None:
        raise ValidationError("Cette reprise est déjà annulée.")
    lost = work_since(stored, stored.new_cycle)
    if lost:
        raise ValidationError(
            "On a travaillé dans la nouvelle démarche : annuler la reprise effacerait "
            f"{', '.join(lost)}. Closez-la plutôt, ou retirez d’abord ce travail."
        )
    made = stored.new_cycle
    _remove_procedures(stored)
    stored.new_cycle, stored.undone_by, stored.undone_at = None, by, timezone.now()
    stored.save()
    made.delete()
    return stored


def _remove_procedures(adoption: Adoption) -> None:
    pairs = {(key, new) for key, new in adoption.summary["procedure_links"]}
    through = Procedure.commitments.through
    rows = through.objects.filter(procedure__in={key for key, _ in pairs}).order_by("pk")
    through.objects.filter(
        pk__in=[row.pk for row in rows if (row.procedure_id, row.commitment_id) in pairs]
    ).delete()
