"""Figures as people read them: exact texts, spaces included."""

from decimal import Decimal

import pytest
from django.template import Context, Template

from common.numbers import (
    Missing,
    Unit,
    as_shown,
    bare_quantity,
    difference,
    number,
    percent,
    quantity,
    usual_range,
)
from common.typography import number_in_words


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Decimal("1234.5"), None, "1\u00a0234,5"),
        (1234567, None, "1\u00a0234\u00a0567"),
        (Decimal("0.125"), 2, "0,13"),  # half up: the banker's rounding would say 0,12
        (Decimal("0.115"), 2, "0,12"),
        (2.675, 2, "2,68"),  # the number that was written, not its binary neighbour
        (Decimal("-0.125"), 2, "−0,13"),
        (Decimal("-0.001"), 1, "0"),
        (Decimal("12.50"), 2, "12,5"),
        (0, None, "0"),
        (100, 2, "100"),
        (Decimal("1E+3"), None, "1\u00a0000"),
        (None, 2, "non mesuré"),
    ],
)
def test_number(value, places, text) -> None:
    assert number(value, places) == text


@pytest.mark.parametrize(
    ("value", "least", "text"),
    [
        (Decimal("0.95"), 2, "95,00\u00a0%"),
        (Decimal("0.95"), 1, "95,0\u00a0%"),
        (Decimal("0.9516"), 1, "95,16\u00a0%"),  # never fewer than what was published
        (Decimal("0.9516"), 0, "95,16\u00a0%"),
        (Decimal("0.951654"), 3, "95,165\u00a0%"),
        (Decimal("-0.00001"), 1, "0,0\u00a0%"),
    ],
)
def test_at_least_so_many_decimals(value, least, text) -> None:
    assert quantity(value, "percent", least=least) == text


def test_number_in_a_column_keeps_its_zeros() -> None:
    assert number(Decimal("12.5"), 2, fixed=True) == "12,50"
    assert percent(Decimal("0.94"), 2, fixed=True) == "94,00\u00a0%"
    assert number_in_words(Decimal("-0.04"), 1) == "0,0"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("0.9516"), "percent", "95,16\u00a0%"),
        (Decimal("0.95"), "percent", "95\u00a0%"),
        (0, "percent", "0\u00a0%"),
        (12, "working_days", "12\u00a0jours\u00a0ouvrés"),
        (1, "working_days", "1\u00a0jour\u00a0ouvré"),
        (Decimal("1.96"), "days", "2\u00a0jours"),
        (Decimal("1.5"), "days", "1,5\u00a0jour"),
        (0, "days", "0\u00a0jour"),
        (1500, "minutes", "1\u00a0500\u00a0minutes"),
        (Decimal("6.7"), "mark10", "6,7/10"),
        (1234, "count", "1\u00a0234"),
        (None, "percent", "non mesuré"),
    ],
)
def test_quantity(value, unit, text) -> None:
    assert quantity(value, unit) == text


def test_missing_says_why_and_is_never_zero() -> None:
    texts = [quantity(None, "days", missing=reason) for reason in Missing]
    assert texts == [
        "non mesuré",
        "sans objet",
        "effectif trop faible",
        "données incomplètes",
    ]
    assert quantity(0, "percent") == "0\u00a0%"


@pytest.mark.parametrize(
    ("delta", "unit", "text"),
    [
        (Decimal("0.11"), "percent", "+11\u00a0points"),
        (Decimal("-0.0116"), "percent", "−1,16\u00a0point"),
        (Decimal("-2"), "days", "−2\u00a0jours"),
        (Decimal("0.3"), "mark10", "+0,3\u00a0point"),
        (3, "count", "+3"),
        (Decimal("0.00001"), "percent", "stable"),
        (0, "minutes", "stable"),
        (None, "days", "non mesuré"),
    ],
)
def test_difference(delta, unit, text) -> None:
    assert difference(delta, unit) == text


@pytest.mark.parametrize(
    ("lower", "upper", "unit", "least", "text"),
    [
        ("0.727", "0.833", "percent", 0, "de 72,7\u00a0% à 83,3\u00a0%"),
        ("0.7272", "0.8", "percent", 2, "de 72,72\u00a0% à 80,00\u00a0%"),
        (None, "7.32", "days", 0, "jusqu’à 7,3\u00a0jours"),
        ("4.68", None, "days", 0, "à partir de 4,7\u00a0jours"),
        (None, None, "days", 0, ""),
        # Whole numbers that are inside, rather than the nearest ones.
        ("28.3", "40.9", "count", 0, "de 29 à 40"),
        (None, "40.9", "count", 0, "jusqu’à 40"),
        ("34.2", "34.8", "count", 0, "de 34 à 35"),
        ("28.36", "40.9", "count", 1, "de 28,4 à 40,9"),
    ],
)
def test_usual_range(lower, upper, unit, least, text) -> None:
    sides = [None if side is None else Decimal(side) for side in (lower, upper)]
    assert usual_range(*sides, unit, least) == text


def test_bare_quantity_and_axis_value() -> None:
    assert bare_quantity(Decimal("0.9516"), "percent") == "95,16"
    assert bare_quantity(None, "percent") == "non mesuré"
    assert as_shown(0.1, "percent") == Decimal("10.0")
    assert as_shown(7, "days") == 7


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="heures"):
        quantity(1, "heures")


def test_every_unit_is_written() -> None:
    assert [quantity(2, unit) for unit in Unit] == [
        "200\u00a0%",
        "2\u00a0jours",
        "2\u00a0jours\u00a0ouvrés",
        "2\u00a0minutes",
        "2",
        "2/10",
    ]


def test_filters() -> None:
    template = Template(
        "{% load numbers %}{{ rate|percent }} {{ rate|percent:0 }} {{ n|number }} "
        '{{ n|quantity:"days" }} {{ delta|difference:"percent" }} {{ none|quantity:"mark10" }}'
    )
    context = {"rate": Decimal("0.9516"), "n": 1234, "delta": Decimal("0.11"), "none": None}
    assert template.render(Context(context)).replace("\u00a0", " ") == (
        "95,16 % 95 % 1 234 1 234 jours +11 points non mesuré"
    )
