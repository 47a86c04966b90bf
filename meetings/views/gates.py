"""What the views of a meeting ask beyond the permission table, and how they answer a refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from meetings.errors import MeetingError
from meetings.models import Meeting


# Query parameter that makes a page offer « Annuler » after a removal: ``?retire=point-12``.
UNDO_PARAMETER = "retire"


def require_writable(request: HttpRequest, meeting: Meeting) -> None:
    """Raise ``PermissionDenied`` (403) unless the reader may write this meeting.

    The role may (référent), or being the secretary of this very meeting.
    """
    if not meeting.is_writable_by(request.scope):  # type: ignore[attr-defined]
        raise PermissionDenied


def refused_to(url_name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., Any]]:
    """Answer a ``MeetingError`` with its French message on the page ``url_name`` of the subject.

    Stands under ``@requires(…, subject=…)``: the view's first argument has the ``slug`` of the URL.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, subject: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, subject, *args, **kwargs)
            except MeetingError as refusal:
                messages.error(request, refusal.message)
                return redirect(url_name, subject.slug)

        return wrapped

    return decorate


@dataclass(frozen=True, slots=True)
class Undo:
    """A removal that can be taken back: the sentence and where « Annuler » posts."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Removal:
    """One kind of row that a page removes.

    ``rows`` are all the rows of the subject, removed ones included; ``restore_url`` is the URL name
    taking ``(slug, pk)``; ``sentence`` is formatted with the row: « {} est retiré. ».
    """

    rows: QuerySet[Any]
    restore_url: str
    sentence: str


def redirect_with_undo(
    url_name: str, slug: str, *, kind: str, row: Model, anchor: str = ""
) -> HttpResponse:
    """Return to the page after a removal, which then offers « Annuler » (see ``undo_from``)."""
    address = f"{reverse(url_name, args=[slug])}?{UNDO_PARAMETER}={kind}-{row.pk}"
    return redirect(f"{address}#{anchor}" if anchor else address)


def undo_from(request: HttpRequest, slug: str, removals: dict[str, Removal]) -> Undo | None:
    """Return what the page offers to take back, from ``?retire=<kind>-<pk>``; else ``None``.

    One query, and only when the parameter is there and names a kind of ``removals``. Show it with
    ``{% include "meetings/partials/undo.html" with undo=undo only %}``.
    """
    kind, _, number = request.GET.get(UNDO_PARAMETER, "").rpartition("-")
    removal = removals.get(kind)
    if removal is None or not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    row = removal.rows.filter(pk=int(number), removed_at__isnull=False).first()
    if row is None:
        return None
    return Undo(removal.sentence.format(row), reverse(removal.restore_url, args=[slug, row.pk]))
