"""Reads of the entry: which figures a period asks for, where, and what is there already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q

from accounts.access import Permission, Scope
from accounts.models import Prefecture, Service, Site
from common.numbers import bare_quantity, quantity
from indicators.amounts import typed_amount
from indicators.enums import Level, MeasureState, MeasureStatus, Unit
from indicators.models import Indicator, Measure
from indicators.reading.definitions import WHOLE_LABEL
from indicators.reading.periods import Kind, Period
from indicators.selectors.catalogue import commitments_by_code
from modules.selectors.cycles import current_cycle
from modules.selectors.perimeter import services_by_module


# Values read before a figure to know what is usual for it.
HISTORY = 24


# --- What is due ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Slot:
    """One figure to enter: an indicator, for a service, a site or the whole préfecture."""

    indicator: Indicator
    service: Service | None = None
    site: Site | None = None

    @property
    def key(self) -> str:
        """« 12-p », « 12-s4 » (service), « 12-l3 » (site): stable, unique in a period."""
        if self.service is not None:
            return f"{self.indicator.pk}-s{self.service.pk}"
        return f"{self.indicator.pk}-l{self.site.pk}" if self.site else f"{self.indicator.pk}-p"

    @property
    def place(self) -> tuple[int | None, int | None]:
        """Keys of the service and of the site."""
        return (
            self.service.pk if self.service else None,
            self.site.pk if self.site else None,
        )

    @property
    def place_label(self) -> str:
        return str(self.service or self.site or WHOLE_LABEL)

    @property
    def has_parts(self) -> bool:
        """Whether it is a numerator over a denominator, rather than one number."""
        return bool(self.indicator.denominator_label)


def may_enter(scope: Scope, slot: Slot) -> bool:
    """Tell whether the reader answers for a figure: any for a référent, else those of their services."""
    if not scope.may(Permission.INDICATOR_ENTER):
        return False
    if scope.may(Permission.INDICATOR_VALIDATE):
        return True
    return slot.service is not None and slot.service.pk in scope.service_ids


@dataclass(frozen=True)
class Perimeter:
    """Where the indicators are measured in a préfecture.

    ``asked``: for the codes that the référentiel of the démarche names, the services of the modules
    retained that name it; empty when none of these modules is retained.
    """

    services: Sequence[Service]
    sites: Sequence[Site]
    asked: dict[str, set[int]]

    def slots(self, indicators: Iterable[Indicator]) -> list[Slot]:
        """Return what is due: the préfecture first, then its sites, then its services."""
        by_place: list[Slot] = []
        for indicator in indicators:
            wanted = self.asked.get(indicator.code)
            if wanted is not None and not wanted:
                continue  # only modules that the préfecture did not retain ask for it
            by_place += self._slots_of(indicator, wanted)
        ranks = {site.pk: rank for rank, site in enumerate(self.sites)}
        service_ranks = {service.pk: rank for rank, service in enumerate(self.services)}
        return sorted(
            by_place,
            key=lambda slot: (
                (1, ranks[slot.site.pk])
                if slot.site
                else (2, service_ranks[slot.service.pk])
                if slot.service
                else (0, 0),
                slot.indicator.position,
                slot.indicator.code,
            ),
        )

    def _slots_of(self, indicator: Indicator, wanted: set[int] | None) -> list[Slot]:
        match indicator.level:
            case Level.PREFECTURE:
                return [Slot(indicator)]
            case Level.SITE:
                return [Slot(indicator, site=site) for site in self.sites]
        return [
            Slot(indicator, service=service)
            for service in self.services
            if wanted is None or service.pk in wanted
        ]


def perimeter_of(prefecture: Prefecture) -> Perimeter:
    """Return where the indicators are measured; without a démarche, everywhere. 10 queries."""
    services = list(Service.objects.filter(prefecture=prefecture).order_by("name", "pk"))
    sites = list(Site.objects.filter(prefecture=prefecture).order_by("name", "pk"))
    cycle = current_cycle(prefecture)
    if cycle is None:
        return Perimeter(services, sites, {})
    concerned = services_by_module(cycle)
    asked: dict[str, set[int]] = {}
    for code, commitments in commitments_by_code(cycle.referential).items():
        asked[code] = {
            service.pk
            for commitment in commitments
            for service in concerned.get(commitment.heading.module_id, ())
        }
    inside = {service.pk for found in concerned.values() for service in found}
    return Perimeter([item for item in services if item.pk in inside], sites, asked)


# --- The grid ---------------------------------------------------------------------------------
FIELDS = ("numerator", "denominator", "value", "status", "comment", "doubt")


@dataclass
class GridRow:
    """One row. ``typed``: what was sent and refused, shown back; ``theirs``: what somebody else saved."""

    slot: Slot
    measure: Measure | None = None
    previous: Measure | None = None
    year_before: Measure | None = None
    may_edit: bool = True
    typed: dict[str, str] | None = None
    error: str = ""
    doubts: Sequence[str] = ()
    theirs: bool = False

    @property
    def revision(self) -> int:
        """0 when nothing is entered yet."""
        return self.measure.revision if self.measure else 0

    @property
    def seen(self) -> str:
        """What the page shows of the row, sent back by whoever validates it."""
        return f"{self.slot.key}:{self.revision}"

    @property
    def is_locked(self) -> bool:
        return self.measure is not None and self.measure.state != MeasureState.ENTERED

    @property
    def is_writable(self) -> bool:
        return self.may_edit and not self.is_locked

    @cached_property
    def stored(self) -> dict[str, str]:
        """What the fields show when nothing else was typed."""
        return shown_fields(self.slot.indicator, self.measure)

    @property
    def fields(self) -> dict[str, str]:
        return self.typed or self.stored

    @property
    def fingerprint(self) -> str:
        """What the page shows of what is stored: comes back with the row, to know if it was touched."""
        return fingerprint(self.stored)

    @property
    def is_done(self) -> bool:
        return self.measure is not None

    @property
    def is_waiting(self) -> bool:
        """Whether something typed is not saved."""
        return bool(self.error or self.doubts or self.theirs)

    @property
    def waiting_words(self) -> str:
        """Say why the row is not saved; empty when it is."""
        if self.theirs:
            return "quelqu’un d’autre l’a saisie pendant que vous l’écriviez."
        return self.error or " ".join(self.doubts)


def fingerprint(fields: Mapping[str, str]) -> str:
    """Return what a row shows in one line, whatever its spaces."""
    return "|".join(" ".join(fields[name].split()) for name in FIELDS)


def shown_fields(indicator: Indicator, measure: Measure | None) -> dict[str, str]:
    """Return what the fields of a row hold for a figure, ready to be sent back."""
    if measure is None:
        return dict.fromkeys(FIELDS, "")
    # A value that its two parts make is only read: rounded as it is shown everywhere.
    value = (
        typed_amount(measure.value, indicator.unit)
        if measure.numerator is None
        else bare_quantity(measure.value, indicator.unit)
    )
    return {
        "numerator": typed_amount(measure.numerator, Unit.COUNT),
        "denominator": typed_amount(measure.denominator, Unit.COUNT),
        "value": value,
        "status": measure.status,
        "comment": measure.comment,
        "doubt": measure.doubt,
    }


def figure_words(measure: Measure | None) -> str:
    """Return a figure with its unit, or why there is none: « 95,16 % », « non mesuré », « – »."""
    if measure is None:
        return "–"
    if measure.status != MeasureStatus.MEASURED:
        return str(measure.get_status_display()).lower()
    indicator = measure.indicator
    return quantity(measure.value, indicator.unit, least=indicator.decimals)


@dataclass
class Section:
    """The rows of one place."""

    title: str
    rows: list[GridRow] = field(default_factory=list)


@dataclass
class Grid:
    """The figures of a period."""

    prefecture: Prefecture
    period: Period
    rows: list[GridRow]

    @property
    def sections(self) -> list[Section]:
        found: dict[tuple[int | None, int | None], Section] = {}
        for row in self.rows:
            found.setdefault(row.slot.place, Section(row.slot.place_label)).rows.append(row)
        return list(found.values())

    @property
    def done_count(self) -> int:
        return sum(row.is_done for row in self.rows)

    @property
    def words(self) -> str:
        """« 12 sur 18 »."""
        return f"{self.done_count} sur {len(self.rows)}"

    @property
    def waiting(self) -> list[GridRow]:
        """Return the rows whose sending was not saved."""
        return [row for row in self.rows if row.is_waiting]

    def in_state(self, state: MeasureState) -> list[Measure]:
        """Return the figures of the grid in a state."""
        return [row.measure for row in self.rows if row.measure and row.measure.state == state]

    @property
    def has_open_rows(self) -> bool:
        """Whether something may still be entered or validated."""
        return any(not row.is_locked for row in self.rows)

    @property
    def to_validate(self) -> list[Measure]:
        return self.in_state(MeasureState.ENTERED)

    @property
    def seen(self) -> str:
        """What the page shows of each row to validate, see ``GridRow.seen``."""
        return " ".join(row.seen for row in self.rows if row.is_done and not row.is_locked)

    @property
    def to_publish(self) -> list[Measure]:
        return self.in_state(MeasureState.VALIDATED)

    def row(self, key: str) -> GridRow | None:
        return next((row for row in self.rows if row.slot.key == key), None)


def grid_for_page(prefecture: Prefecture, period: Period, scope: Scope) -> Grid:
    """Return the rows that the reader answers for (all of them for a référent). 12 queries."""
    indicators = list(
        Indicator.objects.filter(periodicity=period.kind.value).order_by("position", "code")
    )
    slots = perimeter_of(prefecture).slots(indicators)
    codes = (period.code, period.previous().code, period.same_last_year().code)
    known = _measures(prefecture, codes, [item.pk for item in indicators])
    present = {slot.key for slot in slots}
    # What was measured outside the perimeter is shown too: nothing is hidden.
    slots += [slot for slot in _slots_of(known[codes[0]].values()) if slot.key not in present]
    slots = [slot for slot in slots if may_enter(scope, slot)]
    rows = []
    for slot in slots:
        now, before, year = (known[code].get((slot.indicator.pk, *slot.place)) for code in codes)
        rows.append(GridRow(slot, measure=now, previous=before, year_before=year))
    return Grid(prefecture, period, rows)


_Place = tuple[int, int | None, int | None]


def _measures(
    prefecture: Prefecture, codes: Sequence[str], indicator_ids: list[int]
) -> dict[str, dict[_Place, Measure]]:
    found: dict[str, dict[_Place, Measure]] = {code: {} for code in codes}
    rows = Measure.objects.filter(
        prefecture=prefecture, period__in=codes, indicator__in=indicator_ids
    ).select_related("indicator", "service", "site", "entered_by", "validated_by")
    for row in rows.order_by("pk"):
        found[row.period][(row.indicator_id, row.service_id, row.site_id)] = row
    return found


def _slots_of(measures: Iterable[Measure]) -> list[Slot]:
    return [Slot(row.indicator, row.service, row.site) for row in measures]


def history_by_place(
    prefecture: Prefecture, period: Period, slots: Iterable[Slot]
) -> dict[str, list[Decimal | None]]:
    """Return the last values before the period, oldest first, by key of the slot (1 query)."""
    wanted = {(slot.indicator.pk, *slot.place): slot.key for slot in slots}
    places = Q()
    for indicator, service, site in wanted:
        places |= Q(indicator=indicator, service=service, site=site)
    found: dict[str, list[Decimal | None]] = defaultdict(list)
    if not wanted:
        return found
    rows = (
        Measure.objects.filter(places, prefecture=prefecture, starts_on__lt=period.start)
        .order_by("starts_on", "pk")
        .values_list("indicator", "service", "site", "period", "value")
    )
    for indicator, service, site, code, value in rows:
        if Period.from_code(code).kind is period.kind:
            found[wanted[indicator, service, site]].append(value)
    return {key: values[-HISTORY:] for key, values in found.items()}


# --- Periods ----------------------------------------------------------------------------------
# How many complete periods of each kind the page of what is owed shows.
_SHOWN = {Kind.MONTH: 3, Kind.QUARTER: 2, Kind.HALF: 1, Kind.YEAR: 1}
# How many the chooser of a grid offers: two years, and more for what is rarer.
_OFFERED = {Kind.MONTH: 24, Kind.QUARTER: 12, Kind.HALF: 6, Kind.YEAR: 5}


def last_complete(kind: Kind, today: date) -> Period:
    """Return the last period of a kind that is over."""
    return Period.holding(today, kind).previous()


def recent_periods(today: date, counts: dict[Kind, int]) -> list[Period]:
    """Return so many complete periods of each kind, the latest first."""
    found = []
    for kind, count in counts.items():
        period = last_complete(kind, today)
        for _ in range(count):
            found.append(period)
            period = period.previous()
    return found


def periods_to_choose(today: date, current: Period | None = None) -> list[tuple[str, list[Any]]]:
    """Return (group, choices) for the chooser of a grid, the current one and its kin included."""
    labels = {
        Kind.MONTH: "Mois",
        Kind.QUARTER: "Trimestres",
        Kind.HALF: "Semestres",
        Kind.YEAR: "Années",
    }
    groups: list[tuple[str, list[Any]]] = []
    for kind, count in _OFFERED.items():
        periods = [Period.holding(today, kind), *recent_periods(today, {kind: count})]
        if current is not None and current.kind is kind and current not in periods:
            periods.append(current)
        groups.append((labels[kind], [(item.code, item.label) for item in periods]))
    return groups


@dataclass(frozen=True)
class PeriodLine:
    """A period of the page of what is owed, as this reader sees it."""

    period: Period
    due: int
    done: int
    validated: int
    owing: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{self.done} sur {self.due}"

    @property
    def missing(self) -> int:
        return self.due - self.done


def owed_for_page(prefecture: Prefecture, scope: Scope, today: date) -> list[PeriodLine]:
    """Return the recent periods with how far each is, and who still owes figures. 11 queries."""
    perimeter = perimeter_of(prefecture)
    periods = recent_periods(today, _SHOWN)
    by_kind: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in Indicator.objects.order_by("position", "code"):
        by_kind[indicator.periodicity].append(indicator)
    known = _states(prefecture, [period.code for period in periods])
    lines = []
    for period in periods:
        slots = [
            slot for slot in perimeter.slots(by_kind[period.kind.value]) if may_enter(scope, slot)
        ]
        if slots:
            lines.append(_line(period, slots, known.get(period.code, {})))
    return lines


def _states(prefecture: Prefecture, codes: list[str]) -> dict[str, dict[_Place, str]]:
    found: dict[str, dict[_Place, str]] = defaultdict(dict)
    rows = Measure.objects.filter(prefecture=prefecture, period__in=codes).order_by("pk")
    for indicator, service, site, code, state in rows.values_list(
        "indicator", "service", "site", "period", "state"
    ):
        found[code][(indicator, service, site)] = state
    return found


def _line(period: Period, slots: list[Slot], known: dict[_Place, str]) -> PeriodLine:
    states = [known.get((slot.indicator.pk, *slot.place)) for slot in slots]
    owing = dict.fromkeys(
        slot.place_label for slot, state in zip(slots, states, strict=True) if state is None
    )
    return PeriodLine(
        period,
        due=len(slots),
        done=sum(state is not None for state in states),
        validated=sum(state not in (None, MeasureState.ENTERED) for state in states),
        owing=tuple(owing),
    )


def missing_slots(prefecture: Prefecture, period: Period) -> list[Slot]:
    """Return what nobody entered yet for a period, whoever owes it. 11 queries."""
    indicators = Indicator.objects.filter(periodicity=period.kind.value)
    slots = perimeter_of(prefecture).slots(indicators.order_by("position", "code"))
    known = _states(prefecture, [period.code]).get(period.code, {})
    return [slot for slot in slots if (slot.indicator.pk, *slot.place) not in known]


def fresh_row(prefecture: Prefecture, period: Period, slot: Slot) -> GridRow:
    """Return a row as it is stored now (1 query)."""
    service, site = slot.place
    found = _measures(prefecture, [period.code], [slot.indicator.pk])[period.code]
    return GridRow(slot, measure=found.get((slot.indicator.pk, service, site)))
