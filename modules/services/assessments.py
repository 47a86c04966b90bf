"""Writes of an auto-diagnostic as a whole: open, complete, change, close."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from accounts.models import Service
from common.editing import is_stale
from common.models import Revised
from modules.enums import AssessmentResult, AssessmentState, SheetState
from modules.models import (
    AssessmentRow,
    AssessmentSheet,
    Commitment,
    LabelCycle,
    SelfAssessment,
)
from modules.selectors.assessments import assessment_to_carry, missing_rows


# SQLite takes so many values in one statement; a row has ten of them.
ROWS_PER_STATEMENT = 500
NOTHING_ASKED = (
    "Le périmètre de la démarche ne concerne aucun service : il n’y a pas d’engagement à évaluer. "
    "Retenez des modules et créez les services de la préfecture d’abord."
)
CHANGED_MEANWHILE = "Quelqu’un vient de modifier cette page. Rechargez-la, puis recommencez."


@transaction.atomic
def open_assessment(
    *,
    cycle: LabelCycle,
    name: str,
    opened_on: date,
    due_on: date,
    note: str = "",
    carry: bool = False,
) -> SelfAssessment:
    """Open a campaign: a sheet for each service concerned, a row for each of its commitments.

    ``carry``: result, maturity and comment of the last closed auto-diagnostic (same référentiel) are
    taken over, each marked « à revoir ».
    """
    assessment = SelfAssessment(
        cycle=cycle, name=name, opened_on=opened_on, due_on=due_on, note=note
    )
    source = assessment_to_carry(cycle) if carry else None
    assessment.full_clean()
    assessment.save()
    if not _add_rows(assessment, missing_rows(assessment), _answers_to_carry(source)):
        raise ValidationError(NOTHING_ASKED)
    return assessment


@transaction.atomic
def complete_sheets(*, assessment: SelfAssessment) -> int:
    """Add the sheets and rows that a changed perimeter lacks, remove nothing; return the rows added.

    A sheet already handed in goes back to its service, with the reason.
    """
    _locked_open(assessment)
    missing = missing_rows(assessment)
    added = _add_rows(assessment, missing, {})
    handed_in = assessment.sheets.filter(
        service__in=missing, state__in=[SheetState.SUBMITTED, SheetState.ACCEPTED]
    )
    for sheet in handed_in.select_related("service").order_by("pk"):
        count = len(missing[sheet.service])
        noun = "engagement s’ajoute" if count == 1 else "engagements s’ajoutent"
        sheet.state = SheetState.SENT_BACK
        # Nobody judged it: the page must not name the person who had accepted it.
        sheet.reviewed_at = sheet.reviewed_by = None
        sheet.review_note = f"Le périmètre a changé : {count} {noun} à la grille."
        sheet.save()
    return added


@transaction.atomic
def update_assessment(
    *, assessment: SelfAssessment, name: str, due_on: date, note: str
) -> SelfAssessment:
    """Change the name, the deadline or the instructions; sheets that had that deadline follow it."""
    _refuse_stale(assessment)
    before = SelfAssessment.objects.values_list("due_on", flat=True).get(pk=assessment.pk)
    assessment.name, assessment.due_on, assessment.note = name, due_on, note
    assessment.full_clean()
    assessment.save()
    if due_on != before:
        for sheet in assessment.sheets.filter(due_on=before).order_by("pk"):
            sheet.due_on = due_on
            sheet.save()
    return assessment


@transaction.atomic
def set_sheet_deadline(*, sheet: AssessmentSheet, due_on: date) -> AssessmentSheet:
    """Give a service a deadline of its own, not before the opening."""
    assessment = _locked_open(sheet.assessment)
    _refuse_stale(sheet)
    if due_on < assessment.opened_on:
        raise ValidationError({"due_on": "La date limite précède l’ouverture."})
    sheet.due_on = due_on
    sheet.clean_fields(exclude=["assessment", "service"])
    sheet.save()
    return sheet


@transaction.atomic
def close_assessment(*, assessment: SelfAssessment, closed_on: date) -> SelfAssessment:
    """Close a campaign: its grids are read from now on. Those not accepted stay as they are."""
    stored = _locked_open(assessment)
    stored.state, stored.closed_on = AssessmentState.CLOSED, closed_on
    stored.full_clean()
    stored.save()
    return stored


@transaction.atomic
def reopen_assessment(*, assessment: SelfAssessment) -> SelfAssessment:
    """Take a closing back, unless another auto-diagnostic of the démarche was opened since."""
    stored = SelfAssessment.objects.select_for_update().get(pk=assessment.pk)
    if not stored.is_open:
        stored.state, stored.closed_on = AssessmentState.OPEN, None
        stored.full_clean()
        stored.save()
    return stored


# --- Inside -----------------------------------------------------------------------------------
def _locked_open(assessment: SelfAssessment) -> SelfAssessment:
    stored = SelfAssessment.objects.select_for_update().get(pk=assessment.pk)
    if not stored.is_open:
        raise ValidationError("L’auto-diagnostic est clos. Rouvrez-le d’abord.")
    return stored


def _refuse_stale(row: Revised) -> None:
    if is_stale(row):
        raise ValidationError(CHANGED_MEANWHILE)


def _add_rows(
    assessment: SelfAssessment,
    missing: dict[Service, list[Commitment]],
    carried: dict[tuple[int, int], AssessmentRow],
) -> int:
    """Write the sheets and rows that are missing; return the number of rows."""
    sheets = {sheet.service_id: sheet for sheet in assessment.sheets.order_by("pk")}
    new = [
        AssessmentSheet(assessment=assessment, service=service, due_on=assessment.due_on)
        for service in missing
        if service.pk not in sheets
    ]
    sheets |= {s.service_id: s for s in bulk_create_with_history(new, AssessmentSheet)}
    rows = [
        _row(sheets[service.pk], item, carried.get((service.pk, item.pk)))
        for service, asked in missing.items()
        for item in asked
    ]
    bulk_create_with_history(rows, AssessmentRow, batch_size=ROWS_PER_STATEMENT)
    return len(rows)


def _row(
    sheet: AssessmentSheet, commitment: Commitment, source: AssessmentRow | None
) -> AssessmentRow:
    row = AssessmentRow(sheet=sheet, commitment=commitment)
    if source is not None:
        row.result, row.maturity, row.comment = source.result, source.maturity, source.comment
        row.carried_from, row.needs_review = source, True
    return row


def _answers_to_carry(source: SelfAssessment | None) -> dict[tuple[int, int], AssessmentRow]:
    """Return the answers given, by service and commitment (1 query); without private remarks."""
    if source is None:
        return {}
    rows: Any = (
        AssessmentRow.objects.filter(sheet__assessment=source)
        .exclude(result=AssessmentResult.NOT_ASSESSED)
        .select_related("sheet")
        .defer("private_note")
        .order_by("pk")
    )
    return {(row.sheet.service_id, row.commitment_id): row for row in rows}
