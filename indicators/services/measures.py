"""The one door by which figures are written: by hand, from a file, computed. Constant queries.

Writes of one préfecture follow one another (its row is locked), so that two people who enter the same
figure at the same moment never make two of it. A figure that was validated is never overwritten
unless it is reopened, with a reason. What a figure was before a change stays in ``MeasureRevision``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Prefecture, User
from indicators.amounts import AmountError, stored
from indicators.enums import FigureOrigin, MeasureState, MeasureStatus
from indicators.models import Measure, MeasureImport, MeasureRevision


NO_DENOMINATOR = "Le dénominateur est nul : il n’y a rien à mesurer. Choisissez « sans objet »."
NEGATIVE_DENOMINATOR = "Le dénominateur est négatif : un nombre de cas ne l’est jamais."
# What a figure says, and where it comes from: compared to know whether it changes.
_FIGURE = ("status", "value", "numerator", "denominator", "comment", "doubt")
_ORIGIN = ("origin", "imported_id", "sheet", "cell", "computed_by", "source_note", "is_sample")
_VALIDATION = ("state", "validated_by_id", "validated_at")
_NUMBERS = ("value", "numerator", "denominator")
_NOT_VALIDATED = {
    "state": MeasureState.ENTERED,
    "validated_by_id": None,
    "validated_at": None,
}
# One figure of a préfecture: indicator, service, site, period.
Key = tuple[int, int | None, int | None, str]


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One figure to record; ``value`` in the unit of the indicator, a rate from 0 to 1.

    ``period`` is its code (« 2020-T1 »), ``starts_on`` and ``ends_on`` its days. Without a value,
    numerator over denominator makes it. ``comment`` and ``doubt``: ``None`` keeps what is there.
    """

    indicator_id: int
    period: str
    starts_on: date
    ends_on: date
    status: MeasureStatus = MeasureStatus.MEASURED
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    service_id: int | None = None
    site_id: int | None = None
    comment: str | None = None
    doubt: str | None = None
    sheet: str = ""
    cell: str = ""
    computed_by: str = ""
    source_note: str = ""
    is_sample: bool = False

    @property
    def key(self) -> Key:
        return (self.indicator_id, self.service_id, self.site_id, self.period)


class Change(TypedDict):
    """A figure written, ready for JSON: ``before`` is ``None`` when it is new."""

    measure: int
    before: dict[str, Any] | None
    revision: int


@dataclass(slots=True)
class Recorded:
    """What was written. ``locked``: validated figures left as they are (with ``skip_locked``)."""

    created: list[Measure] = field(default_factory=list)
    changed: list[Measure] = field(default_factory=list)
    unchanged: int = 0
    locked: list[Measure] = field(default_factory=list)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def changes(self) -> list[Change]:
        """What ``undo_changes`` needs, ready for JSON."""
        return [
            Change(measure=row.pk, before=self.before.get(row.pk), revision=row.revision)
            for row in (*self.created, *self.changed)
        ]


