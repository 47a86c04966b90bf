"""The list, the page of an indicator, the page of a figure; the same numbers everywhere."""

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from common.spreadsheets import read_lines
from common.workbooks import Fixed
from indicators.enums import (
    Direction,
    FigureOrigin,
    Level,
    MeasureState,
    Periodicity,
    Standing,
    TargetKind,
)
from indicators.models import Indicator, Measure, MeasureImport, NationalValue, Target
from indicators.reading.periods import Period
from indicators.selectors import figures, paper
from indicators.selectors.catalogue import targets_by_indicator
from indicators.selectors.indicator_page import page_for
from indicators.services.measures import MeasureRow, record_measures
from indicators.sheets import sheet_value
from modules.models import Referential
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure
from tests.modules.builders import small_referential


pytestmark = pytest.mark.django_db
LIST = "indicators:figure_list"
NBSP = "\u00a0"


def record(
    cast: Cast, indicator: Indicator, code: str, top: int, bottom: int, **fields: object
) -> None:
    period = Period.from_code(code)
    row = MeasureRow(
        indicator_id=indicator.pk, period=code, starts_on=period.start, ends_on=period.end,
        numerator=Decimal(top), denominator=Decimal(bottom), **fields,  # type: ignore[arg-type]
    )  # fmt: skip
    record_measures(
        prefecture=cast.prefecture, rows=[row], by=cast.user("referente"), origin=FigureOrigin.HAND
    )


def aim(indicator: Indicator, value: str) -> None:
    Target.objects.create(
        indicator=indicator, kind=TargetKind.TARGET, value=Decimal(value), starts_on=date(2019, 1, 1),
        source="Instruction",
    )  # fmt: skip


def lines(
    cast: Cast, day: date = date(2021, 12, 31), person: str = "referente"
) -> list[figures.FigureLine]:
    scope = cast.scope(person)
    return figures.lines_for(
        list(Indicator.objects.order_by("position", "code")),
        measures=figures.figures_of(scope),
        targets=targets_by_indicator(scope),
        day=day,
    )


# --- The list ---------------------------------------------------------------------------------
def test_line_says_figure_target_move_and_what_is_owed(cast: Cast) -> None:
    indicator = make_indicator()
    aim(indicator, "0.85")
    record(cast, indicator, "2020-T3", 70, 100)
    record(cast, indicator, "2021-T2", 90, 100)
    record(cast, indicator, "2021-T3", 80, 100)
    (line,) = lines(cast)
    reading = line.reading
    assert reading.latest
    assert reading.latest.shown == f"80{NBSP}%"
    assert reading.standing.label == "Cible non atteinte"
    assert reading.target_words == f"au moins 85{NBSP}%"
    assert reading.is_late
    assert reading.due.period.code == "2021-T4"
    assert reading.sentence == (
        f"80{NBSP}% au 3e trimestre 2021 : la cible (au moins 85{NBSP}%) n’est pas atteinte. "
        f"−10{NBSP}points par rapport au 2e trimestre 2021 (90{NBSP}%) : c’est moins bien. "
        f"+10{NBSP}points par rapport au 3e trimestre 2020 (70{NBSP}%) : c’est mieux."
    )
    assert figures.conclusion_of([line]) == (
        "1 indicateur sur 1 n’atteint pas sa cible. "
        "Un indicateur n’a pas de chiffre pour la dernière période attendue."
    )


def test_ten_percent_is_not_less_than_ten_percent(cast: Cast) -> None:
    indicator = make_indicator("TEL-PERDU", direction=Direction.DOWN)
    aim(indicator, "0.1")
    record(cast, indicator, "2021-T4", 10, 100)
    (line,) = lines(cast)
    assert (line.reading.standing, line.reading.target_words) == (
        Standing.MET,
        f"au plus 10{NBSP}%",
    )
    Target.objects.update(is_strict=True)
    (line,) = lines(cast)
    assert line.reading.standing == Standing.BELOW
    assert line.reading.sentence.startswith(
        f"10{NBSP}% au 4e trimestre 2021 : la cible (moins de 10{NBSP}%) n’est pas atteinte."
    )


