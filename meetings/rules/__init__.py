"""Decisions of the committee, pure: no ORM, no clock, no settings."""

from meetings.rules.agenda import (
    MAX_DEPTH,
    Branch,
    Numbered,
    TreeError,
    attached,
    moved,
    numbered,
    placed,
)
from meetings.rules.attendance import (
    AttendanceSheet,
    BodyFacts,
    Group,
    Line,
    LineKind,
    Mark,
    PersonFacts,
    attendance_sheet,
)
from meetings.rules.consistency import (
    DecisionFacts,
    Finding,
    ItemFacts,
    MeetingFacts,
    Places,
    QuestionFacts,
    attendance_findings,
    meeting_findings,
)
from meetings.rules.people import same_name, same_person


__all__ = [
    "MAX_DEPTH",
    "AttendanceSheet",
    "BodyFacts",
    "Branch",
    "DecisionFacts",
    "Finding",
    "Group",
    "ItemFacts",
    "Line",
    "LineKind",
    "Mark",
    "MeetingFacts",
    "Numbered",
    "PersonFacts",
    "Places",
    "QuestionFacts",
    "TreeError",
    "attached",
    "attendance_findings",
    "attendance_sheet",
    "meeting_findings",
    "moved",
    "numbered",
    "placed",
    "same_name",
    "same_person",
]
