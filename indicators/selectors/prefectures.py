"""Reads of the figures of every préfecture, for the ministry: no name of a person, nothing unvalidated."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, Q, QuerySet

from accounts.access import Scope
from accounts.models import Prefecture
from common.charts.data import Bar, BarChart
from common.charts.figure import Figure, draw
from common.numbers import quantity
from indicators.consolidation import PrefectureLine, Whole, by_name, by_value, judged, whole_of
from indicators.enums import Direction, FigureOrigin, MeasureStatus
from indicators.models import Indicator, Measure, NationalValue, Target
from indicators.period_words import during
from indicators.reading.periods import Kind, Period
from indicators.rules import DatedTarget, target_words
from indicators.selectors.figures import COLUMNS, nature_of, row_of
from indicators.series import WHOLE, WINDOW, Book, PeriodFigure, Row, moved, parts_in_words


@dataclass(frozen=True, slots=True)
class NationalLine:
    """A value published for the whole country, and as it is ``shown``."""

    value: NationalValue
    period: Period
    shown: str


@dataclass(frozen=True, slots=True)
class PrefecturesPage:
    """One indicator in every préfecture that has a figure; ``period`` ``None``: the last known of each."""

    indicator: Indicator
    period: Period | None
    lines: Sequence[PrefectureLine]
    prefectures: int
    whole: Whole
    nationals: Sequence[NationalLine]
    targets: Sequence[Target]

    @property
    def has_samples(self) -> bool:
        return any(line.figure.is_sample for line in self.lines)

    @property
    def choice(self) -> str:
        """What is read, as a query string."""
        code = self.period.code if self.period else ""
        return urlencode({"indicator": self.indicator.code, "period": code})

    @property
    def conclusion(self) -> str:
        """« 3 préfectures sur 6 ont un chiffre au 1er trimestre 2020. »; none has when only France does."""
        count = len({line.prefecture for line in self.lines if line.figure.value is not None})
        if not count:
            return "Aucune préfecture n’a de chiffre validé."
        noun, verb = ("préfectures", "ont") if count > 1 else ("préfecture", "a")
        ending = f" {during(self.period)}" if self.period else ""
        return f"{count} {noun} sur {self.prefectures} {verb} un chiffre validé{ending}."

    @property
    def whole_words(self) -> str:
        """« 81 % (810 sur 1 000) »; empty without a total."""
        whole = self.whole
        if whole.value is None:
            return ""
        shown = quantity(whole.value, self.indicator.unit, least=self.indicator.decimals)
        if whole.numerator is None or whole.denominator is None:
            return shown
        return f"{shown} ({parts_in_words(whole.numerator, whole.denominator)})"

    @property
    def figure(self) -> Figure:
        """The bars, in the order of the table; the target only when it is one for all."""
        bars = [
            Bar(line.label, line.figure.value, line.figure.missing, self._note(line))
            for line in self.lines
        ]
        if self.whole.value is not None:
            bars.append(Bar("Ensemble", self.whole.value, is_total=True))
        held = {line.target.value if line.target else None for line in self.lines}
        aims = {line.aim for line in self.lines}
        indicator = self.indicator
        return draw(
            BarChart(
                key=f"prefectures-{indicator.pk}",
                question="Où en est chaque préfecture ?",
                unit=indicator.unit,
                decimals=indicator.decimals,
                row_label="Préfecture",
                name=self.period.label if self.period else "Dernière valeur connue",
                bars=bars,
                target=held.pop() if len(held) == 1 else None,
                target_label="Cible nationale",
                target_text=aims.pop() if len(aims) == 1 else "",
            )
        )

    def _note(self, line: PrefectureLine) -> str:
        words = [] if self.period else [line.figure.period.label]
        return ", ".join([*words, "démonstration"] if line.figure.is_sample else words)


# --- What may be chosen -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Readable:
    """The indicators that may be read: with figures of préfectures, with national values only."""

    measured: list[Indicator]
    national: list[Indicator]
    newest: Indicator | None

    @property
    def by_code(self) -> dict[str, Indicator]:
        return {item.code: item for item in (*self.measured, *self.national)}


def readable_indicators(scope: Scope) -> Readable:
    """Return the indicators that have a value, and the one that has the newest (3 queries).

    Values of préfectures go first: those of the whole country are the newest only without them.
    """
    known = Measure.objects.visible_to(scope).filter(status=MeasureStatus.MEASURED)
    measured, national = (
        dict(rows.order_by("indicator").values_list("indicator").annotate(last=Max("ends_on")))
        for rows in (known, NationalValue.objects.filter(removed_at__isnull=True))
    )
    found = list(
        Indicator.objects.visible_to(scope)
        .filter(pk__in=measured.keys() | national.keys())
        .order_by("position", "code")
    )
    groups = (
        [item for item in found if item.pk in measured],
        [item for item in found if item.pk not in measured],
    )
    newest = max(groups[0], key=lambda item: measured[item.pk], default=None) or max(
        groups[1], key=lambda item: national[item.pk], default=None
    )
    return Readable(*groups, newest)


def known_periods(scope: Scope, indicator: Indicator) -> list[Period]:
    """Return the periods in which a préfecture has a figure, newest first (1 query)."""
    rows = Measure.objects.visible_to(scope).filter(
        indicator=indicator, status=MeasureStatus.MEASURED
    )
    codes = rows.order_by("period").values_list("period", flat=True).distinct()
    periods = [Period.from_code(code) for code in codes]
    return sorted(periods, key=lambda item: (item.end, item.months), reverse=True)


# --- The page -----------------------------------------------------------------------------------
def prefectures_page(
    scope: Scope, indicator: Indicator, period: Period | None, *, best_first: bool
) -> PrefecturesPage:
    """Return the figures of every préfecture that the scope reads; constant queries."""
    measures = Measure.objects.visible_to(scope).filter(indicator=indicator)
    rows, sources = _rows(_window(measures, indicator, period))
    targets = _national_targets(indicator)
    dated = [row.dated for row in targets]
    nature = nature_of(indicator)
    names = dict(Prefecture.objects.visible_to(scope).order_by("pk").values_list("pk", "name"))
    lines = [
        _line(names[pk], place, figure, sources, dated, indicator)
        for pk, own in rows.items()
        for place, figure in _figures(Book(nature, own), period)
    ]
    ranked = by_value(lines, Direction(indicator.direction)) if best_first else by_name(lines)
    whole = whole_of(ranked, nature, len(names))
    return PrefecturesPage(
        indicator, period, ranked, len(names), whole, _nationals(indicator, period), targets
    )


def _window(measures: QuerySet[Any], indicator: Indicator, period: Period | None) -> QuerySet[Any]:
    """Keep what the figures rest on: the period, or the last one of each préfecture, and before.

    What came before names the services expected in a total.
    """
    back = -WINDOW[Kind(indicator.periodicity)]
    if period is not None:
        first = moved(Period.holding(period.start, Kind(indicator.periodicity)), back).start
        return measures.filter(starts_on__gte=first, ends_on__lte=period.end)
    newest = measures.filter(status=MeasureStatus.MEASURED).order_by("prefecture")
    first_days: dict[date, list[int]] = defaultdict(list)
    for pk, last in newest.values_list("prefecture").annotate(last=Max("starts_on")):
        start = moved(Period.holding(last, Kind(indicator.periodicity)), back).start
        first_days[start].append(pk)
    wanted = Q(pk__in=[])
    for start, pks in first_days.items():
        wanted |= Q(prefecture__in=pks, starts_on__gte=start)
    return measures.filter(wanted)


def _rows(measures: QuerySet[Any]) -> tuple[dict[int, list[Row]], dict[int, str]]:
    """Return the rows by préfecture, and where each comes from, by measure (1 query).

    The file of an import is not named: its name may be that of a person.
    """
    found: dict[int, list[Row]] = defaultdict(list)
    sources: dict[int, str] = {}
    extra = ("prefecture_id", "source_note", "origin")
    for values in measures.order_by("starts_on", "pk").values_list(*COLUMNS, *extra):
        prefecture, note, origin = values[len(COLUMNS) :]
        found[prefecture].append(row_of(values[: len(COLUMNS)]))
        sources[values[0]] = note or str(FigureOrigin(origin).label)
    return found, sources


def _figures(book: Book, period: Period | None) -> list[tuple[str, PeriodFigure]]:
    """Return the figure of the préfecture with its place; place by place when they make no total."""
    if period is None:
        known = [row.period for row in book.rows if row.value is not None]
        if not known:
            return []
        period = max(known, key=lambda item: (item.end, item.months))
    whole = book.figure(period)
    if whole.value is None:
        parts = [(label, book.figure(period, key)) for key, label in book.places]
        apart = [(label, item) for label, item in parts if item.value is not None]
        if apart:
            return apart
    if not whole.measures:
        return []
    places = {row.pk: row for row in book.rows}
    only = places[whole.measures[0]] if len(whole.measures) == 1 else None
    return [(only.place_label if only and only.place != WHOLE else "", whole)]


def _line(
    name: str,
    place: str,
    figure: PeriodFigure,
    sources: Mapping[int, str],
    national: Sequence[DatedTarget],
    indicator: Indicator,
) -> PrefectureLine:
    target, state = judged(figure, national, indicator.direction)
    told = tuple(dict.fromkeys(sources[pk] for pk in figure.measures))
    aim = target_words(target, indicator.unit, indicator.direction) if target else ""
    return PrefectureLine(name, place, figure, target, state, told, aim)


def _national_targets(indicator: Indicator) -> list[Target]:
    """Return the national targets and alerts, newest first (1 query)."""
    rows = Target.objects.filter(
        indicator=indicator, prefecture__isnull=True, removed_at__isnull=True
    )
    return list(rows.select_related("indicator").order_by("-starts_on", "kind", "pk"))


def _nationals(indicator: Indicator, period: Period | None) -> list[NationalLine]:
    """Return the values of the whole country, those that meet the period when one is asked (1 query)."""
    rows = NationalValue.objects.filter(indicator=indicator, removed_at__isnull=True)
    if period is not None:
        rows = rows.filter(starts_on__lte=period.end, ends_on__gte=period.start)
    return [
        NationalLine(
            row,
            Period.from_code(row.period),
            quantity(row.value, indicator.unit, least=indicator.decimals),
        )
        for row in rows.order_by("-starts_on", "pk")
    ]
