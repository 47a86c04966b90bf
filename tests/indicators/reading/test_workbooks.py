"""Ten workbooks of ten shapes: every figure lands where a person would put it.

The tables are written by hand from ``tests/data/indicators/build.py``: cell, indicator, period, service
(« – » for the préfecture), value, then numerator and denominator when there are some.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from indicators.reading.definitions import Reading
from indicators.reading.read import read_workbook
from tests.indicators.reading.catalogue import DEFINITIONS, PREFECTURE, SERVICES


FOLDER = Path(__file__).parents[2] / "data" / "indicators"
NONE = {"nm": "not_measured", "so": "not_applicable"}
EXPECTED = {
    "telephonie.xlsx": """
        E5 TEL-ABOUTI 2021-01 std 0.9517 1870 1965
        E6 TEL-ABOUTI 2021-02 std 0.96 1728 1800
        E7 TEL-ABOUTI 2021-03 std 0.93 1953 2100
        E8 TEL-ABOUTI 2021-04 std nm
        D5 TEL-PERDU 2021-01 std 0.048346 95 1965
        D6 TEL-PERDU 2021-02 std 0.04 72 1800
        D7 TEL-PERDU 2021-03 std 0.07 147 2100
        D8 TEL-PERDU 2021-04 std nm
    """,
    "trimestres.xlsx": """
        E5 TEL-ABOUTI 2020-T1 – 0.9516
        F5 TEL-ABOUTI 2020-T2 – 0.94
        G5 TEL-ABOUTI 2020-T3 – nm
        H5 TEL-ABOUTI 2020-T4 – 0.935
        I5 TEL-ABOUTI 2021-T1 – 0.96
        J5 TEL-ABOUTI 2021-T2 – 0.952
        E6 ECR-MAIL 2020-T1 – 0.88
        F6 ECR-MAIL 2020-T2 – 0.915
        G6 ECR-MAIL 2020-T3 – 0.92
        H6 ECR-MAIL 2020-T4 – 0.9
        I6 ECR-MAIL 2021-T1 – 0.87
        J6 ECR-MAIL 2021-T2 – 0.93
        E7 TIT-PERMIS 2020-T1 – 27
        F7 TIT-PERMIS 2020-T2 – 26
        G7 TIT-PERMIS 2020-T3 – 28
        H7 TIT-PERMIS 2020-T4 – 27
        I7 TIT-PERMIS 2021-T1 – 25
        J7 TIT-PERMIS 2021-T2 – 24
        E8 REC-NB 2020-T1 – 12
        F8 REC-NB 2020-T2 – 9
        G8 REC-NB 2020-T3 – 0
        H8 REC-NB 2020-T4 – 14
        I8 REC-NB 2021-T1 – 1204
        J8 REC-NB 2021-T2 – nm
        E9 SAT-TITRES 2020-T1 – 0.78
        F9 SAT-TITRES 2020-T2 – so
        G9 SAT-TITRES 2020-T3 – 0.805
        H9 SAT-TITRES 2020-T4 – 0.81
        I9 SAT-TITRES 2021-T1 – 0.82
        J9 SAT-TITRES 2021-T2 – 0.83
    """,
    "par-service.ods": """
        Standard!B5 TEL-ABOUTI 2021-01 std 0.952
        Standard!B6 TEL-ABOUTI 2021-02 std 0.96
        Standard!B7 TEL-ABOUTI 2021-03 std 0.9375
        Standard!C5 ECR-MAIL 2021-01 std 0.88
        Standard!C6 ECR-MAIL 2021-02 std nm
        Standard!C7 ECR-MAIL 2021-03 std 0.9
        BMI!B5 TEL-ABOUTI 2021-01 bmi 0.81
        BMI!B6 TEL-ABOUTI 2021-02 bmi 0.824
        BMI!B7 TEL-ABOUTI 2021-03 bmi so
        BMI!C5 ECR-MAIL 2021-01 bmi 0.705
        BMI!C6 ECR-MAIL 2021-02 bmi 0.71
        BMI!C7 ECR-MAIL 2021-03 bmi 0.72
        SP_Vendôme!B5 TEL-ABOUTI 2021-01 vendome 0.99
        SP_Vendôme!B6 TEL-ABOUTI 2021-02 vendome 0.98
        SP_Vendôme!B7 TEL-ABOUTI 2021-03 vendome 0.971
        SP_Vendôme!C5 ECR-MAIL 2021-01 vendome 1
        SP_Vendôme!C6 ECR-MAIL 2021-02 vendome 0
        SP_Vendôme!C7 ECR-MAIL 2021-03 vendome 0.95
    """,
    "format-long.csv": """
        D2 TEL-ABOUTI 2021-01 std 0.952 952 1000
        D3 TEL-ABOUTI 2021-02 std 0.96 960 1000
        D4 TEL-PERDU 2021-01 std 0.048 48 1000
        E5 ECR-MAIL 2020-T4 bmi 0.75 45 60
        D6 TIT-PERMIS 2020-T4 – 27
        D7 REC-NB 2021 – 65
        D8 REC-NB 2020 – nm
        D9 ATT-GUICHET 2022-S1 vendome 12.5
        D10 MYST 2021 – 7.2
    """,
    "autocom.csv": """
        C5 TEL-ABOUTI 2020-01 – 0.96 1200 1250
        C6 TEL-ABOUTI 2020-02 – 0.97 1067 1100
        C7 TEL-ABOUTI 2020-03 – 0.9 882 980
        E5 TEL-PERDU 2020-01 – 0.04 50 1250
        E6 TEL-PERDU 2020-02 – 0.03 33 1100
        E7 TEL-PERDU 2020-03 – 0.1 98 980
    """,
    "sites.csv": """
        B4 ATT-GUICHET 2022-01 vendome 8
        C4 ATT-GUICHET 2022-02 vendome 7.5
        D4 ATT-GUICHET 2022-03 vendome nm
        E4 ATT-GUICHET 2022-04 vendome 6
        B5 ATT-GUICHET 2022-01 romo 3.3333
        C5 ATT-GUICHET 2022-02 romo 4
        D5 ATT-GUICHET 2022-03 romo 5
        E5 ATT-GUICHET 2022-04 romo 5
    """,
    "delais-titres.xls": """
        B3 TIT-CNIPASS 2019-T4 – 30
        B4 TIT-CNIPASS 2020-T1 – 28
        B5 TIT-CNIPASS 2020-T2 – nm
        C3 TIT-PERMIS 2019-T4 – 29
        C4 TIT-PERMIS 2020-T1 – 27
        C5 TIT-PERMIS 2020-T2 – 41
        D3 TIT-CIV 2019-T4 – 5
        D4 TIT-CIV 2020-T1 – 5
        D5 TIT-CIV 2020-T2 – 12
    """,
    "blocs.xlsx": """
        B6 TEL-ABOUTI 2021-T1 – 0.95
        C6 TEL-ABOUTI 2021-T2 – 0.94
        D6 TEL-ABOUTI 2021-T3 – 0.93
        E6 TEL-ABOUTI 2021-T4 – 0.97
        B7 TEL-PERDU 2021-T1 – 0.05
        C7 TEL-PERDU 2021-T2 – 0.06
        D7 TEL-PERDU 2021-T3 – 0.07
        E7 TEL-PERDU 2021-T4 – 0.03
        C12 ECR-COUR 2021 brge 0.95 380 400
        C13 ECR-COUR 2021 bmi 0.7 700 1000
        C14 ECR-COUR 2021 – 0.771429 1080 1400
        E12 ECR-MAIL 2021 brge 0.8 200 250
        E13 ECR-MAIL 2021 bmi so 0 0
        E14 ECR-MAIL 2021 – 0.8 200 250
    """,
    "feuilles-mois.ods": """
        Janvier_2022!B2 TEL-ABOUTI 2022-01 std 0.985
        Janvier_2022!C2 TEL-ABOUTI 2022-01 bmi 0.91
        Janvier_2022!D2 TEL-ABOUTI 2022-01 – 0.952
        Janvier_2022!B3 REC-NB 2022-01 std 3
        Janvier_2022!C3 REC-NB 2022-01 bmi 4
        Janvier_2022!D3 REC-NB 2022-01 – 7
        Janvier_2022!B4 ATT-GUICHET 2022-01 std 10
        Janvier_2022!C4 ATT-GUICHET 2022-01 bmi so
        Janvier_2022!D4 ATT-GUICHET 2022-01 – 10
        Février_2022!B2 TEL-ABOUTI 2022-02 std 0.97
        Février_2022!C2 TEL-ABOUTI 2022-02 bmi 0.9
        Février_2022!D2 TEL-ABOUTI 2022-02 – 0.94
        Février_2022!B3 REC-NB 2022-02 std 2
        Février_2022!C3 REC-NB 2022-02 bmi 0
        Février_2022!B4 ATT-GUICHET 2022-02 std 12
        Février_2022!C4 ATT-GUICHET 2022-02 bmi 9
        Février_2022!D4 ATT-GUICHET 2022-02 – 11
    """,
    "fusionnees.xlsx": """
        C3 TEL-ABOUTI 2021-01 std 0.95 950 1000
        D3 TEL-ABOUTI 2021-02 std 0.95 1045 1100
        E3 TEL-ABOUTI 2021-03 std 0.97 873 900
        C4 TEL-PERDU 2021-01 std 0.05 – 1000
        D4 TEL-PERDU 2021-02 std 0.05 – 1100
        E4 TEL-PERDU 2021-03 std 0.03 – 900
        C5 PAN-FREQ 2021-01 pan 120
        E5 PAN-FREQ 2021-03 pan 98
        C6 MYST 2021-01 pan 7.5
        E6 MYST 2021-03 pan 8
    """,
}
# What is left out, where and in which words.
REFUSED = {
    "telephonie.xlsx": [("B9:E9", "Total ou moyenne de plusieurs périodes")],
    "trimestres.xlsx": [("D5:D9", "« Cible » n’est pas une mesure")],
    "par-service.ods": [],
    "format-long.csv": [],
    "autocom.csv": [("B8:E8", "Écrivez « avril 2020 », si c’est bien cela.")],
    "sites.csv": [("B3:E3", "De quel service parle « Préfecture » ?"), ("F3:F5", "« Moyenne »")],
    "delais-titres.xls": [],
    "blocs.xlsx": [],
    "feuilles-mois.ods": [("D3", "contredit ses parties")],
    "fusionnees.xlsx": [("F2:F5", "« Évolution »"), ("D5", "en erreur (#DIV/0!)")],
}


def read(name: str, **answers: str) -> Reading:
    return read_workbook(
        (FOLDER / name).read_bytes(),
        name,
        definitions=DEFINITIONS,
        services=SERVICES,
        prefecture=PREFECTURE,
        remembered={
            key.replace("__", ":").replace("_", " "): text for key, text in answers.items()
        },
    )


def hand_written(name: str) -> set[tuple[object, ...]]:
    rows = set()
    for line in EXPECTED[name].split("\n"):
        if not line.strip():
            continue
        place, code, period, service, value, *parts = line.split()
        sheet, _, cell = place.rpartition("!")
        numbers = [None if part == "–" else Decimal(part) for part in (*parts, "–", "–")[:2]]
        status = NONE.get(value, "measured")
        rows.add(
            (
                sheet.replace("_", " "), cell, code, period, None if service == "–" else service,
                None if value in NONE else Decimal(value), *numbers, status,
            )
        )  # fmt: skip
    return rows


@pytest.mark.parametrize("name", EXPECTED)
def test_every_figure_lands_where_a_person_would_put_it(name: str) -> None:
    has_sheets = "!" in EXPECTED[name]
    found = [
        (
            figure.sheet if has_sheets else "", figure.cell, figure.indicator, figure.period.code,
            figure.service, figure.value, figure.numerator, figure.denominator, str(figure.status),
        )
        for figure in read(name).figures
    ]  # fmt: skip
    assert len(found) == len(set(found))
    assert set(found) == hand_written(name)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_left_out_is_said(name: str) -> None:
    refusals = read(name).refusals
    assert [refusal.cell for refusal in refusals] == [cell for cell, _ in REFUSED[name]]
    for refusal, (_, words) in zip(refusals, REFUSED[name], strict=True):
        assert words in refusal.message


def test_a_total_that_contradicts_its_parts_is_pointed_out() -> None:
    (notice,) = read("feuilles-mois.ods").notices
    assert (notice.sheet, notice.cell) == ("Février 2022", "D3")
    assert notice.message == "Le total 3 contredit le tableau : la somme de ses parties est 2."


def test_an_answer_is_remembered_by_its_key() -> None:
    (question,) = read("sites.csv").questions
    assert (question.kind, question.key, question.cell) == ("service", "service:prefecture", "A3")
    answered = read("sites.csv", service__prefecture="bmi")
    assert answered.questions == ()
    values = {f.cell: f.value for f in answered.figures if f.service == "bmi"}
    assert values == {"B3": Decimal("12.5"), "C3": 11, "D3": Decimal("10.25"), "E3": None}
    assert read("sites.csv", service__prefecture="-").questions == ()


def test_the_shape_is_that_of_the_layout() -> None:
    shapes = {name: read(name).shape for name in EXPECTED}
    assert len(set(shapes.values())) == len(EXPECTED)
    assert read("sites.csv", service__prefecture="bmi").shape == shapes["sites.csv"]
