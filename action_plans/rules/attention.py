"""When an action calls for attention: constants of the plan, as data."""

from datetime import date, timedelta


# An open action that nobody touched for this long is « en sommeil ».
STALLED_AFTER = timedelta(days=60)


def stalled_before(today: date) -> date:
    """Return the day: what last changed before it is stalled."""
    return today - STALLED_AFTER
