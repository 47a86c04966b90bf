"""What a careful person would hesitate over: kept and said, or asked; never decided in silence."""

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from indicators.reading.definitions import (
    IndicatorDefinition,
    KnownService,
    Reading,
    RefusalKind,
    Status,
    Unit,
)
from indicators.reading.read import read_workbook
from tests.indicators.reading.catalogue import DEFINITIONS, PREFECTURE, SERVICES


CALLS = ["Mois", "Taux d’appels aboutis"]
WHOLE = [replace(one, level="prefecture") for one in DEFINITIONS]


def read(data: str | bytes, definitions: list[IndicatorDefinition] | None = None) -> Reading:
    return read_workbook(
        data.encode() if isinstance(data, str) else data,
        "mesures.csv",
        definitions=definitions or DEFINITIONS,
        services=SERVICES,
        prefecture=PREFECTURE,
        remembered={},
    )


def workbook(sheets: dict[str, list[list[str | float]]]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, lines in sheets.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)
    book.save(file)
    return file.getvalue()


def test_a_sheet_that_bears_the_name_of_a_service_and_differs_from_the_whole_is_told() -> None:
    whole = [CALLS, ["01/2021", 95], ["02/2021", 94], ["03/2021", 93]]
    standard = [CALLS, ["01/2021", 95], ["02/2021", 90], ["03/2021", 91.5]]
    reading = read(workbook({"Synthèse": whole, "Standard": standard}), WHOLE)
    assert len(reading.figures) == 6
    (notice,) = reading.notices
    assert (notice.sheet, notice.cell) == ("Standard", "B3")
    assert "Pour février 2021 et 1 autre période" in notice.message
    assert "« Standard téléphonique » (90 %)" in notice.message
    assert "« Synthèse » une autre (94 % en B3)" in notice.message


@pytest.mark.parametrize(
    ("sheets", "definitions"),
    [
        # The same figures.
        ({"Synthèse": [CALLS, ["01/2021", 95]], "Standard": [CALLS, ["01/2021", 95]]}, WHOLE),
        # An indicator that services measure each for itself.
        ({"Synthèse": [CALLS, ["01/2021", 95]], "Standard": [CALLS, ["01/2021", 90]]}, None),
    ],
)
def test_a_sheet_of_a_service_is_not_told_when_nothing_disagrees(
    sheets: dict[str, list[list[str | float]]], definitions: list[IndicatorDefinition] | None
) -> None:
    reading = read(workbook(sheets), definitions)
    assert (len(reading.figures), reading.notices) == (2, ())


def test_a_small_number_among_percentages_is_kept_beside_others_as_small_only() -> None:
    high = read("Mois;Taux d’appels aboutis (%)\n01/2021;99\n02/2021;0,8\n03/2021;98\n")
    assert [refusal.cell for refusal in high.refusals] == ["B3"]
    assert "écrivez « 0,8 % » ou « 80 % »" in high.refusals[0].message
    wide = read("Mois;Taux d’appels aboutis (%)\n01/2021;99\n02/2021;0,8\n03/2021;98\n04/2021;3\n")
    assert [figure.value for figure in wide.figures] == list(
        map(Decimal, ("0.99", "0.008", "0.98", "0.03"))
    )
    assert [figure.reason for figure in wide.figures if figure.reason] == [
        "Lu comme 0,8 %, dans une colonne en %."
    ]
    unsaid = read("Mois;Taux d’appels aboutis\n01/2021;99\n02/2021;0,8\n03/2021;98\n04/2021;3\n")
    assert [refusal.cell for refusal in unsaid.refusals] == ["B3"]


def test_neant_is_none_of_a_count_and_no_object_for_a_rate() -> None:
    reading = read(
        "Mois;Nombre de réclamations;Taux d’appels aboutis\n01/2021;Néant;néant\n02/2021;3;95\n"
    )
    found = {figure.cell: (figure.status, figure.value) for figure in reading.figures}
    assert found["B2"] == (Status.MEASURED, 0)
    assert found["C2"] == (Status.NOT_APPLICABLE, None)
    assert [figure.reason for figure in reading.figures][0] == "Lu comme 0 : « Néant »."


@pytest.mark.parametrize(
    ("cells", "found"),
    [("12 j;14 j", "RDV-ETR"), ("85 %;90 %", "RDV-SAT"), ("12;14", ""), ("12 j;90 %", "")],
)
def test_the_unit_of_the_figures_decides_between_two_indicators_as_near(
    cells: str, found: str
) -> None:
    definitions = [
        IndicatorDefinition(
            "RDV-ETR", "Délai d’obtention d’un rendez-vous pour les étrangers", Unit.DAYS
        ),
        IndicatorDefinition(
            "RDV-SAT",
            "Satisfaction sur le délai d’obtention d’un rendez-vous pour les étrangers",
            Unit.PERCENT,
            ("Délai d’obtention d’un rendez-vous pour les étrangers",),
        ),
    ]
    reading = read(f"Indicateur;01/2021;02/2021\nDélai de rendez-vous;{cells}\n", definitions)
    assert [figure.indicator for figure in reading.figures] == [found] * 2 * bool(found)
    assert [question.kind for question in reading.questions] == ["indicator"] * (not found)