def test_conclusion_counts_only_what_has_a_target(cast: Cast) -> None:
    for number, value in enumerate((50, 60, 95)):
        indicator = make_indicator(f"A-{number}", position=number)
        aim(indicator, "0.9")
        record(cast, indicator, "2021-T4", value, 100)
    record(cast, make_indicator("SANS-CIBLE", position=9), "2021-T4", 1, 100)
    assert figures.conclusion_of(lines(cast)) == "2 indicateurs sur 3 n’atteignent pas leur cible."


def test_without_any_figure_the_pages_say_where_to_begin(cast: Cast) -> None:
    aim(make_indicator("A-1", position=1), "0.9")
    assert figures.conclusion_of(lines(cast)) == "Aucun indicateur n’a encore de chiffre."
    start = reverse("indicators:import_create")
    for url in (
        reverse("indicators:figure_list"),
        reverse("indicators:strengths_detail", args=["2021-T4"]),
    ):
        entering = cast.client("referente").get(url).text
        reading = cast.client("agent").get(url).text
        assert (entering.count(f'fr-link" href="{start}"'), reading.count(start)) == (1, 0)


def test_filters_and_past_situation(cast: Cast) -> None:
    weak, strong = make_indicator("FAIBLE"), make_indicator("FORT", position=1)
    for indicator, value in ((weak, 50), (strong, 95)):
        aim(indicator, "0.9")
        record(cast, indicator, "2021-T4", value, 100)
    record(cast, strong, "2021-T3", 60, 100)
    client, url = cast.client("referente"), reverse(LIST)
    page = client.get(url, {"state": "below"}).context["page"]
    assert [line.indicator.code for line in page.lines] == ["FAIBLE"]
    assert page.conclusion == "1 indicateur sur 2 n’atteint pas sa cible."
    before = client.get(url, {"period": "2021-T3", "q": "fort"}).context["page"]
    (line,) = before.lines
    assert (before.day, line.reading.latest.shown) == (date(2021, 9, 30), f"60{NBSP}%")
    assert client.get(url, {"service": str(cast.service.pk)}).context["page"].lines == []


def test_auditor_reads_only_what_is_validated(cast: Cast) -> None:
    indicator = make_indicator()
    record(cast, indicator, "2021-T3", 70, 100)
    Measure.objects.update(state=MeasureState.VALIDATED)
    record(cast, indicator, "2021-T4", 90, 100)
    seen = [lines(cast, person=name)[0].reading.latest for name in ("auditeur", "referente")]
    assert [item.shown if item else "" for item in seen] == [f"70{NBSP}%", f"90{NBSP}%"]


def test_old_history_is_not_read(cast: Cast, django_assert_num_queries: object) -> None:
    """Ten times the history: the rows that reach Python stay the same."""
    indicator = make_indicator()

    def fill(first: int, last: int) -> int:
        rows = [
            MeasureRow(indicator.pk, code, period.start, period.end, value=Decimal("0.9"))
            for year in range(first, last)
            for quarter in (1, 2, 3, 4)
            for code in [f"{year}-T{quarter}"]
            for period in [Period.from_code(code)]
        ]
        record_measures(prefecture=cast.prefecture, rows=rows, by=None, origin=FigureOrigin.HAND)
        measures = figures.figures_of(cast.scope("referente"))
        book = figures.books_for([indicator], measures, date(2021, 12, 31))[indicator.pk]
        return len(book.rows)

    # Twenty-five quarters before the last one, back to the beginning of their year.
    assert fill(2013, 2022) == 28
    assert fill(1977, 2013) == 28
    assert Measure.objects.count() == 180


def test_silence_shows_the_last_figure_ever(cast: Cast) -> None:
    record(cast, make_indicator(), "2012-T1", 3, 4)
    (line,) = lines(cast)
    assert line.reading.latest
    assert line.reading.latest.period.code == "2012-T1"
    assert line.reading.due.period.code == "2021-T4"
    assert len(line.series) == 2


