"""Whether bare numbers are points, proportions or counts: what stands in the whole table tells."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from common.spreadsheets import Value
from indicators.reading import cells
from indicators.reading.cells import Fraction, Number
from indicators.reading.definitions import IndicatorDefinition, Unit
from indicators.reading.matching import SURE, Role
from indicators.reading.series import Series


NEARLY_LABEL = 0.99  # a numerator that may be the rate, without bearing its very name


class Scale(NamedTuple):
    """How the bare numbers of a percentage are written in one table."""

    is_in_points: bool
    is_sure: bool
    middle: float


def scales_of(
    series: Sequence[Series], definitions: Mapping[str, IndicatorDefinition]
) -> dict[tuple[str, int, str], Scale]:
    """Return, for each table and percentage, whether its bare numbers are points or proportions."""
    bare: dict[tuple[str, int, str], list[float]] = defaultdict(list)
    for one in series:
        if one.role == Role.VALUE and definitions[one.indicator].unit == Unit.PERCENT:
            numbers = cast(Sequence[float], one.cells) if one.is_plain else _bare_numbers(one.cells)
            bare[one.sheet, one.table, one.indicator] += numbers
    in_points = {place for place, numbers in bare.items() if any(n > 1 for n in numbers)}
    proportions = {
        place[:2]
        for place, numbers in bare.items()
        if place not in in_points and max(numbers, default=0) > 0.2
    }
    scales = {}
    in_doubt = {
        (one.sheet, one.table, one.indicator)
        for one in series
        if one.unit == Unit.PERCENT and not one.is_plain
    }
    for place, numbers in bare.items():
        is_in_points = place in in_points
        middle = sum(numbers) / len(numbers) if numbers else 0
        is_sure = is_in_points or place[:2] in proportions and place not in in_doubt
        scales[place] = Scale(is_in_points, is_sure, middle)
    return scales


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
