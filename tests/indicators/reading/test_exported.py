"""Our own table of an indicator's figures, corrected in a spreadsheet and given back."""

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest

from indicators.reading.definitions import Figure, Reading, RefusalKind, Status
from indicators.reading.read import read_workbook
from indicators.sheets import POINT_HEADERS, PREFECTURE_HEADERS
from tests.indicators.reading.catalogue import DEFINITIONS, PREFECTURE, SERVICES


HEAD = ";".join(POINT_HEADERS)


def line(code: str, place: str, period: str, *numbers: str, **others: str) -> str:
    """Return a line of the table: value, numerator, denominator; others by the name of their column."""
    cells = dict(zip(("Valeur", "Numérateur", "Dénominateur"), numbers, strict=False))
    cells |= {"Code": code, "Lieu": place, "Période": period, **others}
    return ";".join(
        cells.get(name.replace(" ", "_"), cells.get(name, "")) for name in POINT_HEADERS
    )


def read(data: str | bytes, name: str = "export.csv") -> Reading:
    return read_workbook(
        data.encode() if isinstance(data, str) else data,
        name,
        definitions=DEFINITIONS,
        services=SERVICES,
        prefecture=PREFECTURE,
        remembered={},
    )


def told(figure: Figure) -> tuple[str, str, str, str | None, Decimal | None, Status]:
    return (
        figure.cell,
        figure.indicator,
        figure.period.code,
        figure.service,
        figure.value,
        figure.status,
    )


def test_each_line_says_its_indicator_its_place_and_its_period_whatever_stands_beside() -> None:
    reading = read(
        "\n".join(
            [
                HEAD,
                line("TEL-ABOUTI", "Toute la préfecture", "2021-T1", "95,16", Cible="au moins 90 %",
                     État="Cible atteinte", Écart_sur_un_an="+3 points", Valeur_nationale="88",
                     Ce_qui_manque="rien", Origine="Accueil général : saisie à la main"),
                line("TEL-ABOUTI", "Toute la préfecture", "2021-T2", Si_pas_de_valeur="sans objet"),
                line("TEL-ABOUTI", "Toute la préfecture", "2021-T3", Si_pas_de_valeur="non mesuré",
                     Origine="saisie à la main"),
                line("TEL-ABOUTI", "Toute la préfecture", "2021-T4", Si_pas_de_valeur="non mesuré"),
                line("TEL-ABOUTI", "Bureau des migrations et de l’intégration (BMI)", "2021-T1", "90"),
                "",
            ]
        )
    )  # fmt: skip
    assert not reading.refusals
    assert not reading.questions
    assert [told(figure) for figure in reading.figures] == [
        ("F2", "TEL-ABOUTI", "2021-T1", None, Decimal("0.9516"), Status.MEASURED),
        ("I3", "TEL-ABOUTI", "2021-T2", None, None, Status.NOT_APPLICABLE),
        ("I4", "TEL-ABOUTI", "2021-T3", None, None, Status.NOT_MEASURED),
        ("F6", "TEL-ABOUTI", "2021-T1", "bmi", Decimal("0.9"), Status.MEASURED),
    ]


def test_numbers_corrected_make_the_rate_and_a_rate_that_contradicts_them_is_refused() -> None:
    whole = "Toute la préfecture"
    (figure,) = read(f"{HEAD}\n{line('TEL-ABOUTI', whole, '2021-T1', '', '90', '120')}\n").figures
    assert (figure.value, figure.numerator, figure.denominator) == (Decimal("0.75"), 90, 120)
    reading = read(f"{HEAD}\n{line('TEL-ABOUTI', whole, '2021-T1', '80', '90', '120')}\n")
    assert not reading.figures
    (mistake,) = [one for one in reading.refusals if one.kind == RefusalKind.MISTAKE]
    assert mistake.cell == "F2"


def test_totals_made_of_other_figures_are_left_out_together() -> None:
    rows = [
        line("TEL-ABOUTI", "Toute la préfecture", f"2021-T{n}", "95", Calcul="total")
        for n in (1, 2)
    ]
    reading = read("\n".join([HEAD, *rows, line("TEL-ABOUTI", "BMI", "2021-T1", "95")]) + "\n")
    assert [figure.cell for figure in reading.figures] == ["F4"]
    (left,) = reading.refusals
    assert (left.cell, left.kind) == ("F2:F3", RefusalKind.LEFT_OUT)


@pytest.mark.parametrize(
    ("cells", "cell", "words"),
    [
        (("TEL-ABOUT", "BMI", "2021-T1"), "A2", "« TEL-ABOUT » n’est le code d’aucun indicateur."),
        (("", "BMI", "2021-T1"), "A2", "La colonne « Code » est vide ici."),
        (("TEL-ABOUTI", "Bureau des chats", "2021-T1"), "C2", "ni un service ou un site"),
        (("TEL-ABOUTI", "", "2021-T1"), "C2", "La colonne « Lieu » est vide ici."),
        (("TEL-ABOUTI", "BMI", "2021-T5"), "E2", "n’est pas une période : écrivez 2021-T1"),
    ],
)
def test_a_line_that_names_nothing_known_is_refused_where_it_is_wrong(
    cells: tuple[str, str, str], cell: str, words: str
) -> None:
    reading = read(f"{HEAD}\n{line(*cells, '95')}\n")
    assert not reading.figures
    (refusal,) = reading.refusals
    assert refusal.cell == cell
    assert words in refusal.message
    assert refusal.kind == RefusalKind.MISTAKE


def test_a_month_that_the_spreadsheet_made_a_date_is_still_that_month() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    page = book.active
    page.append(list(POINT_HEADERS))
    page.append(["ECR-MAIL", "", "BMI", "", date(2021, 3, 1), 80])
    book.save(file)
    (figure,) = read(file.getvalue(), "export.xlsx").figures
    assert (figure.period.code, figure.value) == ("2021-03", Decimal("0.8"))


def test_the_table_of_several_prefectures_is_not_taken_for_ours() -> None:
    cells = dict.fromkeys(PREFECTURE_HEADERS, "") | {
        "Code": "TEL-ABOUTI", "Qui": "Préfecture de l’Oise", "Période": "2021-T1", "Valeur": "95",
    }  # fmt: skip
    reading = read(";".join(PREFECTURE_HEADERS) + "\n" + ";".join(cells.values()) + "\n")
    assert not any(figure.value == Fraction(95, 100) for figure in reading.figures)


@pytest.mark.parametrize("end", ["oise.csv", "cote-d-or (2).csv", "val-d-oise.csv"])
def test_the_table_of_another_prefecture_is_refused_by_its_name(end: str) -> None:
    text = f"{HEAD}\n{line('TEL-ABOUTI', 'Toute la préfecture', '2021-T1', '95')}\n"
    reading = read(text, f"2022-06-30_TEL-ABOUTI_{end}")
    assert not reading.figures
    assert "concerne un autre département" in reading.refusals[0].message
    ours = read(text, "2022-06-30_TEL-ABOUTI_loir-et-cher (1).csv")
    assert len(ours.figures) == 1
