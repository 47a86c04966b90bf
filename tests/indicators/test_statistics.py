"""Totals, targets, comparisons: exact values, worked by hand."""

from decimal import Decimal as D

import pytest

from common.numbers import Missing, Unit
from indicators.enums import Direction, Standing
from indicators.statistics import (
    Aggregate,
    Change,
    Goal,
    Lacking,
    Part,
    aggregate_count,
    aggregate_ratio,
    change,
    standing,
    trend,
    year_before,
)


# --- Totals -------------------------------------------------------------------------------------


def test_numerators_and_denominators_are_summed_never_averaged() -> None:
    whole = aggregate_ratio([Part("Blois", D(1), D(1)), Part("Vendôme", D(0), D(9))])
    assert whole == Aggregate(D("0.1"), D(1), D(10), 2, ())
    assert whole.sentence() == ""


def test_three_months_of_the_loire_make_their_quarter() -> None:
    # 59,81 %, 56,11 % and 63,10 % of unequal months: their mean would be 59,67 %.
    parts = [
        Part("janv.", D(128), D(214)),
        Part("févr.", D(101), D(180)),
        Part("mars", D(236), D(374)),
    ]
    assert aggregate_ratio(parts).value == D(465) / D(768)


def test_a_missing_part_is_said() -> None:
    whole = aggregate_ratio(
        [
            Part("Titres", D(90), D(100)),
            Part("Étrangers", None),
            Part("Cabinet", D(0), D(0)),
            Part("Élections", None, None, Missing.NOT_APPLICABLE),
        ]
    )
    assert (whole.value, whole.n_parts, whole.is_partial) == (D("0.9"), 4, True)
    assert whole.sentence() == (
        "Calculé sur 1 des 4 services. Manquent : Étrangers (non mesuré), Cabinet (sans objet), "
        "Élections (sans objet)."
    )


def test_a_rate_without_its_cases_is_not_added() -> None:
    whole = aggregate_ratio([Part("Titres", D(90), D(100)), Part("Étrangers", D(3), None)])
    assert whole.lacking == (
        Lacking("Étrangers", "il manque le nombre de cas : un taux seul ne s’additionne pas"),
    )
    assert whole.sentence("périodes").startswith(
        "Calculé sur 1 des 2 périodes. Manque : Étrangers (il manque"
    )


def test_nothing_measured_is_not_zero() -> None:
    for whole in (aggregate_ratio([Part("Titres", None)]), aggregate_count([Part("Titres", None)])):
        assert whole.value is None
        assert whole.sentence() == "Aucun total : Titres (non mesuré)."
    assert aggregate_ratio([]) == Aggregate(None, None, None, 0, ())


def test_counts_are_summed_and_zero_counts() -> None:
    whole = aggregate_count([Part("T1", D(12)), Part("T2", D(0)), Part("T3", None)])
    assert (whole.value, whole.denominator, whole.n_parts) == (D(12), None, 3)
    assert whole.lacking == (Lacking("T3", "non mesuré"),)


def test_a_negative_denominator_is_refused() -> None:
    with pytest.raises(ValueError, match="Titres"):
        aggregate_ratio([Part("Titres", D(1), D(-1))])


# --- Targets ------------------------------------------------------------------------------------

UP = Goal(D("0.85"), Direction.UP, D("0.80"))
DOWN = Goal(D(15), Direction.DOWN, D(20))


@pytest.mark.parametrize(
    ("value", "goal", "expected"),
    [
        (D("0.85"), UP, Standing.MET),
        (D("0.8499"), UP, Standing.WATCH),
        (D("0.80"), UP, Standing.WATCH),
        (D("0.7999"), UP, Standing.BELOW),
        (D(15), DOWN, Standing.MET),
        (D("15.1"), DOWN, Standing.WATCH),
        (D("20.1"), DOWN, Standing.BELOW),
        (D("0.84"), Goal(D("0.85"), Direction.UP), Standing.BELOW),
        (D("0.10"), Goal(D("0.10"), Direction.DOWN, is_strict=True), Standing.BELOW),
        (D("0.09"), Goal(D("0.10"), Direction.DOWN, is_strict=True), Standing.MET),
        (D(0), DOWN, Standing.MET),
        (D(0), None, Standing.NO_TARGET),
        (None, UP, Standing.NOT_MEASURED),
        (None, None, Standing.NOT_MEASURED),
    ],
)
def test_standing(value, goal, expected) -> None:
    assert standing(value, goal) == expected


