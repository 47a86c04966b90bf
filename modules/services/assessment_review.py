"""Writes of the life of a sheet: handed in, accepted, sent back."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from modules.enums import SheetState
from modules.models import AssessmentSheet
from modules.rules.assessments import locked_because, obstacle
from modules.services.assessment_reminders import SEND_BACK_LETTER, queue_letter


@transaction.atomic
def submit_sheet(*, sheet: AssessmentSheet, by: User) -> AssessmentSheet:
    """Hand a sheet in. Refused while a row is not assessed, not read again, or lacks its sentence."""
    stored = _locked(sheet)
    reason = locked_because(stored.state, stored.assessment.state)
    if reason:
        raise ValidationError(reason)
    rows = stored.rows.asked().order_by("pk").values_list("result", "comment", "needs_review")
    missing = sum(bool(obstacle(*row)) for row in rows)
    if missing:
        lines = "1 ligne reste" if missing == 1 else f"{missing} lignes restent"
        raise ValidationError(f"La grille n’est pas encore complète : {lines} à traiter.")
    stored.state = SheetState.SUBMITTED
    stored.submitted_at, stored.submitted_by = timezone.now(), by
    stored.save()
    return stored


@transaction.atomic
def accept_sheet(*, sheet: AssessmentSheet, by: User) -> AssessmentSheet:
    """Accept a sheet that was handed in; it then shows to the auditors of the démarche."""
    stored = _reviewed(sheet, by, {SheetState.SUBMITTED})
    stored.state, stored.review_note = SheetState.ACCEPTED, ""
    stored.save()
    return stored


@transaction.atomic
def send_back_sheet(*, sheet: AssessmentSheet, by: User, reason: str) -> AssessmentSheet:
    """Send a sheet back to its service, or reopen an accepted one; correspondents get the reason."""
    if not reason.strip():
        raise ValidationError(
            {"reason": "Écrivez le motif : le service doit savoir quoi reprendre."}
        )
    stored = _reviewed(sheet, by, {SheetState.SUBMITTED, SheetState.ACCEPTED})
    stored.state, stored.review_note = SheetState.SENT_BACK, reason
    stored.clean_fields(exclude=["assessment", "service", "submitted_by", "reviewed_by"])
    stored.save()
    transaction.on_commit(partial(queue_letter, SEND_BACK_LETTER, stored.pk))
    return stored


def _locked(sheet: AssessmentSheet) -> AssessmentSheet:
    found: AssessmentSheet = (
        AssessmentSheet.objects.select_for_update(of=("self",))
        .select_related("assessment", "service")
        .get(pk=sheet.pk)
    )
    return found


def _reviewed(sheet: AssessmentSheet, by: User, states: set[SheetState]) -> AssessmentSheet:
    stored = _locked(sheet)
    if not stored.assessment.is_open:
        raise ValidationError("L’auto-diagnostic est clos. Rouvrez-le d’abord.")
    if stored.state not in states:
        raise ValidationError(
            f"La grille est « {stored.current_state.label.lower()} » : elle n’est pas à relire."
        )
    stored.reviewed_at, stored.reviewed_by = timezone.now(), by
    return stored
