"""From rows of figures to one figure per period: for a place, for the whole préfecture. Pure.

A figure of the whole préfecture is the one that was given for it; else the total of its services (or
sites), which says what it lacks. A period without a row of its own is made of the shorter ones that it
holds. Percentages are never averaged: see ``statistics``.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from common.numbers import Missing, Unit, quantity
from indicators import limits
from indicators.enums import Aggregation, Level, MeasureState, MeasureStatus
from indicators.reading.periods import Kind, Period
from indicators.statistics import Part, aggregate_count, aggregate_ratio


# Key of the whole préfecture among the places; the others are « service:3 », « site:4 ».
WHOLE: Final = ""
# How many periods are shown before the last one: enough for the same period last year, and the one
# before. Older ones stay in the database. A place silent for longer is expected no more in the totals.
WINDOW: Final[Mapping[Kind, int]] = {Kind.MONTH: 25, Kind.QUARTER: 17, Kind.HALF: 13, Kind.YEAR: 12}
_ORDER: Final = (Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR)
_NOUNS: Final = {
    Kind.MONTH: "mois",
    Kind.QUARTER: "trimestres",
    Kind.HALF: "semestres",
    Kind.YEAR: "années",
}


_ONE_BY_ONE: Final = {
    "services": "service par service",
    "sites": "site par site",
    "mois": "mois par mois",
    "trimestres": "trimestre par trimestre",
    "semestres": "semestre par semestre",
    "années": "année par année",
}


@dataclass(frozen=True, slots=True)
class Row:
    """What one measure says. ``place``: a key (see ``WHOLE``); ``place_label``: its name."""

    pk: int
    period: Period
    place: str
    place_label: str
    status: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    state: str
    is_sample: bool = False

    @property
    def missing(self) -> str:
        """Why there is no figure, a value of ``Missing``."""
        is_out = self.status == MeasureStatus.NOT_APPLICABLE
        return Missing.NOT_APPLICABLE if is_out else Missing.NOT_MEASURED


@dataclass(frozen=True, slots=True)
class PeriodFigure:
    """The figure of a period; ``gap`` says what a total lacks, ``measures`` which rows it rests on.

    ``value`` in the unit, a rate from 0 to 1; ``None`` with the reason in ``missing``. ``decimals``:
    the fewest that it is written with.
    """

    period: Period
    unit: str
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    missing: str = Missing.NOT_MEASURED
    gap: str = ""
    is_total: bool = False
    is_sample: bool = False
    is_validated: bool = True
    measures: tuple[int, ...] = ()
    decimals: int = 0

    @property
    def shown(self) -> str:
        """The figure as every page and document writes it."""
        return quantity(self.value, self.unit, least=self.decimals, missing=self.missing)

    @property
    def is_pending(self) -> bool:
        """Whether it rests on a figure that nobody validated yet."""
        return bool(self.measures) and not self.is_validated

    @property
    def short_gap(self) -> str:
        """« Calculé sur 2 des 3 services »: the names stand elsewhere."""
        return self.gap.partition(". ")[0]

    @property
    def ratio(self) -> str:
        """« 1 234 sur 1 300 »; empty without both."""
        if self.numerator is None or self.denominator is None:
            return ""
        return parts_in_words(self.numerator, self.denominator)


def parts_in_words(numerator: Decimal, denominator: Decimal) -> str:
    """Return « 1 234 sur 1 300 », rounded as every count is."""
    return f"{quantity(numerator, Unit.COUNT)} sur {quantity(denominator, Unit.COUNT)}"


@dataclass(frozen=True, slots=True)
class Nature:
    """What the arithmetic needs to know of an indicator."""

    unit: str
    aggregation: str
    level: str
    decimals: int = 0


@dataclass(slots=True)
class Book:
    """The rows of one indicator in one préfecture."""

    nature: Nature
    rows: Sequence[Row]
    _by_period: dict[Period, list[Row]] = field(init=False)
    _first_seen: dict[str, Row] = field(init=False)
    _days_seen: dict[str, list[date]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_period = defaultdict(list)
        self._first_seen = {}
        self._days_seen = defaultdict(list)
        for row in sorted(self.rows, key=lambda item: (item.period.start, item.pk)):
            self._by_period[row.period].append(row)
            self._first_seen.setdefault(row.place, row)
            self._days_seen[row.place].append(row.period.start)

    @property
    def places(self) -> list[tuple[str, str]]:
        """Keys and names of the services and sites that have rows, in the order of their names."""
        found = [(key, row.place_label) for key, row in self._first_seen.items() if key != WHOLE]
        return sorted(found, key=lambda item: (item[1].casefold(), item[0]))

    def kind(self, preferred: Kind) -> Kind:
        """Return the length of the periods to read: the one wanted, else that of the latest row."""
        kinds = {period.kind for period in self._by_period}
        # Rows that are shorter than what is wanted make it up.
        if not kinds or any(_ORDER.index(kind) <= _ORDER.index(preferred) for kind in kinds):
            return preferred
        return max(self._by_period, key=lambda period: period.start).kind

    def figure(self, period: Period, place: str = WHOLE) -> PeriodFigure:
        """Return the figure of a period, « non mesuré » when there is none."""
        own = self._by_period.get(period, [])
        if _concerned(own, place):
            return self._of_rows(period, own, place)
        return self._of_shorter(period, place)

    def series(self, periods: Iterable[Period], place: str = WHOLE) -> list[PeriodFigure]:
        return [self.figure(period, place) for period in periods]

    # --- Inside -------------------------------------------------------------------------------
    def _of_rows(self, period: Period, rows: Sequence[Row], place: str) -> PeriodFigure:
        given = next((row for row in rows if row.place == place), None)
        if given is not None and (given.value is not None or place != WHOLE):
            return self._given(given)
        parts = [] if self._is_given_shorter(period) else self._family(rows)
        if parts:
            return self._total(period, parts)
        return self._given(given) if given else self._of_shorter(period, place)

    def _given(self, row: Row) -> PeriodFigure:
        return PeriodFigure(
            row.period,
            self.nature.unit,
            row.value,
            row.numerator,
            row.denominator,
            row.missing,
            is_sample=row.is_sample,
            is_validated=row.state != MeasureState.ENTERED,
            measures=(row.pk,),
            decimals=self.nature.decimals,
        )

    def _is_given_shorter(self, period: Period) -> bool:
        """Whether the préfecture gave the whole itself, by shorter periods: its services wait."""
        return any(
            row.place == WHOLE and row.value is not None
            for kind in _ORDER[: _ORDER.index(period.kind)]
            for part in parts_of(period, kind)
            for row in self._by_period.get(part, ())
        )

    def _family(self, rows: Sequence[Row]) -> list[Row]:
        """Return the rows of the services or those of the sites: never both, they are the same people."""
        services = [row for row in rows if row.place.startswith("service:")]
        sites = [row for row in rows if row.place.startswith("site:")]
        if self.nature.level == Level.SITE:
            return sites or services
        return services or sites

    def _total(self, period: Period, rows: Sequence[Row]) -> PeriodFigure:
        present = {row.place: row for row in rows}
        family = rows[0].place.partition(":")[0]
        expected = self._expected(period, family)
        if len(expected) == 1:
            return self._given(rows[0])
        # Where a place counts by shorter periods, they make its part.
        figures = [
            self._given(present[key]) if key in present else self._of_shorter(period, key)
            for key, _ in expected
        ]
        labels = [label for _, label in expected]
        return self._aggregated(period, labels, figures, f"{family}s")

    def _expected(self, period: Period, family: str) -> list[tuple[str, str]]:
        """Return the places of a total, by name: those seen by then, and not silent for too long."""
        oldest = _months_before(period.start, WINDOW[period.kind] * period.months)
        found = []
        for key, first in self._first_seen.items():
            days = self._days_seen[key]
            known = bisect_right(days, period.start)
            if key.partition(":")[0] == family and known and days[known - 1] >= oldest:
                found.append((key, first.place_label))
        return sorted(found, key=lambda item: item[1].casefold())

    def _aggregated(
        self, period: Period, labels: Sequence[str], figures: Sequence[PeriodFigure], noun: str
    ) -> PeriodFigure:
        whole = PeriodFigure(
            period,
            self.nature.unit,
            None,
            is_total=True,
            is_sample=any(item.is_sample for item in figures),
            is_validated=all(item.is_validated for item in figures),
            measures=tuple(sorted(pk for item in figures for pk in item.measures)),
            decimals=self.nature.decimals,
        )
        if self.nature.aggregation == Aggregation.NONE:
            text = f"Ces chiffres ne s’additionnent pas : lisez-les {_ONE_BY_ONE[noun]}."
            return replace(whole, missing=Missing.PARTIAL, gap=text)
        if all(item.missing == Missing.NOT_APPLICABLE and item.value is None for item in figures):
            return replace(whole, missing=Missing.NOT_APPLICABLE)
        parts = [self._part(label, item) for label, item in zip(labels, figures, strict=True)]
        is_sum = self.nature.aggregation == Aggregation.SUM
        total = aggregate_count(parts) if is_sum else aggregate_ratio(parts)
        whole = replace(
            whole,
            value=total.value,
            numerator=None if is_sum else total.numerator,
            denominator=total.denominator,
            missing=Missing.PARTIAL
            if any(item.value is not None for item in figures)
            else whole.missing,
            gap=total.sentence(noun),
        )
        partial = [
            label
            for label, item in zip(labels, figures, strict=True)
            if item.gap and item.value is not None
        ]
        if not partial or whole.value is None:
            return whole
        return replace(whole, gap=f"{whole.gap} Total incomplet : {', '.join(partial)}.".strip())

    def _part(self, label: str, item: PeriodFigure) -> Part:
        if item.value is None:
            return Part(label, None, None, item.missing)
        if self.nature.aggregation == Aggregation.SUM:
            return Part(label, item.value)
        if item.numerator is None or item.denominator is None:
            return Part(label, item.value)  # a rate alone: the total says that it does not add up
        return Part(label, item.numerator, item.denominator)

    def _of_shorter(self, period: Period, place: str) -> PeriodFigure:
        """Make the figure of a year of its quarters, or of its months."""
        for kind in reversed(_ORDER[: _ORDER.index(period.kind)]):
            inside = parts_of(period, kind)
            if any(_concerned(self._by_period.get(part, []), place) for part in inside):
                figures = [self.figure(part, place) for part in inside]
                labels = [part.label for part in inside]
                return self._aggregated(period, labels, figures, _NOUNS[kind])
        return self._none(period)

    def _none(self, period: Period) -> PeriodFigure:
        return PeriodFigure(period, self.nature.unit, None, decimals=self.nature.decimals)


def plausible_period(code: str) -> Period:
    """Return the period of a code typed in an address; ``ValueError`` when it is none, or of no year
    of ``limits``."""
    period = Period.from_code(code)
    if not limits.FIRST_YEAR <= period.year <= limits.LAST_YEAR:
        raise ValueError(f"not a year of the application: {code}")
    return period


def parts_of(period: Period, kind: Kind) -> list[Period]:
    """Return the periods of a shorter kind that make up a period, in order."""
    return periods_between(Period.holding(period.start, kind), Period.holding(period.end, kind))


def periods_between(first: Period, last: Period) -> list[Period]:
    """Return every period from one to another of the same kind, both included."""
    return [_of_rank(rank, first.kind) for rank in range(_rank(first), _rank(last) + 1)]


def last_ended(day: date, kind: Kind) -> Period:
    """Return the last period that is over on a day: its figure is due."""
    current = Period.holding(day, kind)
    return current if current.end <= day else current.previous()


def moved(period: Period, steps: int) -> Period:
    """Return the period so many steps later (earlier when negative)."""
    return _of_rank(_rank(period) + steps, period.kind)


def _rank(period: Period) -> int:
    """Return how many periods of that length there are from the year 0 to this one."""
    return period.year * (12 // period.months) + period.rank - 1


def _of_rank(rank: int, kind: Kind) -> Period:
    year, rest = divmod(rank, 12 // Period(1, 1, kind).months)
    return Period(year, rest + 1, kind)


def _months_before(day: date, months: int) -> date:
    """Return the first day of the month so many months earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1) if year > 0 else date.min


def _concerned(rows: Sequence[Row], place: str) -> list[Row]:
    return [row for row in rows if place in {WHOLE, row.place}]
