"""One cell: numbers as people write them, two ways of having none, errors."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.reading.cells import Fraction, Missing, Number, Unusable, parse


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        ("12,5 %", "12.5", "%"),
        ("12,5%", "12.5", "%"),
        ("0,125", "0.125", ""),
        ("12.5", "12.5", ""),
        ("1 234", "1234", ""),
        ("1 234,5", "1234.5", ""),
        ("1\u00a0234,5", "1234.5", ""),
        ("1\u202f234\u2009567,25", "1234567.25", ""),
        ("1'234", "1234", ""),
        ("1.234,5", "1234.5", ""),
        ("1.234.567", "1234567", ""),
        ("−3,5", "-3.5", ""),
        ("95,2 % (*)", "95.2", "%"),
        ("12 (estimé)", "12", ""),
        ("27 jours", "27", "jours"),
        ("27 j", "27", "jours"),
        ("5 jours ouvrés", "5", "jours ouvrés"),
        ("3 min 20", "3.3333", "minutes"),
        ("3'20", "3.3333", "minutes"),
        ("1 h 05", "65", "minutes"),
        ("45 s", "0.75", "minutes"),
        ("7,2/10", "7.2", "/10"),
        ("7,2 sur 10", "7.2", "/10"),
        (0.1 + 0.2, "0.3", ""),
        (95.16, "95.16", ""),
        (1965.0, "1965", ""),
        (time(0, 3, 20), "3.3333", "minutes"),
    ],
)
def test_numbers(cell: str | float | time, value: str, unit: str) -> None:
    assert parse(cell) == Number(Decimal(value), unit)


@pytest.mark.parametrize(
    "cell", ["n.d.", "ND", "-", "–", "non mesuré", "Non renseignée", "N.C.", "en attente"]
)
def test_not_measured(cell: str) -> None:
    assert parse(cell) is Missing.NOT_MEASURED


@pytest.mark.parametrize("cell", ["sans objet", "s.o.", "N/A", "non applicable"])
def test_not_applicable(cell: str) -> None:
    assert parse(cell) is Missing.NOT_APPLICABLE


def test_fractions_and_blanks() -> None:
    assert parse("104/200") == Fraction(Decimal(104), Decimal(200))
    assert parse("1 870 sur 1 965") == Fraction(Decimal(1870), Decimal(1965))
    assert parse("") is parse(" \u00a0") is None


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("#DIV/0!", "en erreur (#DIV/0!). Corrigez-la"),
        ("#VALEUR!", "en erreur"),
        ("#N/A", "en erreur"),
        ("1.234", "se lit de deux façons"),
        ("< 5", "est une borne"),
        ("+8 points", "est une évolution"),
        ("12 000 €", "n’est pas un nombre"),
        (True, "vrai ou faux"),
        (date(2021, 1, 1), "est une date"),
    ],
)
def test_unusable_cells_say_why(cell: str | bool | date, words: str) -> None:
    found = parse(cell)
    assert isinstance(found, Unusable)
    assert words in found.message


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from([" ", "\u00a0", "\u202f", ""]))
def test_french_numbers_are_read_back(number: Decimal, space: str) -> None:
    text = f"{number:,.2f}".replace(",", space).replace(".", ",")
    assert parse(text) == Number(number)


@given(st.text(max_size=30))
def test_no_text_makes_it_fail(text: str) -> None:
    parse(text)
