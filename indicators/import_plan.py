"""What a workbook would change: each figure read beside the one that is there. Pure.

A ``Plan`` is made again each time it is looked at, from the frozen reading and from the figures of
the moment: what was shown is told apart from what holds now by its ``fingerprint``.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Final, NamedTuple, Protocol

from common.numbers import quantity
from indicators.amounts import AmountError, stored
from indicators.enums import ImportEffect, MeasureState, MeasureStatus, Unit
from indicators.reading.definitions import RefusalKind
from indicators.reading.periods import Period
from indicators.rules import Doubt, Entry, doubts_about
from indicators.series import parts_in_words


_IMPOSSIBLE: Final = (Doubt.NEGATIVE, Doubt.NUMERATOR_ABOVE, Doubt.ABOVE_MAXIMUM)
# From this confidence on, a reading is « certain »; then « probable ».
SURE: Final = 0.95
_LIKELY: Final = 0.8
# Values read before a figure to know what is usual for it.
_HISTORY: Final = 24
_EFFECTS: Final = {
    RefusalKind.MISTAKE: ImportEffect.REFUSED,
    RefusalKind.UNANSWERED: ImportEffect.QUESTION,
    RefusalKind.NO_TABLE: ImportEffect.REFUSED,
    RefusalKind.LEFT_OUT: ImportEffect.LEFT_OUT,
}
Key = tuple[int, int | None, int | None, str]


class ReadFigure(NamedTuple):
    """A figure as the reading froze it: numbers as text, ``service`` is « service:4 » or « site:2 »."""

    sheet: str
    cell: str
    indicator: str
    period: str
    service: str | None
    value: str | None
    numerator: str | None
    denominator: str | None
    status: str
    confidence: float
    reason: str


class LeftCells(NamedTuple):
    """Cells that the reading does not use, and why."""

    sheet: str
    cell: str
    message: str
    kind: str = RefusalKind.MISTAKE


class Present(NamedTuple):
    """A figure already there."""

    pk: int
    revision: int
    state: str
    status: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None


class Shown(Protocol):
    """What tells how the figures of an indicator are written."""

    @property
    def unit(self) -> str: ...

    @property
    def decimals(self) -> int: ...


@dataclass(frozen=True, slots=True)
class KnownIndicator:
    """What is needed of a definition."""

    pk: int
    code: str
    label: str
    unit: str
    decimals: int
    periodicity: str
    aggregation: str


@dataclass(frozen=True, slots=True)
class Place:
    """A service or a site; neither for the whole préfecture."""

    label: str
    service_id: int | None = None
    site_id: int | None = None
    name: str = ""  # without its acronym


WHOLE_PLACE = Place("")


@dataclass(frozen=True)
class Known:
    """What the figures are compared with. ``service_ids``: those answered for, ``None`` for all."""

    indicators: Mapping[str, KnownIndicator]
    places: Mapping[str, Place]
    present: Mapping[Key, Present]
    service_ids: frozenset[int] | None = None
    today: date | None = None


@dataclass(slots=True)
class PlanRow:
    """One figure of the file, or cells that make none (``indicator`` is then ``None``).

    ``old``: the figure there now; ``was``: the one an applied import replaced, in words. ``is_locked``:
    it is validated, and would change. ``is_undone``: it was written, then given back.
    """

    rank: int
    sheet: str
    cell: str
    effect: ImportEffect
    reason: str
    indicator: KnownIndicator | None = None
    period: str = ""
    place: Place = WHOLE_PLACE
    status: MeasureStatus = MeasureStatus.MEASURED
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    confidence: float = 1.0
    old: Present | None = None
    was: str = ""
    is_locked: bool = False
    doubts: Sequence[str] = ()
    is_impossible: bool = False
    is_undone: bool = False

    @property
    def key(self) -> Key:
        pk = self.indicator.pk if self.indicator else 0
        return (pk, self.place.service_id, self.place.site_id, self.period)

    @property
    def period_label(self) -> str:
        """« 1er trimestre 2020 »."""
        return Period.from_code(self.period).label if self.period else ""

    @property
    def is_written(self) -> bool:
        return self.effect in (ImportEffect.ADDED, ImportEffect.CHANGED)

    @property
    def new_words(self) -> str:
        """« 95,17 % (1 870 sur 1 965) », « non mesuré »."""
        if self.indicator is None:
            return ""
        parts = (self.value, self.numerator, self.denominator)
        return in_words(self.status, self.indicator, *parts)

    @property
    def old_words(self) -> str:
        """The figure there now, or that was there; empty without one."""
        if self.old is None or self.indicator is None:
            return self.was
        now = self.old
        parts = (now.value, now.numerator, now.denominator)
        return in_words(now.status, self.indicator, *parts)

    @property
    def confidence_words(self) -> str:
        """« certain », « probable », « à vérifier »."""
        return confidence_in_words(self.confidence)


def confidence_in_words(confidence: float) -> str:
    """Return how sure the reading is, in a word."""
    if confidence >= SURE:
        return "certain"
    return "probable" if confidence >= _LIKELY else "à vérifier"


def in_words(
    status: str,
    indicator: Shown,
    value: Decimal | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
) -> str:
    """Return a figure as people read it; empty when it is none."""
    if status != MeasureStatus.MEASURED:
        return str(MeasureStatus(status).label).lower()
    if value is None:
        return ""
    text = quantity(value, indicator.unit, least=indicator.decimals)
    if numerator is None or denominator is None:
        return text
    return f"{text} ({parts_in_words(numerator, denominator)})"


@dataclass
class Plan:
    """Everything a file would do, in the order of the file."""

    rows: list[PlanRow]
    left: list[PlanRow] = field(default_factory=list)

    @cached_property
    def everything(self) -> list[PlanRow]:
        return [*self.rows, *self.left]

    @cached_property
    def counts(self) -> Counter[ImportEffect]:
        return Counter(row.effect for row in self.everything)

    @cached_property
    def written(self) -> list[PlanRow]:
        return [row for row in self.rows if row.is_written]

    @cached_property
    def locked(self) -> list[PlanRow]:
        return [row for row in self.rows if row.is_locked]

    @cached_property
    def doubted(self) -> list[PlanRow]:
        return [row for row in self.rows if row.doubts]

    @cached_property
    def blocking(self) -> list[PlanRow]:
        """What must be mended, answered, or knowingly left out; validated figures left aside."""
        stops = (ImportEffect.REFUSED, ImportEffect.QUESTION)
        return [row for row in self.everything if row.effect in stops and not row.is_locked]

    @cached_property
    def fingerprint(self) -> str:
        """The same for two plans that would do the same."""
        seen = hashlib.sha256()
        for row in self.everything:
            revision = row.old.revision if row.old else 0
            line = (row.sheet, row.cell, *row.key, row.effect, revision, row.value, row.doubts)
            seen.update(repr(line).encode())
        return seen.hexdigest()[:32]


def plan_of(figures: Iterable[ReadFigure], left: Iterable[LeftCells], known: Known) -> Plan:
    """Compare what was read with what is there."""
    rows = [_row(rank, figure, known) for rank, figure in enumerate(figures)]
    _doubt(rows, known)
    has_figures = bool(rows)
    start = len(rows)
    others = [
        PlanRow(
            start + rank, cells.sheet, cells.cell, _effect_of(cells, has_figures), cells.message
        )
        for rank, cells in enumerate(left)
    ]
    return Plan(rows, others)


def _effect_of(cells: LeftCells, has_figures: bool) -> ImportEffect:
    kind = RefusalKind(cells.kind)
    # A sheet of notes beside sheets of figures stops nobody.
    if kind is RefusalKind.NO_TABLE and has_figures:
        return ImportEffect.LEFT_OUT
    return _EFFECTS[kind]


def _numbers(figure: ReadFigure) -> list[Decimal | None]:
    """Return value, numerator and denominator as they would be kept; ``AmountError`` if they cannot."""
    texts = (figure.value, figure.numerator, figure.denominator)
    found = [None if text is None else stored(Decimal(text)) for text in texts]
    if found[2] is not None and found[2] <= 0:
        raise AmountError(
            "Le dénominateur est nul ou négatif : un nombre de cas est au moins 1. Corrigez-le, ou "
            "écrivez « sans objet » s’il n’y a rien à mesurer."
        )
    return found


def _row(rank: int, figure: ReadFigure, known: Known) -> PlanRow:
    indicator = known.indicators.get(figure.indicator)
    place = known.places.get(figure.service) if figure.service else WHOLE_PLACE
    row = PlanRow(
        rank,
        figure.sheet,
        figure.cell,
        ImportEffect.ADDED,
        figure.reason,
        indicator,
        figure.period,
        place or WHOLE_PLACE,
        MeasureStatus(figure.status),
        confidence=figure.confidence,
    )
    if indicator is None or place is None:
        row.effect = ImportEffect.REFUSED
        row.reason = (
            "L’indicateur ou le service a été retiré depuis la lecture. Choisissez de nouveau le "
            "fichier."
        )
        return row
    if known.service_ids is not None and place.service_id not in known.service_ids:
        whose = f"de « {place.label} »" if place.label else "de toute la préfecture"
        row.effect = ImportEffect.LEFT_OUT
        row.reason = f"C’est une mesure {whose} : vous importez celles de vos services seulement."
        return row
    try:
        row.value, row.numerator, row.denominator = _numbers(figure)
    except AmountError as error:
        row.effect, row.reason = ImportEffect.REFUSED, str(error)
        return row
    if known.today and Period.from_code(row.period).start > known.today:
        row.effect = ImportEffect.REFUSED
        row.reason = f"La période « {row.period_label} » n’a pas commencé : vérifiez l’année."
        return row
    _compare(row, known.present.get(row.key))
    return row


def _says_the_same(row: PlanRow, old: Present) -> bool:
    """Tell whether a file gives the figure that is there, or this figure as the pages write it.

    « 12,25 % » read back from a page is 12.2461 % rounded, and corrects nothing.
    """
    parts = (row.status, row.numerator, row.denominator)
    if parts != (old.status, old.numerator, old.denominator):
        return False
    if row.value is None or old.value is None:
        return row.value is old.value
    step = Decimal(1).scaleb(min(0, int(row.value.normalize().as_tuple().exponent)))
    is_rounded = old.value.quantize(step, ROUND_HALF_UP) == row.value
    return row.value == old.value or (is_rounded and row.new_words == row.old_words)


def _compare(row: PlanRow, old: Present | None) -> None:
    if old is None:
        return
    row.old = old
    if _says_the_same(row, old):
        row.effect = ImportEffect.UNCHANGED
    elif old.state != MeasureState.ENTERED:
        row.effect, row.is_locked = ImportEffect.REFUSED, True
        row.reason = (
            f"Cette mesure est {MeasureState(old.state).label.lower()} : {row.old_words}. Elle ne change "
            "que si le référent qualité la rouvre."
        )
    else:
        row.effect = ImportEffect.CHANGED


# --- What looks wrong -------------------------------------------------------------------------
def _doubt(rows: Sequence[PlanRow], known: Known) -> None:
    """Say of each figure to write what looks wrong, what came before it being known."""
    series = _series(rows, known)
    ranks = {name: {period: n for n, period in enumerate(found)} for name, found in series.items()}
    values = {name: list(found.values()) for name, found in series.items()}
    for row in rows:
        if row.value is None or not (row.is_written or row.is_locked) or row.indicator is None:
            continue
        name = _series_of(row.key)
        rank = ranks[name][row.period]
        before = values[name][max(0, rank - _HISTORY) : rank]
        entry = Entry(row.indicator.unit, row.value, row.numerator, row.denominator, before)
        found = doubts_about(entry)
        row.doubts = tuple(remark.sentence for remark in found)
        row.is_impossible = any(
            remark.code in _IMPOSSIBLE or (remark.code is Doubt.UNIT and _is_above(row))
            for remark in found
        )


def _is_above(row: PlanRow) -> bool:
    """Tell whether a rate passes 100 %, which a doubt about its unit says in other words."""
    unit = row.indicator.unit if row.indicator else ""
    return unit == Unit.PERCENT and row.value is not None and row.value > 1


_Series = tuple[int, int | None, int | None, str]


def _series_of(key: Key) -> _Series:
    """Return what a figure is one of: the letter after the year tells months from quarters."""
    period = key[3]
    kind = "year" if len(period) == 4 else period[5] if period[5] in "TS" else "month"
    return (*key[:3], kind)


def _series(rows: Sequence[PlanRow], known: Known) -> dict[_Series, dict[str, Decimal | None]]:
    """Return the values of each series as they would be, by period, oldest first."""
    found: dict[_Series, dict[str, Decimal | None]] = defaultdict(dict)
    for key, present in known.present.items():
        found[_series_of(key)][key[3]] = present.value
    for row in rows:
        if row.is_written or row.is_locked:
            found[_series_of(row.key)][row.period] = row.value
    return {name: dict(sorted(values.items())) for name, values in found.items()}


# --- What a person decides --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Decision:
    """What was answered before applying.

    ``leave_out``: apply without the cells that are to be mended. ``reopen``: why validated figures
    are replaced; empty leaves them. ``reasons`` and ``skipped`` are by rank of the row;
    ``every_reason`` speaks for the doubted figures that have none of their own. ``is_unattended``:
    nobody can be asked, so that an unusual figure is written and told; an impossible one never is.
    """

    leave_out: bool = False
    reopen: str = ""
    reasons: Mapping[int, str] = field(default_factory=dict)
    every_reason: str = ""
    skipped: frozenset[int] = frozenset()
    is_unattended: bool = False

    def reason_for(self, row: PlanRow) -> str:
        return self.reasons.get(row.rank, "") or self.every_reason

    def awaits_reason(self, row: PlanRow) -> bool:
        """Tell whether a doubted figure still needs a reason to be written."""
        if not row.doubts or self.reason_for(row):
            return False
        return row.is_impossible or not self.is_unattended


def rows_to_write(plan: Plan, decision: Decision) -> list[PlanRow]:
    """Return the rows to write once everything is decided."""
    return [
        row
        for row in plan.rows
        if row.rank not in decision.skipped
        and (row.is_written or (row.is_locked and decision.reopen))
    ]


def undecided(plan: Plan, decision: Decision) -> dict[str, str]:
    """Return what still stops the import, by field of the form; empty when it may be applied."""
    found = {}
    if plan.blocking and not decision.leave_out:
        found["leave_out"] = (
            "Des cellules sont à corriger ou à préciser. Corrigez-les, ou demandez à les laisser de côté."
        )
    if plan.locked and not decision.reopen and not decision.leave_out:
        found["reopen"] = (
            "Des mesures validées changeraient. Rouvrez-les en disant pourquoi, ou demandez à les "
            "laisser de côté."
        )
    for row in rows_to_write(plan, decision):
        if decision.awaits_reason(row):
            found[f"doubt-{row.rank}"] = (
                f"{row.cell} : dites pourquoi cette valeur est juste, ou laissez-la de côté."
            )
    return found
