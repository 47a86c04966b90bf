"""Reads of the list of committees and of the page of one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.text import slugify

from accounts.access import Scope
from accounts.models import Prefecture
from common.history import HistoryEntry, history_entries
from meetings.enums import CommitteeKind
from meetings.models import Body, Committee, Meeting, Member, Minutes
from meetings.selectors.composition import Composition


# --- List -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list, with the newest version of its minutes (or none yet)."""

    meeting: Meeting
    minutes: Minutes | None
    is_past: bool


@dataclass(frozen=True, slots=True)
class CommitteeRow:
    """A committee in the list, with its next and its last meeting."""

    committee: Committee
    kind: CommitteeKind
    next: MeetingRow | None
    last: MeetingRow | None


def committees_for_list(scope: Scope) -> QuerySet[Any]:
    """Return the committees that the scope may see, in the order of their names."""
    return Committee.objects.visible_to(scope).order_by("name", "pk")


def rows_for_committees(committees: Iterable[Committee], today: date) -> list[CommitteeRow]:
    """Describe committees (3 queries, whatever their number).

    The next meeting is the first one to come, else the one whose date is still to be set.
    """
    of_committee = Meeting.objects.filter(committee=OuterRef("pk"))
    coming = of_committee.exclude(held_on__lt=today).order_by(
        F("held_on").asc(nulls_last=True), "pk"
    )
    past = of_committee.filter(held_on__lt=today).order_by("-held_on", "-pk")
    wanted = {
        pk: (next_pk, last_pk)
        for pk, next_pk, last_pk in Committee.objects.filter(pk__in=[c.pk for c in committees])
        .annotate(
            next_pk=Subquery(coming.values("pk")[:1]), last_pk=Subquery(past.values("pk")[:1])
        )
        .values_list("pk", "next_pk", "last_pk")
        .order_by("pk")
    }
    keys = {key for pair in wanted.values() for key in pair if key is not None}
    meetings = Meeting.objects.filter(pk__in=keys).order_by("pk")
    rows = {row.meeting.pk: row for row in meeting_rows(meetings, today)}
    return [
        CommitteeRow(
            committee=committee,
            kind=CommitteeKind(committee.kind),
            next=rows.get(wanted[committee.pk][0]),
            last=rows.get(wanted[committee.pk][1]),
        )
        for committee in committees
    ]


def meeting_rows(meetings: Iterable[Meeting], today: date) -> list[MeetingRow]:
    """Describe meetings with the newest version of their minutes (1 query more)."""
    meetings = list(meetings)
    versions = Minutes.objects.filter(meeting__in=[m.pk for m in meetings]).defer("frozen")
    newest = {minutes.meeting_id: minutes for minutes in versions.order_by("version")}
    return [
        MeetingRow(
            meeting=meeting,
            minutes=newest.get(meeting.pk),
            is_past=meeting.held_on is not None and meeting.held_on < today,
        )
        for meeting in meetings
    ]


# --- Address ----------------------------------------------------------------------------------

_SMALL_WORDS = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "pour", "sur"]
)
_SLUG_LENGTH = 60


def proposed_slug(
    name: str, kind: str, prefecture: Prefecture, *, reserved: Collection[str] = ()
) -> str:
    """Return a free address: « clu-loir-et-cher », « gt-accueil-loir-et-cher », « …-2 »."""
    words = slugify(name.replace("’", " ").replace("'", " "))
    for label, short in ((CommitteeKind(kind).label, kind.lower()), (prefecture.name, "")):
        words = words.replace(slugify(label.replace("’", " ")), short)
    kept = [word for word in words.split("-") if word and word not in _SMALL_WORDS]
    base = "-".join(kept)[:_SLUG_LENGTH].strip("-") or kind.lower()
    base = f"{base}-{prefecture.slug}"[:76].strip("-")
    taken = set(Committee.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= set(reserved)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


# --- Page of a committee ----------------------------------------------------------------------


def committee_facts(committee: Committee, composition: Composition) -> list[tuple[str, object]]:
    """Return the summary band."""
    return [
        ("Nature", CommitteeKind(committee.kind).label),
        ("Organismes", len(composition.bodies)),
        ("Sièges", composition.seats),
        ("Membres en cours de mandat", composition.member_count),
        ("Lieu habituel", committee.default_place),
        ("Secrétariat", committee.service_line),
    ]


def committee_history(committee: Committee) -> list[HistoryEntry]:
    """Return the acts on the committee and on its composition, newest first."""
    return history_entries(
        committee, children=[(Body, "committee"), (Member, "body__committee")], limit=20
    )
