"""What the indicators bring to the action plan: weak points, and measures of effect.

An origin names a figure: code, period, place. A measure names a series: code, place. The effect is
read against the natural limits of the figures known before the action (XmR), in words.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import Truncator

from accounts.access import Permission, Scope
from action_plans.enums import Direction as Way
from action_plans.enums import EffectOutcome, MeasureUnit
from action_plans.models import Action
from action_plans.registry import (
    Effect,
    MeasuredPoint,
    MeasureFact,
    MeasureSource,
    OriginFact,
    OriginSource,
    register_measure,
    register_origin,
)
from action_plans.rules.effects import CAUTION
from common.numbers import difference, quantity
from common.typography import french_spaces
from indicators.conclusions import rule_ranks
from indicators.enums import Direction, Standing, Unit
from indicators.models import Indicator
from indicators.movements import Movement, Verdict, effect_of
from indicators.period_words import during
from indicators.references import ORIGIN, FigureReference
from indicators.selectors.signals import (
    Told,
    ValidatedSeries,
    latest_series,
    series_by_reference,
    validated_series,
    weak_series,
)
from indicators.series import WHOLE, PeriodFigure


_SERIES: Final = re.compile(r"([A-Z0-9][A-Z0-9.-]*)(?::((?:service|site):[1-9][0-9]{0,17}))?")
_SAMPLE: Final = "valeur de démonstration"


@register_origin
class FigureSource(OriginSource):
    """A figure that misses its target."""

    code = ORIGIN
    label = "Indicateur"
    permissions = (Permission.INDICATOR_READ,)
    is_signal = True

    def search(self, scope: Scope, query: str, limit: int = 20) -> list[OriginFact]:
        told = latest_series(scope, query)
        told.sort(key=lambda item: item.reading.standing != Standing.BELOW)
        return [_fact(item) for item in told[:limit]]

    def describe(self, scope: Scope, references: Iterable[str]) -> dict[str, OriginFact]:
        found = series_by_reference(scope, _read(references))
        return {str(reference): _fact(told) for reference, told in found.items()}

    def weak_points(self, scope: Scope) -> list[OriginFact]:
        return [_fact(told) for told in weak_series(scope)]


@register_measure
class SeriesSource(MeasureSource):
    """The figures of an indicator, validated, that tell whether an action had an effect."""

    code = ORIGIN
    label = "Indicateur"
    permissions = (Permission.INDICATOR_READ,)

    def search(self, scope: Scope, query: str, limit: int = 20) -> list[MeasureFact]:
        told = [item for item in latest_series(scope, query) if _is_judged(item.indicator)]
        return [_measure(item) for item in told[:limit]]

    def describe(self, scope: Scope, references: Iterable[str]) -> dict[str, MeasureFact]:
        wanted = {text for text in references if _SERIES.fullmatch(text)}
        if not wanted:
            return {}
        told = (_measure(item) for item in latest_series(scope) if _is_judged(item.indicator))
        return {fact.reference: fact for fact in told if fact.reference in wanted}

    def effect(
        self, *, action: Action, reference: str, baseline: Decimal | None, baseline_on: date | None
    ) -> Effect | None:
        named = _SERIES.fullmatch(reference)
        known = named and validated_series(action.prefecture, named[1], named[2] or WHOLE)
        if not known:
            return None
        measured = [item for item in known.figures if item.value is not None]
        if not measured or (baseline_on and measured[-1].period.end <= baseline_on):
            return None
        return _effect(known, measured[-1], baseline, baseline_on)


# --- Origins ----------------------------------------------------------------------------------
def _read(references: Iterable[str]) -> list[FigureReference]:
    found = []
    for text in references:
        try:
            reference = FigureReference.read(text)
        except ValueError:
            continue
        if str(reference) == text:
            found.append(reference)
    return found


def _fact(told: Told) -> OriginFact:
    figure: Any = told.latest
    reference = str(FigureReference(told.indicator.code, figure.period, told.place))
    target = told.reading.target_words
    detail = [figure.shown, f"cible : {target}" if target else "", _sample(figure)]
    suggestion: dict[str, Any] = {"problem": f"{_name(told)}. {told.reading.sentence}"}
    family, _, number = told.place.partition(":")
    if family == "service":
        suggestion["service"] = int(number)
    return OriginFact(
        reference=reference,
        label=_short(f"{_name(told)}, {figure.period.label}"),
        detail=_short(", ".join(part for part in detail if part)),
        url=f"{_url(told)}#chiffres",
        suggestion=suggestion,
        former=told.former,
    )


def _name(told: Told) -> str:
    return ", ".join(part for part in (told.indicator.label, told.place_label) if part)


def _url(told: Told) -> str:
    query = f"?{urlencode({'lieu': told.place})}" if told.place else ""
    return reverse("indicators:figure_detail", args=[told.indicator.code]) + query


def _sample(figure: PeriodFigure) -> str:
    return _SAMPLE if figure.is_sample else ""


def _short(text: str) -> str:
    return Truncator(text).chars(300)


# --- Measures ---------------------------------------------------------------------------------
def _is_judged(indicator: Indicator) -> bool:
    return bool(indicator.direction != Direction.NONE)


def _measure(told: Told) -> MeasureFact:
    indicator = told.indicator
    return MeasureFact(
        reference=":".join(part for part in (indicator.code, told.place) if part),
        label=_short(_name(told)),
        unit=MeasureUnit(indicator.unit),
        direction=Way(indicator.direction),
        latest=_point(indicator, told.latest) if told.latest else None,
        url=_url(told),
    )


def _point(indicator: Indicator, figure: PeriodFigure) -> MeasuredPoint:
    value: Any = figure.value
    whole = indicator.unit == Unit.PERCENT and figure.denominator is not None
    note = [f"indicateur {indicator.code}, {figure.period.label}", _sample(figure)]
    return MeasuredPoint(
        measured_on=figure.period.end,
        value=value,
        label=figure.period.label,
        source_note=", ".join(part for part in note if part),
        size=int(figure.denominator) if whole and figure.denominator else None,
    )


def _effect(
    known: ValidatedSeries,
    latest: PeriodFigure,
    baseline: Decimal | None,
    baseline_on: date | None,
) -> Effect:
    """Read the figures since the baseline against the stretch before it (the newest, without one)."""
    indicator = known.indicator
    until = baseline_on or latest.period.previous().end
    series = [item for item in known.figures if item.period.end <= latest.period.end]
    values = [item.value for item in series]
    start = sum(item.period.end <= until for item in series)
    movement = effect_of(
        values[:start],
        values[start:],
        unit=indicator.unit,
        direction=indicator.direction,
        decimals=indicator.decimals,
        rules=rule_ranks(series, known.rules),
    )
    said = [_moved(indicator, latest, baseline), movement.sentence, CAUTION]
    return Effect(
        outcome=_outcome(movement),
        sentence=french_spaces(" ".join(said)),
        point=_point(indicator, latest),
    )


def _moved(indicator: Indicator, latest: PeriodFigure, baseline: Decimal | None) -> str:
    now = f"{latest.shown} {during(latest.period)}"
    if baseline is None or latest.value is None:
        return f"{now[0].upper()}{now[1:]}."
    start = quantity(baseline, indicator.unit, least=indicator.decimals)
    moved = difference(latest.value - baseline, indicator.unit)
    return f"{start} au départ, puis {now} : {moved}."


def _outcome(movement: Movement) -> EffectOutcome:
    if movement.verdict != Verdict.SIGNAL or movement.is_better is None:
        return EffectOutcome.UNPROVEN
    return EffectOutcome.PROGRESS if movement.is_better else EffectOutcome.REGRESSION
