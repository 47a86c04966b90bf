"""The XmR chart: limits worked by hand, and each rule alone."""

from decimal import Decimal as D

import pytest

from common.numbers import Unit
from indicators.control import (
    ControlLimits,
    Signal,
    control_limits,
    signals_in,
)


# Mean 10, moving ranges 2 2 2 2 2: limits 10 ± 5.32.
SIX = [D(9), D(11)] * 3
LIMITS = ControlLimits(D(10), D(2), D("4.68"), D("15.32"), 6)


def test_limits_by_hand() -> None:
    assert control_limits(SIX, unit=Unit.DAYS) == LIMITS
    assert LIMITS.is_provisional
    assert control_limits(SIX * 2, unit=Unit.DAYS).is_provisional is False


def test_five_values_make_no_limits() -> None:
    assert control_limits(SIX[:5], unit=Unit.DAYS) is None
    assert control_limits([*SIX[:5], None], unit=Unit.DAYS) is None


def test_no_range_is_taken_across_a_gap() -> None:
    # 9 11 9 | 19 21 19: four ranges of 2, and none of 10 between 9 and 19.
    limits = control_limits([D(9), D(11), D(9), None, D(19), D(21), D(19)], unit=Unit.DAYS)
    assert limits is not None
    assert (limits.moving_range, limits.n) == (D(2), 6)
    assert control_limits([D(9), None] * 6, unit=Unit.DAYS) is None


def test_the_last_eighteen_values_make_the_limits() -> None:
    limits = control_limits([D(500)] * 5 + [D(9), D(11)] * 9, unit=Unit.DAYS)
    assert limits == ControlLimits(D(10), D(2), D("4.68"), D("15.32"), 18)
    # Missing values are not counted among them.
    gaps = control_limits([D(500), *[D(9), D(11)] * 8, None, D(9), D(11)], unit=Unit.DAYS)
    assert gaps is not None
    assert (gaps.mean, gaps.n) == (D(10), 18)


def test_a_limit_that_the_unit_forbids_is_no_limit() -> None:
    high = control_limits([D("0.95"), D("0.99")] * 3, unit=Unit.PERCENT)
    assert high is not None
    assert (high.lower, high.upper) == (D("0.97") - D("2.66") * D("0.04"), None)
    assert not high.is_above(D(1))
    low = control_limits([D(1), D(3)] * 3, unit=Unit.COUNT)
    assert low is not None
    assert (low.lower, low.upper) == (None, D("7.32"))


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([10, 16], {1: Signal.OUTSIDE}),
        ([10, "4.67", "4.68"], {1: Signal.OUTSIDE}),
        # Nearer to the upper limit than to the mean: above 12.66.
        ([13, 10, 13, 13], {3: Signal.NEAR_LIMIT}),
        ([13, 13, 7, 7], {}),
        ([13, 13, 13], {2: Signal.NEAR_LIMIT}),
        ([13, None, 13, 13], {}),
        ([11] * 8, {7: Signal.RUN}),
        ([11] * 7, {}),
        ([11] * 4 + [10] + [11] * 4, {}),
        ([11] * 4 + [None] + [11] * 4, {}),
        ([9] * 9, {7: Signal.RUN, 8: Signal.RUN}),
    ],
)
def test_the_three_rules(values, found) -> None:
    series = [None if value is None else D(value) for value in values]
    assert signals_in(series, LIMITS) == found
