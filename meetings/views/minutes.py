"""Writing the minutes, and seeing them as they will print."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, requires
from common.markdown import clean_pasted_text
from common.typography import time_in_words
from meetings.errors import LockedError, MeetingError, RefusedError, TextConflictError
from meetings.models import Meeting, Minutes
from meetings.selectors.documents import DRAFT_KIND, MINUTES_KIND
from meetings.selectors.follow_up import add_actions
from meetings.selectors.minutes import (
    Place,
    conflict_for_page,
    place_for_code,
    places_for_writing,
)
from meetings.selectors.pages import current_minutes, meeting_page
from meetings.selectors.papers import document_slots, findings_of
from meetings.services.minutes import save_text, start_minutes
from meetings.views.gates import refused_to, require_writable, undo_from
from meetings.views.rows import removals
from reports.selectors import preview_html


P = Permission
WRITE = (P.MINUTES_WRITE, P.MINUTES_WRITE_ASSIGNED)


@require_safe
@requires(P.COMMITTEE_READ, subject=Meeting)
def minutes(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Show every text: to write, or to read for whoever does not write or once submitted."""
    newest = current_minutes(meeting)
    return _writing_page(request, meeting, newest, places_for_writing(newest) if newest else [])


@require_POST
@requires(*WRITE, subject=Meeting)
def minutes_start(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    require_writable(request, meeting)
    start_minutes(meeting=meeting)
    return redirect("meetings:minutes", meeting.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*WRITE, subject=Meeting)
@refused_to("meetings:minutes")
def minutes_save(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Save every text of the page (without JavaScript); what is refused comes back as typed."""
    require_writable(request, meeting)
    newest = current_minutes(meeting)
    # A GET comes from the login page, after a session that ended while somebody was writing.
    if request.method != "POST" or newest is None:
        return redirect("meetings:minutes", meeting.slug)
    places = places_for_writing(newest)
    for place in places:
        _save_place(request, newest, place)
    if any(place.conflict for place in places):
        return _writing_page(request, meeting, newest, places, HTTPStatus.CONFLICT)
    if any(place.error for place in places):
        return _writing_page(request, meeting, newest, places, HTTPStatus.UNPROCESSABLE_ENTITY)
    if any(place.notice for place in places):
        return _writing_page(request, meeting, newest, places)
    messages.success(request, f"Textes enregistrés à {_now_in_words()}.")
    return redirect("meetings:minutes", meeting.slug)


@require_POST
@requires(*WRITE, subject=Meeting)
def text_save(request: HttpRequest, meeting: Meeting, place_code: str) -> HttpResponse:
    """Save one text while it is being written; JSON, or the panel of choices on a conflict (409)."""
    require_writable(request, meeting)
    newest = current_minutes(meeting)
    place = place_for_code(newest, place_code) if newest else None
    if newest is None or place is None:
        return _refusal("Ce point n’est plus à l’ordre du jour.", HTTPStatus.GONE)
    try:
        _save_place(request, newest, place)
    except LockedError as refusal:
        return _refusal(refusal.message, HTTPStatus.LOCKED)
    if place.conflict:
        context = {"place": place, "page": {"meeting": meeting}}
        template = "meetings/partials/conflict.html"
        return render(request, template, context, status=HTTPStatus.CONFLICT)
    if place.error:
        return _refusal(place.error, HTTPStatus.UNPROCESSABLE_ENTITY)
    saved = f"Enregistré à {_now_in_words()}"
    return JsonResponse({"revision": place.revision, "message": saved})


@require_safe
@requires(P.COMMITTEE_READ, subject=Meeting)
def preview(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Show the minutes as they will print, with what a careful reader would notice beside."""
    newest = current_minutes(meeting)
    context = {
        "page": meeting_page(request, meeting),
        "findings": findings_of(meeting, newest) if newest else None,
        "slots": document_slots(meeting, newest, request.scope)[2:],
    }
    return render(request, "meetings/preview.html", context)


@require_safe
@requires(P.COMMITTEE_READ, subject=Meeting)
@xframe_options_sameorigin
def preview_document(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Answer the bare document: the same HTML as the PDF; ``?version=1`` for an older one."""
    wanted = request.GET.get("version", "")
    versions = meeting.minutes_versions.order_by("-version")
    if wanted:
        versions = versions.filter(version=wanted if wanted.isdecimal() else 0)
    found = versions.first()
    if found is None:
        raise Http404
    kind = MINUTES_KIND if found.is_final else DRAFT_KIND
    return HttpResponse(preview_html(kind=kind, subject_id=found.pk, scope=request.scope))


def _writing_page(
    request: HttpRequest,
    meeting: Meeting,
    newest: Minutes | None,
    places: list[Place],
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    page = meeting_page(request, meeting)
    add_actions(
        decisions=[row for place in places for row in place.decisions],
        questions=[row for place in places for row in place.questions],
        scope=request.scope,  # type: ignore[attr-defined]
    )
    context = {
        "page": page,
        "places": places,
        "may_edit": newest is not None and newest.is_editable and page.may_write,
        "undo": undo_from(request, meeting.slug, removals(newest)) if newest else None,
    }
    return render(request, "meetings/minutes.html", context, status=status)


def _save_place(request: HttpRequest, newest: Minutes, place: Place) -> None:
    """Save what was typed for one place, or leave it there with the reason of the refusal.

    ``LockedError`` goes on: it concerns the whole page.
    """
    typed = request.POST.get(f"texte-{place.code}")
    if typed is None:
        return
    # Browsers send « \r\n »: compared with what is stored, every line would differ.
    typed = clean_pasted_text(typed)
    revision = _number(request.POST.get(f"revision-{place.code}"))
    choice = request.POST.get(f"choix-{place.code}", "")
    if choice == "theirs":
        return
    try:
        block = save_text(
            minutes=newest,
            slot=place.slot,
            item=place.item,
            text=typed,
            revision=_number(request.POST.get(f"base-{place.code}"))
            if choice == "both"
            else revision,
            by=request.user,
        )
    except TextConflictError as conflict:
        _show_conflict(place, conflict, typed, revision, choice)
    except LockedError:
        raise
    except (RefusedError, MeetingError) as refusal:
        place.error, place.text, place.revision = refusal.message, typed, revision
    else:
        if block is not None:
            place.text, place.revision = block.text, block.revision


def _show_conflict(
    place: Place, conflict: TextConflictError, typed: str, revision: int, choice: str
) -> None:
    found = conflict_for_page(conflict, typed, revision)
    place.revision = found.revision
    if choice == "both":
        place.text = found.joined.text
        place.notice = "Les deux textes sont réunis ci-dessous : relisez-les, puis enregistrez."
    else:
        place.text, place.conflict = typed, found


def _number(value: str | None) -> int:
    """Read a revision; 0 (« nothing was there ») for what is not one."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else 0


def _refusal(message: str, status: int) -> JsonResponse:
    return JsonResponse({"error": message}, status=status)


def _now_in_words() -> str:
    return time_in_words(timezone.localtime().time())
