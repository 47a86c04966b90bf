"""Whether bare numbers are points, proportions or counts: what stands in the whole table tells."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from common.spreadsheets import Value
from indicators.reading import cells
from indicators.reading.cells import Fraction, Number
from indicators.reading.definitions import IndicatorDefinition, Unit
from indicators.reading.matching import SURE, Role
from indicators.reading.series import Series


CERTAINLY_POINTS = 2  # a proportion may pass 1 (102 % of the target), never so far
MOSTLY = 0.5  # above, under « % » and beside 95 and 96, « 0,9 » may as well be 90 %
NEARLY_LABEL = 0.99  # a numerator that may be the rate, without bearing its very name


class Scale(NamedTuple):
    """How the bare numbers of a percentage are written in one table."""

    is_in_points: bool
    is_sure: bool
    middle: float
    is_doubtful: bool = False  # they may be the one or the other


def scales_of(
    series: Sequence[Series], definitions: Mapping[str, IndicatorDefinition]
) -> dict[tuple[str, int, str], Scale]:
    """Return, for each table and percentage, whether its bare numbers are points or proportions."""
    bare: dict[tuple[str, int, str], list[float]] = defaultdict(list)
    for one in series:
        if one.role == Role.VALUE and definitions[one.indicator].unit == Unit.PERCENT:
            numbers = cast(Sequence[float], one.cells) if one.is_plain else _bare_numbers(one.cells)
            bare[one.sheet, one.table, one.indicator] += numbers
    tops = {place: max(numbers, default=0) for place, numbers in bare.items()}
    points = _tables(tops, lambda top: top > CERTAINLY_POINTS)
    proportions = _tables(tops, lambda top: 0.2 < top <= 1)
    said = {
        (one.sheet, one.table, one.indicator): one.is_plain
        for one in series
        if one.unit == Unit.PERCENT
    }
    scales = {}
    for place, numbers in bare.items():
        middle = sum(numbers) / len(numbers) if numbers else 0
        top, table = tops[place], place[:2]
        if top > CERTAINLY_POINTS:
            scales[place] = Scale(True, True, middle)
        elif top > 1:
            # « 1,02 » among proportions is 102 %; among percentages, 1,02 %.
            is_said = place in said and min(numbers) < 0.5
            is_sure = (table in points) != (table in proportions) or is_said
            scales[place] = Scale(table not in proportions, is_sure, middle, not is_sure)
        elif top > 0 and table in points and place in said and min(numbers) <= MOSTLY:
            scales[place] = Scale(
                True, True, middle
            )  # « Appels perdus (%) : 0,4 », among 95 and 96
        else:
            is_doubtful = top > 0 and table in points
            is_sure = table in proportions and said.get(place, True) and not is_doubtful
            scales[place] = Scale(False, is_sure, middle, is_doubtful)
    return scales


def _tables(
    tops: Mapping[tuple[str, int, str], float], are: Callable[[float], bool]
) -> set[tuple[str, int]]:
    """Return the tables that hold a percentage of which the greatest number tells the scale."""
    return {place[:2] for place, top in tops.items() if are(top)}


def _bare_numbers(values: Sequence[Value]) -> Sequence[float]:
    found = []
    for value in values:
        if isinstance(value, float | int):
            found.append(float(value))
        elif isinstance(value, str):
            content = cells.parse_text(value)
            if isinstance(content, Number) and not content.unit:
                found.append(float(content.value))
    return found


def settle_roles(series: list[Series]) -> None:
    """Decide of the labels that may be a count or its rate, by what stands under them."""
    doubtful: dict[tuple[str, int, str, bool, str], list[Series]] = defaultdict(list)
    parts: dict[tuple[str, int, str], set[tuple[Role, bool]]] = defaultdict(set)
    for one in series:
        parts[one.sheet, one.table, one.indicator].add((one.role, one.says_value))
        may_be_rate = one.unit != Unit.COUNT and (one.value_score or one.says_value)
        if one.role == Role.NUMERATOR and may_be_rate:
            place = one.sheet, one.table, one.indicator, one.says_value, one.unit
            doubtful[place].append(one)
    for (sheet, table, indicator, says_value, _), found in doubtful.items():
        is_rate = _are_rates(found)
        if not is_rate and not says_value and all(one.value_score == 1 for one in found):
            # In the words of the indicator, and nothing to divide it by.
            has_whole = any(role == Role.DENOMINATOR for role, _ in parts[sheet, table, indicator])
            is_rate = not has_whole and _are_at_most_100(found)
        if says_value and not is_rate:
            others = parts[sheet, table, indicator]
            has_own_part = (Role.NUMERATOR, False) in others
            has_whole = any(role == Role.DENOMINATOR for role, _ in others)
            is_named = all(one.value_score for one in found)
            is_rate = has_own_part or is_named and not has_whole and _are_at_most_100(found)
        if is_rate:
            for one in found:
                one.role = Role.VALUE
                one.confidence = min(one.confidence, one.value_score or SURE)


def _are_rates(series: Iterable[Series]) -> bool:
    """Tell whether what stands there can be no count of cases."""
    contents = [cells.parse(cell) for one in series for cell in one.cells]
    numbers = [content for content in contents if isinstance(content, Number)]
    return (
        any(one.unit == Unit.PERCENT for one in series)
        or any(number.unit == "%" or number.value % 1 for number in numbers)
        or any(isinstance(content, Fraction) for content in contents)
    )


def _are_at_most_100(series: Iterable[Series]) -> bool:
    numbers = (cells.parse(cell) for one in series for cell in one.cells)
    return all(number.value <= 100 for number in numbers if isinstance(number, Number))
