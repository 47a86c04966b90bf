"""The meetings of a working group of the démarche, for its page."""

from dataclasses import dataclass

from django.utils import timezone

from accounts.access import Permission, Scope
from meetings.models import Committee, Meeting
from meetings.selectors.committees import MeetingRow, meeting_rows
from modules.models import WorkingGroup


# A group meets every month at most: three years of meetings on its page.
MOST_MEETINGS = 36


@dataclass(frozen=True, slots=True)
class GroupMeetings:
    """The committees that stand for a group, and their meetings, newest first."""

    group: WorkingGroup
    committees: list[Committee]
    rows: list[MeetingRow]


def meetings_of_group(group: WorkingGroup, scope: Scope) -> GroupMeetings | None:
    """Gather the meetings of a group (3 queries); ``None`` for who does not read committees."""
    if not scope.may(Permission.COMMITTEE_READ):
        return None
    committees = list(
        Committee.objects.visible_to(scope).filter(working_group=group).order_by("name", "pk")
    )
    meetings = (
        Meeting.objects.visible_to(scope)
        .filter(committee__in=committees)
        .order_by("-held_on", "-pk")[:MOST_MEETINGS]
    )
    return GroupMeetings(group, committees, meeting_rows(meetings, timezone.localdate()))
