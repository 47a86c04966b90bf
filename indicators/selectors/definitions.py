"""Definitions as the référentiels gave them, one after the other."""

from datetime import date
from typing import Any

from indicators.enums import Aggregation, Direction, Level, Periodicity, TargetKind, Unit
from indicators.models import Indicator, Target
from indicators.referential_entries import IndicatorEntry, TargetEntry
from modules.enums import Certainty
from modules.models import Referential


def stored_entries(referential: Referential) -> tuple[IndicatorEntry, ...]:
    """Return what a loaded référentiel defines, amended since or not (2 queries)."""
    history = Indicator.history.filter(referential=referential).order_by("history_id")  # type: ignore[attr-defined]
    latest = {row.code: row for row in history.select_related(None)}
    targets: dict[int, list[TargetEntry]] = {}
    national = Target.objects.filter(prefecture__isnull=True, removed_at__isnull=True)
    for target in national.order_by("starts_on", "pk"):
        targets.setdefault(target.indicator_id, []).append(_target(target))
    rows = sorted(latest.values(), key=lambda row: (row.position, row.code))
    return tuple(_entry(row, tuple(targets.get(row.id, ()))) for row in rows)


def _entry(row: Any, targets: tuple[TargetEntry, ...]) -> IndicatorEntry:
    plain = {
        name: getattr(row, name)
        for name in (
            *("code", "label", "definition", "numerator_label", "denominator_label"),
            *("counting_rule", "source_system", "decimals", "source"),
        )
    }
    return IndicatorEntry(
        **plain,
        unit=Unit(row.unit),
        direction=Direction(row.direction),
        periodicity=Periodicity(row.periodicity),
        level=Level(row.level),
        aggregation=Aggregation(row.aggregation),
        certainty=Certainty(row.certainty),
        synonyms=tuple(row.synonyms),
        targets=targets,
        line=0,
    )


def _target(row: Target) -> TargetEntry:
    return TargetEntry(
        kind=TargetKind(row.kind),
        value=row.value.normalize(),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        source=row.source,
        certainty=Certainty(row.certainty),
        line=0,
    )


def changes_of_counting_rule(indicator: Indicator) -> list[tuple[date, str]]:
    """Return (publication, name) of each référentiel that changed the rule of an earlier one (1 query)."""
    history = indicator.history.order_by("history_id").select_related("referential")  # type: ignore[attr-defined]
    found, before = [], None
    for row in history:
        if (
            before is not None
            and row.referential_id != before.referential_id
            and row.counting_rule != before.counting_rule
            and row.referential is not None
        ):
            found.append((row.referential.published_on, row.referential.name))
        before = row
    return found
