"""Effects read: a value typed by somebody, the newest value that each source brings."""

import logging
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.access import Scope
from accounts.models import Prefecture
from action_plans.enums import CLOSED_STATES, Direction, MeasureUnit
from action_plans.models import BY_HAND, EffectReading, SuccessMeasure
from action_plans.registry import Effect, measure_source
from action_plans.rules.effects import Point, conclude


logger = logging.getLogger(__name__)


@transaction.atomic
def record_value(
    *,
    measure: SuccessMeasure,
    value: Decimal,
    measured_on: date,
    scope: Scope,
    source_note: str = "",
    size: int | None = None,
) -> EffectReading:
    """Keep a value typed by somebody, with what it allows to say (a rate: 0 to 1).

    Sending it twice keeps one. Raises ``ValidationError`` on a day to come, or not after the baseline.
    """
    locked = _locked(measure)
    if not locked.is_typed:
        raise ValidationError("Les valeurs de cette mesure viennent d’elles-mêmes de leur source.")
    if measured_on > timezone.localdate():
        raise ValidationError({"measured_on": "Ce jour n’est pas encore venu."})
    if locked.baseline_on is not None and measured_on <= locked.baseline_on:
        raise ValidationError(
            {"measured_on": "Cette valeur doit être plus récente que la valeur de départ."}
        )
    twin = locked.readings.filter(
        value=value, measured_on=measured_on, size=size, source_note=source_note
    ).first()
    if twin is not None:
        return twin
    conclusion = conclude(
        before=_baseline(locked),
        after=Point(value, measured_on, size),
        unit=MeasureUnit(locked.unit),
        direction=Direction(locked.direction),
        target=locked.target,
        done_on=locked.action.done_on,
    )
    return _keep(
        locked,
        value=value,
        measured_on=measured_on,
        size=size,
        source_note=source_note,
        outcome=conclusion.outcome,
        sentence=conclusion.sentence,
        read_by=scope.user,
    )


def refresh_effects(*, prefecture: Prefecture | None = None) -> int:
    """Ask every registered source for its newest value; return how many effects were added.

    Actions whose life has ended are left alone. Running it twice adds nothing; a source that fails
    keeps the others from nothing.
    """
    measures = SuccessMeasure.objects.filter(
        removed_at__isnull=True, action__removed_at__isnull=True
    )
    measures = measures.exclude(source=BY_HAND).exclude(action__state__in=CLOSED_STATES)
    if prefecture is not None:
        measures = measures.filter(action__prefecture=prefecture)
    return sum(_refresh(item) for item in measures.select_related("action").order_by("pk"))


def _refresh(measure: SuccessMeasure) -> bool:
    source = measure_source(measure.source)
    if source is None:
        return False
    try:
        effect = source.effect(
            action=measure.action,
            reference=measure.reference,
            baseline=measure.baseline,
            baseline_on=measure.baseline_on,
        )
    except Exception:
        logger.exception("measure %s: its source %s failed", measure.pk, measure.source)
        return False
    return effect is not None and _add_if_newer(measure, effect)


@transaction.atomic
def _add_if_newer(measure: SuccessMeasure, effect: Effect) -> bool:
    point = effect.point
    latest = _locked(measure).readings.order_by("-measured_on", "-pk").first()
    if latest is not None:
        is_same = latest.measured_on == point.measured_on and latest.value == point.value
        if is_same or latest.measured_on > point.measured_on:
            return False
    _keep(
        measure,
        value=point.value,
        measured_on=point.measured_on,
        size=point.size,
        source_note=point.source_note,
        outcome=effect.outcome,
        sentence=effect.sentence,
    )
    return True


def _locked(measure: SuccessMeasure) -> SuccessMeasure:
    rows: Any = SuccessMeasure.objects.select_for_update(of=("self",)).select_related("action")
    found: SuccessMeasure = rows.get(pk=measure.pk)
    return found


def _baseline(measure: SuccessMeasure) -> Point | None:
    if measure.baseline is None:
        return None
    return Point(measure.baseline, measure.baseline_on, measure.baseline_size)


def _keep(measure: SuccessMeasure, **values: Any) -> EffectReading:
    reading = EffectReading(measure=measure, **values)
    reading.full_clean()
    reading.save()
    return reading
