"""Definitions as the référentiels gave them, one after the other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.enums import Aggregation, Direction, Level, Periodicity, TargetKind, Unit
from indicators.models import Indicator, Target
from indicators.referential_entries import IndicatorEntry, TargetEntry
from modules.enums import Certainty
from modules.models import Referential


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A référentiel that changed what is counted: its day and its name."""

    day: date
    name: str


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


def changes_of_counting_rule(indicators: Iterable[int]) -> dict[int, list[RuleChange]]:
    """Return when référentiels changed the rule that an earlier one gave, by indicator (1 query)."""
    history = Indicator.history.filter(id__in=indicators, referential__isnull=False)  # type: ignore[attr-defined]
    given = ("referential__published_on", "referential__name")
    found: dict[int, list[RuleChange]] = defaultdict(list)
    before: dict[int, tuple[int, str]] = {}
    for pk, referential, rule, day, name in history.order_by("history_id").values_list(
        "id", "referential_id", "counting_rule", *given
    ):
        known = before.get(pk)
        if known is not None and referential != known[0] and rule != known[1]:
            found[pk].append(RuleChange(day, name))
        before[pk] = (referential, rule)
    return found


def rule_days(indicators: Iterable[int]) -> dict[int, list[date]]:
    """Return the days on which the counting rule of each indicator changed (1 query)."""
    changes = changes_of_counting_rule(indicators)
    return {pk: [change.day for change in own] for pk, own in changes.items()}
