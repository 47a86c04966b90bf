"""Where a series is cut: lasting changes and changes of rule, worked by hand."""

from decimal import Decimal as D

import pytest

from common.numbers import Unit
from indicators.control import ControlLimits, Signal
from indicators.stretches import Cause, Stretch, signals_by_stretch, stretches_of


# Mean 10, moving ranges of 2: a mean of eight beyond 12.66 or 7.34 is nearer to a limit.
SIX = [9, 11] * 3
# Courriels of a demonstration, in points: a long fall, then a long rise.
DRIFT = (
    *(
        815,
        782,
        778,
        754,
        748,
        714,
        708,
        716,
        711,
        670,
        662,
        669,
        659,
        671,
        657,
        609,
        598,
        635,
        639,
    ),
    *(
        681,
        687,
        675,
        689,
        684,
        714,
        740,
        748,
        713,
        722,
        749,
        750,
        782,
        782,
        768,
        765,
        758,
        780,
        760,
    ),
    *(770, 812, 819, 800),
)


def cut(values, unit=Unit.DAYS, rules=()) -> tuple[Stretch, ...]:
    series = [None if value is None else D(str(value)) for value in values]
    return stretches_of(series, unit=unit, rules=rules)


def starts(values, unit=Unit.DAYS) -> list[int]:
    return [item.start for item in cut(values, unit)]


def test_a_lasting_change_begins_a_stretch_with_its_own_limits() -> None:
    assert cut([*SIX, *[13, 15] * 4]) == (
        Stretch(0, 6, Cause.START, ControlLimits(D(10), D(2), D("4.68"), D("15.32"), 6)),
        Stretch(6, 14, Cause.LEVEL, ControlLimits(D(14), D(2), D("8.68"), D("19.32"), 8)),
    )


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([*SIX, *[13] * 8], [0, 6]),
        ([*SIX, *[7] * 8], [0, 6]),
        # Seven are not eight; nor are eight with one missing, or one on the other side.
        ([*SIX, *[13] * 7], [0]),
        ([*SIX, *[13] * 4, None, *[13] * 4], [0]),
        ([*SIX, *[13] * 7, 9], [0]),
        # Eight above the mean, but no nearer to the limit: 12.5 is under 12.66.
        ([*SIX, *["12.5"] * 8], [0]),
        # Five values before have no limits to leave.
        ([*SIX[:5], *[13] * 8], [0]),
        # What never varied changes with eight values that differ.
        ([10] * 6 + [11] * 8, [0, 6]),
        ([10] * 20, [0]),
        # The two first of the eight are nearer to the old level: 10.5 10.5, then six of 15.
        ([*SIX, "10.5", "10.5", *[15] * 6], [0, 8]),
        # A stretch born of eight values is left when they are behind.
        ([*SIX, *[13, 15] * 4, *[19] * 8], [0, 6, 14]),
        ([*SIX, *[13, 15] * 4, *SIX, 9, 11], [0, 6, 14]),
        ([], [0]),
    ],
)
def test_where_the_level_changes(values, found) -> None:
    assert starts(values) == found


def test_a_drift_is_a_staircase_and_no_step_moves_when_values_come() -> None:
    whole = starts(DRIFT, Unit.COUNT)
    assert whole == [0, 6, 20, 29]
    for size in range(len(DRIFT)):
        some = starts(DRIFT[:size], Unit.COUNT)
        assert some == whole[: len(some)]
        assert (
            all(rank + 8 > size for rank in whole[len(some) :][:1]) or size < whole[len(some)] + 9
        )


def test_a_rule_that_changes_begins_a_stretch_whatever_the_values() -> None:
    assert cut([10] * 7, rules=[3]) == (
        Stretch(0, 3, Cause.START, None),
        Stretch(3, 7, Cause.RULE, None),
    )
    # The rule of the value to come; ranks out of the series say nothing.
    assert [(item.start, item.stop) for item in cut([10] * 7, rules=[7, 0, 9])] == [(0, 7), (7, 7)]


def test_no_run_is_counted_across_a_change_of_rule() -> None:
    # The eight are four and four; after the new rule, a change is sought afresh.
    assert [item.cause for item in cut([*SIX, *[13] * 8], rules=[10])] == [Cause.START, Cause.RULE]
    assert [item.cause for item in cut([*SIX, *SIX, *[13] * 8], rules=[6])] == [
        Cause.START,
        Cause.RULE,
        Cause.LEVEL,
    ]


def test_values_are_signals_against_their_own_stretch() -> None:
    values = [D(item) for item in [*SIX, *[13, 15] * 4, 16, 30]]
    stretches = stretches_of(values[:14], unit=Unit.DAYS)
    # 16 is beyond the first limits (15.32), and usual by now; the last stretch holds to the end.
    assert signals_by_stretch(values, stretches) == {15: Signal.OUTSIDE}
    assert signals_by_stretch(values[:4], cut([1, 2, 3, 4])) == {}