class LockedMeasuresError(ValidationError):
    """Validated figures would change; ``measures`` are they, and nothing was written."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        count = len(measures)
        super().__init__(
            "Cette mesure est validée : elle ne change plus tant qu’elle n’est pas rouverte."
            if count == 1
            else f"{count} mesures sont validées : elles ne changent plus tant qu’elles ne sont pas "
            "rouvertes."
        )
        self.measures = list(measures)


@transaction.atomic
def record_measures(
    *,
    prefecture: Prefecture,
    rows: Iterable[MeasureRow],
    by: User | None,
    origin: FigureOrigin,
    imported: MeasureImport | None = None,
    reason: str = "",
    skip_locked: bool = False,
    reopen: bool = False,
) -> Recorded:
    """Create or change figures, all or none; the same again changes nothing. 5 queries and batches.

    Indicators, services and sites are those of the caller, who read them through the scope. Raise
    ``ValidationError`` for a figure that contradicts itself or comes twice, ``LockedMeasuresError``
    when a validated figure would change: ``skip_locked`` leaves it, and tells; ``reopen``, for those
    who may, makes it « saisie » again, ``reason`` being said.
    """
    wanted = _by_key(rows)
    present = _lock_present(prefecture, wanted)
    now = timezone.now()
    origin_of = {"origin": origin, "imported_id": imported.pk if imported else None}
    done = Recorded()
    for key, row in wanted.items():
        measure = present.get(key)
        values = {**_values(row), **origin_of}
        if measure is None:
            done.created.append(_new(prefecture, row, values, by, now))
        elif not _differs(measure, values):
            done.unchanged += 1
        elif measure.state != MeasureState.ENTERED and not reopen:
            done.locked.append(measure)
        else:
            done.before[measure.pk] = as_json(measure)
            _apply(measure, {**values, **_NOT_VALIDATED}, by, now)
            done.changed.append(measure)
    if done.locked and not skip_locked:
        raise LockedMeasuresError(done.locked)
    Measure.objects.bulk_create(done.created, batch_size=2000)
    _save(done.changed, done.before, by, reason)
    return done


@dataclass(slots=True)
class Undone:
    """What an undoing did. ``restored``: figures that are what they were; ``replaced``, by figure:
    what they were meanwhile. ``kept``: figures changed or validated since, left as they are.
    ``erased``: how many were deleted since, and do not come back."""

    removed: int = 0
    restored: list[Measure] = field(default_factory=list)
    replaced: dict[int, dict[str, Any]] = field(default_factory=dict)
    kept: list[Measure] = field(default_factory=list)
    erased: int = 0


@transaction.atomic
def undo_changes(
    *,
    prefecture: Prefecture,
    changes: Iterable[Change],
    by: User | None,
    reason: str = "",
    imported: MeasureImport | None = None,
) -> Undone:
    """Take back what ``record_measures`` wrote: new figures leave, the others become what they were.

    Value, comment, origin, state, who entered and who validated all come back. A figure that still
    comes from ``imported`` is as it left it, whatever was done and undone meanwhile; a new one that
    was validated since stays, as nothing that was validated is ever erased.
    """
    lock_figures(prefecture)
    wanted = {change["measure"]: change for change in changes}
    rows = Measure.objects.filter(prefecture=prefecture, pk__in=wanted)
    done, gone = Undone(), []
    still_there = _still_there(wanted.values())
    validated = _once_validated(pk for pk, change in wanted.items() if change["before"] is None)
    for measure in rows.select_for_update().order_by("pk"):
        change = wanted.pop(measure.pk)
        is_as_left = measure.revision == change["revision"] or (
            imported is not None and measure.imported_id == imported.pk
        )
        if not is_as_left or measure.state != MeasureState.ENTERED or measure.pk in validated:
            done.kept.append(measure)
        elif change["before"] is None:
            gone.append(measure.pk)
        else:
            done.replaced[measure.pk] = as_json(measure)
            _restore(measure, change["before"], still_there)
            done.restored.append(measure)
    Measure.objects.filter(pk__in=gone).delete()
    _save(done.restored, done.replaced, by, reason or "Annulation")
    done.removed = len(gone)
    done.erased = sum(change["before"] is not None for change in wanted.values())
    return done


@transaction.atomic
def move_measures(
    *,
    prefecture: Prefecture,
    measure_ids: Iterable[int],
    sources: Iterable[MeasureState],
    target: MeasureState,
    by: User,
    reason: str = "",
    revisions: Mapping[int, int] | None = None,
) -> int:
    """Move those that are in one of ``sources``; return how many moved, the others stay. 4 queries.

    ``revisions``: those that were read, by figure; one that changed since stays.
    Reopening (to « saisie ») keeps in ``MeasureRevision`` what was validated, and why.
    """
    lock_figures(prefecture)
    ready = Measure.objects.filter(
        prefecture=prefecture, pk__in=list(measure_ids), state__in=list(sources)
    )
    rows = [
        row
        for row in ready.select_for_update().order_by("pk")
        if revisions is None or revisions.get(row.pk) == row.revision
    ]
    before = {row.pk: as_json(row) for row in rows}
    now = timezone.now()
    for row in rows:
        row.state, row.revision = target, row.revision + 1
        if target == MeasureState.VALIDATED and row.validated_at is None:
            row.validated_by, row.validated_at = by, now
        elif target == MeasureState.ENTERED:
            row.validated_by, row.validated_at = None, None
    Measure.objects.bulk_update(
        rows, ["state", "revision", "validated_by", "validated_at"], batch_size=500
    )
    if target == MeasureState.ENTERED:
        _keep(before, by, reason)
    return len(rows)


@transaction.atomic
def erase_measures(*, prefecture: Prefecture, measures: Sequence[Measure]) -> list[Measure]:
    """Delete figures entered by mistake; return those that stay because they were validated once.

    What was validated leaves a trace: it is corrected, never erased.
    """
    if not measures:
        return []
    lock_figures(prefecture)
    wanted = [measure.pk for measure in measures]
    validated = _once_validated(wanted)
    rows = Measure.objects.filter(
        prefecture=prefecture, pk__in=wanted, state=MeasureState.ENTERED
    ).exclude(pk__in=validated)
    rows.delete()
    return [measure for measure in measures if measure.pk in validated]


def _once_validated(measure_ids: Iterable[int]) -> set[int]:
    """Return those of these figures that were validated before a change (1 query, none for none)."""
    wanted = list(measure_ids)
    if not wanted:
        return set()
    traces = MeasureRevision.objects.filter(measure__in=wanted).order_by("pk")
    return {
        pk
        for pk, before in traces.values_list("measure", "before")
        if before["state"] != MeasureState.ENTERED
    }


# --- Before and after, as they are kept -------------------------------------------------------
def as_json(measure: Measure) -> dict[str, Any]:
    """Return what a figure says and where it comes from, ready for JSON (numbers as text)."""
    kept = {name: getattr(measure, name) for name in (*_FIGURE, *_ORIGIN, *_VALIDATION)}
    for name in _NUMBERS:
        kept[name] = None if kept[name] is None else str(kept[name])
    validated_at = kept["validated_at"]
    return {
        **kept,
        "validated_at": validated_at and validated_at.isoformat(),
        "entered_by_id": measure.entered_by_id,
        "entered_at": measure.entered_at.isoformat(),
    }


def from_json(kept: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a figure from what ``as_json`` gave."""
    values = dict(kept)
    for name in _NUMBERS:
        values[name] = None if values[name] is None else Decimal(values[name])
    for name in ("entered_at", "validated_at"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return values


def _still_there(changes: Iterable[Change]) -> dict[str, set[int]]:
    """Return, by field, the people and files that figures may point to again. 2 queries."""
    kept = [change["before"] for change in changes if change["before"]]
    people = {row[name] for row in kept for name in ("entered_by_id", "validated_by_id")}
    files = {row["imported_id"] for row in kept}
    users = set(User.objects.filter(pk__in=people - {None}).values_list("pk", flat=True))
    imports = MeasureImport.objects.filter(pk__in=files - {None})
    return {
        "entered_by_id": users,
        "validated_by_id": users,
        "imported_id": set(imports.values_list("pk", flat=True)),
    }


def _restore(measure: Measure, kept: dict[str, Any], still_there: dict[str, set[int]]) -> None:
    """Make a figure what it was; whoever or whatever was deleted since is left out."""
    for name, value in from_json(kept).items():
        is_lost = name in still_there and value not in still_there[name]
        setattr(measure, name, None if is_lost else value)
    measure.revision += 1


# --- Inside -----------------------------------------------------------------------------------
def _by_key(rows: Iterable[MeasureRow]) -> dict[Key, MeasureRow]:
    wanted: dict[Key, MeasureRow] = {}
    for row in rows:
        if row.key in wanted:
            raise ValidationError(
                f"La période {row.period} porte deux valeurs du même indicateur pour le même lieu."
            )
        wanted[row.key] = row
    return wanted


def lock_figures(prefecture: Prefecture) -> None:
    """Hold the préfecture until the transaction ends; rows that point to it may still be added."""
    rows = Prefecture.objects.select_for_update(no_key=True).filter(pk=prefecture.pk)
    rows.values_list("pk", flat=True).get()


def _lock_present(prefecture: Prefecture, wanted: dict[Key, MeasureRow]) -> dict[Key, Measure]:
    lock_figures(prefecture)
    rows = Measure.objects.filter(
        prefecture=prefecture,
        indicator__in={key[0] for key in wanted},
        period__in={key[3] for key in wanted},
    )
    return {
        (row.indicator_id, row.service_id, row.site_id, row.period): row
        for row in rows.select_for_update().order_by("pk")
    }


def _values(row: MeasureRow) -> dict[str, Any]:
    """Return the fields of a figure, rounded as the table keeps them; refuse what contradicts itself."""
    numbers = {name: getattr(row, name) for name in _NUMBERS}
    if row.status == MeasureStatus.MEASURED:
        numbers = _measured(row, numbers)
    elif any(number is not None for number in numbers.values()):
        raise ValidationError(
            "Une valeur, ou « non mesuré », ou « sans objet » : pas deux à la fois."
        )
    if row.service_id is not None and row.site_id is not None:
        raise ValidationError("Une mesure porte sur un service ou sur un site, pas sur les deux.")
    texts = {name: getattr(row, name) for name in ("comment", "doubt")}
    return {
        "status": row.status,
        **numbers,
        **{name: text for name, text in texts.items() if text is not None},
        **{name: getattr(row, name) for name in _ORIGIN if name not in {"origin", "imported_id"}},
    }


def _measured(row: MeasureRow, numbers: dict[str, Decimal | None]) -> dict[str, Decimal | None]:
    if row.value is None and row.numerator is not None and row.denominator:
        numbers["value"] = row.numerator / row.denominator
    try:
        kept = {
            name: None if number is None else stored(number) for name, number in numbers.items()
        }
    except AmountError as error:
        raise ValidationError(str(error)) from error
    denominator = kept["denominator"]
    if denominator is not None and denominator <= 0:
        raise ValidationError(NO_DENOMINATOR if denominator == 0 else NEGATIVE_DENOMINATOR)
    if kept["value"] is None:
        raise ValidationError("Il manque la valeur, ou bien le numérateur et le dénominateur.")
    return kept


def _new(
    prefecture: Prefecture, row: MeasureRow, values: dict[str, Any], by: User | None, now: datetime
) -> Measure:
    return Measure(
        prefecture=prefecture,
        indicator_id=row.indicator_id,
        service_id=row.service_id,
        site_id=row.site_id,
        period=row.period,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        entered_by=by,
        entered_at=now,
        **values,
    )


def _differs(measure: Measure, values: dict[str, Any]) -> bool:
    """Tell whether the figure itself changes: coming again by another way changes nothing."""
    return any(getattr(measure, name) != values[name] for name in _FIGURE if name in values)


def _apply(measure: Measure, values: dict[str, Any], by: User | None, now: datetime) -> None:
    for name, value in values.items():
        setattr(measure, name, value)
    measure.revision += 1
    measure.entered_by, measure.entered_at = by, now


def _save(
    rows: Sequence[Measure], before: dict[int, dict[str, Any]], by: User | None, reason: str
) -> None:
    """Write changed figures: an insert that updates, far quicker than as many ``CASE`` as figures."""
    if not rows:
        return
    Measure.objects.bulk_create(
        rows,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[
            *_FIGURE,
            *(name.removesuffix("_id") for name in (*_ORIGIN, *_VALIDATION)),
            "revision",
            "entered_by",
            "entered_at",
        ],
    )
    _keep(before, by, reason)


def _keep(before: dict[int, dict[str, Any]], by: User | None, reason: str) -> None:
    MeasureRevision.objects.bulk_create(
        [
            MeasureRevision(measure_id=pk, before=kept, reason=reason, made_by=by)
            for pk, kept in before.items()
        ],
        batch_size=2000,
    )