def test_without_object_is_not_unmeasured() -> None:
    assert standing(None, UP, missing=Missing.NOT_APPLICABLE) == Standing.NOT_APPLICABLE


def test_an_alert_on_the_good_side_or_no_direction_is_refused() -> None:
    with pytest.raises(ValueError, match="good side"):
        Goal(D("0.85"), Direction.UP, D("0.90"))
    with pytest.raises(ValueError, match="good side"):
        Goal(D(15), Direction.DOWN, D(10))
    with pytest.raises(ValueError, match="direction"):
        Goal(D(15), Direction.NONE)


# --- From one period to another -----------------------------------------------------------------


def compared(value, before, direction=Direction.UP, unit=Unit.PERCENT) -> Change:
    return change(value, before, unit=unit, direction=direction, since="à mars 2022")


@pytest.mark.parametrize(
    ("value", "before", "direction", "delta", "better", "sentence"),
    [
        ("0.63", "0.52", "up", "0.11", True, "+11 points par rapport à mars 2022 (52 %) : c’est mieux."),
        ("0.63", "0.52", "down", "0.11", False, "+11 points par rapport à mars 2022 (52 %) : c’est "
         "moins bien."),
        ("0.63", "0.52", "none", "0.11", None, "+11 points par rapport à mars 2022 (52 %)."),
        ("0.52", "0.52", "up", "0", None, "Stable par rapport à mars 2022 (52 %)."),
    ],
)  # fmt: skip
def test_change(value, before, direction, delta, better, sentence) -> None:
    found = compared(D(value), D(before), direction)
    assert (found.delta, found.is_better) == (D(delta), better)
    assert found.sentence.replace("\u00a0", " ") == sentence


def test_a_missing_side_is_no_change() -> None:
    assert compared(None, D(1)) == Change(
        None,
        None,
        "Pas de comparaison possible par rapport à mars 2022 : la valeur de cette période manque.",
    )
    assert compared(D(0), None).sentence.endswith(" : celle d’avant manque.")


@pytest.mark.parametrize(
    ("period", "before"),
    [("2021", "2020"), ("2022-S1", "2021-S1"), ("2020-T1", "2019-T1"), ("2021-01", "2020-01")],
)
def test_year_before(period, before) -> None:
    assert year_before(period) == before


@pytest.mark.parametrize(
    ("values", "direction", "words"),
    [
        ([70, 72, 75, 80], "up", "en hausse depuis 3 périodes : c’est mieux"),
        ([70, 72, 75, 80], "down", "en hausse depuis 3 périodes : c’est moins bien"),
        ([70, 72, 71], "up", "en baisse sur une période : c’est moins bien"),
        ([70, 72, 72], "up", "stable"),
        ([70, 72, D("72.01")], "up", "stable"),
        ([70, D("70.01"), 72], "up", "en hausse sur une période : c’est mieux"),
        ([70, 70, 72], "none", "en hausse sur une période"),
        ([70, None, 72], "up", "tendance inconnue : il faut deux périodes mesurées de suite"),
        ([60, None, 70, 72], "up", "en hausse sur une période : c’est mieux"),
        ([70, 72, None], "up", "tendance inconnue : il faut deux périodes mesurées de suite"),
        ([], "up", "tendance inconnue : il faut deux périodes mesurées de suite"),
    ],
)
def test_trend(values, direction, words) -> None:
    numbers = [None if value is None else D(value) for value in values]
    assert trend(numbers, unit=Unit.DAYS, direction=direction) == words
