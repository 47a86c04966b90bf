"""Where an action comes from and how its effect is measured: added, changed, taken away, put back."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import Scope
from accounts.models import User
from action_plans.models import BY_HAND, Action, Origin, SuccessMeasure
from action_plans.registry import OriginFact, measure_source, origin_source
from modules.services.writing import remove, restore, write


GONE = "Cette origine n’existe plus, ou ne vous est pas montrée. Choisissez-en une autre."
ALREADY = "Cette origine est déjà celle de l’action."


def origin_from(code: str, reference: str, scope: Scope) -> OriginFact | None:
    """Return the thing of a source, as this reader may see it; ``None`` when they may not."""
    source = origin_source(code)
    if source is None or not scope.may(*source.permissions):
        return None
    return source.describe(scope, [reference]).get(reference)


@transaction.atomic
def add_origin(*, action: Action, source: str, reference: str, scope: Scope) -> Origin:
    """Tie an action to a thing of a registered source; twice the same is refused in words.

    Raises ``ValidationError`` when the source knows no such thing for this reader.
    """
    fact = origin_from(source, reference, scope)
    if fact is None:
        raise ValidationError(GONE)
    return _save_origin(
        Origin(
            action=action,
            source=source,
            reference=reference,
            label=fact.label,
            detail=fact.detail,
            added_by=scope.user,
        )
    )


@transaction.atomic
def add_typed_origin(
    *, action: Action, label: str, detail: str = "", by: User | None = None
) -> Origin:
    """Write an origin by hand; the same sentence twice is refused."""
    if action.origins.filter(source=BY_HAND, label=label, detail=detail).exists():
        raise ValidationError({"label": ALREADY})
    return _save_origin(Origin(action=action, label=label, detail=detail, added_by=by))


def _save_origin(origin: Origin) -> Origin:
    # Two clicks at once: the second waits for the action, then finds the first.
    Action.objects.select_for_update().get(pk=origin.action_id)
    origin.full_clean()
    origin.save()
    return origin


@transaction.atomic
def remove_origin(*, origin: Origin) -> int:
    """Untie an origin; return the number under which its history lets it be put back."""
    pk = origin.pk
    origin.delete()
    return int(Origin.history.filter(id=pk).latest("history_id").history_id)


@transaction.atomic
def restore_origin(*, action: Action, history_id: int) -> Origin:
    """Put back an origin as it was when it was untied; ``ValidationError`` when it is there again."""
    past = Origin.history.filter(
        action_id=action.pk, history_id=history_id, history_type="-"
    ).first()
    if past is None:
        raise ValidationError("Cette origine ne peut plus être rétablie : ajoutez-la de nouveau.")
    twins = action.origins.filter(source=past.source, reference=past.reference, label=past.label)
    if twins.exists():
        raise ValidationError(ALREADY)
    return _save_origin(
        Origin(
            action=action,
            source=past.source,
            reference=past.reference,
            label=past.label,
            detail=past.detail,
            added_by_id=past.added_by_id,
        )
    )


# --- Measures ---------------------------------------------------------------------------------
@transaction.atomic
def add_measure(
    *,
    action: Action,
    values: Mapping[str, Any],
    scope: Scope,
    source: str = BY_HAND,
    reference: str = "",
) -> SuccessMeasure:
    """Say how one will know that an action worked. A source gives its own words, unit and sense."""
    measure = SuccessMeasure(action=action, source=source, reference=reference)
    if source != BY_HAND:
        known = measure_source(source)
        allowed = known is not None and scope.may(*known.permissions)
        fact = known.describe(scope, [reference]).get(reference) if known and allowed else None
        if fact is None:
            raise ValidationError("Cette mesure n’existe plus. Choisissez-en une autre.")
        values = {
            **values,
            "label": fact.label,
            "unit": fact.unit,
            "direction": fact.direction,
        }
    _write_measure(measure, values)
    return measure


@transaction.atomic
def update_measure(*, measure: SuccessMeasure, values: Mapping[str, Any]) -> SuccessMeasure:
    """Change a measure; the effects read before stay as they were told."""
    _write_measure(measure, values)
    return measure


def _write_measure(measure: SuccessMeasure, values: Mapping[str, Any]) -> None:
    baseline, day = (
        values.get(name, getattr(measure, name)) for name in ("baseline", "baseline_on")
    )
    if baseline is not None and day is None:
        raise ValidationError({"baseline_on": "Dites de quand date la valeur de départ."})
    due = values.get("measure_on", measure.measure_on)
    if day is not None and due is not None and due <= day:
        raise ValidationError(
            {
                "measure_on": "La mesure doit suivre la valeur de départ : choisissez un jour d’après."
            }
        )
    write(measure, values)


@transaction.atomic
def remove_measure(*, measure: SuccessMeasure) -> SuccessMeasure:
    """Take a measure off the pages with its effects; ``restore_measure`` puts them back."""
    return remove(measure)


@transaction.atomic
def restore_measure(*, measure: SuccessMeasure) -> SuccessMeasure:
    """Put a measure back."""
    return restore(measure)
