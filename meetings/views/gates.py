"""What the views of a meeting ask beyond the permission table, and how they answer a refusal."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import Permission
from common.typography import french_spaces
from meetings.errors import LockedError, MeetingError
from meetings.models import Meeting
from meetings.selectors.pages import current_minutes, lock_reason


# Who may write a meeting by role; ``require_writable`` then asks whether it is this one.
WRITERS = (Permission.COMMITTEE_EDIT, Permission.MINUTES_WRITE_ASSIGNED)
# Query parameter that makes a page offer « Annuler » after a removal: ``?retire=point-12``.
UNDO_PARAMETER = "retire"


def require_writable(request: HttpRequest, meeting: Meeting) -> None:
    """Raise ``PermissionDenied`` (403) unless the reader may write this meeting.

    The role may (référent), or being the secretary of this very meeting.
    """
    if not meeting.is_writable_by(request.scope):  # type: ignore[attr-defined]
        raise PermissionDenied


def require_open(meeting: Meeting) -> None:
    """Raise ``LockedError`` when the minutes hold the meeting; under ``refused_to``, a message."""
    reason = lock_reason(current_minutes(meeting))
    if reason:
        raise LockedError(reason)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a script asks, and not a page that reloads."""
    return request.headers.get("Accept", "").startswith("application/json")


def refused_to(url_name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., Any]]:
    """Answer a ``MeetingError`` with its French message on the page ``url_name`` of the subject.

    A script gets it as JSON, ``{"message": …}``, with status 409. Stands under
    ``@requires(…, subject=…)``: the view's first argument has the ``slug`` of the URL.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, subject: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, subject, *args, **kwargs)
            except MeetingError as refusal:
                if wants_json(request):
                    return JsonResponse({"message": french_spaces(refusal.message)}, status=409)
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


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the data of a form, empty POSTs included; ``None`` when the page is only read."""
    return request.POST if request.method == "POST" else None


def saved(form: BaseForm, write: Callable[[], object]) -> bool:
    """Call a service for a valid form; a refusal becomes an error of the form, and ``False``.

    ``LockedError`` goes through: nothing can be mended in the form.
    """
    try:
        write()
    except LockedError:
        raise
    except MeetingError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


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
