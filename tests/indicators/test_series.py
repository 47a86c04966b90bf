"""One figure per period: totals that say what they lack, never averaged rates."""

from decimal import Decimal
from typing import Any

import pytest

from common.numbers import Missing
from indicators.enums import Aggregation, Level, MeasureState, MeasureStatus
from indicators.reading.periods import Kind, Period
from indicators.series import WHOLE, Book, Nature, Row, last_ended, periods_between


RATE = Nature("percent", Aggregation.RATIO, Level.SERVICE)
COUNT = Nature("count", Aggregation.SUM, Level.SERVICE)
MEAN = Nature("days", Aggregation.NONE, Level.SERVICE)
T1, T2 = Period.from_code("2021-T1"), Period.from_code("2021-T2")
YEAR = Period.from_code("2021")


def row(pk: int, period: str, place: str = WHOLE, **fields: Any) -> Row:
    """Return a measured row; ``over=(numerator, denominator)`` makes its rate."""
    top, bottom = (Decimal(item) for item in fields.pop("over", (0, 1)))
    is_rate = bottom != 1
    facts: dict[str, Any] = {
        "status": MeasureStatus.MEASURED,
        "value": top / bottom,
        "numerator": top if is_rate else None,
        "denominator": bottom if is_rate else None,
        "state": MeasureState.VALIDATED,
    }
    label = place.replace("service:", "Service ")
    return Row(pk, Period.from_code(period), place, label, **{**facts, **fields})


def unmeasured(pk: int, period: str, place: str, status: str = MeasureStatus.NOT_MEASURED) -> Row:
    return row(pk, period, place, status=status, value=None, numerator=None, denominator=None)


def test_rate_of_the_whole_is_a_ratio_of_sums() -> None:
    book = Book(
        RATE,
        [row(1, "2021-T1", "service:1", over=(1, 2)), row(2, "2021-T1", "service:2", over=(9, 98))],
    )
    whole = book.figure(T1)
    assert whole.value == Decimal("0.1")  # 10 / 100, where the mean of the rates would be 29.6 %
    assert (whole.shown, whole.ratio) == ("10\u00a0%", "10 sur 100")
    assert (whole.gap, whole.measures, whole.is_total) == ("", (1, 2), True)


def test_total_says_which_service_is_missing() -> None:
    rows = [row(number, "2021-T1", f"service:{number}", over=(8, 10)) for number in (1, 2, 3)]
    book = Book(
        RATE,
        [*rows, row(4, "2021-T2", "service:1", over=(3, 4)), unmeasured(5, "2021-T2", "service:2")],
    )
    whole = book.figure(T2)
    assert whole.value == Decimal("0.75")
    assert whole.gap == (
        "Calculé sur 1 des 3 services. Manquent : Service 2 (non mesuré), Service 3 (non mesuré)."
    )
    assert whole.short_gap == "Calculé sur 1 des 3 services"


def test_service_that_comes_later_is_not_missing_before() -> None:
    book = Book(
        COUNT,
        [row(1, "2021-T1", "service:1", over=(5, 1)), row(2, "2021-T2", "service:1", over=(6, 1)),
         row(3, "2021-T2", "service:2", over=(4, 1))],
    )  # fmt: skip
    assert (book.figure(T1).value, book.figure(T1).gap) == (5, "")
    assert (book.figure(T2).value, book.figure(T2).gap) == (10, "")


def test_rates_without_their_numbers_make_no_total() -> None:
    bare = [
        row(n, "2021-T1", f"service:{n}", value=Decimal("0.9"), numerator=None, denominator=None)
        for n in (1, 2)
    ]
    whole = Book(RATE, bare).figure(T1)
    assert (whole.value, whole.missing, whole.shown) == (
        None,
        Missing.PARTIAL,
        "données incomplètes",
    )
    assert "un taux seul ne s’additionne pas" in whole.gap


def test_figure_given_for_the_whole_wins() -> None:
    book = Book(
        RATE, [row(1, "2021-T1", over=(1, 4)), row(2, "2021-T1", "service:1", over=(9, 10))]
    )
    assert book.figure(T1).value == Decimal("0.25")
    assert book.figure(T1, "service:1").value == Decimal("0.9")


def test_services_and_sites_are_never_added_together() -> None:
    rows = [row(1, "2021-T1", "service:1", over=(3, 1)), row(2, "2021-T1", "site:1", over=(4, 1))]
    assert Book(COUNT, rows).figure(T1).value == 3
    by_site = Nature("count", Aggregation.SUM, Level.SITE)
    assert Book(by_site, rows).figure(T1).value == 4


