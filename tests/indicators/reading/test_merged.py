"""Merged cells: a figure over several places is refused in words, a heading stops where its block does."""

from decimal import Decimal

from indicators.reading.definitions import Reading
from tests.indicators.reading.test_refusals import read, rows
from tests.workbooks import ods, xlsx


Lines = list[list[str | float | None]]
HOW = "Défusionnez-la et répétez ou répartissez la valeur."


def workbook(lines: Lines, *merged: str) -> Reading:
    """Read the sheet as .xlsx and as .ods: they say the same."""
    reading, twin = read(xlsx(lines, *merged), "suivi.xlsx"), read(ods(lines, *merged), "suivi.ods")
    assert list(twin.figures) == list(reading.figures)
    assert (twin.refusals, twin.questions, twin.notices) == (
        reading.refusals,
        reading.questions,
        reading.notices,
    )
    return reading


def refused(reading: Reading) -> list[tuple[str, str]]:
    return [(refusal.cell, refusal.message) for refusal in reading.refusals]


def why(area: str, which: str) -> str:
    first = area.partition(":")[0]
    said = f"La cellule {first} est fusionnée sur {area} : on ne sait pas à {which} va ce nombre."
    return f"{said} {HOW}"


MONTHS: list[str | float | None] = [
    "Indicateur",
    "janvier 2021",
    "février 2021",
    "mars 2021",
    "avril 2021",
]
COUNT = "Nombre de réclamations"


def test_a_figure_over_several_months_goes_to_none_of_them() -> None:
    lines: Lines = [
        MONTHS,
        ["Délai permis de conduire", 21, 22, 23, 24],
        [COUNT, 12, None, None, 5],
    ]
    reading = workbook(lines, "B3:D3")
    assert refused(reading) == [("B3", why("B3:D3", "quel mois"))]
    assert rows(reading)[-1] == ("E3", "REC-NB", "2021-04", None, Decimal(5))
    assert [f.cell for f in reading.figures] == ["B2", "C2", "D2", "E2", "E3"]
    assert [f.cell for f in workbook(lines).figures][-2:] == ["B3", "E3"]


def test_months_that_hold_nothing_else_count_as_well() -> None:
    reading = workbook([MONTHS, [COUNT, 12, None, None, 5]], "B2:D2")
    assert refused(reading) == [("B2", why("B2:D2", "quel mois"))]
    assert [f.cell for f in reading.figures] == ["E2"]


def test_a_figure_over_several_rows_is_refused() -> None:
    lines: Lines = [
        ["Mois", COUNT],
        ["T1 2021", 7],
        ["T2 2021", 12],
        ["T3 2021", None],
        ["T4 2021", 5],
    ]
    reading = workbook(lines, "B3:B4")
    assert refused(reading) == [("B3", why("B3:B4", "quel trimestre"))]
    assert [(f.cell, f.period.code) for f in reading.figures] == [
        ("B2", "2021-T1"),
        ("B5", "2021-T4"),
    ]


def test_a_figure_hidden_beneath_the_block_is_not_taken() -> None:
    reading = workbook([MONTHS, [COUNT, 12, 13, None, 5]], "B2:C2")
    assert refused(reading) == [("B2:C2", why("B2:C2", "quel mois"))]
    assert [f.cell for f in reading.figures] == ["E2"]


def test_what_differs_is_named() -> None:
    services: Lines = [["Service", "T1 2021"], ["Standard", 12], ["BMI", None], ["PAN", 3]]
    book: Lines = [["Nombre de réclamations"], [], *services]
    assert refused(workbook(book, "B4:B5")) == [("B4", why("B4:B5", "quel service"))]
    kinds: Lines = [["Mois", COUNT, "Visites du site"], ["01/2021", 12, None], ["02/2021", 3, 4]]
    assert refused(workbook(kinds, "B2:C2")) == [("B2", why("B2:C2", "quel indicateur"))]


def test_a_figure_merged_as_its_labels_are_is_kept() -> None:
    tall: Lines = [
        MONTHS,
        [COUNT, 1, 2, 3, 4],
        [None] * 5,
        ["Délai permis de conduire", 5, 6, 7, 8],
    ]
    reading = workbook(tall, *(f"{column}2:{column}3" for column in "ABCDE"))
    assert refused(reading) == []
    assert [f.value for f in reading.figures] == [1, 2, 3, 4, 5, 6, 7, 8]
    wide: Lines = [["Indicateur", "T1 2021", None, "T2 2021"], [COUNT, 1, None, 2]]
    reading = workbook(wide, "B1:C1", "B2:C2")
    assert refused(reading) == []
    assert [f.cell for f in reading.figures] == ["B2", "D2"]
    twice: Lines = [wide[0], [None, "Valeur", "Valeur", "Valeur"], wide[1]]
    reading = workbook(twice, "B1:C1", "B3:C3")
    assert refused(reading) == []
    assert [f.cell for f in reading.figures] == ["B3", "D3"]


def test_a_total_is_not_said_wrong_for_the_figure_left_out() -> None:
    lines: Lines = [[*MONTHS, "Total"], [COUNT, 12, None, 4, 5, 21]]
    reading = workbook(lines, "B2:C2")
    assert reading.notices == ()
    assert ("B2", why("B2:C2", "quel mois")) in refused(reading)


def test_a_heading_stops_where_its_block_does() -> None:
    lines: Lines = [
        ["Mois", "Standard", None, None],
        [None, COUNT, "Visites du site", "Délai permis de conduire"],
        ["01/2021", 1, 2, 27],
    ]
    services = {f.cell: f.service for f in workbook(lines, "B1:C1").figures}
    assert services == {"B3": "std", "C3": "std", "D3": None}
    assert {f.service for f in workbook(lines).figures} == {"std"}


def test_a_year_merged_over_its_months_speaks_for_them_all() -> None:
    lines: Lines = [
        ["Indicateur", 2020, None, 2021, None],
        [None, "novembre", "décembre", "janvier", "février"],
        [COUNT, 1, 2, 3, 4],
    ]
    reading = workbook(lines, "B1:C1", "D1:E1", "A1:A2")
    assert [(f.cell, f.period.code) for f in reading.figures] == [
        ("B3", "2020-11"),
        ("C3", "2020-12"),
        ("D3", "2021-01"),
        ("E3", "2021-02"),
    ]
