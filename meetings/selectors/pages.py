"""What every page of a meeting shows: its version of the minutes, its life, its parts."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from accounts.access import Scope
from meetings.enums import MinutesState
from meetings.models import Meeting, Minutes


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """The frame of a meeting's page, ready for the template."""

    meeting: Meeting
    minutes: Minutes | None
    may_write: bool
    is_locked: bool
    lock_reason: str
    tabs: list[dict[str, object]]
    steps: list[dict[str, str]]


OVERVIEW = "meetings:meeting_detail"
# URL name, label: the parts of a meeting, in the order of the secretary's work.
TABS = (
    (OVERVIEW, "Vue d’ensemble"),
    ("meetings:agenda", "Ordre du jour"),
    ("meetings:attendance", "Présences"),
    ("meetings:minutes", "Rédaction"),
    ("meetings:preview", "Aperçu"),
    ("meetings:minutes_state", "Validation et diffusion"),
)


def current_minutes(meeting: Meeting) -> Minutes | None:
    """Return the newest version of the minutes (1 query)."""
    return meeting.minutes_versions.order_by("-version").first()


def is_locked(minutes: Minutes | None) -> bool:
    """Tell whether facts, agenda and attendance are closed: submitted or final minutes hold them."""
    return minutes is not None and not minutes.is_editable


_WHY_LOCKED = {
    MinutesState.SUBMITTED: "Le compte rendu est soumis à la signature : la séance, son ordre du "
    "jour, ses présences et ses textes ne changent plus, sauf s’il est renvoyé en rédaction.",
    MinutesState.VALIDATED: "Le compte rendu est validé : la séance, son ordre du jour, ses "
    "présences et ses textes ne changent plus. Une correction ouvre une nouvelle version.",
    MinutesState.DIFFUSED: "Le compte rendu est diffusé : la séance, son ordre du jour, ses "
    "présences et ses textes ne changent plus. Une correction ouvre une nouvelle version.",
}


def lock_reason(minutes: Minutes | None) -> str:
    """Return why facts, agenda, attendance and texts are closed; empty while they are open."""
    return _WHY_LOCKED.get(minutes.current_state, "") if minutes else ""


def meeting_steps(
    meeting: Meeting, minutes: Minutes | None, *, has_agenda: bool, has_attendance: bool
) -> list[dict[str, str]]:
    """Return the stepper: Préparer → Convoquer → Tenir → Rédiger → Valider → Diffuser.

    Each step is ``{"label", "state"}`` with state ``done``, ``current`` or ``todo``; the first step
    that is not done is the current one.
    """
    state = minutes.current_state if minutes else MinutesState.DRAFT
    after_draft = state != MinutesState.DRAFT
    final = state in (MinutesState.VALIDATED, MinutesState.DIFFUSED)
    done = {
        "Préparer": has_agenda and meeting.held_on is not None,
        "Convoquer": meeting.convened_on is not None or has_attendance,
        "Tenir": has_attendance,
        "Rédiger": after_draft,
        "Valider": final,
        "Diffuser": state == MinutesState.DIFFUSED,
    }
    steps: list[dict[str, str]] = []
    current_found = False
    for label, is_done in done.items():
        if is_done and not current_found:
            steps.append({"label": label, "state": "done"})
        else:
            steps.append({"label": label, "state": "todo" if current_found else "current"})
            current_found = True
    return steps


def meeting_page(request: HttpRequest, meeting: Meeting) -> MeetingPage:
    """Return the frame of a meeting's page (3 queries, whatever the size of the meeting)."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    minutes = current_minutes(meeting)
    steps = meeting_steps(
        meeting,
        minutes,
        has_agenda=meeting.agenda_items.kept().exists(),
        has_attendance=meeting.attendances.exists(),
    )
    tabs: list[dict[str, object]] = []
    for name, label in TABS:
        url = reverse(name, args=[meeting.slug])
        # What a part posts to stands under its own address; the overview stands above them all.
        is_under = name != OVERVIEW and request.path.startswith(url)
        tabs.append({"label": label, "url": url, "is_current": is_under or request.path == url})
    return MeetingPage(
        meeting=meeting,
        minutes=minutes,
        may_write=meeting.is_writable_by(scope),
        is_locked=is_locked(minutes),
        lock_reason=lock_reason(minutes),
        tabs=tabs,
        steps=steps,
    )
