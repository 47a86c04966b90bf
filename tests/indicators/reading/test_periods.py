"""Periods: how they are written, ordered, and refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.reading.dating import Ends, ends_of
from indicators.reading.definitions import IndicatorDefinition, KnownPrefecture, Unit
from indicators.reading.periods import (
    DoubtfulPeriod,
    Kind,
    Period,
    YearlessPeriod,
    find_period,
    period_of_day,
    read_period,
)
from indicators.reading.read import read_workbook


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2021", "2021"),
        ("Année 2021", "2021"),
        ("exercice 2021", "2021"),
        ("S1 2022", "2022-S1"),
        ("2022-S1", "2022-S1"),
        ("1er semestre 2022", "2022-S1"),
        ("janv.-juin 2022", "2022-S1"),
        ("T1 2020", "2020-T1"),
        ("2020-T1", "2020-T1"),
        ("1T2020", "2020-T1"),
        ("T1-20", "2020-T1"),
        ("Q3 2021", "2021-T3"),
        ("1er trimestre 2020", "2020-T1"),
        ("4ème trim. 2021", "2021-T4"),
        ("trimestre 1 2020", "2020-T1"),
        ("IIIe trimestre 2021", "2021-T3"),
        ("janvier à mars 2020", "2020-T1"),
        ("janv.-20", "2020-01"),
        ("janvier 2020", "2020-01"),
        ("Août 21", "2021-08"),
        ("déc. 2021", "2021-12"),
        ("sept-99", "1999-09"),
        ("01/2020", "2020-01"),
        ("2020-01", "2020-01"),
        ("202003", "2020-03"),
        ("01/03/2020", "2020-03"),
        ("2020-03-31", "2020-03"),
        ("2020-03-01 00:00:00", "2020-03"),
    ],
)
def test_reads_what_people_write(text: str, code: str) -> None:
    assert read_period(text) == Period.from_code(code)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("janvier", YearlessPeriod(1, Kind.MONTH)),
        ("Févr.", YearlessPeriod(2, Kind.MONTH)),
        ("T4", YearlessPeriod(4, Kind.QUARTER)),
        ("2e trimestre", YearlessPeriod(2, Kind.QUARTER)),
        ("S2", YearlessPeriod(2, Kind.HALF)),
        ("avril-juin", YearlessPeriod(2, Kind.QUARTER)),
    ],
)
def test_the_year_may_stand_elsewhere(text: str, expected: YearlessPeriod) -> None:
    assert read_period(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("avrl-21", "Écrivez « avril 2021 », si c’est bien cela."),
        ("15/03/2020", "est un jour, pas une période"),
        ("30/02/2020", "n’est pas une date du calendrier"),
        ("mai à juin 2020", "n’est ni un mois, ni un trimestre"),
    ],
)
def test_refuses_in_words_what_only_resembles(text: str, words: str) -> None:
    found = read_period(text)
    assert isinstance(found, DoubtfulPeriod)
    assert words in found.message


@pytest.mark.parametrize(
    "text", ["", "Standard", "Marseille", "mardi 21", "95,16 %", "Taux à J+5", "12"]
)
def test_leaves_other_words_alone(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("Tableau de bord – 3e trimestre 2021", "2021-T3", "tableau de bord"),
        ("Appels reçus janv. 2021", "2021-01", "appels recus"),
        ("Total 2021", "2021", "total"),
    ],
)
def test_finds_a_period_among_words(text: str, code: str, rest: str) -> None:
    assert find_period(text) == (Period.from_code(code), rest)


def test_a_date_cell_is_its_month_at_its_ends_only() -> None:
    assert (
        period_of_day(date(2020, 2, 1))
        == period_of_day(date(2020, 2, 29))
        == Period(2020, 2, Kind.MONTH)
    )
    assert isinstance(period_of_day(date(2020, 2, 28)), DoubtfulPeriod)


def test_labels_bounds_and_neighbours() -> None:
    quarter = Period.from_code("2020-T1")
    assert (quarter.label, quarter.start, quarter.end) == (
        "1er trimestre 2020",
        date(2020, 1, 1),
        date(2020, 3, 31),
    )
    assert quarter.previous().code == "2019-T4"
    assert quarter.same_last_year().code == "2019-T1"
    assert Period.from_code("2021-12").next().code == "2022-01"
    assert [Period.from_code(code).label for code in ("2021-08", "2022-S2", "2021")] == [
        "août 2021",
        "2e semestre 2022",
        "2021",
    ]
    assert quarter.contains(Period.from_code("2020-02"))
    assert not quarter.contains(Period.from_code("2020-04"))
    assert not Period.from_code("2020-02").contains(quarter)


@pytest.mark.parametrize("code", ["2021-13", "2021-T5", "2021-S3", "21", "2021-1"])
def test_refuses_codes_that_are_none(code: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        Period.from_code(code)


@given(
    st.sampled_from([(Kind.MONTH, 12), (Kind.QUARTER, 4), (Kind.HALF, 2), (Kind.YEAR, 1)]).flatmap(
        lambda kind: st.builds(
            Period, st.integers(1990, 2099), st.integers(1, kind[1]), st.just(kind[0])
        )
    )
)
def test_code_and_label_are_read_back(period: Period) -> None:
    assert read_period(period.code) == read_period(period.label) == period
    assert Period.from_code(period.code) == period
    assert period.next().previous() == period
    assert period.next().start > period.end


def test_dates_that_end_quarters_are_quarters() -> None:
    months = [date(2021, month, 1) - timedelta(1) for month in (4, 7, 10)]
    assert ends_of(months) is Ends.QUARTERS
    assert ends_of(["31/03/2021", "30/06/2021", "Total"]) is Ends.QUARTERS
    assert ends_of(["Au 31/12/2020", "Au 31/12/2021"]) is Ends.YEARS
    assert ends_of(["31/03/2021"]) is Ends.MAYBE_QUARTERS
    assert ends_of(["31/03/2021", "31/12/2021"]) is Ends.MAYBE_QUARTERS
    assert ends_of(["31/03/2021", "30/04/2021"]) is Ends.MONTHS
    assert ends_of(["01/03/2021", "01/06/2021"]) is Ends.MONTHS
    assert ends_of(["mars 2021", "juin 2021"]) is Ends.MONTHS


@pytest.mark.parametrize(
    ("periodicity", "code"), [("quarter", "2021-T1"), ("month", "2021-03"), ("", "2021-03")]
)
def test_the_periodicity_of_the_indicator_decides_of_a_lone_date(
    periodicity: str, code: str
) -> None:
    definition = IndicatorDefinition(
        "REC-NB", "Réclamations reçues", Unit.COUNT, periodicity=periodicity
    )
    reading = read_workbook(
        "Date;Réclamations reçues\n31/03/2021;12\n".encode(),
        "x.csv",
        definitions=[definition],
        services=[],
        prefecture=KnownPrefecture("41", "Loir-et-Cher"),
        remembered={},
    )
    assert [figure.period.code for figure in reading.figures] == [code]
