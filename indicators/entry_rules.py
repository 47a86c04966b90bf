"""When figures are called for. Pure: no table, no clock."""

from datetime import date, timedelta


# A week to gather the figures; after seven weeks, insisting is the affair of people.
FIRST, LAST = timedelta(days=7), timedelta(days=49)


def is_reminder_due(ends_on: date, today: date) -> bool:
    """Tell whether the figures of a period that ended on ``ends_on`` are called for on a day."""
    return FIRST <= today - ends_on <= LAST
