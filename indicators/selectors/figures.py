"""Reads of the list of indicators: few points of each, whatever the length of the history."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from accounts.access import Scope
from accounts.models import Prefecture
from indicators.conclusions import Reading, read_series
from indicators.entry_rules import FIRST
from indicators.enums import MeasureStatus, Standing
from indicators.models import Indicator, Measure
from indicators.reading.periods import Kind, Period
from indicators.rules import DatedTarget
from indicators.selectors.catalogue import Asking, targets_by_indicator
from indicators.selectors.definitions import rule_days
from indicators.series import (
    WHOLE,
    WINDOW,
    Book,
    Nature,
    PeriodFigure,
    Row,
    last_ended,
    moved,
    periods_between,
)


# How many are read, and those of the year where they begin: the limits rest on ``control.MOST_POINTS``
# values, and a change that began with them needs as many before it as limits do. Since it begins with a
# year, what is said of the past stays the same from one period to the next.
_READ: Mapping[Kind, int] = {**WINDOW, Kind.QUARTER: 25}
SPARK = 13
_PLACE = re.compile(r"(?:service|site):[1-9][0-9]{0,17}")
JUDGED = frozenset({Standing.MET, Standing.WATCH, Standing.BELOW})
COLUMNS = (
    *("pk", "indicator_id", "period", "service_id", "service__name", "service__acronym"),
    *("site_id", "site__name", "status", "value", "numerator", "denominator", "state", "is_sample"),
)


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One indicator of the list; ``series`` holds the periods that were read, oldest first."""

    indicator: Indicator
    module: str
    heading: str
    series: Sequence[PeriodFigure]
    reading: Reading

    @property
    def spark(self) -> list[Decimal | None]:
        """The last values, for the small line."""
        return [item.value for item in self.series][-SPARK:]

    @property
    def has_spark(self) -> bool:
        """Whether the last periods have enough figures to be drawn."""
        return sum(value is not None for value in self.spark) > 1

    @property
    def spark_key(self) -> str:
        return f"ligne-{self.indicator.pk}"

    @property
    def spark_label(self) -> str:
        return f"{self.indicator.label}, {len(self.spark)} dernières périodes"

    @property
    def target_value(self) -> Decimal | None:
        target = self.reading.targets.target
        return target.value if target else None

    @property
    def is_sample(self) -> bool:
        return any(item.is_sample for item in self.series)


class FigureFilters(Protocol):
    """What the form of the list gives; ``day``: read as it stood then, ``None`` for the latest."""

    @property
    def day(self) -> date | None: ...

    @property
    def place(self) -> str: ...

    def concerns(self, code: str) -> bool: ...

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]: ...

    def keeps(self, line: FigureLine) -> bool: ...


@dataclass(slots=True)
class FigureGroup:
    """The indicators of a rubrique."""

    title: str
    module: str = ""
    lines: list[FigureLine] = field(default_factory=list)


def figures_of(scope: Scope) -> QuerySet[Any]:
    """Return the figures of the préfecture that this scope reads."""
    return Measure.objects.visible_to(scope).filter(prefecture=scope.prefecture)


def figures_of_prefecture(prefecture: Prefecture) -> QuerySet[Any]:
    """Return every figure of a préfecture: for its own documents, that no auditor reads."""
    return Measure.objects.filter(prefecture=prefecture)


def last_day_known(measures: QuerySet[Any], today: date) -> date:
    """Return the last day of the newest period that is over and has a figure; else today (1 query)."""
    over = measures.filter(ends_on__lte=today, status=MeasureStatus.MEASURED)
    return over.aggregate(day=Max("ends_on"))["day"] or today


def row_of(values: Sequence[Any]) -> Row:
    """Return what a line of ``COLUMNS`` says."""
    pk, _, period, service, name, acronym, site, site_name, *facts = values
    place, label = WHOLE, ""
    if service is not None:
        place, label = f"service:{service}", f"{name} ({acronym})" if acronym else name
    elif site is not None:
        place, label = f"site:{site}", site_name
    return Row(pk, Period.from_code(period), place, label, *facts)


def nature_of(indicator: Indicator) -> Nature:
    return Nature(indicator.unit, indicator.aggregation, indicator.level, indicator.decimals)


