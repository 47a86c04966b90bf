"""The figures of a préfecture as PILOTE takes them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import Prefecture
from indicators.amounts import stored
from indicators.enums import MeasureState
from indicators.models import Indicator, Target
from indicators.reading.definitions import KnownPrefecture
from indicators.reading.pilote import AIMED, CURRENT, INITIAL, PiloteLine, written
from indicators.rules import DatedTarget, targets_on
from indicators.selectors.figures import figures_of_prefecture, nature_of, rows_by_indicator
from indicators.selectors.pilote_identifiers import identifiers_in_force
from indicators.series import Book, PeriodFigure


@dataclass(frozen=True, slots=True)
class PiloteExport:
    """What is sent: ``text`` is the file, ``left`` how many figures stay behind and why.

    ``codes``: the indicators that are sent; ``nameless``: those of them that PILOTE may not know.
    """

    text: str
    lines: tuple[PiloteLine, ...]
    left: tuple[str, ...]
    codes: tuple[str, ...]
    nameless: tuple[str, ...]


def pilote_export(prefecture: Prefecture) -> PiloteExport:
    """Return the validated figures of the whole préfecture, with the first and the target (4 queries).

    Samples are never sent, nor a total that lacks a service, nor « non mesuré »: a blank would take
    away what PILOTE knows.
    """
    own = figures_of_prefecture(prefecture)
    rows = rows_by_indicator(own.exclude(state=MeasureState.ENTERED).filter(is_sample=False))
    held = Q(prefecture=prefecture) | Q(prefecture__isnull=True)
    targets: dict[int, list[DatedTarget]] = {}
    for row in Target.objects.filter(held, removed_at__isnull=True).order_by("starts_on", "pk"):
        targets.setdefault(row.indicator_id, []).append(row.dated)
    known = identifiers_in_force(prefecture)
    lines: list[PiloteLine] = []
    sent: dict[int, str] = {}
    partial = 0
    for indicator in Indicator.objects.filter(pk__in=rows).order_by("position", "code"):
        book = Book(nature_of(indicator), rows[indicator.pk])
        periods = sorted({row.period for row in book.rows}, key=lambda item: (item.end, item.start))
        figures = [book.figure(period) for period in periods]
        whole = [item for item in figures if item.value is not None and not item.gap]
        partial += sum(item.value is not None and bool(item.gap) for item in figures)
        name = known[indicator.pk].identifier if indicator.pk in known else indicator.code
        own_lines = _lines(indicator, name, whole, targets.get(indicator.pk, []))
        if own_lines:
            lines += own_lines
            sent[indicator.pk] = indicator.code
    home = KnownPrefecture(prefecture.code, prefecture.name)
    left = (
        (own.filter(is_sample=True).count(), "de démonstration"),
        (own.filter(is_sample=False, state=MeasureState.ENTERED).count(), "à valider"),
        (partial, "dont un service manque"),
    )
    return PiloteExport(
        written(lines, home),
        tuple(lines),
        tuple(_left(left)),
        tuple(sent.values()),
        tuple(code for pk, code in sent.items() if pk not in known),
    )


def _lines(
    indicator: Indicator, name: str, figures: list[PeriodFigure], targets: list[DatedTarget]
) -> list[PiloteLine]:
    """Return the first value, every value, then the target in force at the last one.

    Two periods that end on one day (a quarter, its last month) give one value: the longer.
    """
    by_day = {
        item.period.end: stored(item.value)
        for item in sorted(figures, key=lambda item: item.period.months)
        if item.value is not None
    }
    if not by_day:
        return []
    days = sorted(by_day)
    told = [(days[0], INITIAL, by_day[days[0]]), *((day, CURRENT, by_day[day]) for day in days)]
    goal = targets_on(targets, days[-1]).target
    if goal is not None:
        told.append((days[-1], AIMED, goal.value))
    return [PiloteLine(name, indicator.unit, day, kind, value) for day, kind, value in told]


def _left(counts: Iterable[tuple[int, str]]) -> Iterable[str]:
    for count, what in counts:
        if count:
            yield f"{count} {'mesures' if count > 1 else 'mesure'} {what}"
