"""Reads of a meeting: who may be chosen in its form, and its overview."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.access import GRANTS, Permission, Scope
from accounts.models import Membership, Prefecture, User
from common.history import HistoryEntry, history_entries
from common.typography import NBSP, date_in_words, time_in_words
from meetings import rules
from meetings.enums import MinutesState
from meetings.models import AgendaItem, Attendance, Committee, Guest, Meeting, Member
from meetings.selectors.attendance import attendance_sheet
from meetings.selectors.consistency import meeting_findings
from meetings.selectors.pages import MeetingPage


_WRITERS = frozenset({Permission.MINUTES_WRITE, Permission.MINUTES_WRITE_ASSIGNED})
WRITING_ROLES = tuple(role for role, granted in GRANTS.items() if granted & _WRITERS)


def chair_choices(committee: Committee, meeting: Meeting) -> QuerySet[Member]:
    """Return who may preside: members of the committee, and who already presides this meeting."""
    members = Member.objects.filter(
        body__committee=committee, body__removed_at__isnull=True, removed_at__isnull=True
    )
    if meeting.chair_id:
        members = members | Member.objects.filter(pk=meeting.chair_id)
    return members.select_related("body").order_by("protocol_order", "last_name", "pk")


def secretary_choices(prefecture: Prefecture, meeting: Meeting, today: date) -> QuerySet[User]:
    """Return who may be secretary: open accounts of the préfecture under a role that writes."""
    writers = Membership.objects.active_on(today).filter(
        prefecture=prefecture, role__in=WRITING_ROLES
    )
    users = User.objects.filter(is_active=True, pk__in=writers.order_by().values("user"))
    if meeting.secretary_id:
        users = users | User.objects.filter(pk=meeting.secretary_id)
    return users.order_by("last_name", "first_name", "pk")


# Acts shown on the overview, and ticks read to count them.
HISTORY_LENGTH = 20
TICKS_READ = 500


# --- Overview ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next thing to do: words of its button, address, one sentence."""

    label: str
    url: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The first page of a meeting."""

    facts: list[tuple[str, str]]
    blocking: list[rules.Finding]
    warnings: list[rules.Finding]
    next_step: NextStep
    history: list[HistoryEntry]


def meeting_overview(page: MeetingPage, scope: Scope) -> Overview:
    """Return the overview (a constant number of queries, whatever the size of the meeting)."""
    meeting = page.meeting
    findings = meeting_findings(meeting, page.minutes)
    if page.minutes is None:
        # A meeting that is being prepared is not wrong for lying ahead.
        findings = [finding for finding in findings if finding.code != "future_date"]
    return Overview(
        facts=_facts(meeting, attendance_sheet(meeting)),
        blocking=[finding for finding in findings if finding.is_blocking],
        warnings=[finding for finding in findings if not finding.is_blocking],
        next_step=next_step(page, scope),
        history=_history(meeting),
    )


def _history(meeting: Meeting) -> list[HistoryEntry]:
    """Return the last acts on the meeting, its agenda and its guests; ticks are counted by day."""
    entries = history_entries(
        meeting, children=[(AgendaItem, "meeting"), (Guest, "meeting")], limit=HISTORY_LENGTH
    )
    entries += _ticks(meeting)
    return sorted(entries, key=lambda entry: entry.when, reverse=True)[:HISTORY_LENGTH]


def _ticks(meeting: Meeting) -> list[HistoryEntry]:
    """Return « Mme X a pointé 9 présences », one for each person and day (1 query)."""
    rows = Attendance.history.filter(meeting=meeting.pk).select_related("history_user")
    days: dict[tuple[str, date], tuple[datetime, set[tuple[Any, Any]]]] = {}
    for row in rows.order_by("-history_date", "-history_id")[:TICKS_READ]:
        who = str(row.history_user) if row.history_user else "L’application"
        day = timezone.localdate(row.history_date)
        _, targets = days.setdefault((who, day), (row.history_date, set()))
        targets.add((row.member_id, row.body_id))
    return [
        HistoryEntry(
            when, who, f"{who} a pointé {len(targets)} présence{'s' if len(targets) > 1 else ''}"
        )
        for (who, _), (when, targets) in days.items()
    ]


def _facts(meeting: Meeting, sheet: rules.AttendanceSheet) -> list[tuple[str, str]]:
    return [
        ("Date", date_in_words(meeting.held_on) if meeting.held_on else ""),
        ("Horaires", _hours(meeting)),
        ("Lieu", meeting.place),
        ("Présidence", meeting.chair.full_name or meeting.chair.function if meeting.chair else ""),
        ("Secrétariat", str(meeting.secretary) if meeting.secretary else ""),
        ("Présences", _count(sheet)),
    ]


def _hours(meeting: Meeting) -> str:
    start = time_in_words(meeting.starts_at) if meeting.starts_at else ""
    end = time_in_words(meeting.ends_at) if meeting.ends_at else ""
    if start and end:
        return f"de {start} à {end}"
    return f"à partir de {start}" if start else f"jusqu’à {end}" if end else ""


def _count(sheet: rules.AttendanceSheet) -> str:
    present, absent = len(sheet.present), sheet.absent_count
    if not present:
        return ""
    return (
        f"{present}{NBSP}présent{'s' if present > 1 else ''}, "
        f"{absent}{NBSP}absent{'s' if absent > 1 else ''}"
    )


# Step of ``pages.meeting_steps`` → label, URL name, sentence: for who writes the meeting.
_WRITER_STEPS = {
    "Préparer": (
        "Préparer l’ordre du jour",
        "meetings:agenda",
        "Fixez la date et inscrivez les points à l’ordre du jour.",
    ),
    "Convoquer": (
        "Noter la date de convocation",
        "meetings:meeting_edit",
        "Envoyez l’ordre du jour aux membres, puis notez la date d’envoi.",
    ),
    "Tenir": (
        "Pointer les présences",
        "meetings:attendance",
        "Le jour de la séance, pointez qui est présent, excusé ou représenté.",
    ),
    "Rédiger": (
        "Rédiger le compte rendu",
        "meetings:minutes",
        "Écrivez ce qui s’est dit sous chaque point, puis soumettez le compte rendu.",
    ),
    "Valider": (
        "Suivre la validation",
        "meetings:minutes_state",
        "Le compte rendu attend la signature du préfet.",
    ),
    "Diffuser": (
        "Diffuser aux membres du comité",
        "meetings:minutes_state",
        "Le compte rendu est signé : envoyez-le aux membres du comité.",
    ),
}


def next_step(page: MeetingPage, scope: Scope) -> NextStep:
    """Return what this reader does next, in their words; who may only read, reads."""
    slug = page.meeting.slug
    current = next((step["label"] for step in page.steps if step["state"] == "current"), "")
    may_sign = scope.may(Permission.MINUTES_SIGN)
    if current == "Valider" and may_sign:
        label, name, sentence = (
            "Relire et signer le compte rendu",
            "meetings:minutes_state",
            "Le compte rendu attend votre signature.",
        )
    elif current in _WRITER_STEPS and (page.may_write or (current == "Diffuser" and may_sign)):
        label, name, sentence = _WRITER_STEPS[current]
    elif page.minutes:
        label, name, sentence = "Lire le compte rendu", "meetings:preview", _state_sentence(page)
    else:
        label, name, sentence = (
            "Lire l’ordre du jour",
            "meetings:agenda",
            "Le compte rendu n’est pas encore commencé.",
        )
    if current == "Rédiger" and page.minutes and page.minutes.sent_back_reason:
        sentence = f"Renvoyé en rédaction : {page.minutes.sent_back_reason}"
    return NextStep(label, reverse(name, args=[slug]), sentence)


_STATE_SENTENCES = {
    MinutesState.DRAFT: "Le compte rendu est en cours de rédaction.",
    MinutesState.SUBMITTED: "Le compte rendu attend la signature du préfet.",
    MinutesState.VALIDATED: "Le compte rendu est signé, pas encore diffusé.",
    MinutesState.DIFFUSED: "Le compte rendu est signé et diffusé. Rien ne reste à faire.",
}


def _state_sentence(page: MeetingPage) -> str:
    return _STATE_SENTENCES[page.minutes.current_state] if page.minutes else ""