def rows_by_indicator(measures: QuerySet[Any]) -> dict[int, list[Row]]:
    """Return the rows of a queryset by indicator, oldest first (1 query, no model is built)."""
    found: dict[int, list[Row]] = defaultdict(list)
    for values in measures.order_by("starts_on", "pk").values_list(*COLUMNS):
        found[values[1]].append(row_of(values))
    return found


def books_for(
    indicators: Iterable[Indicator], measures: QuerySet[Any], day: date, place: str = WHOLE
) -> dict[int, Book]:
    """Return the last points of each indicator up to a day (2 queries).

    What is read of each begins so many periods before its own last figure: an indicator that nobody
    measures any more still shows what it was.
    """
    known = {item.pk: item for item in indicators}
    until = of_place(measures.filter(starts_on__lte=day), place)
    newest = until.filter(indicator=OuterRef("pk"), status=MeasureStatus.MEASURED)
    newest = newest.order_by("-starts_on").values("starts_on")[:1]
    ends = Indicator.objects.filter(pk__in=known).annotate(newest=Subquery(newest))
    first_days: dict[date, list[int]] = defaultdict(list)
    for pk, last in ends.order_by("pk").values_list("pk", "newest"):
        kind = Kind(known[pk].periodicity)
        first_days[first_read(Period.holding(last or day, kind)).start].append(pk)
    wanted = Q(pk__in=[])
    for first, pks in first_days.items():
        wanted |= Q(indicator__in=pks, starts_on__gte=first)
    # The same bound for all too: an index reads no further back.
    bound = min(first_days, default=day)
    rows = rows_by_indicator(until.filter(wanted, starts_on__gte=bound))
    return {pk: Book(nature_of(item), rows.get(pk, [])) for pk, item in known.items()}


def first_read(last: Period) -> Period:
    """Return the first period that is read when the last one has a figure."""
    back = moved(last, -_READ[last.kind])
    return Period.holding(date(back.start.year, 1, 1), last.kind)


def of_place(measures: QuerySet[Any], place: str) -> QuerySet[Any]:
    """Keep the figures of one service or site; all of them for the whole préfecture."""
    if _PLACE.fullmatch(place) is None:
        return measures
    family, _, number = place.partition(":")
    return measures.filter(**{family: int(number)})


def series_until(book: Book, preferred: Kind, day: date, place: str = WHOLE) -> list[PeriodFigure]:
    """Return the figures in order of time; the last one is that of the last period over on a day.

    No period is left out, unless the figures stopped longer ago than the window: then only the one
    that is due follows the last known.
    """
    kind = book.kind(preferred)
    due = last_ended(day, kind)
    starts = [day for day in (row.period.start for row in book.rows) if day <= due.end]
    if not starts:
        return [book.figure(due, place)]
    last = min(Period.holding(max(starts), kind), due)
    first = max(Period.holding(min(starts), kind), first_read(last))
    silent = periods_between(last.next(), due)
    if len(silent) > WINDOW[kind]:
        silent = [due]
    return book.series([*periods_between(first, last), *silent], place)


def lines_for(
    indicators: Sequence[Indicator],
    *,
    measures: QuerySet[Any],
    targets: Mapping[int, Sequence[DatedTarget]],
    day: date,
    place: str = WHOLE,
    headings: Mapping[str, tuple[str, str]] | None = None,
) -> list[FigureLine]:
    """Return one line per indicator, in the order given (3 queries)."""
    books = books_for(indicators, measures, day, place)
    rules = rule_days([item.pk for item in indicators])
    found = []
    for indicator in indicators:
        book = books[indicator.pk]
        series = series_until(book, Kind(indicator.periodicity), day, place)
        reading = read_series(
            series,
            targets.get(indicator.pk, []),
            unit=indicator.unit,
            direction=indicator.direction,
            rules=rules.get(indicator.pk, ()),
        )
        module, heading = (headings or {}).get(indicator.code, ("", ""))
        found.append(FigureLine(indicator, module, heading, series, reading))
    return found


