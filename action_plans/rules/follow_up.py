"""The weekly letter: which actions it tells, in which order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Owed:
    """An open action as the letter tells it; ``due_on`` is its own day or its next step's, if nearer."""

    number: int
    title: str
    due_on: date | None
    step: str
    link: str

    def days_late(self, today: date) -> int:
        """Whole days after its day; 0 when it is not late or has no day."""
        return max((today - self.due_on).days, 0) if self.due_on else 0

    def is_late(self, today: date) -> bool:
        return self.days_late(today) > 0


def in_order(items: Iterable[Owed]) -> list[Owed]:
    """Return the oldest day first, hence the late ones; those without a day last."""
    return sorted(items, key=lambda item: (item.due_on or date.max, item.number))


def week_of(day: date) -> date:
    """Return the Monday of the week."""
    return day - timedelta(days=day.weekday())