# --- One indicator ----------------------------------------------------------------------------
def test_page_compares_with_last_year_and_with_france(cast: Cast) -> None:
    indicator = make_indicator()
    year = Period.from_code("2021")
    NationalValue.objects.create(
        indicator=indicator, period="2021", starts_on=year.start, ends_on=year.end,
        value=Decimal("0.88"), source="DITP",
    )  # fmt: skip
    record(cast, indicator, "2020-T4", 80, 100)
    record(cast, indicator, "2021-T4", 92, 100)
    url = reverse("indicators:figure_detail", args=[indicator.code])
    page = cast.client("agent").get(url).context["page"]
    assert page.points[0].since_last_year == f"+12{NBSP}points"
    assert page.points[0].national == page.national == f"88{NBSP}%"
    assert page.movement.sentence.startswith("Trop tôt pour le dire")
    assert page.span == "du 4e trimestre 2020 au 4e trimestre 2021"


def test_a_lasting_change_is_said_alike_everywhere(cast: Cast) -> None:
    indicator = make_indicator(periodicity=Periodicity.MONTH)
    period = Period.from_code("2020-10")
    for top in (*[77, 79] * 3, *[90, 92] * 4, 91):
        record(cast, indicator, period.code, top, 100)
        period = period.next()
    client, scope = cast.client("referente"), cast.scope("referente")
    page = client.get(reverse("indicators:figure_detail", args=[indicator.code]))
    said = "Depuis avril 2021, le niveau est passé d’environ 78 % à environ 91 % : c’est mieux."
    assert said in page.text.replace(NBSP, " ")
    (started,) = (line for line in page.context["page"].points if line.change)
    assert (started.figure.period.code, started.change) == (
        "2021-04",
        f"nouveau niveau : environ 91{NBSP}%",
    )
    printed = paper.sheet_data(indicator, scope, date(2022, 1, 10))
    assert printed["level"].replace(NBSP, " ").startswith(said)
    assert [row.change for row in printed["rows"] if row.change] == [started.change]
    table = client.get(reverse("indicators:points_export", args=[indicator.code, "csv"]))
    head, *rows = read_lines(table.content)
    told = [(row[head.index("Période")], row[head.index("Changement")]) for row in rows]
    assert [item for item in told if item[1]] == [("2021-04", started.change)]
    usual = [row[head.index("Variation habituelle")].replace(NBSP, " ") for row in rows]
    assert usual == ["de 72,7 % à 83,3 %"] * 6 + ["de 85,7 % à 96,3 %"] * 9


def test_a_change_of_rule_begins_the_limits_again(cast: Cast) -> None:
    indicator = make_indicator()
    for year in (2018, 2019, 2020, 2021):
        for quarter in (1, 2, 3, 4):
            record(cast, indicator, f"{year}-T{quarter}", 70 + quarter % 2 * 2, 100)
    assert lines(cast)[0].reading.movement.limits is not None
    later = small_referential(slug="essai-2")
    Referential.objects.filter(pk=later.pk).update(published_on=date(2021, 1, 1))
    indicator.referential = later
    indicator.counting_rule = "Hors serveur vocal."
    indicator.save()
    (line,) = lines(cast)
    assert line.reading.movement.limits is None
    assert line.reading.level.startswith("La règle de comptage a changé au 1er trimestre 2021")


def test_the_whole_history_says_the_same_of_the_last_periods(cast: Cast) -> None:
    indicator = make_indicator()
    for year in range(2008, 2022):
        for quarter in (1, 2, 3, 4):
            record(cast, indicator, f"{year}-T{quarter}", year - 1950 + quarter % 2 * 4, 100)
    client = cast.client("referente")
    url = reverse("indicators:figure_detail", args=[indicator.code])
    short, whole = (
        client.get(url, query).context["page"] for query in ({}, {"periodes": "toutes"})
    )
    assert (len(short.points), len(whole.points)) == (18, 56)
    assert whole.reading == short.reading
    assert [(line.usual, line.change, line.is_signal) for line in whole.points[:18]] == [
        (line.usual, line.change, line.is_signal) for line in short.points
    ]
    assert all(line.usual for line in whole.points)


def test_indicator_without_figures(cast: Cast) -> None:
    url = reverse("indicators:figure_detail", args=[make_indicator().code])
    answer = cast.client("referente").get(url, {"periodes": "toutes"})
    assert answer.context["page"].chart is None
    assert "Aucun chiffre jusqu’ici : non mesuré au" in answer.text.replace(NBSP, " ")


