"""Tables of the committee, cut by noun."""

from meetings.models.committees import Body, Committee, CompositionImport, Member
from meetings.models.meetings import AgendaItem, Attendance, Guest, Meeting
from meetings.models.minutes import (
    Decision,
    Delivery,
    Minutes,
    Opinion,
    Question,
    Signature,
    TextBlock,
)


__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "Committee",
    "CompositionImport",
    "Decision",
    "Delivery",
    "Guest",
    "Meeting",
    "Member",
    "Minutes",
    "Opinion",
    "Question",
    "Signature",
    "TextBlock",
]
