"""Rows that people put in order, one place at a time."""

from typing import Any

from django.db.models import QuerySet


def shift(row: Any, rows: QuerySet[Any], *, up: bool) -> None:
    """Move ``row`` one place among ``rows``, which come in their order; at the end, nothing moves.

    Locks the rows; those whose ``position`` changes are saved.
    """
    ordered = list(rows.select_for_update())
    keys = [item.pk for item in ordered]
    if row.pk not in keys:
        return
    rank = keys.index(row.pk)
    other = rank - 1 if up else rank + 1
    if not 0 <= other < len(ordered):
        return
    ordered[rank], ordered[other] = ordered[other], ordered[rank]
    for place, item in enumerate(ordered):
        if item.position != place:
            item.position = place
            item.save(update_fields=["position"])