def test_page_of_one_service(cast: Cast) -> None:
    indicator = make_indicator(level=Level.SERVICE)
    record(cast, indicator, "2021-T4", 1, 4, service_id=cast.service.pk)
    other = cast.prefecture.services.create(name="Étrangers")
    record(cast, indicator, "2021-T4", 8, 16, service_id=other.pk)
    client = cast.client("referente")
    url = reverse("indicators:figure_detail", args=[indicator.code])
    assert client.get(url).context["page"].reading.latest.shown == f"45{NBSP}%"
    one = client.get(url, {"lieu": f"service:{other.pk}"})
    assert one.context["page"].reading.latest.shown == f"50{NBSP}%"
    assert client.get(url, {"lieu": "service:x"}).context["page"].place == ""


def test_list_and_page_of_a_service_that_stopped_agree(cast: Cast) -> None:
    indicator = make_indicator(level=Level.SERVICE)
    closed = cast.prefecture.services.create(name="Guichet fermé")
    for code, top in (("2013-T1", 6), ("2014-T1", 7)):
        record(cast, indicator, code, top, 10, service_id=closed.pk)
    record(cast, indicator, "2021-T4", 9, 10, service_id=cast.service.pk)
    client = cast.client("referente")
    (line,) = client.get(reverse(LIST), {"service": str(closed.pk)}).context["page"].lines
    url = reverse("indicators:figure_detail", args=[indicator.code])
    for asked in ({}, {"periodes": "toutes"}):
        page = client.get(url, {"lieu": f"service:{closed.pk}", **asked}).context["page"]
        assert page.place_label == "Guichet fermé"
        assert page.reading.sentence == line.reading.sentence
        assert page.reading.latest.shown == f"70{NBSP}%"


def test_figure_that_does_not_add_up_is_said_with_one_word(cast: Cast) -> None:
    indicator = make_indicator(level=Level.SERVICE)
    other = cast.prefecture.services.create(name="Étrangers")
    for place in (cast.service, other):
        record(cast, indicator, "2021-T3", 9, 10, service_id=place.pk)
        make_measure(cast.prefecture, indicator, service=place)
    client = cast.client("referente")
    assert client.get(reverse(LIST)).text.count("Données incomplètes") == 1
    page = client.get(reverse("indicators:figure_detail", args=[indicator.code])).context["page"]
    assert page.points[0].standing.label.lower() == page.points[0].figure.shown
    (group,) = paper.dashboard_data(cast.scope("referente"), date(2022, 1, 10))["groups"]
    assert (group.lines[0].late_why, group.lines[0].late) == (
        "données incomplètes",
        "4e trimestre 2021",
    )


def test_figure_is_followed_to_its_cell_and_its_past(cast: Cast) -> None:
    indicator = make_indicator(counting_rule="Tous les appels reçus.")
    by = cast.user("referente")
    imported = MeasureImport.objects.create(
        prefecture=cast.prefecture, file_name="standard.xlsx", sha256="0", read_by=by
    )
    period = Period.from_code("2021-T4")
    row = MeasureRow(
        indicator.pk, "2021-T4", period.start, period.end, value=Decimal("0.912"),
        sheet="Appels", cell="B14",
    )  # fmt: skip
    record_measures(
        prefecture=cast.prefecture, rows=[row], by=by, origin=FigureOrigin.FILE, imported=imported
    )
    measure = Measure.objects.get()
    listing = cast.client("agent").get(reverse("indicators:figure_detail", args=[indicator.code]))
    url = reverse("indicators:measure_detail", args=[indicator.code, measure.pk])
    assert url in listing.text
    page = cast.client("agent").get(url)
    day = f"{timezone.localtime(measure.entered_at):%d}".lstrip("0")
    assert "Lue dans le fichier standard.xlsx, feuille" in page.text
    assert f"cellule B14, le {day}".replace("le 1\u00a0", "le 1er\u00a0")[:12] in page.text
    assert "Tous les appels reçus." in page.text
    assert "Il n’a jamais changé." in page.text
    changed = MeasureRow(indicator.pk, "2021-T4", period.start, period.end, value=Decimal("0.932"))
    record_measures(
        prefecture=cast.prefecture, rows=[changed], by=by, origin=FigureOrigin.HAND,
        reason="Erreur de lecture",
    )  # fmt: skip
    provenance = cast.client("agent").get(url).context["provenance"]
    (revision,) = provenance.revisions
    assert revision.reason == "Erreur de lecture"
    assert list(revision.changes) == [("Valeur", f"91,2{NBSP}%", f"93,2{NBSP}%")]


