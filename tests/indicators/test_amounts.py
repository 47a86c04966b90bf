"""A figure as it is typed."""

from decimal import Decimal

import pytest

from indicators.amounts import AmountError, read_amount, typed_amount
from indicators.enums import Unit


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("95,16 %", Unit.PERCENT, "0.9516"),
        ("95,16\u00a0%", Unit.PERCENT, "0.9516"),
        ("95.16", Unit.PERCENT, "0.9516"),
        ("1 234,5", Unit.COUNT, "1234.5"),
        ("1\u202f234\u00a0567", Unit.COUNT, "1234567"),
        ("12 jours", Unit.DAYS, "12"),
        ("12 jours ouvrés", Unit.WORKING_DAYS, "12"),
        ("7,5/10", Unit.MARK10, "7.5"),
        ("−3", Unit.COUNT, "-3"),
        ("0", Unit.COUNT, "0"),
        ("９５,１６", Unit.PERCENT, "0.9516"),
        ("33,33333333", Unit.PERCENT, "0.333333"),
        ("0,0000001", Unit.COUNT, "0"),
    ],
)
def test_read(text: str, unit: str, expected: str) -> None:
    assert read_amount(text, unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("n.d.", Unit.COUNT), ("12 %", Unit.COUNT), ("1,2,3", Unit.COUNT), ("1" * 13, Unit.COUNT),
     ("NaN", Unit.COUNT), ("Infinity", Unit.COUNT), ("1e5", Unit.COUNT), ("²", Unit.COUNT),
     ("999999999999,999999", Unit.COUNT)],
)  # fmt: skip
def test_refused(text: str, unit: str) -> None:
    with pytest.raises(AmountError):
        read_amount(text, unit)


def test_nothing_is_not_zero() -> None:
    assert read_amount("  ", Unit.COUNT) is None
    assert typed_amount(None, Unit.COUNT) == ""


@pytest.mark.parametrize("unit", list(Unit))
def test_what_is_shown_back_reads_the_same(unit: Unit) -> None:
    value = Decimal("0.951625") if unit == Unit.PERCENT else Decimal("12345.678901")
    assert read_amount(typed_amount(value, unit), unit) == value