def test_what_does_not_add_up_is_said() -> None:
    rows = [row(n, "2021-T1", f"service:{n}", over=(n, 1)) for n in (1, 2)]
    whole = Book(MEAN, rows).figure(T1)
    assert whole.value is None
    assert whole.gap == "Ces chiffres ne s’additionnent pas : lisez-les service par service."


def test_year_is_made_of_its_quarters() -> None:
    rows = [row(1, "2021-T1", over=(1, 10)), row(2, "2021-T2", over=(80, 90))]
    year = Book(RATE, rows).figure(YEAR)
    assert year.value == Decimal("0.81")
    assert year.gap == (
        "Calculé sur 2 des 4 trimestres. Manquent : 3e trimestre 2021 (non mesuré), "
        "4e trimestre 2021 (non mesuré)."
    )


@pytest.mark.parametrize("status", [MeasureStatus.NOT_MEASURED, MeasureStatus.NOT_APPLICABLE])
def test_absence_keeps_its_reason(status: str) -> None:
    rows = [unmeasured(n, "2021-T1", f"service:{n}", status) for n in (1, 2)]
    whole = Book(COUNT, rows).figure(T1)
    assert (whole.value, whole.missing) == (None, status)
    assert Book(COUNT, []).figure(T1).shown == "non mesuré"


def test_what_is_out_for_one_is_still_owed_by_the_other() -> None:
    """« Sans objet » is the word of the whole only when it is that of everybody."""
    before = [row(n, "2021-T1", f"service:{n}", over=(9, 10)) for n in (1, 2)]
    out = unmeasured(3, "2021-T2", "service:2", MeasureStatus.NOT_APPLICABLE)
    whole = Book(RATE, [*before, out]).figure(T2)
    assert (whole.shown, whole.gap) == (
        "non mesuré",
        "Aucun total : Service 1 (non mesuré), Service 2 (sans objet).",
    )


def test_quarter_of_one_service_meets_the_months_of_another() -> None:
    months = [row(n, f"2021-0{n}", "service:2", over=(1, 10)) for n in (1, 2)]
    whole = Book(RATE, [row(9, "2021-T1", "service:1", over=(9, 10)), *months]).figure(T1)
    assert (whole.ratio, whole.measures) == ("11 sur 30", (1, 2, 9))
    assert whole.gap == "Total incomplet : Service 2."


def test_year_of_one_service_is_not_the_year_of_the_prefecture() -> None:
    """What the préfecture gives for itself by quarter goes before what a service gives for a year."""
    quarters = [row(n, f"2021-T{n}", over=(n, 10)) for n in (1, 2, 3, 4)]
    book = Book(RATE, [*quarters, row(9, "2021", "service:1", over=(1, 100))])
    assert (book.figure(YEAR).ratio, book.figure(YEAR).measures) == ("10 sur 40", (1, 2, 3, 4))
    assert book.figure(YEAR, "service:1").ratio == "1 sur 100"


def test_place_silent_for_years_is_expected_no_more() -> None:
    """The same whether the whole history is read (for PILOTE) or the last periods (on the pages)."""
    closed = row(1, "2015-T1", "service:3", over=(1, 10))
    recent = [row(n, "2021-T1", f"service:{n}", over=(9, 10)) for n in (4, 5)]
    for rows in ([closed, *recent], recent):
        assert (Book(RATE, rows).figure(T1).ratio, Book(RATE, rows).figure(T1).gap) == (
            "18 sur 20",
            "",
        )
    later = row(2, "2017-T1", "service:3", over=(1, 10))
    assert "Manque : Service 3 (non mesuré)" in Book(RATE, [closed, later, *recent]).figure(T1).gap


def test_kind_of_the_series() -> None:
    monthly = Book(RATE, [row(1, "2021-01", over=(1, 2))])
    yearly = Book(RATE, [row(1, "2021", over=(1, 2))])
    assert monthly.kind(Kind.QUARTER) == Kind.QUARTER
    assert yearly.kind(Kind.QUARTER) == Kind.YEAR


def test_periods() -> None:
    assert [item.code for item in periods_between(T1, Period.from_code("2021-T3"))] == [
        "2021-T1",
        "2021-T2",
        "2021-T3",
    ]
    assert last_ended(T2.end, Kind.QUARTER) == T2
    assert last_ended(Period.from_code("2021-05").end, Kind.QUARTER) == T1
