"""The indicators and the action plan: weak points, measures of effect, events on the charts."""

from datetime import date
from decimal import Decimal

import pytest

from action_plans.enums import ActionState, EffectOutcome
from action_plans.models import EffectReading, Origin, SuccessMeasure
from action_plans.registry import measure_source, origin_source
from action_plans.services.effects import refresh_effects
from action_plans.services.signals import add_measure, add_origin
from indicators.enums import Direction, Level, MeasureState, TargetKind, Unit
from indicators.models import Indicator, Measure, Target
from indicators.reading.periods import Period
from indicators.references import ORIGIN
from indicators.registry import dated_events
from tests.action_plans.builders import make_action
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure


pytestmark = pytest.mark.django_db
ORIGINS, MEASURES = origin_source(ORIGIN), measure_source(ORIGIN)
BEFORE = ["41", "43", "42", "44", "43", "42", "41", "43"]


def put(
    cast: Cast, indicator: Indicator, period: str, value: str | None, **fields: object
) -> Measure:
    code = Period.from_code(period)
    return make_measure(
        cast.prefecture, indicator, period, value, starts_on=code.start, ends_on=code.end, **fields
    )


def aim(indicator: Indicator, value: str) -> None:
    Target.objects.create(
        indicator=indicator,
        kind=TargetKind.TARGET,
        value=Decimal(value),
        starts_on=date(2015, 1, 1),
        source="Essai",
    )


def waits(cast: Cast, last: str, state: str = MeasureState.VALIDATED) -> Indicator:
    """Eight quarters of usual delays, then one more (2022-T1)."""
    found = make_indicator("RDV-ETR", unit=Unit.DAYS, direction=Direction.DOWN)
    period = Period.from_code("2020-T1")
    for value in (*BEFORE, last):
        put(cast, found, period.code, value, state=state)
        period = period.next()
    return found


# --- Origins ----------------------------------------------------------------------------------
def test_a_figure_below_its_target_is_a_weak_point(cast: Cast) -> None:
    low, high = make_indicator("TEL-ABOUTI"), make_indicator("SAT-TITRES")
    for indicator, value in ((low, "0.8"), (high, "0.95")):
        aim(indicator, "0.9")
        put(cast, indicator, "2021-T3", "0.7")
        put(cast, indicator, "2021-T4", value)
    assert ORIGINS is not None

    (fact,) = ORIGINS.weak_points(cast.scope("referente"))

    assert fact.reference == "TEL-ABOUTI:2021-T4"
    assert fact.label == "Indicateur TEL-ABOUTI, 4e trimestre 2021"
    assert fact.detail == "80\u00a0%, cible : au moins 90\u00a0%"
    assert fact.url == "/indicateurs/TEL-ABOUTI/#chiffres"
    assert fact.former == ("TEL-ABOUTI:2021-T3",), "the same signal, a quarter before"
    assert "n’est pas atteinte" in fact.suggestion["problem"]


def test_the_service_that_misses_it_is_named_rather_than_the_whole(cast: Cast) -> None:
    indicator = make_indicator("ECR-MAIL", level=Level.SERVICE)
    aim(indicator, "0.8")
    put(cast, indicator, "2021-T4", "0.5", service=cast.service, numerator=5, denominator=10)
    assert ORIGINS is not None

    (fact,) = ORIGINS.weak_points(cast.scope("referente"))

    assert fact.reference == f"ECR-MAIL:2021-T4:service:{cast.service.pk}"
    assert fact.suggestion["service"] == cast.service.pk
    assert cast.service.name in fact.label


def test_an_origin_is_found_again_and_stays_within_its_prefecture(cast: Cast) -> None:
    put(cast, make_indicator(), "2021-T4", "0.8")
    action = make_action(cast.prefecture)
    assert ORIGINS is not None

    add_origin(
        action=action, source=ORIGIN, reference="TEL-ABOUTI:2021-T4", scope=cast.scope("referente")
    )

    assert Origin.objects.get().label == "Indicateur TEL-ABOUTI, 4e trimestre 2021"
    assert ORIGINS.describe(cast.scope("other_referent"), ["TEL-ABOUTI:2021-T4"]) == {}
    assert ORIGINS.describe(cast.scope("referente"), ["TEL-ABOUTI:2021-T3"]) == {}
    assert ORIGINS.describe(cast.scope("referente"), ["TEL-ABOUTI:9999"]) == {}
    assert ORIGINS.describe(cast.scope("auditeur"), ["TEL-ABOUTI:2021-T4"]) == {}, "not validated"


