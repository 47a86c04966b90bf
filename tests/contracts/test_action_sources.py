"""What every origin, measure and card of the action plan must be, whatever app declares it.

The specimens stand for an app above: what they prove needs no edit in ``action_plans``.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.template.loader import get_template
from django.test.utils import CaptureQueriesContext

from accounts.access import GRANTS, Permission
from accounts.enums import Role
from accounts.scopes import ANONYMOUS
from action_plans import limits, registry
from action_plans.models import Action, EffectReading
from action_plans.registry import MeasureSource, OriginSource
from action_plans.services.effects import refresh_effects
from action_plans.services.signals import add_measure, add_origin
from tests.action_plans.builders import make_action
from tests.action_plans.builders_signals import (
    SpecimenMeasure,
    SpecimenOrigin,
    declared,
)
from tests.cast import Cast
from tests.guards.repository import FLOORS


ORIGINS = [*registry.origin_sources(), SpecimenOrigin()]
MEASURES = [*registry.measure_sources(), SpecimenMeasure()]
SOURCES = [*ORIGINS, *MEASURES]
each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda item: item.code)
each_origin = pytest.mark.parametrize("source", ORIGINS, ids=lambda item: item.code)
each_measure = pytest.mark.parametrize("source", MEASURES, ids=lambda item: item.code)
PEOPLE = ("referente", "correspondant", "agent", "prefet", "auditeur")
FIELDS = {field.name for field in Action._meta.get_fields()}


@pytest.fixture
def specimens() -> Iterator[None]:
    with declared():
        yield


def test_sources_are_registered() -> None:
    """The contract would say nothing of an empty registry."""
    codes = {source.code for source in registry.origin_sources()}
    assert {"modules.assessment_row", "meetings.decision", "meetings.question"} <= codes


# --- Every source -----------------------------------------------------------------------------
@each_source
def test_code_is_app_and_name(source: OriginSource | MeasureSource) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", source.code)
    assert len(source.code) <= limits.KIND
    assert source.code.split(".")[0] in {*FLOORS, "tests"}


@each_source
def test_label_is_french_and_short(source: OriginSource | MeasureSource) -> None:
    assert source.label[0].isupper()
    assert 3 <= len(source.label) <= 60
    assert "'" not in source.label, "typographic apostrophe"


@each_source
def test_some_role_may_choose_it(source: OriginSource | MeasureSource) -> None:
    assert source.permissions
    assert all(isinstance(item, Permission) for item in source.permissions)
    opens = [role for role in Role if Permission.ACTION_OPEN in GRANTS[role]]
    assert any(GRANTS[role].intersection(source.permissions) for role in opens)


@each_source
@pytest.mark.django_db
@pytest.mark.parametrize("reference", ["", "0", "abc", "١٢", "9" * 20, "a:b", "' OR 1=1"])
def test_an_unknown_reference_is_nothing(
    source: OriginSource | MeasureSource, reference: str, cast: Cast
) -> None:
    assert source.describe(cast.scope("referente"), [reference]) == {}


@each_source
@pytest.mark.django_db
def test_nothing_is_shown_to_nobody(source: OriginSource | MeasureSource, cast: Cast) -> None:
    assert source.describe(ANONYMOUS, ["1", "A1", "Q4"]) == {}
    if isinstance(source, OriginSource):
        assert source.weak_points(ANONYMOUS) == []


@each_source
@pytest.mark.django_db
def test_search_takes_anything_and_keeps_its_limit(
    source: OriginSource | MeasureSource, cast: Cast
) -> None:
    for query in ("", "   ", "%_", "é" * 300, "\\", "'\""):
        for name in PEOPLE:
            assert len(source.search(cast.scope(name), query, limit=1)) <= 1


# --- Origins ----------------------------------------------------------------------------------
@each_origin
@pytest.mark.django_db
def test_what_is_found_can_be_described(source: OriginSource, cast: Cast) -> None:
    """The same reader finds again, by its reference, what was offered; the facts fit the tables."""
    scope = cast.scope("referente")
    facts = [*source.search(scope, ""), *source.weak_points(scope)]
    described = source.describe(scope, [fact.reference for fact in facts])
    assert {fact.reference for fact in facts} <= set(described)
    for fact in facts:
        assert 1 <= len(fact.reference) <= limits.REFERENCE
        assert 1 <= len(fact.label) <= 300
        assert len(fact.detail) <= 300
        assert set(fact.suggestion) <= FIELDS


@each_origin
@pytest.mark.django_db
def test_a_source_without_signals_has_no_weak_points(source: OriginSource, cast: Cast) -> None:
    if not source.is_signal:
        assert source.weak_points(cast.scope("referente")) == []


# --- Measures ---------------------------------------------------------------------------------
@each_measure
@pytest.mark.django_db
def test_an_effect_carries_its_caution(source: MeasureSource, cast: Cast) -> None:
    scope, action = cast.scope("referente"), make_action(cast.prefecture)
    for fact in source.search(scope, ""):
        before = fact.latest
        effect = source.effect(
            action=action,
            reference=fact.reference,
            baseline=before.value if before else None,
            baseline_on=before.measured_on if before else None,
        )
        if effect is not None:
            assert len(effect.sentence) <= 600
            assert before is None or effect.point.measured_on > before.measured_on
    assert source.effect(action=action, reference="?", baseline=None, baseline_on=None) is None


# --- An app above, without an edit here -------------------------------------------------------
@pytest.mark.django_db
def test_an_app_above_gives_an_origin(specimens: None, cast: Cast) -> None:
    action, scope = make_action(cast.prefecture), cast.scope("referente")
    origin = add_origin(action=action, source="tests.finding", reference="A1", scope=scope)
    assert (origin.label, origin.detail) == ("Constat un", "Détail un")
    assert "tests.finding" in {item.code for item in registry.origin_sources(scope)}


@pytest.mark.django_db
def test_an_app_above_brings_a_measure_and_its_effect(specimens: None, cast: Cast) -> None:
    action, scope = make_action(cast.prefecture), cast.scope("referente")
    add_measure(action=action, values={}, scope=scope, source="tests.survey", reference="Q4")
    assert refresh_effects(prefecture=cast.prefecture) == 1
    assert refresh_effects(prefecture=cast.prefecture) == 0, "twice adds nothing"
    reading = EffectReading.objects.get()
    assert (str(reading.value), reading.size, reading.source_note) == (
        "0.630000",
        210,
        "Enquête 2022",
    )


@pytest.mark.django_db
def test_an_app_above_adds_a_card(specimens: None, cast: Cast) -> None:
    action = make_action(cast.prefecture)
    cards = registry.action_cards(action, cast.scope("referente"))
    drawn = [card for card in cards if card.template == "components/empty.html"]
    assert [card.data for card in drawn] == [{"text": f"Carte de l’action {action.number}"}]
    assert get_template(drawn[0].template)
    hidden = registry.action_cards(action, ANONYMOUS)
    assert "components/empty.html" not in {card.template for card in hidden}


@pytest.mark.parametrize("register", [registry.register_origin, registry.register_measure])
def test_two_sources_with_one_code_stop_the_server(specimens: None, register: Any) -> None:
    twin = SpecimenOrigin if register is registry.register_origin else SpecimenMeasure
    with pytest.raises(ImproperlyConfigured, match=twin.code):
        register(twin)


@pytest.mark.django_db
@each_origin
def test_describing_many_costs_as_much_as_one(source: OriginSource, cast: Cast) -> None:
    scope = cast.scope("referente")
    counts = []
    for references in (["1"], [str(number) for number in range(1, 40)]):
        with CaptureQueriesContext(connection) as captured:
            source.describe(scope, references)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 2
