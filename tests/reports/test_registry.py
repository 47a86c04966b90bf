"""Kinds and sections declare themselves once, and are found by their code."""

from dataclasses import dataclass

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import engines

from accounts.models import Prefecture
from reports import registry
from reports.registry import (
    DocumentKind,
    all_kinds,
    get_kind,
    get_section,
    register_document,
    register_section,
    section_choices,
)
from reports.rendering import freeze
from tests.reports.specimen import Specimen


def test_a_kind_is_found_by_its_code() -> None:
    assert isinstance(get_kind("tests.specimen"), Specimen)
    assert Specimen.code in {kind.code for kind in all_kinds()}
    with pytest.raises(LookupError, match="nowhere"):
        get_kind("tests.nowhere")


def test_two_kinds_with_one_code() -> None:
    class Twin(DocumentKind):
        code = "tests.specimen"

    with pytest.raises(ImproperlyConfigured, match=r"tests\.specimen"):
        register_document(Twin)
    assert isinstance(get_kind("tests.specimen"), Specimen)


@dataclass
class Rate:
    label: str
    value: str


@pytest.fixture
def section(monkeypatch: pytest.MonkeyPatch) -> registry.Section:
    monkeypatch.setattr(registry, "_sections", {})

    @register_section("tests.rates", "Taux : satisfaction", "components/alert.html")
    def rates(prefecture: Prefecture) -> dict[str, object] | None:
        return {"rates": [Rate("Accueil", "52 %")]} if prefecture.code == "41" else None

    return get_section("tests.rates")


def test_a_section_is_collected_frozen_and_drawn(
    section: registry.Section, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = section.frozen(Prefecture(code="41"))
    assert item is not None
    frozen = freeze({"item": item})
    assert frozen["item"] == {
        "code": "tests.rates",
        "title": "Taux : satisfaction",
        "data": {"rates": [{"label": "Accueil", "value": "52 %"}]},
    }
    source = "{% load paper %}{% document_section item %}"
    monkeypatch.setattr(
        "reports.templatetags.paper.render_to_string",
        lambda template, context: f"{template}: {context['data']['rates'][0]['value']}",
    )
    drawn = engines["django"].from_string(source).render(frozen)
    assert drawn == "components/alert.html: 52 %"


def test_a_section_with_nothing_to_show(section: registry.Section) -> None:
    assert section.frozen(Prefecture(code="37")) is None


def test_sections_are_offered_and_unique(section: registry.Section) -> None:
    assert section_choices() == [("tests.rates", "Taux : satisfaction")]
    with pytest.raises(ImproperlyConfigured, match=r"tests\.rates"):
        register_section("tests.rates", "Autre", "x.html")(lambda prefecture: None)
    with pytest.raises(LookupError):
        get_section("tests.nothing")
