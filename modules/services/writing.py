"""What every write of a ``Revised`` row shares: the optimistic lock, the checks, the undo."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from common.editing import is_stale
from common.models import Removable, Revised


R = TypeVar("R", bound=Removable)


def write(row: Revised, values: Mapping[str, Any]) -> None:
    """Set ``values``, check the whole row and save it.

    Raises ``ValidationError`` when the row changed since it was read, or when a check fails.
    """
    if row.pk is not None and is_stale(row):
        raise ValidationError(
            "Quelqu’un vient de modifier cette page. Rechargez-la, puis recommencez."
        )
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()


def remove(row: R) -> R:
    """Take a row off the pages; doing it twice changes nothing."""
    if row.removed_at is None:
        row.mark_removed()
    return row


def restore(row: R) -> R:
    """Put a removed row back; ``ValidationError`` when a twin was written meanwhile."""
    row.removed_at = None
    row.validate_constraints()
    row.mark_restored()
    return row
