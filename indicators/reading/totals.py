"""Totals of a table, compared with their parts."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from common.typography import number_in_words
from indicators.reading.definitions import IndicatorDefinition, Notice, Unit
from indicators.reading.matching import Role
from indicators.reading.parts import Part, number_of, plain_number, shown
from indicators.reading.series import Placed


# Sheet, row, column.
Spot = tuple[str, int, int]


def wrong_totals(
    placed: Placed, definitions: Mapping[str, IndicatorDefinition]
) -> tuple[set[Spot], list[Notice]]:
    """Return the cells of totals that contradict their parts, and what is to be said of them."""
    if not placed.period_totals and not any(series.is_total for series in placed.series):
        return set(), []
    sums = _parts_of_totals(placed)
    wrong: set[Spot] = set()
    notices: list[Notice] = []
    for series in (*placed.series, *placed.period_totals):
        if series.periods and not series.is_total or (series.sheet, series.table) in placed.unsure:
            continue
        place = series.sheet, series.table, series.indicator, series.role
        is_sum = definitions[series.indicator].unit == Unit.COUNT or series.role != Role.VALUE
        for rank, column in enumerate(series.columns):
            if series.periods:
                parts = [sums[*place, "services", series.periods[rank]]]
            else:
                parts = [sums[*place, "column", column], sums[*place, "row", series.row]]
            expected = _contradiction(number_of(series.cells[rank]), parts, is_sum=is_sum)
            if expected and (series.sheet, series.row, column) not in wrong:
                part = Part(series, rank)
                wrong.add((series.sheet, series.row, column))
                message = f"Le total {shown(part)} contredit le tableau : {expected}."
                notices.append(Notice(series.sheet, part.cell, message))
    return wrong, notices


def _parts_of_totals(placed: Placed) -> dict[tuple[object, ...], list[Decimal]]:
    """Return the numbers that a total may gather: those of a period, of a column, of a row."""
    sums: dict[tuple[object, ...], list[Decimal]] = defaultdict(list)
    for series in placed.series:
        if series.is_total:
            continue
        place = series.sheet, series.table, series.indicator, series.role
        for rank, period in enumerate(series.periods):
            number = number_of(series.cells[rank])
            if number is not None:
                sums[*place, "services", period].append(number)
                sums[*place, "column", series.columns[rank]].append(number)
                sums[*place, "row", series.row].append(number)
    return sums


def _contradiction(total: Decimal | None, parts: list[list[Decimal]], *, is_sum: bool) -> str:
    """Say what a total should have been; nothing when one of the groups of parts agrees with it."""
    known = [numbers for numbers in parts if len(numbers) > 1]
    if total is None or not known:
        return ""
    first = known[0]
    if is_sum:
        if any(total == sum(numbers) for numbers in known):
            return ""
        return (
            f"la somme de ses parties est {number_in_words(plain_number(sum(first, Decimal(0))))}"
        )
    if any(min(numbers) <= total <= max(numbers) for numbers in known):
        return ""
    low, high = (number_in_words(plain_number(end)) for end in (min(first), max(first)))
    return f"ses parties vont de {low} à {high}"
