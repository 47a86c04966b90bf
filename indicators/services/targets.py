"""Dated targets and alert thresholds, national or of one préfecture: never two of a kind on one day."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import Prefecture
from indicators.enums import Direction
from indicators.models import Indicator, Target
from indicators.rules import beyond_reach
from modules.services.writing import remove, restore, write


@transaction.atomic
def add_target(
    *, indicator: Indicator, prefecture: Prefecture | None, values: Mapping[str, Any]
) -> Target:
    """Add a dated value; national without a préfecture. ``value`` in the unit, a rate from 0 to 1.

    Raise ``ValidationError`` when another of the same kind holds on some of its days, or when nobody
    can say which way is better.
    """
    if indicator.direction == Direction.NONE:
        raise ValidationError(
            "Cet indicateur n’a pas de sens : ni plus haut ni plus bas n’est mieux. Il n’a pas de cible."
        )
    row = Target(indicator=indicator, prefecture=prefecture)
    _write(row, values)
    return row


@transaction.atomic
def update_target(*, target: Target, values: Mapping[str, Any]) -> Target:
    """Change a target or end it (``ends_on``); raise as ``add_target``, or when somebody was faster."""
    _write(target, values)
    return target


@transaction.atomic
def remove_target(*, target: Target) -> Target:
    """Take a target off the pages; ``restore_target`` puts it back."""
    return remove(target)


@transaction.atomic
def restore_target(*, target: Target) -> Target:
    """Put a removed target back; raise ``ValidationError`` when another took its days meanwhile."""
    _lock(target.indicator)
    _refuse_overlap(target)
    return restore(target)


def _write(row: Target, values: Mapping[str, Any]) -> None:
    if refusal := beyond_reach(values.get("value", row.value), row.indicator.unit):
        raise ValidationError({"value": refusal})
    _lock(row.indicator)
    write(row, values)
    # After the checks of the fields: the dates are known to be in order. Raising undoes the saving.
    _refuse_overlap(row)


def _lock(indicator: Indicator) -> None:
    """Hold the definition until the transaction ends: two people cannot fill the same days at once."""
    rows = Indicator.objects.select_for_update(no_key=True).filter(pk=indicator.pk)
    rows.values_list("pk", flat=True).get()


def _refuse_overlap(row: Target) -> None:
    others = Target.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=row.starts_on),
        indicator=row.indicator_id,
        prefecture=row.prefecture_id,
        kind=row.kind,
        removed_at__isnull=True,
    ).exclude(pk=row.pk)
    if row.ends_on is not None:
        others = others.filter(starts_on__lte=row.ends_on)
    other = others.select_related("indicator").order_by("starts_on", "pk").first()
    if other is None:
        return
    what = f"{other.get_kind_display()} ({other.words})"
    until = f"au {other.ends_on:%d/%m/%Y}" if other.ends_on else "sans date de fin"
    raise ValidationError(
        {
            "starts_on": f"{what} vaut déjà ces jours-là (du {other.starts_on:%d/%m/%Y} {until}). "
            "Mettez-y fin d’abord, ou changez les dates."
        }
    )