# --- Effects ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("last", "outcome", "words"),
    [
        ("30", EffectOutcome.PROGRESS, "Ce mouvement est un signal"),
        ("42", EffectOutcome.UNPROVEN, "reste dans la variation habituelle"),
        ("60", EffectOutcome.REGRESSION, "C’est une dégradation"),
    ],
)
def test_an_effect_is_read_against_the_usual_variation(
    cast: Cast, last: str, outcome: EffectOutcome, words: str
) -> None:
    waits(cast, last)
    action = make_action(cast.prefecture)
    measure = add_measure(
        action=action,
        values={"baseline": Decimal(43), "baseline_on": date(2021, 12, 31)},
        scope=cast.scope("referente"),
        source=ORIGIN,
        reference="RDV-ETR",
    )

    assert (measure.unit, measure.direction) == ("days", "down")
    assert refresh_effects(prefecture=cast.prefecture) == 1
    assert refresh_effects(prefecture=cast.prefecture) == 0
    reading = EffectReading.objects.get()
    assert (reading.outcome, reading.measured_on) == (outcome, date(2022, 3, 31))
    assert words in reading.sentence
    assert "pas une preuve" in reading.sentence
    assert reading.sentence.startswith(f"43\u00a0jours au départ, puis {last}\u00a0jours")


def test_too_few_figures_prove_nothing(cast: Cast) -> None:
    indicator = make_indicator("RDV-ETR", unit=Unit.DAYS, direction=Direction.DOWN)
    put(cast, indicator, "2021-T3", "43", state=MeasureState.VALIDATED)
    put(cast, indicator, "2021-T4", "12", state=MeasureState.VALIDATED)
    assert MEASURES is not None

    effect = MEASURES.effect(
        action=make_action(cast.prefecture),
        reference="RDV-ETR",
        baseline=Decimal(43),
        baseline_on=date(2021, 9, 30),
    )

    assert effect is not None
    assert effect.outcome == EffectOutcome.UNPROVEN
    assert "Trop tôt pour le dire" in effect.sentence


def test_no_effect_from_a_figure_that_is_not_validated_or_not_newer(cast: Cast) -> None:
    waits(cast, "30", state=MeasureState.ENTERED)
    action = make_action(cast.prefecture)
    assert MEASURES is not None
    asked = {"action": action, "reference": "RDV-ETR", "baseline": Decimal(43)}

    assert MEASURES.effect(**asked, baseline_on=date(2021, 12, 31)) is None
    Measure.objects.update(state=MeasureState.VALIDATED)
    assert MEASURES.effect(**asked, baseline_on=date(2022, 3, 31)) is None
    assert MEASURES.effect(**asked, baseline_on=date(2021, 12, 31)) is not None


def test_what_nobody_judges_measures_no_effect(cast: Cast) -> None:
    put(cast, make_indicator("REC-NB", unit=Unit.COUNT, direction=Direction.NONE), "2021-T4", "12")
    assert MEASURES is not None

    assert MEASURES.search(cast.scope("referente"), "") == []


# --- Events -----------------------------------------------------------------------------------
def test_the_actions_of_an_indicator_stand_on_its_chart(cast: Cast) -> None:
    indicator = waits(cast, "30")
    opened = make_action(
        cast.prefecture,
        state=ActionState.DONE,
        starts_on=date(2022, 1, 3),
        done_on=date(2022, 2, 28),
    )
    Origin.objects.create(action=opened, source=ORIGIN, reference="RDV-ETR:2021-T4", label="x")
    measured = make_action(cast.prefecture, state=ActionState.ONGOING, starts_on=date(2022, 1, 10))
    SuccessMeasure.objects.create(action=measured, source=ORIGIN, reference="RDV-ETR", label="x")
    waiting = make_action(cast.prefecture, starts_on=date(2022, 1, 15))
    Origin.objects.create(action=waiting, source=ORIGIN, reference="RDV-ETR:2021-T4", label="x")

    events = dated_events(cast.prefecture, indicator, date(2022, 1, 1), date(2022, 3, 31))

    assert [(event.happened_on, event.label.partition(" :")[0]) for event in events] == [
        (date(2022, 1, 3), f"Action n° {opened.number} lancée"),
        (date(2022, 1, 10), f"Action n° {measured.number} lancée"),
        (date(2022, 2, 28), f"Action n° {opened.number} réalisée"),
    ]
    assert dated_events(cast.other_prefecture, indicator, date(2022, 1, 1), date(2022, 3, 31)) == []
