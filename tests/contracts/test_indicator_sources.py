"""What every computed source of indicators must be, whatever app declares it.

The specimen stands for an app above: what it proves needs no edit in ``indicators``.
"""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Prefecture
from demo.cycle import load_referentials
from indicators import registry
from indicators.enums import MeasureStatus
from indicators.models import Indicator, Measure
from indicators.reading.periods import Kind, Period
from indicators.registry import ComputedFigure, ComputedSource
from indicators.services.computed import recalculate
from tests.cast import Cast
from tests.guards.repository import FLOORS


class Specimen(ComputedSource):
    """The ten-line adapter of ``docs/how-to/computed-indicator.md``."""

    code = "tests.register"
    label = "Registre d’essai"
    indicators = ("REC-NB",)

    def figures(
        self, prefecture: Prefecture, starts_on: date, ends_on: date
    ) -> list[ComputedFigure]:
        return [ComputedFigure("REC-NB", MeasureStatus.MEASURED, value=Decimal(12))]


SOURCES = [*registry.computed_sources(), Specimen()]
each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda item: item.code)
QUARTER = Period.from_code("2021-T4")


@each_source
def test_code_and_label(source: ComputedSource) -> None:
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", source.code)
    assert len(source.code) <= 40
    assert source.code.split(".")[0] in {*FLOORS, "tests"}
    assert source.label[0].isupper()
    assert 3 <= len(source.label) <= 60
    assert "'" not in source.label, "typographic apostrophe"
    assert source.indicators


@each_source
@pytest.mark.django_db
def test_its_figures_are_those_of_shipped_definitions_and_can_be_recorded(
    source: ComputedSource, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_referentials()
    monkeypatch.setattr(registry, "_sources", {source.code: source})
    known = {item.code: item for item in Indicator.objects.order_by("pk")}
    assert set(source.indicators) <= set(known)

    for kind in Kind:
        period = Period.holding(QUARTER.start, kind)
        with CaptureQueriesContext(connection) as captured:
            figures = source.figures(cast.prefecture, period.start, period.end)
        writes = [row["sql"] for row in captured if not row["sql"].startswith("SELECT")]
        assert writes == [], "asking never writes"
        for figure in figures:
            assert figure.indicator in source.indicators
            assert (figure.status == MeasureStatus.MEASURED) or figure.note, "say why"
            assert figure.service_id is None or figure.site_id is None
            if known[figure.indicator].is_rate and figure.value is not None:
                assert 0 <= figure.value <= 1
        done = recalculate(prefecture=cast.prefecture, period=period)
        assert (done.failed, done.conflicts) == ([], [])
        assert recalculate(prefecture=cast.prefecture, period=period).written == 0, "once"
    assert not Measure.objects.exclude(prefecture=cast.prefecture).exists()


def test_two_sources_with_one_code_stop_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_sources", {})
    registry.register_source(Specimen)

    with pytest.raises(ImproperlyConfigured, match=r"tests\.register"):
        registry.register_source(Specimen)
