"""Reads of origins and measures: on the page of an action, and from what gave rise to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse

from accounts.access import Permission, Scope
from action_plans.enums import Direction, EffectOutcome, MeasureUnit
from action_plans.models import BY_HAND, Action, EffectReading, Origin, SuccessMeasure
from action_plans.registry import OriginFact, measure_source, origin_source, origin_sources
from action_plans.rules.effects import value_in_words


TYPED = "Saisie à la main"
GONE = "Source disparue"


@dataclass(frozen=True, slots=True)
class OriginLine:
    """An origin as one reader sees it; ``detail`` and ``url`` are empty when they may not."""

    pk: int
    kind: str
    label: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One value after the action; ``sentence`` says what it allows to say."""

    value: str
    measured_on: date
    source_note: str
    outcome: EffectOutcome
    sentence: str


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure in words, with its effects, the newest first."""

    pk: int
    label: str
    kind: str
    is_typed: bool
    direction: str
    baseline: str
    baseline_on: date | None
    baseline_source: str
    target: str
    measure_on: date | None
    is_due: bool
    readings: tuple[ReadingLine, ...]

    @property
    def latest(self) -> ReadingLine | None:
        return self.readings[0] if self.readings else None

    @property
    def outcome(self) -> EffectOutcome:
        """What the newest value allows to say; « pas encore mesuré » without one."""
        return self.latest.outcome if self.latest else EffectOutcome.UNKNOWN


@dataclass(frozen=True, slots=True)
class LinkedAction:
    """An action, as a link on the page of what gave rise to it. Its rows are fetched already."""

    action: Action
    is_late: bool

    @property
    def url(self) -> str:
        return reverse("action_plans:action_detail", args=[self.action.pk])


@dataclass(frozen=True, slots=True)
class OpenedActions:
    """The actions opened from one thing of a source, and whether this reader may open another."""

    source: str
    fact: OriginFact
    actions: tuple[LinkedAction, ...]
    may_open: bool

    @property
    def open_url(self) -> str:
        return open_url(self.source, self.fact.reference)


# --- Origins ----------------------------------------------------------------------------------
def facts_of(origins: Iterable[Origin], scope: Scope) -> dict[tuple[str, str], OriginFact]:
    """Describe origins as this reader may see them (a constant number of queries by source)."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for origin in origins:
        if origin.reference:
            wanted[origin.source].add(origin.reference)
    found: dict[tuple[str, str], OriginFact] = {}
    for code, references in sorted(wanted.items()):
        source = origin_source(code)
        if source is not None and scope.may(*source.permissions):
            described = source.describe(scope, sorted(references))
            found |= {(code, reference): fact for reference, fact in described.items()}
    return found


def origin_lines(
    origins: Iterable[Origin], facts: Mapping[tuple[str, str], OriginFact]
) -> tuple[OriginLine, ...]:
    """Write origins in words. What was kept of a hidden or vanished thing is its name only."""
    return tuple(_origin_line(item, facts.get((item.source, item.reference))) for item in origins)


def _origin_line(origin: Origin, fact: OriginFact | None) -> OriginLine:
    if origin.source == BY_HAND:
        return OriginLine(origin.pk, TYPED, origin.label, origin.detail)
    source = origin_source(origin.source)
    kind = source.label if source is not None else GONE
    if fact is None:
        return OriginLine(origin.pk, kind, origin.label)
    return OriginLine(origin.pk, kind, fact.label, fact.detail, fact.url)


def origins_of(action: Action, scope: Scope) -> tuple[OriginLine, ...]:
    """Return the origins of one action, in the order of their adding."""
    origins = list(action.origins.order_by("pk"))
    return origin_lines(origins, facts_of(origins, scope))


# --- Measures ---------------------------------------------------------------------------------
def with_readings() -> Prefetch:
    """Fetch the measures of actions, kept ones only, with their effects (2 queries)."""
    readings = Prefetch("readings", EffectReading.objects.order_by("-measured_on", "-pk"))
    kept = SuccessMeasure.objects.filter(removed_at__isnull=True).order_by("pk")
    return Prefetch("measures", kept.prefetch_related(readings), to_attr="kept_measures")


