"""The figures of the demo: invented ones say so, real ones bear their source, and all of them leave."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from accounts.models import Prefecture
from accounts.services import create_prefecture, create_service, create_site, create_user
from common.numbers import bare_quantity
from demo import content
from demo.content_published import NATIONAL, PUBLISHED
from demo.cycle import load_referentials
from demo.indicator_series import SeriesFacts, part_of
from demo.indicators import build_indicators, build_published, remove_indicators
from indicators.enums import FigureOrigin, MeasureState, MeasureStatus
from indicators.models import Commentary, Indicator, Measure, MeasureImport, NationalValue, Target
from indicators.reading.periods import Kind


FACTS = SeriesFacts("TEL-ABOUTI", Kind.QUARTER, {"2019-01": "0.8", "2022-06": "0.9"}, 1000)


@pytest.fixture
def built(db: None) -> SimpleNamespace:
    """Loir-et-Cher with its figures, the préfectures that published theirs."""
    home = create_prefecture(values=dict(content.PREFECTURES[0]))
    for name, acronym in content.SERVICES[home.slug]:
        create_service(prefecture=home, name=name, acronym=acronym)
    for name, address in content.SITES[home.slug]:
        create_site(prefecture=home, name=name, address=address)
    by = create_user(
        values={"email": "a@b.demo", "first_name": "Anne", "last_name": "Bel", "job_title": "x"}
    )
    load_referentials()
    build_indicators(prefecture=home, by=by)
    others = build_published(by=by)
    return SimpleNamespace(home=home, others=others, by=by)


def test_a_series_is_the_same_each_time_and_whole_numbers_make_its_rate() -> None:
    periods = list(FACTS.periods())
    parts = [part_of(FACTS, period) for period in periods]

    assert parts == [part_of(FACTS, period) for period in periods]
    assert [period.code for period in (periods[0], periods[-1])] == ["2019-T1", "2022-T2"]
    assert len(periods) == 14
    for part in parts:
        assert part.denominator is not None
        assert part.numerator == int(part.numerator) <= part.denominator
        assert 880 <= part.denominator <= 1120
        assert Decimal("0.75") <= part.numerator / part.denominator <= Decimal("0.95")


def test_invented_figures_say_so_and_real_ones_bear_their_source(built: SimpleNamespace) -> None:
    samples = Measure.objects.filter(is_sample=True)
    real = Measure.objects.filter(is_sample=False)

    assert samples.exclude(prefecture=built.home).count() == 0
    assert set(samples.order_by().values_list("source_note", flat=True)) == {
        "Valeur de démonstration"
    }
    assert real.count() == len(PUBLISHED) == 30
    assert not real.filter(source_note="").exists()
    assert not real.exclude(state=MeasureState.PUBLISHED).exists()
    found = {
        (row.prefecture.code, row.indicator.code, row.period, row.place_label): str(
            row.value.normalize()
        )
        for row in Measure.objects.filter(is_sample=False).select_related(
            "prefecture", "indicator", "service", "site"
        )
        if row.value is not None
    }

    assert found["41", "RDV-SAT", "2021", ""] == "0.52"
    assert found["04", "TEL-ABOUTI", "2020-T1", ""] == "0.9516"
    assert found["974", "SAT-ITEM", "2012", "Accueil téléphonique"] == "0.1546"
    assert found["43", "TEL-PERDU", "2012", ""] == "0.02"
    shares = ("PAN-ACC", "PAN-EXP", "PAN-RENS")
    for month in range(1, 6):
        parts = [Decimal(found["42", code, f"2021-{month:02d}", ""]) for code in shares]
        assert abs(sum(parts) - 1) <= Decimal("0.0002"), month
    assert NationalValue.objects.count() == len(NATIONAL)


def test_the_figures_of_loir_et_cher_tell_one_story(built: SimpleNamespace) -> None:
    calls = {
        code: dict(
            built.home.measures.filter(indicator__code=code)
            .order_by()
            .values_list("period", "numerator")
        )
        for code in ("TEL-ABOUTI", "TEL-PERDU")
    }
    received = dict(
        built.home.measures.filter(indicator__code="TEL-ABOUTI")
        .order_by()
        .values_list("period", "denominator")
    )

    assert len(received) == 14
    for period, total in received.items():
        assert sum(of[period] for of in calls.values()) == total, "answered and lost make received"
    measures = built.home.measures
    spring = measures.get(indicator__code="RDV-ETR", period="2020-T2")
    survey = measures.get(indicator__code="SAT-ITEM", service__acronym="ACC", period="2020")

    assert (spring.status, survey.status) == (
        MeasureStatus.NOT_APPLICABLE,
        MeasureStatus.NOT_MEASURED,
    )
    assert "Démonstration" in spring.comment
    states = dict(
        measures.filter(indicator__code="TEL-ABOUTI").order_by().values_list("period", "state")
    )
    assert (states["2021-T4"], states["2022-T1"], states["2022-T2"]) == (
        MeasureState.PUBLISHED,
        MeasureState.VALIDATED,
        MeasureState.ENTERED,
    )
    rows = built.home.measures.filter(indicator__code="RDV-ETR").order_by("starts_on")
    first, last = rows[0], rows.reverse()[0]

    assert (first.origin, first.sheet, first.cell) == (FigureOrigin.FILE, "Rendez-vous", "D2")
    assert last.cell == "D15"
    assert first.imported is not None
    assert first.imported.stored.sha256 == first.imported.sha256


def test_everything_leaves_with_the_demo_and_a_real_prefecture_keeps_its_code(
    built: SimpleNamespace,
) -> None:
    remove_indicators(Prefecture.objects.all())

    for model in (Measure, MeasureImport, Commentary, NationalValue):
        assert model.objects.count() == 0, model
    assert not Target.objects.filter(prefecture__isnull=False).exists()
    assert Target.objects.filter(prefecture__isnull=True).exists(), "those of the référentiel stay"
    for prefecture in built.others:
        prefecture.services.all().delete()
        prefecture.delete()
    real = create_prefecture(
        values={
            "code": "42",
            "slug": "loire",
            "name": "Loire",
            "of_name": "de la Loire",
            "brand_block": "Préfet\nde la Loire",
        }
    )

    assert [item.code for item in build_published(by=built.by)] == ["04", "43", "47", "974"]
    assert real.measures.count() == 0


def test_what_was_published_is_shown_as_it_was(built: SimpleNamespace) -> None:
    known = {item.code: item for item in Indicator.objects.order_by("pk")}
    for fact in (*PUBLISHED, *NATIONAL):
        indicator = known[fact.code]
        text = bare_quantity(Decimal(fact.value), indicator.unit, least=indicator.decimals)
        points = Decimal(fact.value) * (100 if indicator.is_rate else 1)
        assert Decimal(text.replace("\u00a0", "").replace(",", ".")) == points, (fact.code, text)
        assert len(text.partition(",")[2]) >= indicator.decimals
