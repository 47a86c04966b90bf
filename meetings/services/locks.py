"""Writes on a meeting wait for one another, and stop once its minutes are submitted."""

from meetings.errors import LockedError
from meetings.models import Meeting, Minutes
from meetings.selectors.pages import lock_reason


def lock_open_meeting(meeting: Meeting) -> None:
    """Lock the meeting and its newest minutes until the transaction ends.

    Facts, agenda, attendance and guests are written under it. Raises ``LockedError`` when the
    minutes are submitted or final.
    """
    Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    newest = (
        Minutes.objects.select_for_update(of=("self",))
        .filter(meeting=meeting.pk)
        .order_by("-version")
        .first()
    )
    reason = lock_reason(newest)
    if reason:
        raise LockedError(reason)
