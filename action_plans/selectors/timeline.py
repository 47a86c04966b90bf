"""Reads of the calendar: the actions of a year as bars, and as a list by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import F, Max, Min, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from action_plans.enums import OPEN_STATES, ActionState
from action_plans.models import Action, Step
from action_plans.rules.timeline import Bar, Span, bar_of, place_of
from action_plans.selectors.actions import ActionLine, lines_of
from action_plans.selectors.axes import SHOWN_AXIS_ORDER
from modules.models.scoping import kept


PER_PAGE = 200
# As French abbreviates them; the short names of Django take june for july.
SHORT_MONTHS = (
    "Janv.", "Févr.", "Mars", "Avr.", "Mai", "Juin", "Juil.", "Août", "Sept.", "Oct.", "Nov.", "Déc.",
)  # fmt: skip
GROUPINGS: dict[str, tuple[str, str, tuple[Any, ...]]] = {
    "axe": ("shown_axis", "Sans axe", SHOWN_AXIS_ORDER),
    "service": ("service", "Sans service", (F("service__name"), F("service"))),
}


@dataclass(frozen=True, slots=True)
class Tick:
    """The day of a step, in units of the year."""

    x: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """An action in the year. ``look``: how its bar is drawn. ``step_words``: its steps in words.

    ``bar`` is what was planned, or done; ``overrun`` the days for which it is late.
    """

    line: ActionLine
    bar: Bar | None
    overrun: Bar | None
    look: str
    ticks: list[Tick]
    step_words: str

    @property
    def progress_width(self) -> int:
        """The part of the bar that is done, in units."""
        return self.bar.width * self.line.action.progress // 100 if self.bar else 0


@dataclass(frozen=True, slots=True)
class TimelineGroup:
    """Rows under one heading."""

    title: str
    rows: list[TimelineRow]


@dataclass(frozen=True, slots=True)
class MonthList:
    """The actions that end in a month; ``first_day`` is ``None`` for those that end another year."""

    first_day: date | None
    rows: list[TimelineRow]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The calendar of a year, in two readings of the same rows."""

    year: int
    groups: list[TimelineGroup]
    months: list[MonthList]
    today_x: int | None

    @property
    def month_heads(self) -> list[tuple[date, str]]:
        """The first day of each month and its short name, for the heads of the columns."""
        return [(date(self.year, rank, 1), name) for rank, name in enumerate(SHORT_MONTHS, 1)]


def in_year(actions: QuerySet[Any], year: int, today: date) -> QuerySet[Any]:
    """Keep the actions that have a day in the year; an open one goes on until today."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    dated = actions.annotate(
        first_day=Coalesce("starts_on", "due_on", "done_on"),
        last_day=Coalesce("done_on", "due_on", "starts_on"),
    ).filter(first_day__lte=last)
    if today < first:
        return dated.filter(last_day__gte=first)
    return dated.filter(Q(last_day__gte=first) | Q(state__in=OPEN_STATES))


def undated(actions: QuerySet[Any]) -> QuerySet[Any]:
    """Keep the actions that have no day at all: no calendar can show them."""
    return actions.filter(starts_on__isnull=True, due_on__isnull=True, done_on__isnull=True)


def years_of(actions: QuerySet[Any], today: date) -> list[int]:
    """Return the years that the actions touch and the present one, the newest first (1 query)."""
    days = actions.order_by().aggregate(
        a=Min("starts_on"),
        b=Min("due_on"),
        c=Min("done_on"),
        d=Max("starts_on"),
        e=Max("due_on"),
        f=Max("done_on"),
    )
    years = [day.year for day in (*days.values(), today) if day is not None]
    return list(range(max(years), min(years) - 1, -1))


def ordered_for(actions: QuerySet[Any], grouping: str) -> QuerySet[Any]:
    """Order by group, then by day, with the steps of each action (1 query more)."""
    steps = Step.objects.filter(kept()).order_by("position", "pk")
    order = [name.asc(nulls_last=True) for name in GROUPINGS[grouping][2]]
    return actions.order_by(*order, "first_day", "number").prefetch_related(
        Prefetch("steps", steps, "kept_steps")
    )


def timeline_of(actions: Iterable[Any], year: int, grouping: str, today: date) -> Timeline:
    """Draw the actions, already in the order of ``ordered_for``."""
    attribute, nothing, _ = GROUPINGS[grouping]
    rows = [_row(line, year, today) for line in lines_of(actions, today)]
    groups = [
        TimelineGroup(str(owner) if owner else nothing, list(members))
        for owner, members in groupby(rows, lambda row: getattr(row.line.action, attribute))
    ]
    return Timeline(year, groups, _months(rows, year), place_of(today, year))


def _row(line: ActionLine, year: int, today: date) -> TimelineRow:
    action: Any = line.action
    span = Span(action.starts_on, action.due_on, action.done_on)
    planned = span.planned(today, is_open=action.is_open)
    overrun = span.overrun(today, is_open=action.is_open)
    steps = [step for step in action.kept_steps if step.due_on is not None]
    placed = [(place_of(step.due_on, year), step.done_on is not None) for step in steps]
    return TimelineRow(
        line=line,
        bar=bar_of(*planned, year) if planned else None,
        overrun=bar_of(*overrun, year) if overrun else None,
        look=_look(line),
        ticks=[Tick(x, is_done) for x, is_done in placed if x is not None],
        step_words=_step_words(action.kept_steps),
    )


def _look(line: ActionLine) -> str:
    state = line.action.current_state
    if state in {ActionState.TO_START, ActionState.ONGOING, ActionState.ABANDONED}:
        return state.value
    return "done"


def _step_words(steps: list[Step]) -> str:
    if not steps:
        return ""
    done = sum(step.done_on is not None for step in steps)
    return f"{done} étape{'s' if done > 1 else ''} sur {len(steps)}"


def _months(rows: list[TimelineRow], year: int) -> list[MonthList]:
    by_month: dict[int, list[TimelineRow]] = {}
    for row in rows:
        end = _end_of(row.line.action)
        by_month.setdefault(end.month if end and end.year == year else 0, []).append(row)
    for found in by_month.values():
        found.sort(key=lambda row: (_end_of(row.line.action) or date.max, row.line.action.number))
    months = [
        MonthList(date(year, month, 1), by_month[month]) for month in sorted(by_month) if month
    ]
    return months + ([MonthList(None, by_month[0])] if 0 in by_month else [])


def _end_of(action: Action) -> date | None:
    return action.done_on or action.due_on
