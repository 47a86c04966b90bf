"""Entry of the figures of a period: one row alone (a cell left in the grid), or those sent with the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from accounts.models import Prefecture, User
from indicators.amounts import AmountError, stored
from indicators.enums import FigureOrigin, MeasureState, MeasureStatus
from indicators.models import Measure
from indicators.reading.periods import Period
from indicators.rules import Entry, Remark, doubts_about
from indicators.selectors.entry import Slot, history_by_place
from indicators.services.measures import (
    NEGATIVE_DENOMINATOR,
    NO_DENOMINATOR,
    MeasureRow,
    erase_measures,
    lock_figures,
    record_measures,
)


LOCKED = "Cette mesure est validée : le référent qualité la rouvre avant qu’elle change."

ONCE_VALIDATED = (
    "Cette mesure a déjà été validée : elle ne s’efface pas. Corrigez-la, ou choisissez "
    "« non mesuré »."
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What one row says; ``revision``: the one that was read, 0 when nothing was there.

    A value alone, or a numerator and a denominator; nothing at all erases the figure.
    """

    revision: int
    status: MeasureStatus = MeasureStatus.MEASURED
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    comment: str = ""
    doubt: str = ""

    @property
    def is_blank(self) -> bool:
        numbers = (self.value, self.numerator, self.denominator)
        return self.status == MeasureStatus.MEASURED and all(item is None for item in numbers)

    @property
    def figure(self) -> Decimal | None:
        """The value, or what its two parts make; ``None`` without either."""
        if self.numerator is not None and self.denominator:
            return self.numerator / self.denominator
        return self.value


@dataclass(slots=True)
class Outcome:
    """What became of each row, by key of its slot; what is in none of these is saved or unchanged.

    ``doubted``: not saved, until a reason says why the figure is right. ``conflicts``: somebody else
    saved another figure meanwhile (``None``: erased it).
    """

    saved: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    doubted: dict[str, list[Remark]] = field(default_factory=dict)
    conflicts: dict[str, Measure | None] = field(default_factory=dict)


@transaction.atomic
def enter_figures(
    *, prefecture: Prefecture, period: Period, typed: Mapping[Slot, Typed], by: User
) -> Outcome:
    """Save the rows that may be; the others are told and left as they were. Constant queries.

    The caller checked that ``by`` answers for these slots.
    """
    # Held until the end: what is compared below is what will be written over.
    lock_figures(prefecture)
    present = _present(prefecture, period, typed)
    outcome = Outcome()
    rows: dict[str, MeasureRow] = {}
    gone: list[Measure] = []
    usual = history_by_place(
        prefecture, period, [slot for slot, row in typed.items() if row.figure]
    )
    for slot, row in typed.items():
        measure = present.get(slot.key)
        message = _refusal(slot, row, measure)
        if _is_same(row, measure):
            continue
        if row.revision != (measure.revision if measure else 0):
            outcome.conflicts[slot.key] = measure
        elif message:
            outcome.refused[slot.key] = message
        elif row.is_blank and measure is not None:
            gone.append(measure)
        elif remarks := _doubts(slot, row, usual.get(slot.key, ())):
            outcome.doubted[slot.key] = remarks
        else:
            rows[slot.key] = _measure_row(slot, row, period)
    kept = {item.pk for item in erase_measures(prefecture=prefecture, measures=gone)}
    record_measures(prefecture=prefecture, rows=rows.values(), by=by, origin=FigureOrigin.HAND)
    keys = {measure.pk: key for key, measure in present.items()}
    outcome.refused |= {keys[pk]: ONCE_VALIDATED for pk in kept}
    outcome.saved |= rows.keys() | {keys[item.pk] for item in gone if item.pk not in kept}
    return outcome


def _present(prefecture: Prefecture, period: Period, slots: Iterable[Slot]) -> dict[str, Measure]:
    keys = {(slot.indicator.pk, *slot.place): slot.key for slot in slots}
    rows = Measure.objects.filter(
        prefecture=prefecture, period=period.code, indicator__in={key[0] for key in keys}
    ).select_related("entered_by", "indicator")
    found = {(row.indicator_id, row.service_id, row.site_id): row for row in rows.order_by("pk")}
    return {keys[place]: row for place, row in found.items() if place in keys}


def _is_same(row: Typed, measure: Measure | None) -> bool:
    """Tell whether the figure is already what was typed, whoever saved it."""
    if measure is None:
        return row.is_blank and not row.comment
    if (measure.status, measure.comment) != (row.status, row.comment):
        return False
    if row.doubt and measure.doubt != row.doubt:
        return False
    if row.status != MeasureStatus.MEASURED:
        return True
    if row.numerator is not None or row.denominator is not None:
        return (measure.numerator, measure.denominator) == (row.numerator, row.denominator)
    return measure.numerator is None and measure.value == row.value


def _refusal(slot: Slot, row: Typed, measure: Measure | None) -> str:
    """Say why a row cannot be saved, and what to do; empty when it can."""
    if measure is not None and measure.state != MeasureState.ENTERED:
        return LOCKED
    if row.status != MeasureStatus.MEASURED:
        return ""
    if row.is_blank:
        if measure is None:
            return "Indiquez d’abord une valeur, « non mesuré » ou « sans objet »."
        return ""
    if (row.numerator is None) != (row.denominator is None):
        label = slot.indicator.denominator_label if row.denominator is None else ""
        return f"Il manque : {label or slot.indicator.numerator_label}."
    if row.denominator is not None and row.denominator <= 0:
        return NO_DENOMINATOR if row.denominator == 0 else NEGATIVE_DENOMINATOR
    return _too_large(row)


def _too_large(row: Typed) -> str:
    """Say that the value cannot be kept: a huge numerator over next to nothing; empty when it can."""
    try:
        stored(row.figure or Decimal(0))
    except AmountError as error:
        return str(error)
    return ""


def _doubts(slot: Slot, row: Typed, history: Sequence[Decimal | None]) -> list[Remark]:
    """Return what looks wrong, unless a reason says why it is right."""
    figure = row.figure
    if row.status != MeasureStatus.MEASURED or figure is None or row.doubt:
        return []
    return doubts_about(Entry(slot.indicator.unit, figure, row.numerator, row.denominator, history))


def _measure_row(slot: Slot, row: Typed, period: Period) -> MeasureRow:
    service, site = slot.place
    is_measured = row.status == MeasureStatus.MEASURED
    has_parts = row.numerator is not None
    return MeasureRow(
        indicator_id=slot.indicator.pk,
        period=period.code,
        starts_on=period.start,
        ends_on=period.end,
        status=row.status,
        value=row.value if is_measured and not has_parts else None,
        numerator=row.numerator if is_measured else None,
        denominator=row.denominator if is_measured else None,
        service_id=service,
        site_id=site,
        comment=row.comment,
        doubt=row.doubt if is_measured else "",
    )
