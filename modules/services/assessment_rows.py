"""Writes of the answers: one row alone (a key pressed in the grid), or those sent with the page."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from modules.models import AssessmentRow, AssessmentSheet
from modules.rules.assessments import kept_maturity, locked_because
from modules.selectors.assessment_grids import ANSWERS, answers_at


# Fields of a row that somebody types; the others are not checked again at each key.
_NOT_TYPED = ("sheet", "commitment", "assessed_by", "carried_from", "assessed_at")


class StaleRowError(ValidationError):
    """Somebody saved the row since it was read; ``row`` is what it holds now."""

    def __init__(self, row: AssessmentRow) -> None:
        super().__init__("Quelqu’un a modifié cette ligne pendant que vous l’écriviez.")
        self.row = row


@transaction.atomic
def save_row(
    *,
    row: AssessmentRow,
    by: User,
    revision: int | None,
    result: str,
    maturity: int | None,
    comment: str,
    private_note: str,
    reviewed: bool = False,
) -> AssessmentRow:
    """Save the answer of one row, read at ``revision``; 3 queries, none of them on another row.

    An answer that was carried over stays « à revoir » until it is changed, or ``reviewed`` as it is.
    What is already stored is not written again. Raises ``StaleRowError`` when somebody else saved another
    answer meanwhile, ``ValidationError`` when the sheet is no longer to be filled.
    """
    stored = (
        AssessmentRow.objects.select_for_update(of=("self", "sheet"))
        .select_related("sheet__assessment", "commitment")
        .get(pk=row.pk)
    )
    _refuse_locked(stored.sheet)
    values = {
        "result": result,
        "maturity": kept_maturity(result, maturity),
        "comment": comment,
        "private_note": private_note,
    }
    return _write(stored, values, revision, by, reviewed=reviewed)


@transaction.atomic
def save_rows(
    *, sheet: AssessmentSheet, wanted: Mapping[int, Mapping[str, Any]], by: User
) -> tuple[dict[int, str], dict[int, AssessmentRow]]:
    """Save the rows that were really changed, of those sent (key: id; values as for ``save_row``).

    Return the refusals and the conflicts (the row as it is), by id; the other rows are saved. A row
    that somebody else saved and that was sent back as it had been read is left alone.
    """
    locked = AssessmentSheet.objects.select_for_update(of=("self",)).select_related("assessment")
    _refuse_locked(locked.get(pk=sheet.pk))
    rows = {
        row.pk: row
        for row in sheet.rows.select_for_update(of=("self",))
        .filter(pk__in=wanted)
        .select_related("sheet__assessment", "commitment")
        .order_by("pk")
    }
    stale = {
        pk: wanted[pk]["revision"]
        for pk, row in rows.items()
        if wanted[pk]["revision"] not in (None, row.revision)
    }
    read = answers_at(stale)
    refused: dict[int, str] = {}
    conflicts: dict[int, AssessmentRow] = {}
    for pk, row in rows.items():
        values = {name: wanted[pk][name] for name in ANSWERS}
        values["maturity"] = kept_maturity(values["result"], values["maturity"])
        reviewed = wanted[pk]["reviewed"]
        if not reviewed and _is_untouched(row, values, read.get(pk)):
            continue
        try:
            _write(row, values, wanted[pk]["revision"], by, reviewed=reviewed)
        except StaleRowError as conflict:
            conflicts[pk] = conflict.row
        except ValidationError as refusal:
            refused[pk] = " ".join(refusal.messages)
    return refused, conflicts


def _is_untouched(
    row: AssessmentRow, values: Mapping[str, Any], read: Mapping[str, Any] | None
) -> bool:
    """Tell whether the page sent a row back as it had shown it."""
    shown = read or {name: getattr(row, name) for name in ANSWERS}
    return all(shown[name] == values[name] for name in ANSWERS)


def _refuse_locked(sheet: AssessmentSheet) -> None:
    reason = locked_because(sheet.state, sheet.assessment.state)
    if reason:
        raise ValidationError(reason)


def _write(
    stored: AssessmentRow,
    values: Mapping[str, Any],
    revision: int | None,
    by: User,
    *,
    reviewed: bool,
) -> AssessmentRow:
    changed = {name for name, value in values.items() if getattr(stored, name) != value}
    is_read_again = stored.needs_review and (reviewed or bool(changed - {"private_note"}))
    if not changed and not is_read_again:
        return stored
    if changed and revision != stored.revision:
        raise StaleRowError(stored)
    for name, value in values.items():
        setattr(stored, name, value)
    stored.clean_fields(exclude=_NOT_TYPED)
    stored.needs_review = stored.needs_review and not is_read_again
    stored.assessed_by, stored.assessed_at = by, timezone.now()
    stored.save()
    return stored