def measures_of(action: Action, today: date) -> tuple[MeasureLine, ...]:
    """Return the measures of one action, each with its effects (2 queries)."""
    readings = Prefetch("readings", EffectReading.objects.order_by("-measured_on", "-pk"))
    rows = action.measures.filter(removed_at__isnull=True).order_by("pk")
    return measure_lines(rows.prefetch_related(readings), today)


def measure_lines(measures: Iterable[SuccessMeasure], today: date) -> tuple[MeasureLine, ...]:
    """Write measures in words; their readings are fetched already."""
    return tuple(_measure_line(item, today) for item in measures)


def _measure_line(measure: SuccessMeasure, today: date) -> MeasureLine:
    unit = MeasureUnit(measure.unit)
    source = None if measure.is_typed else measure_source(measure.source)
    readings = tuple(
        ReadingLine(
            value=value_in_words(item.value, unit),
            measured_on=item.measured_on,
            source_note=item.source_note,
            outcome=item.current_outcome,
            sentence=item.sentence,
        )
        for item in measure.readings.all()
    )
    due = measure.measure_on
    is_measured = due is not None and any(row.measured_on >= due for row in readings)
    return MeasureLine(
        pk=measure.pk,
        label=measure.label,
        kind=TYPED if measure.is_typed else source.label if source else GONE,
        is_typed=measure.is_typed,
        direction=Direction(measure.direction).label,
        baseline=_words(measure.baseline, unit),
        baseline_on=measure.baseline_on,
        baseline_source=measure.baseline_source,
        target=_words(measure.target, unit),
        measure_on=measure.measure_on,
        is_due=due is not None and due <= today and not is_measured,
        readings=readings,
    )


def _words(value: Decimal | None, unit: MeasureUnit) -> str:
    return "" if value is None else value_in_words(value, unit)


# --- From what gave rise to them --------------------------------------------------------------
def opened_from(
    source: str, facts: Iterable[OriginFact], scope: Scope, today: date
) -> dict[str, OpenedActions]:
    """Return by reference the actions opened from these things (1 query).

    Empty for who does not read the plan.
    """
    if not scope.may(Permission.ACTION_READ):
        return {}
    wanted = list(facts)
    by_reference = actions_by_reference(
        source, {known for fact in wanted for known in fact.references}, scope, today
    )
    found = {}
    for fact in wanted:
        linked = {item.action.pk: item for known in fact.references for item in by_reference[known]}
        by_number = sorted(linked.values(), key=lambda item: item.action.number)
        may_open = scope.may(Permission.ACTION_OPEN)
        found[fact.reference] = OpenedActions(source, fact, tuple(by_number), may_open)
    return found


def actions_by_reference(
    source: str, references: Iterable[str], scope: Scope, today: date
) -> dict[str, list[LinkedAction]]:
    """Return by reference of one source the actions that came from it (1 query)."""
    visible = Action.objects.visible_to(scope).filter(removed_at__isnull=True).order_by()
    origins = (
        Origin.objects.filter(
            source=source, reference__in=sorted(references), action__in=visible.values("pk")
        )
        .select_related("action")
        .order_by("action__number")
    )
    found: dict[str, list[LinkedAction]] = defaultdict(list)
    for origin in origins:
        action = origin.action
        found[origin.reference].append(LinkedAction(action, action.is_late_on(today)))
    return found


def open_url(source: str, reference: str) -> str:
    """Return where an action is opened from this thing."""
    asked = urlencode({"origine": f"{source}:{reference}"})
    return f"{reverse('action_plans:action_create')}?{asked}"


@dataclass(frozen=True, slots=True)
class OrphanSignal:
    """A weak point without an action."""

    source: str
    kind: str
    fact: OriginFact

    @property
    def open_url(self) -> str:
        return open_url(self.source, self.fact.reference)


def orphan_signals(scope: Scope) -> list[OrphanSignal]:
    """Return the weak points that no action answers, source by source (1 query and theirs)."""
    signals = {
        source: source.weak_points(scope) for source in origin_sources(scope) if source.is_signal
    }
    visible = Action.objects.visible_to(scope).filter(removed_at__isnull=True).order_by()
    answered = set(
        Origin.objects.filter(action__in=visible.values("pk"))
        .exclude(source=BY_HAND)
        .order_by("pk")
        .values_list("source", "reference")
    )
    return [
        OrphanSignal(source.code, source.label, fact)
        for source, facts in signals.items()
        for fact in facts
        if not any((source.code, known) in answered for known in fact.references)
    ]
