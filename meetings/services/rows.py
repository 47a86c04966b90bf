"""Questions, opinions and decisions: adding, changing, taking away, putting back."""

from typing import TypeVar

from django.db import transaction
from django.db.models import Max

from common.editing import is_stale
from meetings.errors import ConflictError
from meetings.models import Decision, Opinion, Question
from meetings.services.minutes import locked_draft


Row = TypeVar("Row", Question, Opinion, Decision)


@transaction.atomic
def save_row(*, row: Row) -> Row:
    """Save a new or changed row, checked by its form; a new one takes its place after the others.

    A form sent twice (a double click) makes one row: the second answers with the first.
    """
    locked_draft(row.minutes)
    if row.pk is None:
        if (same := _sent_before(row)) is not None:
            row.pk = same.pk
            return same
        last = type(row).objects.filter(minutes=row.minutes).aggregate(last=Max("position"))["last"]
        row.position = 0 if last is None else last + 1
    elif is_stale(row):
        raise ConflictError(
            "Quelqu’un vient de modifier cette ligne. Rechargez la page, puis recommencez."
        )
    row.save()
    return row


def _sent_before(row: Row) -> Row | None:
    """Return the row that already says all of this, at the same place of the same minutes."""
    own = ("id", "position", "revision", "removed_at")
    fields = [field for field in row._meta.concrete_fields if field.name not in own]
    content = {field.attname: getattr(row, field.attname) for field in fields}
    return type(row)._default_manager.filter(removed_at__isnull=True, **content).first()


@transaction.atomic
def remove_row(*, row: Row) -> Row:
    """Take a row off the minutes; ``restore_row`` brings it back."""
    locked_draft(row.minutes)
    if row.removed_at is None:
        row.mark_removed()
    return row


@transaction.atomic
def restore_row(*, row: Row) -> Row:
    """Put a removed row back in its place."""
    locked_draft(row.minutes)
    if row.removed_at is not None:
        row.mark_restored()
    return row
