"""Where an action stands in the calendar of a year: pure arithmetic on days.

A year is twelve months of 100 units each, whatever their days: months line up with their heads, and
a day falls within its month in proportion.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


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

    @property
    def first(self) -> date | None:
        """The first day known."""
        return self.starts_on or self.due_on or self.done_on

    def last(self, today: date, *, is_open: bool) -> date | None:
        """The last day known: when it was done, else due; an open action goes on until today."""
        end = self.done_on or self.due_on or self.starts_on
        if end is None or self.first is None:
            return None
        end = max(end, self.first)
        return max(end, today) if is_open and self.starts_on is not None else end
