"""Correcting a definition « à confirmer »: never what known figures mean, and never without a reason."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from common.editing import is_stale
from common.typography import french_spaces
from indicators.enums import Aggregation, Direction, Unit
from indicators.models import Indicator, IndicatorRevision, Measure, NationalValue, Target
from modules.enums import Certainty
from modules.services.corrections import STALE, UNCHANGED, apply_correction


# The fields that a correction may change; of a sourced definition, only the last.
CORRECTABLE = (
    "label",
    "definition",
    "numerator_label",
    "denominator_label",
    "unit",
    "direction",
    "periodicity",
    "counting_rule",
    "source_system",
    "decimals",
    "source",
    "certainty",
    "synonyms",
)


@transaction.atomic
def correct_definition(
    *,
    indicator: Indicator,
    values: Mapping[str, Any],
    reason: str,
    by: User,
    is_confirmed: bool = False,
) -> IndicatorRevision:
    """Change fields of ``CORRECTABLE`` and keep what they said, with the reason.

    Raise ``ValidationError`` beside its field when it is sourced, when figures would change their
    meaning, when their reading would change and ``is_confirmed`` is not given, when nothing changes,
    when somebody was faster.
    """
    if is_stale(indicator):
        raise ValidationError(STALE.format("cette définition"))
    stored = Indicator.objects.get(pk=indicator.pk)
    changed = {
        name: values[name]
        for name in CORRECTABLE
        if name in values and values[name] != getattr(stored, name)
    }
    if not changed:
        raise ValidationError(UNCHANGED)
    if not stored.is_open and set(changed) != {"synonyms"}:
        raise ValidationError(
            "Cette définition est sourcée : seuls ses autres noms s’enrichissent."
        )
    _refuse_contradictions(stored, changed)
    _refuse_unsourced(stored, changed)
    _refuse_names_of_others(stored, changed)
    if not is_confirmed:
        _ask_about_reading(stored, changed)
    before, after = apply_correction(stored, changed)
    return IndicatorRevision.objects.create(
        indicator=stored,
        referential=stored.referential,
        made_by=by,
        source=reason,
        before=before,
        after=after,
    )


def _refuse_contradictions(stored: Indicator, changed: Mapping[str, Any]) -> None:
    """Refuse what would change the meaning of known figures, or what does not hold together."""
    errors: dict[str, str] = {}
    known = _known(stored) if {"unit", "direction", "denominator_label"} & changed.keys() else {}
    if "unit" in changed:
        held = [words for words in known.values() if words]
        if held:
            errors["unit"] = (
                f"L’unité ne change plus : ce qui est déjà connu ({', '.join(held)}) dirait autre "
                "chose. Faites définir un autre indicateur, avec son propre code."
            )
        elif stored.aggregation == Aggregation.SUM and changed["unit"] != Unit.COUNT:
            errors["unit"] = "Ses totaux sont des sommes : seuls des nombres s’additionnent."
    if changed.get("direction") == Direction.NONE and known["targets"]:
        errors["direction"] = (
            f"Un indicateur sans sens n’a pas de cible. Retirez d’abord ce qui est fixé : "
            f"{known['targets']}."
        )
    numerator, denominator = (
        changed.get(name, getattr(stored, name))
        for name in ("numerator_label", "denominator_label")
    )
    if bool(numerator) != bool(denominator):
        missing = "denominator_label" if numerator else "numerator_label"
        errors[missing] = "Le numérateur et le dénominateur vont ensemble : il manque celui-ci."
    elif not denominator and stored.aggregation == Aggregation.RATIO:
        errors["denominator_label"] = (
            "Ses totaux additionnent numérateurs et dénominateurs : gardez les deux."
        )
    elif not denominator and Measure.objects.filter(indicator=stored, denominator__isnull=False):
        errors["denominator_label"] = "Des mesures ont un dénominateur : gardez les deux."
    if errors:
        raise ValidationError(errors)


def _known(stored: Indicator) -> dict[str, str]:
    """Return what rests on the definition, in words; empty words for nothing (3 queries)."""
    counts = {
        "measures": (Measure.objects.filter(indicator=stored), "mesure"),
        "national": (NationalValue.objects.filter(indicator=stored), "valeur nationale"),
        "targets": (Target.objects.filter(indicator=stored, removed_at__isnull=True), "cible"),
    }
    return {key: _counted(rows.count(), words) for key, (rows, words) in counts.items()}


def _counted(count: int, words: str) -> str:
    if count < 2:
        return f"{count} {words}" if count else ""
    return f"{count} {' '.join(f'{word}s' for word in words.split())}"


def _refuse_unsourced(stored: Indicator, changed: Mapping[str, Any]) -> None:
    """« Sourcé » asks for the document: the source that left it to confirm is not one."""
    if changed.get("certainty") == Certainty.SOURCED and "source" not in changed:
        raise ValidationError(
            {
                "source": "Pour que la définition soit sourcée, dites le document officiel qui la "
                "donne : titre, date, page, adresse."
            }
        )


def _refuse_names_of_others(stored: Indicator, changed: Mapping[str, Any]) -> None:
    """A name met in a workbook leads to one indicator only."""
    asked = {name.casefold(): name for name in _names(changed)}
    if not asked:
        return
    others = Indicator.objects.exclude(pk=stored.pk).order_by("position", "code")
    for other in others.only("code", "label", "synonyms"):
        for name in (other.code, other.label, *other.synonyms):
            if name.casefold() in asked:
                field = "synonyms" if "synonyms" in changed else "label"
                raise ValidationError(
                    {
                        field: f"« {asked[name.casefold()]} » désigne déjà {other.code} "
                        f"({other.label}). Un nom ne désigne qu’un indicateur."
                    }
                )


def _names(changed: Mapping[str, Any]) -> Collection[str]:
    label = changed.get("label")
    return [*changed.get("synonyms", ()), *([label] if label else ())]


def _ask_about_reading(stored: Indicator, changed: Mapping[str, Any]) -> None:
    """Ask before known figures are read otherwise: judged the other way, expected at other dates."""
    if not {"direction", "periodicity"} & changed.keys():
        return
    measures = _known(stored)["measures"]
    if not measures:
        return
    said = []
    if "direction" in changed:
        said.append(
            f"Ce qui est déjà connu ({measures}) sera jugé dans l’autre sens, sur toutes les pages : "
            "« cible atteinte » peut devenir « cible non atteinte »."
        )
    if "periodicity" in changed:
        said.append(
            f"Ce qui est déjà connu ({measures}) garde ses périodes ; la grille de saisie en "
            "demandera d’autres."
        )
    said.append("Cochez la case si c’est bien voulu.")
    raise ValidationError({"is_confirmed": french_spaces(" ".join(said))})