# --- The page ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FigurePage:
    """The list, read at the end of ``day``; ``everything``: its lines before the filter of state.

    ``order``: module and rubrique of each group, in the order of the référentiel. ``left_out``: how
    many indicators of other modules answer the other filters. ``silent_since``: the last month that
    has a figure, when one is awaited since.
    """

    day: date
    lines: Sequence[FigureLine]
    everything: Sequence[FigureLine]
    order: Sequence[tuple[str, str]] = ()
    left_out: int = 0
    silent_since: Period | None = None

    @property
    def conclusion(self) -> str:
        return conclusion_of(self.everything)

    @property
    def is_blank(self) -> bool:
        """Whether no indicator has any figure yet."""
        return not any(line.reading.latest for line in self.everything)

    @property
    def groups(self) -> list[FigureGroup]:
        """The lines under their rubrique, those that no engagement names at the end."""
        found: dict[tuple[str, str], FigureGroup] = {
            key: FigureGroup(key[1], key[0]) for key in self.order
        }
        for line in self.lines:
            key = (line.module, line.heading)
            title = line.heading or "Sans engagement connu"
            found.setdefault(key, FigureGroup(title, line.module)).lines.append(line)
        return [group for group in found.values() if group.lines]

    @property
    def has_samples(self) -> bool:
        return any(line.is_sample for line in self.lines)


def order_of(headings: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each module and rubrique once, module by module."""
    modules = list(dict.fromkeys(module for module, _ in headings.values()))
    return sorted(dict.fromkeys(headings.values()), key=lambda item: modules.index(item[0]))


def conclusion_of(lines: Sequence[FigureLine]) -> str:
    """Return the sentence on top: how many miss their target, how many have no figure."""
    judged = [line for line in lines if line.reading.standing in JUDGED]
    missed = [line for line in judged if line.reading.standing != Standing.MET]
    late = sum(line.reading.is_late for line in lines)
    if not any(line.reading.latest for line in lines):
        return "Aucun indicateur n’a encore de chiffre."
    said = []
    if judged and missed:
        verb = "n’atteint" if len(missed) == 1 else "n’atteignent"
        noun = "indicateur" if len(missed) == 1 else "indicateurs"
        said.append(f"{len(missed)} {noun} sur {len(judged)} {verb} pas sa cible.")
        if len(missed) > 1:
            said[-1] = said[-1].replace("sa cible", "leur cible")
    elif judged:
        said.append(
            "L’indicateur qui a une cible l’atteint."
            if len(judged) == 1
            else f"Les {len(judged)} indicateurs qui ont une cible l’atteignent."
        )
    else:
        said.append("Aucun indicateur n’a de cible : rien ne dit encore si ces chiffres suffisent.")
    if late:
        subject = "Un indicateur n’a" if late == 1 else f"{late} indicateurs n’ont"
        said.append(f"{subject} pas de chiffre pour la dernière période attendue.")
    return " ".join(said)


def page_of(
    scope: Scope,
    filters: FigureFilters,
    asking: Asking,
    measures: QuerySet[Any],
    latest: date,
    today: date,
) -> FigurePage:
    """Return the list that answers the filters; 5 queries whatever the rows and their history."""
    day = filters.day or latest
    found = filters.apply(Indicator.objects.visible_to(scope).order_by("position", "code"))
    indicators = [item for item in found if filters.concerns(item.code)]
    left_out = sum(item.code in asking.outside for item in found) - sum(
        item.code in asking.outside for item in indicators
    )
    lines = lines_for(
        indicators,
        measures=measures,
        targets=targets_by_indicator(scope, [item.pk for item in indicators]),
        day=day,
        place=filters.place,
        headings=asking.headings,
    )
    if filters.place:
        lines = [line for line in lines if any(item.measures for item in line.series)]
    shown = [line for line in lines if filters.keeps(line)]
    silent = None if filters.day else silent_since(indicators, latest, today)
    return FigurePage(day, shown, lines, order_of(asking.headings), left_out, silent)


def silent_since(indicators: Iterable[Indicator], latest: date, today: date) -> Period | None:
    """Return the month of the last figures when those of a later period are called for.

    The shortest periods say it; a week is left to gather their figures.
    """
    kinds = {Kind(item.periodicity) for item in indicators}
    shortest = min(kinds, key=tuple(WINDOW).index, default=None)
    if shortest is None:
        return None
    awaited = last_ended(today - FIRST, shortest)
    return Period.holding(latest, Kind.MONTH) if latest < awaited.start else None
