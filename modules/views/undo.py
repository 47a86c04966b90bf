"""« Annuler » after a removal: the page is asked with ``?retire=<kind>-<pk>``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


UNDO_PARAMETER = "retire"


@dataclass(frozen=True, slots=True)
class Removal:
    """One kind of row that a page removes.

    ``rows`` are the candidates, removed ones included; ``restore_url`` builds the address where
    « Annuler » posts; ``sentence`` is formatted with the row: « {} : retiré. ».
    """

    rows: QuerySet[Any]
    restore_url: Any
    sentence: str


@dataclass(frozen=True, slots=True)
class Undo:
    """A removal that can be taken back, for ``modules/partials/undo.html``."""

    text: str
    url: str


def redirect_with_undo(address: str, kind: str, row: Any) -> HttpResponse:
    """Return to the page after a removal, which then offers « Annuler »."""
    return redirect(f"{address}?{UNDO_PARAMETER}={kind}-{row.pk}")


def undo_from(request: HttpRequest, removals: Mapping[str, Removal]) -> Undo | None:
    """Return what the page offers to take back; ``None`` without a removed row of these kinds."""
    kind, _, number = request.GET.get(UNDO_PARAMETER, "").rpartition("-")
    removal = removals.get(kind)
    if removal is None or not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    row = removal.rows.filter(pk=int(number), removed_at__isnull=False).first()
    if row is None:
        return None
    return Undo(removal.sentence.format(row), removal.restore_url(row))
