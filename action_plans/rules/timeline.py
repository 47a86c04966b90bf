"""Where an action stands in the calendar of a year: pure arithmetic on days.

A year is twelve months of 100 units each, whatever their days: months line up with their heads, and
a day falls within its month in proportion.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


MONTH = 100
YEAR = 12 * MONTH
# The least that the eye sees, in units: a bar of one day.
THINNEST = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in a year, in units from its first day. ``is_cut_…``: it goes on beyond the year."""

    x: int
    width: int
    is_cut_before: bool
    is_cut_after: bool


def place_of(day: date, year: int) -> int | None:
    """Return the place of the day in the year, in units from 0 to 1200; ``None`` outside it.

    >>> place_of(date(2022, 2, 15), 2022)
    150
    """
    if day.year != year:
        return None
    return (day.month - 1) * MONTH + (day.day - 1) * MONTH // monthrange(year, day.month)[1]


def bar_of(first: date, last: date, year: int) -> Bar | None:
    """Return the bar from one day to the other, both included; ``None`` when the year has none of it."""
    if first > last or last.year < year or first.year > year:
        return None
    x = place_of(first, year) or 0
    end = YEAR if last.year > year else _end_of(last, year)
    width = max(end - x, THINNEST)
    return Bar(
        x=min(x, YEAR - width),
        width=width,
        is_cut_before=first.year < year,
        is_cut_after=last.year > year,
    )


def _end_of(day: date, year: int) -> int:
    days = monthrange(year, day.month)[1]
    return (day.month - 1) * MONTH + day.day * MONTH // days


@dataclass(frozen=True, slots=True)
class Span:
    """The days of an action: planned, then as they turned out. ``None`` where nobody wrote one."""

    starts_on: date | None
    due_on: date | None
    done_on: date | None

    def planned(self, today: date, *, is_open: bool) -> tuple[date, date] | None:
        """Return its first and last day: until it was done, else due; without a day at all, ``None``.

        An open action without a due day goes on until today.
        """
        known = [day for day in (self.starts_on, self.due_on, self.done_on) if day is not None]
        if not known:
            return None
        end = self.done_on or self.due_on or known[0]
        first = min(self.starts_on or end, end)
        is_endless = is_open and self.done_on is None and self.due_on is None
        return first, max(end, today) if is_endless else end

    def overrun(self, today: date, *, is_open: bool) -> tuple[date, date] | None:
        """Return the days for which it is late, until today; ``None`` when it is not."""
        if not is_open or self.due_on is None or self.due_on >= today:
            return None
        return self.due_on + timedelta(days=1), today
