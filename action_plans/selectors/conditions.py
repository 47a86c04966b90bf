"""Conditions on actions, shared by the list, the reviews and the « fil rouge »: one rule for one word."""

from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from action_plans.enums import OPEN_STATES
from action_plans.models import (
    ActionComment,
    ActionEvidence,
    EffectReading,
    Origin,
    Step,
    SuccessMeasure,
)
from action_plans.rules.attention import WITHOUT_NEED_OF_MEASURE, stalled_before
from modules.models.scoping import kept


def late(today: date) -> Q:
    """Open actions whose day has passed."""
    return Q(state__in=OPEN_STATES, due_on__lt=today)


def stalled(today: date) -> Q:
    """Open actions on which nobody wrote anything for 60 days.

    Neither the action, nor a step, a measure, an origin, a comment, a piece or an effect.
    """
    since = timezone.make_aware(datetime.combine(stalled_before(today), time.min))
    own = OuterRef("pk")
    touched = (
        Step.history.model.objects.filter(action_id=own, history_date__gte=since),
        SuccessMeasure.history.model.objects.filter(action_id=own, history_date__gte=since),
        Origin.objects.filter(action=own, added_at__gte=since),
        ActionComment.objects.filter(action=own, written_at__gte=since),
        ActionEvidence.objects.filter(action=own, linked_at__gte=since),
        EffectReading.objects.filter(measure__action=own, read_at__gte=since),
    )
    condition = Q(state__in=OPEN_STATES, updated_at__lt=since)
    for rows in touched:
        condition &= ~Q(Exists(rows.order_by()))
    return condition


def with_measure() -> Exists:
    """Actions that name a way of knowing whether they worked."""
    measures = SuccessMeasure.objects.filter(kept(), action=OuterRef("pk"))
    return Exists(measures.order_by())


def without_measure() -> Q:
    """Actions of which nothing will tell whether they worked; as ``rules.lacks_measure``."""
    return ~Q(state__in=WITHOUT_NEED_OF_MEASURE) & ~Q(with_measure())


def with_effect() -> Q:
    """Actions of which an effect was read at least once."""
    readings = EffectReading.objects.filter(
        measure__action=OuterRef("pk"), measure__removed_at__isnull=True
    )
    return Q(Exists(readings.order_by()))


def with_origin() -> Exists:
    """Actions that say what gave rise to them."""
    return Exists(Origin.objects.filter(action=OuterRef("pk")).order_by())
