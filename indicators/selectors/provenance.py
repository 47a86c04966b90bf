"""Where a figure comes from: hand, file and cell, computation; what it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from common.numbers import Missing, quantity
from common.typography import date_in_words
from indicators.enums import FigureOrigin, MeasureState, MeasureStatus
from indicators.models import Indicator, Measure
from indicators.reading.periods import Period
from indicators.registry import computed_source


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One change of a figure: when, by whom, why, and each field « old → new »."""

    made_at: datetime
    made_by: str
    reason: str
    changes: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Provenance:
    """« D’où vient ce chiffre ? »"""

    measure: Measure
    where: str
    who: str
    counting_rule: str
    rule_changed: bool
    revisions: Sequence[RevisionLine]

    @property
    def period(self) -> Period:
        return Period.from_code(self.measure.period)

    @property
    def sentence(self) -> str:
        """« Lue dans le fichier appels.xlsx, feuille « 2021 », cellule B14, le 3 mai 2022, par … »"""
        day = date_in_words(timezone.localtime(self.measure.entered_at).date())
        return f"{self.where}, le {day}{f', par {self.who}' if self.who else ''}."

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Summary band: the figure and what it is made of."""
        measure, indicator = self.measure, self.measure.indicator
        facts = [("Valeur", shown_value(measure))]
        if measure.numerator is not None:
            facts.append((indicator.numerator_label or "Numérateur", _count(measure.numerator)))
        if measure.denominator is not None:
            facts.append(
                (indicator.denominator_label or "Dénominateur", _count(measure.denominator))
            )
        facts.append(("Période", self.period.label))
        facts.append(("Lieu", measure.place_label or "toute la préfecture"))
        if measure.validated_at:
            day = date_in_words(timezone.localtime(measure.validated_at).date())
            who = f" par {measure.validated_by}" if measure.validated_by else ""
            facts.append(("Validée", f"le {day}{who}"))
        return facts


def shown_value(measure: Measure) -> str:
    """Return the figure as every page writes it."""
    out = measure.status == MeasureStatus.NOT_APPLICABLE
    missing = Missing.NOT_APPLICABLE if out else Missing.NOT_MEASURED
    return quantity(
        measure.value,
        measure.indicator.unit,
        least=measure.indicator.decimals,
        missing=missing,
    )


def origin_words(measure: Measure) -> str:
    """Return in a few words where a figure comes from: « appels.xlsx, feuille « 2021 », cellule B14 »."""
    if measure.origin == FigureOrigin.FILE:
        name = measure.imported.file_name if measure.imported else "fichier"
        sheet = f"feuille « {measure.sheet} »" if measure.sheet else ""
        cell = f"cellule {measure.cell}" if measure.cell else ""
        return ", ".join(part for part in (name, sheet, cell) if part)
    if measure.origin == FigureOrigin.COMPUTED:
        source = computed_source(measure.computed_by)
        return f"calculée : {source.label}" if source else "calculée par l’application"
    return measure.source_note or "saisie à la main"


def provenance_of(measure: Measure) -> Provenance:
    """Return where a figure comes from (3 queries); ``indicator`` and people are read with it."""
    rule, changed = _rule_then(measure.indicator, measure.entered_at)
    return Provenance(
        measure=measure,
        where=_where(measure),
        who=measure.entered_by.signature_label if measure.entered_by else "",
        counting_rule=rule,
        rule_changed=changed,
        revisions=_revisions(measure),
    )


def _where(measure: Measure) -> str:
    words = origin_words(measure)
    if measure.origin == FigureOrigin.FILE:
        return f"Lue dans le fichier {words}"
    if measure.origin == FigureOrigin.COMPUTED:
        note = f" ({measure.source_note})" if measure.source_note else ""
        return f"{words[0].upper()}{words[1:]}{note}"
    if measure.source_note:
        return f"Saisie à la main d’après « {measure.source_note} »"
    return "Saisie à la main"


def _rule_then(indicator: Indicator, moment: datetime) -> tuple[str, bool]:
    """Return the counting rule in force when the figure was entered, and whether it changed since."""
    known: Any = indicator.history.filter(history_date__lte=moment)  # type: ignore[attr-defined]
    then = known.order_by("-history_date", "-history_id").first()
    rule = then.counting_rule if then else indicator.counting_rule
    return rule, rule != indicator.counting_rule


# --- Revisions --------------------------------------------------------------------------------
def _revisions(measure: Measure) -> list[RevisionLine]:
    """Return the changes, newest first: each compared with what followed it."""
    rows = measure.revisions.select_related("made_by").order_by("-made_at", "-pk")  # type: ignore[attr-defined]
    after = _facts_now(measure)
    lines = []
    for row in rows:
        before = _facts_kept(row.before, measure.indicator)
        changes = [
            (label, before[label] or "(vide)", after[label] or "(vide)")
            for label in after
            if before[label] != after[label]
        ]
        lines.append(RevisionLine(row.made_at, str(row.made_by or ""), row.reason, changes))
        after = before
    return lines


def _facts_now(measure: Measure) -> dict[str, str]:
    return _facts(
        measure.indicator,
        status=measure.status,
        value=measure.value,
        numerator=measure.numerator,
        denominator=measure.denominator,
        state=measure.state,
        comment=measure.comment,
    )


def _facts_kept(kept: dict[str, Any], indicator: Indicator) -> dict[str, str]:
    numbers = {
        name: None if kept.get(name) is None else Decimal(kept[name])
        for name in ("value", "numerator", "denominator")
    }
    return _facts(
        indicator,
        status=kept["status"],
        state=kept.get("state", MeasureState.ENTERED),
        comment=kept.get("comment", ""),
        **numbers,
    )


def _facts(indicator: Indicator, **facts: Any) -> dict[str, str]:
    out = facts["status"] == MeasureStatus.NOT_APPLICABLE
    return {
        "Valeur": quantity(
            facts["value"],
            indicator.unit,
            least=indicator.decimals,
            missing=Missing.NOT_APPLICABLE if out else Missing.NOT_MEASURED,
        ),
        "Numérateur": _count(facts["numerator"]),
        "Dénominateur": _count(facts["denominator"]),
        "État": MeasureState(facts["state"]).label,
        "Commentaire": facts["comment"],
    }


def _count(value: Decimal | None) -> str:
    return "" if value is None else quantity(value, "count")