def test_figure_of_another_indicator_is_not_found(cast: Cast) -> None:
    measure = make_measure(cast.prefecture)
    url = reverse("indicators:measure_detail", args=["AUTRE", measure.pk])
    assert cast.client("referente").get(url).status_code == 404


# --- The same numbers everywhere --------------------------------------------------------------
def test_file_is_followed_from_its_json_to_paper(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    indicator = make_indicator(label="Taux d’appels aboutis")
    file = tmp_path / "telephone.csv"
    file.write_text("Trimestre;Taux d’appels aboutis\nT4 2021;95,16 %\n")
    call_command("import_indicators", str(file), "--prefecture", "41", "--apply", "--json")
    (told,) = json.loads(capsys.readouterr().out)["rows"]
    measure = Measure.objects.get()
    assert (told["value"], told["cell"]) == (95.16, measure.cell)
    assert sheet_value(measure.value, indicator.unit, "ods") == Fixed(Decimal("95.16"), 2)
    shown = f"95,16{NBSP}%"
    client, scope = cast.client("referente"), cast.scope("referente")
    page = client.get(reverse("indicators:figure_detail", args=[indicator.code]))
    assert page.context["page"].points[0].figure.shown == shown
    (row,) = paper.sheet_data(indicator, scope, date(2022, 1, 10))["rows"]
    assert (row.value, row.origin.endswith(f"cellule {measure.cell}")) == (shown, True)
    origin = client.get(reverse("indicators:measure_detail", args=[indicator.code, measure.pk]))
    assert reverse("indicators:import_detail", args=[measure.imported_id]) in origin.text


def test_every_page_and_file_follows_the_decimals_of_the_definition(cast: Cast) -> None:
    indicator = make_indicator(decimals=2)
    record(cast, indicator, "2021-T3", 9516, 10000)
    record(cast, indicator, "2021-T4", 95, 100)
    client, scope = cast.client("referente"), cast.scope("referente")
    shown = f"95,00{NBSP}%"
    for url in (reverse(LIST), reverse("indicators:figure_detail", args=[indicator.code])):
        assert shown in client.get(url).text
    (group,) = paper.dashboard_data(scope, date(2022, 1, 10))["groups"]
    (fact,) = group.lines
    assert (fact.value, fact.before) == (shown, f"95,16{NBSP}%")
    page = page_for(indicator, scope, figures.figures_of(scope), date(2021, 12, 31))
    assert page.chart
    assert [row[1] for row in page.chart.rows] == ["95,16", "95,00"]
    assert page.reading.sentence.endswith(
        f"−0,16{NBSP}point par rapport au 3e trimestre 2021 (95,16{NBSP}%) : c’est moins bien."
    )
    files = [
        client.get(reverse("indicators:points_export", args=[indicator.code, fmt])).content
        for fmt in ("csv", "ods")
    ]
    values = [[row[5] for row in read_lines(file)[1:]] for file in files]
    assert values == [["95,16", "95,00"], [95.16, 95]]
    assert (
        "<text:p>95,00</text:p>"
        in zipfile.ZipFile(io.BytesIO(files[1])).read("content.xml").decode()
    )
    sheet = client.get(reverse("indicators:points_export", args=[indicator.code, "xlsx"])).content
    cell = openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0]["F3"]
    assert (cell.value, cell.number_format) == (95, "#,##0.00")


def test_sample_figures_say_so(cast: Cast) -> None:
    indicator = make_indicator()
    record(cast, indicator, "2021-T4", 2, 3, is_sample=True)
    scope = cast.scope("referente")
    for url in (reverse(LIST), reverse("indicators:figure_detail", args=[indicator.code])):
        assert "démonstration" in cast.client("referente").get(url).text
    assert paper.dashboard_data(scope, date(2022, 1, 10))["has_samples"] is True
    page = page_for(indicator, scope, figures.figures_of(scope), date(2021, 12, 31))
    assert page.chart
    assert page.chart.rows[0][-1] == "démonstration"
