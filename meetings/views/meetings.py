"""Pages of a meeting: overview and facts."""

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission, requires
from meetings.forms.meetings import MeetingForm
from meetings.models import Committee, Meeting
from meetings.selectors.follow_up import follow_up_of
from meetings.selectors.meetings import meeting_overview
from meetings.selectors.pages import meeting_page
from meetings.selectors.papers import document_slots
from meetings.services.meetings import create_meeting, edit_meeting
from meetings.views.gates import WRITERS, posted, refused_to, require_open, require_writable, saved


@require_safe
@requires(Permission.COMMITTEE_READ, subject=Meeting)
def meeting_detail(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    page = meeting_page(request, meeting)
    scope = request.scope  # type: ignore[attr-defined]
    context = {
        "page": page,
        "overview": meeting_overview(page, scope),
        "documents": document_slots(meeting, page.minutes, scope),
        "follow_up": follow_up_of(page.minutes, scope) if page.minutes else [],
    }
    return render(request, "meetings/meeting_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.COMMITTEE_EDIT, subject=Committee)
def meeting_create(request: HttpRequest, committee: Committee) -> HttpResponse:
    today = timezone.localdate()
    form = MeetingForm(
        posted(request),
        committee=committee,
        today=today,
        cancel_url=reverse("meetings:committee_detail", args=[committee.slug]),
        initial={
            "title": f"{committee.get_kind_display()} {today.year}",
            "place": committee.default_place,
            "secretary": request.user.pk,
        },
    )
    if form.is_valid():
        meeting = create_meeting(committee=committee, meeting=form.save(commit=False))
        messages.success(request, "La séance est créée. Préparez maintenant son ordre du jour.")
        return redirect("meetings:meeting_detail", meeting.slug)
    context = {"form": form, "committee": committee}
    return render(request, "meetings/meeting_create.html", context)


@require_http_methods(["GET", "POST"])
@requires(*WRITERS, subject=Meeting)
@refused_to("meetings:meeting_detail")
def meeting_edit(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    require_writable(request, meeting)
    require_open(meeting)
    # The form writes what is typed into the meeting: the head of the page keeps what is stored.
    context = {"meeting": copy(meeting)}
    back = reverse("meetings:meeting_detail", args=[meeting.slug])
    form = MeetingForm(
        posted(request),
        instance=meeting,
        committee=meeting.committee,
        today=timezone.localdate(),
        cancel_url=back,
    )
    if form.is_valid() and saved(form, lambda: edit_meeting(meeting=form.save(commit=False))):
        messages.success(request, "Les informations de la séance sont enregistrées.")
        return redirect(back)
    return render(request, "meetings/meeting_edit.html", {**context, "form": form})
