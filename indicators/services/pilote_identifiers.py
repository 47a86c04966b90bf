"""Saying under which identifier PILOTE knows an indicator: one name for one indicator."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators.models import Indicator, PiloteIdentifier
from indicators.selectors.pilote_identifiers import identifiers_in_force
from modules.enums import Certainty
from modules.services.writing import write


@transaction.atomic
def save_identifier(*, row: PiloteIdentifier, values: Mapping[str, Any]) -> PiloteIdentifier:
    """Write ``identifier``, ``source`` and ``certainty``; a blank identifier takes it away.

    Raise ``ValidationError`` beside its field when it names another indicator, when it is said sourced
    without a source, or when somebody was faster.
    """
    # Two people cannot name two indicators alike at once: the definitions are held meanwhile.
    list(
        Indicator.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    )
    identifier = values["identifier"]
    if values["certainty"] == Certainty.SOURCED and not values["source"]:
        raise ValidationError({"source": "Dites le document officiel qui donne cet identifiant."})
    other = _named(row, identifier) if identifier else None
    if other is not None:
        raise ValidationError(
            {
                "identifier": f"« {identifier} » désigne déjà {other.code} ({other.label}). Un "
                "identifiant ne désigne qu’un indicateur."
            }
        )
    write(row, values)
    return row


def _named(row: PiloteIdentifier, identifier: str) -> Indicator | None:
    """Return the other indicator that goes by this identifier, or by this code."""
    others = Indicator.objects.exclude(pk=row.indicator_id)
    found = others.filter(code__iexact=identifier).first()
    if found is not None:
        return found
    for pk, known in identifiers_in_force(row.prefecture).items():
        if pk != row.indicator_id and known.identifier.casefold() == identifier.casefold():
            return others.get(pk=pk)
    return None
