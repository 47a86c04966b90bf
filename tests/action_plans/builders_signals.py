"""Actions, origins and measures for the tests; sources that an app above would declare."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.access import Permission, Scope
from action_plans import registry
from action_plans.enums import Direction, EffectOutcome, MeasureUnit
from action_plans.models import Action, SuccessMeasure
from action_plans.registry import (
    Effect,
    MeasuredPoint,
    MeasureFact,
    MeasureSource,
    OriginFact,
    OriginSource,
)


def make_measure(action: Action, **values: Any) -> SuccessMeasure:
    """A rate of 52 % on 16 December 2021, to reach 60 %; typed by hand unless told otherwise."""
    given = {
        "label": "Usagers satisfaits du délai",
        "unit": MeasureUnit.PERCENT,
        "direction": Direction.UP,
        "baseline": Decimal("0.52"),
        "baseline_on": date(2021, 12, 16),
        "target": Decimal("0.6"),
        **values,
    }
    return SuccessMeasure.objects.create(action=action, **given)


class SpecimenOrigin(OriginSource):
    """Findings of an app above; the second is the same as last year’s « A0 »."""

    code = "tests.finding"
    label = "Constat d’essai"
    permissions = (Permission.ACTION_READ,)
    is_signal = True
    facts = (
        OriginFact("A1", "Constat un", "Détail un", "/constats/1/", {"title": "Corriger un"}),
        OriginFact("A2", "Constat deux", former=("A0",)),
    )

    def search(self, scope: Scope, query: str, limit: int = 20) -> list[OriginFact]:
        return [fact for fact in self.facts if query.lower() in fact.label.lower()][:limit]

    def describe(self, scope: Scope, references: Iterable[str]) -> dict[str, OriginFact]:
        if scope.prefecture_id is None:
            return {}
        wanted = set(references)
        return {fact.reference: fact for fact in self.facts if fact.reference in wanted}

    def weak_points(self, scope: Scope) -> list[OriginFact]:
        return list(self.facts) if scope.prefecture_id is not None else []


class SpecimenMeasure(MeasureSource):
    """A survey of an app above: its newest wave is ``point``."""

    code = "tests.survey"
    label = "Enquête d’essai"
    permissions = (Permission.ACTION_READ,)
    point: MeasuredPoint | None = MeasuredPoint(
        date(2022, 12, 16), Decimal("0.63"), "Vague 2", "Enquête 2022", 210
    )
    fact = MeasureFact(
        "Q4",
        "Usagers satisfaits du délai",
        MeasureUnit.PERCENT,
        Direction.UP,
        MeasuredPoint(date(2021, 12, 16), Decimal("0.52"), "Vague 1", "Enquête 2021", 180),
    )

    def search(self, scope: Scope, query: str, limit: int = 20) -> list[MeasureFact]:
        return [self.fact] if query.lower() in self.fact.label.lower() else []

    def describe(self, scope: Scope, references: Iterable[str]) -> dict[str, MeasureFact]:
        if scope.prefecture_id is None or self.fact.reference not in set(references):
            return {}
        return {self.fact.reference: self.fact}

    def effect(
        self, *, action: Action, reference: str, baseline: Decimal | None, baseline_on: date | None
    ) -> Effect | None:
        if self.point is None or reference != self.fact.reference:
            return None
        sentence = "De 52 % à 63 %. C’est une association, pas une preuve."
        return Effect(EffectOutcome.PROGRESS, sentence, self.point)


@contextmanager
def declared() -> Iterator[None]:
    """Declare the specimens and a card, as the ``action_sources.py`` of an app above would."""
    kept = [dict(item) for item in (registry._origins, registry._measures, registry._cards)]
    registry.register_origin(SpecimenOrigin)
    registry.register_measure(SpecimenMeasure)
    registry.register_action_card("components/empty.html")(_card)
    try:
        yield
    finally:
        for item, before in zip(
            (registry._origins, registry._measures, registry._cards), kept, strict=True
        ):
            item.clear()
            item.update(before)


def _card(action: Action, scope: Scope) -> dict[str, str] | None:
    return {"text": f"Carte de l’action {action.number}"} if scope.user is not None else None
