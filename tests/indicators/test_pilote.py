"""The shape of PILOTE: written, read back, refused line by line."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from indicators.enums import Direction, MeasureState, MeasureStatus, TargetKind, Unit
from indicators.models import Measure, MeasureImport, Target
from indicators.reading.definitions import (
    IGNORE,
    IndicatorDefinition,
    KnownPrefecture,
    Reading,
    RefusalKind,
    Status,
)
from indicators.reading.definitions import Unit as ReadUnit
from indicators.reading.pilote import _by_identifier
from indicators.reading.read import read_workbook
from indicators.services.import_undo import undo_import
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure


HEAD = "identifiant_indic;zone_id;zone_nom;date_valeur;type_valeur;valeur"
HOME = KnownPrefecture("41", "Loir-et-Cher")
CALLS = IndicatorDefinition(
    "TEL-ABOUTI",
    "Taux d’appels aboutis",
    ReadUnit.PERCENT,
    ("IND-12",),
    periodicity="quarter",
    pilote="QUA-01",
)
DELAY = IndicatorDefinition("TIT-CIV", "Délai", ReadUnit.DAYS, periodicity="quarter")


def read(*lines: str, head: str = HEAD, remembered: Mapping[str, str] | None = None) -> Reading:
    return read_workbook(
        "\r\n".join((head, *lines)).encode(),
        "pilote.csv",
        definitions=(CALLS, DELAY),
        services=(),
        prefecture=HOME,
        remembered=remembered or {},
    )


# --- Read -------------------------------------------------------------------------------------
def test_values_land_in_their_periods() -> None:
    reading = read(
        "TEL-ABOUTI;D41;Loir-et-Cher;2020-03-31;va;95.16",
        "TIT-CIV;D41;Loir-et-Cher;2020-03-31;va;5",
        "TEL-ABOUTI;D41;;2020-06-30;va;",
    )

    assert [
        (item.indicator, item.period.code, item.value, item.status, item.cell)
        for item in reading.figures
    ] == [
        ("TEL-ABOUTI", "2020-T1", Decimal("0.9516"), Status.MEASURED, "F2"),
        ("TIT-CIV", "2020-T1", Decimal(5), Status.MEASURED, "F3"),
        ("TEL-ABOUTI", "2020-T2", None, Status.NOT_MEASURED, "F4"),
    ]
    assert (reading.refusals, reading.questions) == ((), ())


def test_another_name_and_no_name_of_the_zone() -> None:
    reading = read(
        "IND-12;D41;2020-03-31;va;78,5",
        head="identifiant_indic;zone_id;date_valeur;type_valeur;valeur",
    )

    (figure,) = reading.figures
    assert (figure.indicator, figure.value, figure.cell) == ("TEL-ABOUTI", Decimal("0.785"), "E2")


@pytest.mark.parametrize(
    ("line", "cell", "words"),
    [
        ("TEL-ABOUTI;D37;;2020-03-31;va;78", "B2", "« D37 » n’est pas celle de la préfecture (D41"),
        ("INCONNU;D41;;2020-03-31;va;78", "A2", "« INCONNU » n’est rattaché à aucun indicateur"),
        (";D41;;2020-03-31;va;78", "A2", "l’identifiant est vide"),
        ("TEL-ABOUTI;D41;;2020-03-31;vx;78", "E2", "vi (valeur initiale), va"),
        ("TEL-ABOUTI;D41;;31/03/2020;va;78", "D2", "AAAA-MM-JJ"),
        ("TEL-ABOUTI;D41;;2020-02-30;va;78", "D2", "AAAA-MM-JJ"),
        ("TEL-ABOUTI;D41;;2020-03-31;va;n.d.", "F2", "n’est pas un nombre"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(line: str, cell: str, words: str) -> None:
    reading = read(line, "TIT-CIV;D41;;2020-03-31;va;5")

    (refusal,) = reading.refusals
    assert refusal.cell == cell
    assert refusal.message.startswith("Ligne 2 : ")
    assert words in refusal.message
    assert [item.indicator for item in reading.figures] == ["TIT-CIV"], "the others are read"


def test_the_identifier_of_the_table_goes_before_the_code_and_other_names() -> None:
    reading = read(
        "qua-01;D41;;2020-03-31;va;78",
        "TEL-ABOUTI;D41;;2020-06-30;va;79",
        "IND-12;D41;;2020-09-30;va;80",
    )

    assert [item.indicator for item in reading.figures] == ["TEL-ABOUTI"] * 3
    stranger = IndicatorDefinition("A", "A", ReadUnit.DAYS, pilote="TEL-ABOUTI")
    assert _by_identifier((CALLS, stranger))["tel-abouti"] is stranger


# --- Rates under 1 % --------------------------------------------------------------------------
def test_a_small_rate_among_others_is_read_in_points_and_pointed_out() -> None:
    reading = read("TEL-ABOUTI;D41;;2020-03-31;va;0,8", "TEL-ABOUTI;D41;;2020-06-30;va;95")

    assert [item.value for item in reading.figures] == [Decimal("0.008"), Decimal("0.95")]
    (notice,) = reading.notices
    assert (notice.cell, notice.message) == (
        "F2",
        "Ligne 2 : « 0,8 » est lu 0,8 %, comme le veut la forme de PILOTE. Si c’est 80 %, écrivez 80.",
    )
    assert (reading.refusals, reading.questions) == ((), ())


def test_rates_that_are_all_small_are_asked_about_once() -> None:
    lines = (
        "TEL-ABOUTI;D41;;2020-03-31;va;0,8",
        "TEL-ABOUTI;D41;;2020-06-30;va;1",
        "TIT-CIV;D41;;2020-03-31;va;5",
    )
    asked = read(*lines)
    (question,) = asked.questions
    assert (question.kind, question.cell) == ("scale", "F2")
    assert "« 1 » veut-il dire 1 % ou 100 % ?" in question.text
    assert [item.indicator for item in asked.figures] == ["TIT-CIV"]
    assert [(item.cell, item.kind) for item in asked.refusals] == [
        ("F2", RefusalKind.UNANSWERED),
        ("F3", RefusalKind.UNANSWERED),
    ]

    def answered(answer: str) -> list[Decimal | None]:
        reading = read(*lines, remembered={question.key: answer})
        assert reading.questions == ()
        return [item.value for item in reading.figures if item.indicator == "TEL-ABOUTI"]

    assert answered("fraction") == [Decimal("0.8"), Decimal(1)]
    assert answered("points") == [Decimal("0.008"), Decimal("0.01")]
    assert answered(IGNORE) == []
    # The answer is of these figures: the next file is asked about again.
    other = read("TEL-ABOUTI;D41;;2020-03-31;va;0,7", remembered={question.key: "points"})
    assert other.questions
    assert read("TEL-ABOUTI;D41;;2020-03-31;va;0").questions == ()


def test_one_value_per_zone_date_indicator_and_type() -> None:
    reading = read(
        "TIT-CIV;D41;;2020-03-31;va;5",
        "TIT-CIV;D41;;2020-03-31;va;6",
        "TIT-CIV;D41;;2020-02-29;va;7",
    )

    assert [item.value for item in reading.figures] == [Decimal(5)]
    assert [item.message.partition(".")[0] for item in reading.refusals] == [
        "Ligne 3 : la ligne 2 donne déjà une valeur va de TIT-CIV au 31/03/2020",
        "Ligne 4 : la ligne 2 donne déjà TIT-CIV pour la même période (1er trimestre 2020)",
    ]


def test_the_current_value_goes_before_the_first_and_a_target_is_told() -> None:
    for lines in (("vi;4", "va;5"), ("va;5", "vi;4")):
        reading = read(
            *(f"TIT-CIV;D41;;2020-03-31;{line}" for line in lines), "TIT-CIV;D41;;2020-03-31;vc;3"
        )
        assert [item.value for item in reading.figures] == [Decimal(5)]
        assert "la cible (vc)" in reading.notices[0].message
        assert reading.refusals == ()


# --- Written, then read back ------------------------------------------------------------------
@pytest.fixture
def figures(cast: Cast) -> None:
    calls = make_indicator()
    days = make_indicator("TIT-CIV", unit=Unit.DAYS, direction=Direction.DOWN)
    for indicator, period, value, start, end in (
        (calls, "2021-T3", "0.94", date(2021, 7, 1), date(2021, 9, 30)),
        (calls, "2021-T4", "0.9516", date(2021, 10, 1), date(2021, 12, 31)),
        (days, "2021-T4", "5.5", date(2021, 10, 1), date(2021, 12, 31)),
    ):
        make_measure(
            cast.prefecture,
            indicator,
            period,
            value,
            starts_on=start,
            ends_on=end,
            state=MeasureState.VALIDATED,
        )
    Target.objects.create(
        indicator=calls,
        kind=TargetKind.TARGET,
        value=Decimal("0.9"),
        starts_on=date(2015, 1, 1),
        source="x",
    )


def exported() -> str:
    out = StringIO()
    call_command("pilote_export", "--prefecture", "41", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_validated_figures_are_written_in_points(cast: Cast, figures: None) -> None:
    before = exported()
    waiting = make_indicator("ATT", unit=Unit.MINUTES)
    make_measure(cast.prefecture, waiting, value="12")
    make_measure(
        cast.prefecture, waiting, "2021", value="9", is_sample=True, state=MeasureState.VALIDATED
    )

    assert exported() == before, "neither a figure to validate nor a sample is sent"
    name = "D41;Loir-et-Cher"
    assert before.splitlines() == [
        HEAD,
        f"TEL-ABOUTI;{name};2021-09-30;vi;94",
        f"TEL-ABOUTI;{name};2021-09-30;va;94",
        f"TEL-ABOUTI;{name};2021-12-31;va;95.16",
        f"TEL-ABOUTI;{name};2021-12-31;vc;90",
        f"TIT-CIV;{name};2021-12-31;vi;5.5",
        f"TIT-CIV;{name};2021-12-31;va;5.5",
    ]


@pytest.mark.django_db
def test_what_was_written_is_read_back_and_undone(
    cast: Cast, figures: None, tmp_path: Path
) -> None:
    file, out = tmp_path / "pilote.csv", StringIO()
    call_command("pilote_export", "--prefecture", "41", "--output", str(file), "--json", stdout=out)
    assert json.loads(out.getvalue())["lines"] == 6
    kept = list(Measure.objects.order_by("pk").values_list("period", "value"))
    Measure.objects.all().delete()
    file.write_text(file.read_text() + "TIT-CIV;D41;;2022-03-31;va;\r\n")

    out = StringIO()
    arguments = ("pilote_import", str(file), "--prefecture", "41", "--json")
    call_command(*arguments, stdout=out)
    assert (json.loads(out.getvalue())["applied"], Measure.objects.count()) == (0, 0)
    call_command(*arguments, "--apply", stdout=StringIO())

    found = Measure.objects.filter(status=MeasureStatus.MEASURED).order_by("pk")
    assert list(found.values_list("period", "value")) == kept
    assert Measure.objects.get(period="2022-T1").status == MeasureStatus.NOT_MEASURED
    assert found[0].cell == "F3"
    undo_import(imported=MeasureImport.objects.get(), by=None)
    assert Measure.objects.count() == 0


@pytest.mark.django_db
def test_a_bad_line_applies_nothing_and_another_shape_is_refused(
    cast: Cast, figures: None, tmp_path: Path
) -> None:
    bad, other = tmp_path / "bad.csv", tmp_path / "other.csv"
    bad.write_text(f"{HEAD}\nTIT-CIV;D41;;2022-03-31;va;6\nTIT-CIV;D37;;2022-06-30;va;6\n")
    other.write_text("Mois;Taux d’appels aboutis\n01/2021;95 %\n")
    for file, words in ((bad, "Ligne 3"), (other, "n’a pas la forme de PILOTE")):
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command(
                "pilote_import", str(file), "--prefecture", "41", "--apply", "--json", stdout=out
            )
        assert words in " ".join(json.loads(out.getvalue())["errors"])
    assert Measure.objects.count() == 3


@pytest.mark.django_db
def test_the_page_says_what_is_sent_and_gives_the_file(cast: Cast, figures: None) -> None:
    make_measure(cast.prefecture, make_indicator("ATT", unit=Unit.MINUTES), value="12")
    client = cast.client("referente")

    page = client.get(reverse("indicators:pilote_page")).text
    file = client.get(reverse("indicators:pilote_file"))

    assert "6 lignes" in " ".join(page.split())
    assert "1 mesure à valider" in page.replace("\u00a0", " ")
    assert file.content.decode() == exported()
    assert file["Content-Disposition"] == 'attachment; filename="pilote-41.csv"'
