"""When what is owed is called for again. Pure: days in, decisions out."""

from datetime import date, timedelta

from modules.enums import DeliverableState


OWED = frozenset({DeliverableState.TODO, DeliverableState.DOING})
BEFORE = timedelta(days=7)
AFTER = timedelta(days=1)
EVERY = timedelta(days=7)


def last_milestone(due_on: date, today: date) -> date | None:
    """Return the last day on which a reminder was to leave; ``None`` when none was yet.

    A week before, the day after, then every week.

    >>> last_milestone(date(2022, 4, 15), date(2022, 4, 25))
    datetime.date(2022, 4, 23)
    """
    first_late = due_on + AFTER
    if today >= first_late:
        return first_late + (today - first_late) // EVERY * EVERY
    first = due_on - BEFORE
    return first if today >= first else None


def is_reminder_due(*, due_on: date, today: date, reminded_on: date | None) -> bool:
    """Tell whether a reminder is to leave: one whose day was missed leaves late, and once only."""
    milestone = last_milestone(due_on, today)
    return milestone is not None and (reminded_on is None or reminded_on < milestone)
