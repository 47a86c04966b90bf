"""Questions, opinions and decisions under their agenda item: add, change, remove, put back."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, requires
from common.form_tools import attempt
from meetings.errors import RefusedError
from meetings.forms.minutes import DecisionForm, MinutesRowForm, OpinionForm, QuestionForm
from meetings.models import Meeting, Minutes
from meetings.models.minutes import MinutesRow
from meetings.selectors.minutes import CLOSING, ITEM_PREFIX
from meetings.selectors.pages import current_minutes, lock_reason
from meetings.services.rows import remove_row, restore_row, save_row
from meetings.views.gates import Removal, redirect_with_undo, refused_to, require_writable


@dataclass(frozen=True, slots=True)
class RowKind:
    """One kind of row: its relation from the minutes, its form, its words."""

    relation: str
    form: type[MinutesRowForm]
    add: str
    change: str
    lead: str
    removed: str


KINDS = {
    "question": RowKind(
        "questions",
        QuestionForm,
        "Ajouter une question",
        "Modifier la question",
        "Qui a demandé quoi, au nom de qui ; qui a répondu, et quoi.",
        "La question « {} » est retirée.",
    ),
    "opinion": RowKind(
        "opinions",
        OpinionForm,
        "Ajouter un avis",
        "Modifier l’avis",
        "L’avis du comité sur un document qui lui est soumis.",
        "L’avis sur « {} » est retiré.",
    ),
    "decision": RowKind(
        "decisions",
        DecisionForm,
        "Ajouter une décision",
        "Modifier la décision",
        "Ce qui est décidé, qui s’en charge, et pour quand.",
        "La décision « {} » est retirée.",
    ),
}
WRITE = (Permission.MINUTES_WRITE, Permission.MINUTES_WRITE_ASSIGNED)


def removals(minutes: Minutes) -> dict[str, Removal]:
    """Return what the writing page can take back (see ``gates.undo_from``)."""
    return {
        code: Removal(getattr(minutes, kind.relation), f"meetings:{code}_restore", kind.removed)
        for code, kind in KINDS.items()
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*WRITE, subject=Meeting)
@refused_to("meetings:minutes")
def row_create(request: HttpRequest, meeting: Meeting, kind: str) -> HttpResponse:
    require_writable(request, meeting)
    minutes = _open_minutes(meeting)
    model = KINDS[kind].form._meta.model
    wanted = request.GET.get("point", "")
    initial = {"item": int(wanted)} if wanted.isdecimal() and len(wanted) < 18 else {}
    return _row_form(request, meeting, kind, model(minutes=minutes), initial)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*WRITE, subject=Meeting)
@refused_to("meetings:minutes")
def row_edit(request: HttpRequest, meeting: Meeting, pk: int, kind: str) -> HttpResponse:
    require_writable(request, meeting)
    return _row_form(request, meeting, kind, _row(_open_minutes(meeting), kind, pk))


@require_POST
@requires(*WRITE, subject=Meeting)
@refused_to("meetings:minutes")
def row_remove(request: HttpRequest, meeting: Meeting, pk: int, kind: str) -> HttpResponse:
    require_writable(request, meeting)
    row = remove_row(row=_row(_open_minutes(meeting), kind, pk))
    return redirect_with_undo("meetings:minutes", meeting.slug, kind=kind, row=row)


@require_POST
@requires(*WRITE, subject=Meeting)
@refused_to("meetings:minutes")
def row_restore(request: HttpRequest, meeting: Meeting, pk: int, kind: str) -> HttpResponse:
    require_writable(request, meeting)
    row = restore_row(row=_row(_open_minutes(meeting), kind, pk, removed=True))
    return redirect(_place_of(meeting, row))


def _row_form(
    request: HttpRequest,
    meeting: Meeting,
    kind: str,
    row: MinutesRow,
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    form = KINDS[kind].form(
        request.POST or None,
        instance=row,
        initial=initial,
        meeting=meeting,
        cancel_url=_place_of(meeting, row),
    )
    if form.is_valid() and attempt(form, lambda: save_row(row=form.save(commit=False))):
        return redirect(_place_of(meeting, form.instance))
    context = {
        "meeting": meeting,
        "form": form,
        "heading": KINDS[kind].change if row.pk else KINDS[kind].add,
        "lead": KINDS[kind].lead,
    }
    status = 422 if form.is_bound else 200
    return render(request, "meetings/row_form.html", context, status=status)


def _open_minutes(meeting: Meeting) -> Minutes:
    minutes = current_minutes(meeting)
    if minutes is None:
        raise RefusedError("La rédaction n’est pas commencée. Commencez-la, puis recommencez.")
    if not minutes.is_editable:
        raise RefusedError(lock_reason(minutes))
    return minutes


def _row(minutes: Minutes, kind: str, pk: int, *, removed: bool = False) -> Any:
    rows = getattr(minutes, KINDS[kind].relation)
    return get_object_or_404(rows if removed else rows.filter(removed_at__isnull=True), pk=pk)


def _place_of(meeting: Meeting, row: MinutesRow) -> str:
    """Return the writing page at the item of the row."""
    anchor = f"{ITEM_PREFIX}{row.item_id}" if row.item_id else CLOSING
    return f"{reverse('meetings:minutes', args=[meeting.slug])}#{anchor}"
