"""Undoing an import: every figure becomes what it was, unless it changed since; both are told."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.typography import date_in_words
from indicators.enums import ImportState, MeasureState
from indicators.import_plan import in_words
from indicators.models import Measure, MeasureImport
from indicators.reading.periods import Period
from indicators.selectors.provenance import origin_words
from indicators.services.imports import locked_import
from indicators.services.measures import Undone, from_json, undo_changes


# Figures given back that the page tells one by one; the others are counted.
TOLD = 200
# What was done: of one figure, of several.
_TOLD = {
    "removed": ("1 mesure ajoutée est retirée.", "{} mesures ajoutées sont retirées."),
    "restored": (
        "1 mesure remplacée est redevenue ce qu’elle était.",
        "{} mesures remplacées sont redevenues ce qu’elles étaient.",
    ),
    "validated": (
        "L’une d’elles a retrouvé sa validation.",
        "{} d’entre elles ont retrouvé leur validation.",
    ),
    "kept": (
        "1 mesure a changé depuis : elle reste telle quelle.",
        "{} mesures ont changé depuis : elles restent telles quelles.",
    ),
    "erased": (
        "1 mesure a été effacée depuis : elle ne revient pas.",
        "{} mesures ont été effacées depuis : elles ne reviennent pas.",
    ),
}


@transaction.atomic
def undo_import(*, imported: MeasureImport, by: User | None) -> MeasureImport:
    """Put back what an import changed; what changed since stays, told in ``reading["kept"]``.

    ``reading["kept_keys"]`` names them as ``PlanRow.key`` does. ``reading["given_back"]`` tells the first
    figures given back, ``reading["undone"]`` counts everything. Raise ``ValidationError`` when it is
    not applied. Twice changes nothing.
    """
    stored = locked_import(imported.pk)
    if stored is None or stored.state not in (ImportState.APPLIED, ImportState.UNDONE):
        raise ValidationError("Cet import n’est pas appliqué : il n’y a rien à annuler.")
    if stored.state == ImportState.UNDONE:
        return stored
    done = undo_changes(
        prefecture=stored.prefecture,
        changes=stored.changes,
        by=by,
        reason=f"Annulation de l’import de « {stored.file_name[:200]} »",
        imported=stored,
    )
    back = _in_words_order(done.restored[:TOLD])
    stored.reading = {
        **stored.reading,
        "kept": [_kept_words(measure) for measure in _in_words_order(done.kept)],
        "kept_keys": [
            [item.indicator_id, item.service_id, item.site_id, item.period] for item in done.kept
        ],
        "given_back": [_back_words(measure, done.replaced[measure.pk]) for measure in back],
        "undone": _counts(done),
    }
    stored.state, stored.undone_by, stored.undone_at = ImportState.UNDONE, by, timezone.now()
    stored.save(update_fields=["reading", "state", "undone_by", "undone_at"])
    return stored


def _counts(done: Undone) -> dict[str, int]:
    validated = sum(measure.state != MeasureState.ENTERED for measure in done.restored)
    return {
        "removed": done.removed,
        "restored": len(done.restored),
        "validated": validated,
        "kept": len(done.kept),
        "erased": done.erased,
    }


def _in_words_order(measures: list[Measure]) -> Any:
    rows = Measure.objects.filter(pk__in=[measure.pk for measure in measures])
    return rows.select_related(
        "indicator", "service", "site", "imported", "entered_by", "validated_by"
    ).order_by("indicator", "period", "pk")


def _name(measure: Measure) -> str:
    place = f", {measure.place_label}" if measure.place_label else ""
    return f"{measure.indicator.label}, {Period.from_code(measure.period).label}{place}"


def _back_words(measure: Measure, replaced: Mapping[str, Any]) -> str:
    """Say of a figure what it is again: its value, its state, where it came from."""
    indicator = measure.indicator
    parts = (measure.value, measure.numerator, measure.denominator)
    now = in_words(measure.status, indicator, *parts)
    was = from_json(dict(replaced))
    read = in_words(was["status"], indicator, was["value"], was["numerator"], was["denominator"])
    state = MeasureState(measure.state).label.lower()
    day = date_in_words(timezone.localtime(measure.entered_at).date())
    who = f" par {measure.entered_by}" if measure.entered_by else ""
    return (
        f"{_name(measure)} : de nouveau {now}, {state}, au lieu de {read} "
        f"({origin_words(measure)}, le {day}{who})."
    )


def _kept_words(measure: Measure) -> str:
    why = (
        "elle a été validée depuis"
        if measure.state != MeasureState.ENTERED
        else "elle a changé depuis"
    )
    return f"{_name(measure)} : {why}, elle reste telle quelle."


def told_undone(imported: MeasureImport) -> str:
    """Return what undoing an import did, in sentences."""
    counts = imported.reading.get("undone", {})
    found = ((counts.get(name, 0), words) for name, words in _TOLD.items())
    told = (one if count == 1 else many.format(count) for count, (one, many) in found if count)
    return " ".join(told) or "Les mesures sont comme avant cet import."
