"""Pages of the attendance: the grid, one cell of it, guests."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.typography import french_spaces
from meetings.enums import Presence
from meetings.errors import ConflictError, RefusedError
from meetings.forms.attendance import GuestForm, MarkForm, mark_forms
from meetings.models import Meeting
from meetings.selectors.attendance import (
    Grid,
    attendance_grid,
    grid_target,
    grid_targets,
    seen_value,
    stored_mark,
    stored_row,
    with_typed,
)
from meetings.selectors.pages import meeting_page
from meetings.services.attendance import (
    mark_presence,
    remove_guest,
    restore_guest,
    save_guest,
    save_marks,
)
from meetings.views.gates import (
    WRITERS,
    Removal,
    posted,
    redirect_with_undo,
    refused_to,
    require_open,
    require_writable,
    saved,
    undo_from,
)


PAGE = "meetings:attendance"
# Columns of the grid: value, word, key that sets it. The last one unticks.
PRESENCE_CHOICES = (
    *((presence.value, presence.label, presence.key) for presence in Presence),
    ("", "Non pointé", "N"),
)


def removals(meeting: Meeting) -> dict[str, Removal]:
    """Return what this page offers to take back."""
    sentence = "{} ne figure plus parmi les invités."
    return {"invite": Removal(meeting.guests.all(), "meetings:guest_restore", sentence)}


@require_safe
@requires(Permission.COMMITTEE_READ, subject=Meeting)
def attendance(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    return _page(request, meeting, attendance_grid(meeting))


@require_POST
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def attendance_save(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Save the whole grid at once: how the page works without JavaScript."""
    require_writable(request, meeting)
    require_open(meeting)
    grid = attendance_grid(meeting)
    forms = mark_forms(request.POST, grid.rows)
    errors = {key: form.first_error() for key, form in forms.items() if not form.is_valid()}
    touched = {key: form for key, form in forms.items() if key not in errors and form.has_moved}
    targets = grid_targets(meeting, touched)
    wanted = {key: (targets[key], form.mark, form.read) for key, form in touched.items()}
    refused = save_marks(meeting=meeting, wanted=wanted)
    if not errors and not refused:
        messages.success(request, "Les présences sont enregistrées.")
        return redirect(PAGE, meeting.slug)
    typed = {key: forms[key].typed for key in (*errors, *refused)}
    return _page(
        request, meeting, with_typed(attendance_grid(meeting), typed, {**errors, **refused})
    )


@require_POST
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def attendance_mark(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Save one row alone; answer in JSON with what the page shows again."""
    require_writable(request, meeting)
    form = MarkForm(request.POST)
    target = grid_target(meeting, request.POST.get("key", ""))
    if target is None:
        raise RefusedError("Cette ligne n’est plus dans la composition. Rechargez la page.")
    if not form.is_valid():
        return JsonResponse({"message": french_spaces(form.first_error())}, status=422)
    try:
        row = mark_presence(meeting=meeting, target=target, mark=form.mark, seen=form.read)
    except ConflictError as refusal:
        answer = {"message": french_spaces(refusal.message), "row": stored_row(meeting, target)}
        return JsonResponse(answer, status=409)
    return JsonResponse(_saved_answer(request, meeting, seen_value(stored_mark(row))))


@require_http_methods(["GET", "POST"])
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def guest_create(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    require_writable(request, meeting)
    require_open(meeting)
    back = f"{reverse(PAGE, args=[meeting.slug])}#invites"
    form = GuestForm(posted(request), cancel_url=back)
    if form.is_valid():
        guest = form.save(commit=False)
        if saved(form, lambda: save_guest(meeting=meeting, guest=guest)):
            messages.success(request, f"{guest.full_name} figure parmi les invités.")
            return redirect(back)
    context = {"form": form, "meeting": meeting}
    return render(request, "meetings/guest_create.html", context)


@require_http_methods(["GET", "POST"])
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def guest_edit(request: HttpRequest, meeting: Meeting, guest_pk: int) -> HttpResponse:
    require_writable(request, meeting)
    guest = get_object_or_404(meeting.guests.filter(removed_at__isnull=True), pk=guest_pk)
    require_open(meeting)
    back = f"{reverse(PAGE, args=[meeting.slug])}#invites"
    context = {"meeting": meeting, "name": guest.full_name}
    form = GuestForm(posted(request), instance=guest, cancel_url=back)
    if form.is_valid():
        changed = form.save(commit=False)
        if saved(form, lambda: save_guest(meeting=meeting, guest=changed)):
            messages.success(request, f"{changed.full_name} : les changements sont enregistrés.")
            return redirect(back)
    return render(request, "meetings/guest_edit.html", {**context, "form": form})


@require_POST
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def guest_remove(request: HttpRequest, meeting: Meeting, guest_pk: int) -> HttpResponse:
    require_writable(request, meeting)
    guest = remove_guest(guest=get_object_or_404(meeting.guests, pk=guest_pk))
    return redirect_with_undo(PAGE, meeting.slug, kind="invite", row=guest)


@require_POST
@requires(*WRITERS, subject=Meeting)
@refused_to(PAGE)
def guest_restore(request: HttpRequest, meeting: Meeting, guest_pk: int) -> HttpResponse:
    require_writable(request, meeting)
    guest = restore_guest(guest=get_object_or_404(meeting.guests, pk=guest_pk))
    messages.success(request, f"{guest.full_name} figure de nouveau parmi les invités.")
    return redirect(f"{reverse(PAGE, args=[meeting.slug])}#invites")


def _page(request: HttpRequest, meeting: Meeting, grid: Grid) -> HttpResponse:
    page = meeting_page(request, meeting)
    context = {
        "page": page,
        "grid": grid,
        "may_edit": page.may_write and not page.is_locked,
        "choices": PRESENCE_CHOICES,
        "undo": undo_from(request, meeting.slug, removals(meeting)),
    }
    return render(request, "meetings/attendance.html", context)


def _saved_answer(request: HttpRequest, meeting: Meeting, seen: str) -> dict[str, object]:
    """Return what changes on the page once a row is saved: totals, absent, flags of every row."""
    grid = attendance_grid(meeting)
    return {
        "message": "Enregistré",
        "seen": seen,
        "flags": grid.flags,
        "summary": render_to_string("meetings/attendance_summary.html", {"grid": grid}, request),
    }
