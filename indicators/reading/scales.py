"""Whether bare numbers are points, proportions or counts: what stands in the whole table tells."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from math import inf
from typing import NamedTuple, cast

from common.spreadsheets import Value
from indicators.reading import cells
from indicators.reading.cells import Fraction, Number, is_whole
from indicators.reading.definitions import IndicatorDefinition, Unit
from indicators.reading.matching import SURE, Role
from indicators.reading.series import Series


CERTAINLY_POINTS = 2  # a proportion may pass 1 (102 % of the target), never so far
LOW_POINTS = 10  # beside 3 %, « 0,8 » is as likely to be 0,8 %
MOSTLY = 0.5  # above, under « % » and beside 95 and 96, « 0,9 » may as well be 90 %
_ONE_SIZE = 4
_NO_EXTENT = (float("inf"), 0.0)
NEARLY_LABEL = 0.99  # a numerator that may be the rate, without bearing its very name


class Scale(NamedTuple):
    """How the bare numbers of a percentage are written in one table."""

    is_in_points: bool
    is_sure: bool
    bare: "Extent"
    is_doubtful: bool = False  # they may be the one or the other

    def is_near(self, points: float) -> bool:
        """Tell whether a percentage is of the one size of those that stand beyond doubt beside it."""
        least, most = self.bare.certain
        return most <= least * _ONE_SIZE and least / 2 <= points <= most * 2


class Extent:
    """The bare numbers of one percentage in one table, row by row."""

    def __init__(self) -> None:
        self.rows: list[Sequence[float]] = []
        self.said: list[float] = []  # those that bear « % »
        self.top: float = 0  # the greatest or, past what tells points, one as good

    def add(self, numbers: Sequence[float]) -> None:
        if numbers:
            self.rows.append(numbers)
            if self.top <= CERTAINLY_POINTS:
                self.top = max(self.top, max(numbers))

    @cached_property
    def certain(self) -> tuple[float, float]:
        """Least and most of what is in points beyond doubt: what bears « % », what no proportion can be."""
        great = (number for row in self.rows for number in row if number > CERTAINLY_POINTS)
        found = [*self.said, *great]
        return (min(found), max(found)) if found else _NO_EXTENT

    @property
    def low(self) -> float:
        return min(map(min, self.rows), default=0)

    @cached_property
    def least_point(self) -> float:
        """The least number that can be no proportion."""
        return min((number for row in self.rows for number in row if number > 1), default=inf)

    @cached_property
    def middle(self) -> float:
        """Their mean, which is seldom needed."""
        return sum(map(sum, self.rows)) / sum(map(len, self.rows)) if self.rows else 0


def scales_of(
    series: Sequence[Series], definitions: Mapping[str, IndicatorDefinition]
) -> dict[tuple[str, int, str], Scale]:
    """Return, for each table and percentage, whether its bare numbers are points or proportions."""
    bare: dict[tuple[str, int, str], Extent] = defaultdict(Extent)
    rates = {code for code, known in definitions.items() if known.unit == Unit.PERCENT}
    said = {}
    for one in series:
        place = one.sheet, one.table, one.indicator
        if one.indicator in rates and one.role == Role.VALUE:
            if one.is_plain:
                bare[place].add(cast(Sequence[float], one.cells))
            else:
                found = _numbers(one.cells)
                bare[place].add([number for number, is_said in found if not is_said])
                bare[place].said += [number for number, is_said in found if is_said and number]
        if one.unit == Unit.PERCENT:
            said[place] = one.is_plain
    points = _tables(bare, lambda top: top > CERTAINLY_POINTS)
    proportions = [place for place, extent in bare.items() if 0.2 < extent.top <= 1]
    tables = {place[:2] for place in proportions}
    scales = {}
    for place, extent in bare.items():
        top, table = extent.top, place[:2]
        if top > CERTAINLY_POINTS:
            scales[place] = Scale(True, True, extent)
        elif top > 1:
            # « 1,02 » among proportions is 102 %; among percentages, 1,02 %.
            is_said = place in said and extent.low < 0.5
            is_sure = (table in points) != (table in tables) or is_said
            scales[place] = Scale(table not in tables, is_sure, extent, not is_sure)
        elif top > 0 and table in points and place in said and extent.low <= MOSTLY:
            # « Appels perdus (%) : 0,4 », among 95 and 96
            scales[place] = Scale(True, True, extent)
        else:
            # « Appels perdus : 0,8 », by itself: so few, or nearly all?
            is_low = top > MOSTLY and definitions[place[2]].direction == "down"
            has_others = any(other[:2] == table and other != place for other in proportions)
            is_doubtful = top > 0 and table in points or is_low and not has_others
            is_sure = table in tables and said.get(place, True) and not is_doubtful
            scales[place] = Scale(False, is_sure and not extent.said, extent, is_doubtful)
    return scales


def _tables(
    bare: Mapping[tuple[str, int, str], Extent], are: Callable[[float], bool]
) -> set[tuple[str, int]]:
    """Return the tables that hold a percentage of which the greatest number tells the scale."""
    return {place[:2] for place, extent in bare.items() if are(extent.top)}


def _numbers(values: Sequence[Value]) -> Sequence[tuple[float, bool]]:
    """Return the numbers among these cells, and whether each bears « % »; those in units left out."""
    found = []
    for value in values:
        if isinstance(value, float | int):
            found.append((float(value), False))
        elif isinstance(value, str):
            content = cells.parse_text(value)
            if isinstance(content, Number) and content.unit in ("", "%"):
                found.append((float(content.value), content.unit == "%"))
    return found


def settle_roles(series: list[Series]) -> None:
    """Decide of the labels that may be a count or its rate, by what stands under them."""
    doubtful: dict[tuple[str, int, str, bool, str], list[Series]] = defaultdict(list)
    for one in series:
        is_doubtful = one.value_score or one.says_value
        if is_doubtful and one.role == Role.NUMERATOR and one.unit != Unit.COUNT:
            place = one.sheet, one.table, one.indicator, one.says_value, one.unit
            doubtful[place].append(one)
    if not doubtful:
        return
    parts: dict[tuple[str, int, str], set[tuple[Role, bool]]] = defaultdict(set)
    for one in series:
        parts[one.sheet, one.table, one.indicator].add((one.role, one.says_value))
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
        or any(number.unit == "%" or not is_whole(number.value) for number in numbers)
        or any(isinstance(content, Fraction) for content in contents)
    )


def _are_at_most_100(series: Iterable[Series]) -> bool:
    numbers = (cells.parse(cell) for one in series for cell in one.cells)
    return all(number.value <= 100 for number in numbers if isinstance(number, Number))