def test_a_rate_that_contradicts_its_parts_is_said_once_and_its_parts_point_to_it() -> None:
    reading = read("Mois;Appels aboutis;Appels reçus;Taux d’appels aboutis\n01/2021;90;100;80 %\n")
    assert [(refusal.cell, refusal.kind.value) for refusal in reading.refusals] == [
        ("D2", "mistake"),
        ("B2", "left_out"),
        ("C2", "left_out"),
    ]
    assert "contredit 90 sur 100 (B2 et C2)" in reading.refusals[0].message
    assert all("écrit en D2" in refusal.message for refusal in reading.refusals[1:])


def test_so_few_or_nearly_all_is_asked_of_a_rate_that_is_better_low() -> None:
    definitions = [replace(one, direction="down") for one in DEFINITIONS]
    text = "Indicateur;T1 2021;T2 2021\nTaux d’appels perdus;0,8;0,9\n"
    low = read(text, definitions)
    assert [refusal.cell for refusal in low.refusals] == ["B2", "C2"]
    assert "écrivez « 0,8 % » ou « 80 % »" in low.refusals[0].message
    assert [figure.value for figure in read(text).figures] == [Decimal("0.8"), Decimal("0.9")]
    small = read(text.replace("0,8", "0,08").replace("0,9", "0,09"), definitions)
    assert [figure.value for figure in small.figures] == [Decimal("0.08"), Decimal("0.09")]


def test_two_numbers_named_with_their_rate_make_no_other_rate() -> None:
    twin = replace(
        next(one for one in DEFINITIONS if one.code == "ECR-MAIL"),
        code="ECR-WEB",
        label="Formulaires répondus",
        synonyms=(),
    )
    parts = "Mois;Courriels reçus;Courriels traités dans les délais"
    text = f"{parts};Taux de courriels traités dans les délais\n01/2021;100;80;80 %\n"
    reading = read(text, [*DEFINITIONS, twin])
    assert [(figure.cell, figure.indicator) for figure in reading.figures] == [("D2", "ECR-MAIL")]
    alone = read(f"{parts}\n01/2021;100;80\n", [*DEFINITIONS, twin])
    assert alone.figures == ()
    assert "ferait à la fois" in alone.refusals[0].message


def test_prefecture_is_a_site_among_sites_and_the_whole_of_its_services() -> None:
    site = KnownService("blois", "Préfecture", is_site=True)
    vendome = KnownService("vendome", "Sous-préfecture de Vendôme", is_site=True)
    services = [KnownService("mq", "Mission qualité", "MQ"), site, vendome]
    among = "Réclamations reçues;\nService;2021\nPréfecture;12\n{};3\n"

    def placed(other: str) -> dict[str, str | None]:
        reading = read_workbook(
            among.format(other).encode(),
            "mesures.csv",
            definitions=DEFINITIONS,
            services=services,
            prefecture=PREFECTURE,
            remembered={},
        )
        return {figure.cell: figure.service for figure in reading.figures}

    assert placed("Mission qualité") == {"B3": None, "B4": "mq"}
    assert placed("Sous-préfecture de Vendôme") == {"B3": "blois", "B4": "vendome"}


def test_a_formula_without_its_result_is_told_unless_its_numbers_stand_beside_it() -> None:
    reading = read(
        workbook(
            {
                "Suivi": [
                    [
                        "Date",
                        "Courriels reçus",
                        "Courriels traités dans les délais",
                        "Taux",
                        "Délai permis de conduire",
                    ],
                    [44197, 100, 80, "=C2/B2", 20],
                    [44228, 100, 90, "=C3/B3", "=E2+1"],
                    ["Total", "=SUM(B2:B3)", "", "", ""],
                ]
            }
        )
    )
    assert [
        (f.cell, f.period.code, f.value) for f in reading.figures if f.indicator == "ECR-MAIL"
    ] == [
        ("C2", "2021-01", Decimal("0.8")),
        ("C3", "2021-02", Decimal("0.9")),
    ]
    told = {refusal.cell: refusal.kind for refusal in reading.refusals}
    assert told.pop("E3") == RefusalKind.MISTAKE
    assert set(told) == {"D2", "D3", "B4"}
    assert set(told.values()) == {RefusalKind.LEFT_OUT}


def hiding(rows: list[int], columns: list[str]) -> Reading:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Été & hiver"
    book.active.append(["Mois", "Taux d’appels aboutis", "Taux d’appels perdus"])
    for month in range(1, 9):
        book.active.append([f"{month:02d}/2021", 90 + month, 10 - month])
    for row in rows:
        book.active.row_dimensions[row].hidden = True
    for column in columns:
        book.active.column_dimensions[column].hidden = True
    book.save(file)
    return read(file.getvalue())


@pytest.mark.parametrize(
    ("rows", "columns", "cell", "said"),
    [
        ([4], [], "B4", "ligne 4"),
        ([4, 5, 8], ["C"], "B4", "lignes 4 à 5 et 8, colonne C"),
        ([], ["C"], "C2", "colonne C"),
    ],
)
def test_figures_that_nobody_sees_are_read_and_told(
    rows: list[int], columns: list[str], cell: str, said: str
) -> None:
    reading = hiding(rows, columns)
    assert len(reading.figures) == 16
    (notice,) = reading.notices
    assert (notice.sheet, notice.cell) == ("Été & hiver", cell)
    assert f"sont masqués dans le classeur : {said}. Affichez-les" in notice.message


def test_hidden_rows_and_columns_without_a_figure_are_not_told() -> None:
    assert hiding([1, 30], ["A", "H"]).notices == ()
