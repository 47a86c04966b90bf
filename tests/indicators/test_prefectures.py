"""The figures of every préfecture, as the ministry reads them: nothing unvalidated, no false total."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from common.spreadsheets import read_lines
from indicators.consolidation import PrefectureLine, by_name, by_value, whole_of
from indicators.enums import (
    Aggregation,
    FigureOrigin,
    Level,
    MeasureState,
    Standing,
    TargetKind,
    Unit,
)
from indicators.models import MeasureImport, NationalValue, Target
from indicators.reading.periods import Period
from indicators.selectors.prefectures import PrefecturesPage
from indicators.series import Nature, PeriodFigure
from indicators.sheets import PREFECTURE_HEADERS
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure


URL = "indicators:prefecture_list"
NBSP = "\u00a0"
RATIO = Nature(Unit.PERCENT, Aggregation.RATIO, Level.PREFECTURE)
T4 = Period.from_code("2021-T4")


def line(
    name: str,
    value: str | None,
    top: int | None = None,
    bottom: int | None = None,
    *,
    period: Period = T4,
    gap: str = "",
    is_sample: bool = False,
) -> PrefectureLine:
    figure = PeriodFigure(
        period,
        Unit.PERCENT,
        None if value is None else Decimal(value),
        None if top is None else Decimal(top),
        None if bottom is None else Decimal(bottom),
        gap=gap,
        is_sample=is_sample,
    )
    return PrefectureLine(name, "", figure, None, Standing.NO_TARGET)


# --- Totals and order ---------------------------------------------------------------------------
def test_whole_is_a_ratio_of_sums_and_names_what_it_leaves_out() -> None:
    lines = [
        line("Ain", "1", 1, 1),
        line("Aube", "0", 0, 9),
        line("Cher", "0.5"),
        line("Gard", "0.9", 9, 10, is_sample=True),
        line("Jura", "0.9", 9, 10, gap="Calculé sur 1 des 2 services."),
    ]
    whole = whole_of(lines, RATIO, 6)
    assert (whole.value, whole.numerator, whole.denominator) == (Decimal("0.1"), 1, 10)
    assert whole.sentence == (
        "Calculé sur 2 préfectures sur 6. Écartés : Cher (il manque le nombre de cas), "
        "Gard (démonstration), Jura (total incomplet). Petit effectif : à lire avec prudence."
    )


def test_no_whole_across_periods_nor_of_what_does_not_add_up() -> None:
    lines = [line("Ain", "0.5", 50, 100), line("Aube", "0.7", 70, 100)]
    other = line("Cher", "0.7", 70, 100, period=Period.from_code("2020-T1"))
    assert whole_of(lines, RATIO, 2).value == Decimal("0.6")
    assert whole_of(lines, RATIO, 2).sentence == "Calculé sur 2 préfectures sur 2."
    assert whole_of([*lines, other], RATIO, 3).sentence.startswith("Pas d’ensemble : les périodes")
    alone = Nature(Unit.PERCENT, Aggregation.NONE, Level.PREFECTURE)
    apart = whole_of(lines, alone, 2)
    assert (apart.value, apart.sentence) == (
        None,
        "Ces chiffres ne s’additionnent pas : lisez-les un par un.",
    )
    assert whole_of([lines[0], line("Cher", "0.7")], RATIO, 2).value is None


def test_order_by_name_and_from_the_best() -> None:
    lines = [line("Isère", "0.5"), line("Éure", "0.9"), line("Ain", None), line("Drôme", "0.7")]
    assert [item.prefecture for item in by_name(lines)] == ["Ain", "Drôme", "Éure", "Isère"]
    best = [item.prefecture for item in by_value(lines, "up")]
    assert best == ["Éure", "Drôme", "Isère", "Ain"]
    assert [item.prefecture for item in by_value(lines, "down")] == [
        "Isère",
        "Drôme",
        "Éure",
        "Ain",
    ]


# --- The page -----------------------------------------------------------------------------------
def read(cast: Cast, **query: str) -> PrefecturesPage:
    page = cast.client("national").get(reverse(URL), query).context["asked"].page
    assert isinstance(page, PrefecturesPage)
    return page


@pytest.mark.django_db
def test_ministry_reads_validated_and_published_never_entered(cast: Cast) -> None:
    indicator = make_indicator()
    Target.objects.create(
        indicator=indicator, kind=TargetKind.TARGET, value=Decimal("0.85"),
        starts_on=date(2019, 1, 1), source="Instruction",
    )  # fmt: skip
    # A local target judges nothing here.
    Target.objects.create(
        indicator=indicator, prefecture=cast.prefecture, kind=TargetKind.TARGET,
        value=Decimal("0.5"), starts_on=date(2019, 1, 1), source="Comité",
    )  # fmt: skip
    make_measure(cast.prefecture, value="0.8", state=MeasureState.VALIDATED, source_note="Bilan")
    make_measure(cast.other_prefecture, value="0.9", state=MeasureState.PUBLISHED)
    make_measure(
        cast.prefecture, period="2022-T1", value="0.99", starts_on=date(2022, 1, 1),
        ends_on=date(2022, 3, 31),
    )  # fmt: skip
    page = read(cast)
    assert [
        (item.prefecture, item.figure.shown, item.figure.period.code, item.standing, item.sources)
        for item in page.lines
    ] == [
        ("Indre-et-Loire", f"90{NBSP}%", "2021-T4", Standing.MET, ("Saisie à la main",)),
        ("Loir-et-Cher", f"80{NBSP}%", "2021-T4", Standing.BELOW, ("Bilan",)),
    ]
    assert page.conclusion == "2 préfectures sur 2 ont un chiffre validé."
    # The period of an unvalidated figure is not even offered.
    choices = cast.client("national").get(reverse(URL)).context["asked"].filters
    assert [code for code, _ in choices.fields["period"].choices] == ["", "2021-T4"]


@pytest.mark.django_db
def test_only_unvalidated_figures_show_nothing(cast: Cast) -> None:
    make_measure(cast.prefecture, value="0.8")
    response = cast.client("national").get(reverse(URL))
    assert response.context["asked"] is None
    assert "80" not in response.content.decode().partition("<main")[2].partition("</main")[0]


@pytest.mark.django_db
def test_only_a_national_value_is_read_too(cast: Cast) -> None:
    national = make_indicator("PPI")
    NationalValue.objects.create(
        indicator=national, period="2021", starts_on=date(2021, 1, 1), ends_on=date(2021, 12, 31),
        value=Decimal("0.82"), source="P354",
    )  # fmt: skip
    alone = read(cast)
    assert (alone.indicator, list(alone.lines)) == (national, [])
    assert alone.conclusion == "Aucune préfecture n’a de chiffre validé."
    make_measure(cast.prefecture, value="0.8", state=MeasureState.VALIDATED)
    assert read(cast).indicator.code == "TEL-ABOUTI"
    shown = cast.client("national").get(reverse(URL), {"indicator": "PPI"})
    choices = shown.context["asked"].filters.fields["indicator"].choices
    assert [(group, [code for code, _ in rows]) for group, rows in choices] == [
        ("Chiffres de préfectures", ["TEL-ABOUTI"]),
        ("Valeurs nationales seulement", ["PPI"]),
    ]
    assert f"82{NBSP}%" in shown.text
    assert "Où en est chaque préfecture" not in shown.text


@pytest.mark.django_db
def test_the_export_says_what_the_page_says(cast: Cast) -> None:
    for prefecture, top in ((cast.prefecture, 80), (cast.other_prefecture, 95)):
        make_measure(
            prefecture, value=f"0.{top}", numerator=Decimal(top), denominator=Decimal(100),
            state=MeasureState.PUBLISHED, source_note="Bilan",
        )  # fmt: skip
    NationalValue.objects.create(
        indicator=make_indicator(), period="2021", starts_on=date(2021, 1, 1),
        ends_on=date(2021, 12, 31), value=Decimal("0.801"), source="DITP",
    )  # fmt: skip
    client = cast.client("national")
    assert reverse("indicators:prefecture_export", args=["ods"]) in client.get(reverse(URL)).text
    for fmt in ("ods", "xlsx", "csv"):
        file = client.get(reverse("indicators:prefecture_export", args=[fmt]))
        assert "TEL-ABOUTI_prefectures" in file["Content-Disposition"]
        head, *rows = read_lines(file.content)
        assert tuple(head) == PREFECTURE_HEADERS
        assert [(row[3], row[5], float(str(row[6]).replace(",", "."))) for row in rows] == [
            ("Indre-et-Loire", "2021-T4", 95),
            ("Loir-et-Cher", "2021-T4", 80),
            ("Ensemble", "2021-T4", 87.5),
            ("France", "2021", 80.1),
        ]
        assert [row[15] for row in rows] == [
            "Bilan",
            "Bilan",
            "Calculé sur 2 préfectures sur 2.",
            "DITP",
        ]
    own = cast.client("referente").get(reverse("indicators:prefecture_export", args=["csv"]))
    assert own["Location"] == reverse("indicators:figure_list")


@pytest.mark.django_db
def test_no_name_of_a_person_nor_of_a_file(cast: Cast) -> None:
    by = cast.user("referente")
    imported = MeasureImport.objects.create(
        prefecture=cast.prefecture, file_name="pascale-martin.csv", sha256="0" * 64, read_by=by
    )
    make_measure(
        cast.prefecture, state=MeasureState.VALIDATED, origin=FigureOrigin.FILE, imported=imported,
        entered_by=by, validated_by=by, comment="Vu avec Pascale Martin",
    )  # fmt: skip
    page = cast.client("national").get(reverse(URL)).content.decode()
    assert "Lue dans un fichier" in page
    assert "martin" not in page.lower()


@pytest.mark.django_db
def test_period_service_and_national_values(cast: Cast) -> None:
    indicator = make_indicator()
    make_measure(
        cast.prefecture, service=cast.service, value="0.8", numerator=Decimal(80),
        denominator=Decimal(100), state=MeasureState.PUBLISHED,
    )  # fmt: skip
    make_measure(
        cast.other_prefecture, period="2020", value="0.6", numerator=Decimal(6),
        denominator=Decimal(10), starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31),
        state=MeasureState.PUBLISHED,
    )  # fmt: skip
    for year in (2020, 2021):
        NationalValue.objects.create(
            indicator=indicator, period=str(year), starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31), value=Decimal("0.7"), source="DITP",
        )  # fmt: skip
    latest, old = read(cast), read(cast, indicator=indicator.code, period="2020")
    assert [(item.place, item.is_small) for item in latest.lines] == [
        ("", True),
        (str(cast.service), False),
    ]
    assert latest.whole.value is None
    assert [item.period.code for item in latest.nationals] == ["2021", "2020"]
    assert [item.prefecture for item in old.lines] == ["Indre-et-Loire"]
    assert old.conclusion == "1 préfecture sur 2 a un chiffre validé en 2020."
    assert [item.period.code for item in old.nationals] == ["2020"]
    # A choice that makes no sense falls back instead of an error.
    assert read(cast, indicator="RIEN", period="zzz").period is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["referente", "agent", "auditeur"])
def test_whoever_is_in_a_prefecture_reads_their_own_list(cast: Cast, name: str) -> None:
    response = cast.client(name).get(reverse(URL))
    assert (response.status_code, response["Location"]) == (302, reverse("indicators:figure_list"))
    assert reverse(URL) not in cast.client(name).get(response["Location"]).content.decode()


@pytest.mark.django_db
def test_ministry_is_led_there_and_its_first_tab_is_it(cast: Cast) -> None:
    client = cast.client("national")
    response = client.get(reverse("indicators:figure_list"))
    assert (response.status_code, response["Location"]) == (302, reverse(URL))
    page = client.get(reverse("indicators:definition_list")).content.decode()
    tabs = page.partition('class="qp-tabs"')[2].partition("</nav>")[0]
    assert tabs.index(reverse(URL)) < tabs.index(reverse("indicators:definition_list"))
    assert cast.client("admin").get(reverse(URL)).status_code == 403


def test_the_ministry_does_not_open_the_figure_of_a_prefecture(cast: Cast) -> None:
    """Who entered it, what is said of it and what it was before validation stay there."""
    measure = make_measure(cast.prefecture, state=MeasureState.VALIDATED)
    code = measure.indicator.code
    answer = cast.client("national").get(
        reverse("indicators:measure_detail", args=[code, measure.pk])
    )
    assert answer["Location"] == reverse("indicators:definition_detail", args=[code])
